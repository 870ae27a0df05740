"""Needs, actions and plans through the interface, and the trace of the path."""
import re

import pytest

from client import problem
from people import another_organisation, client_with, hire, manager_client, move_to


@pytest.fixture
def grace(hr):
    return hire(hr, given_name="Grace", family_name="Hopper", email="grace@rhone.example")["id"]


@pytest.fixture
def camille(hr, grace):
    return hire(hr, given_name="Camille", family_name="Roche", email="camille@rhone.example", manager=grace,
                hire_date="2026-01-12")["id"]


def need_of(client, employee, **members):
    return client.post("/v1/needs", {"employee": employee, "title": "Gestion de projet", **members},
                       expect=201).json()


def action_of(client, employee, **members):
    return client.post("/v1/actions", {"employee": employee, "year": 2027, "title": "Gestion de projet, niveau 1",
                                       **members}, expect=201).json()


def test_from_a_review_to_a_done_action(hr, camille):
    review = hr.post("/v1/reviews", {"employee": camille, "held": "2026-11-10"}, expect=201).json()["id"]
    need = need_of(hr, camille, review=review, strand="digital", priority="high")
    assert need["state"] == "open" and need["review"] == review and need["actions"] == []
    action = action_of(hr, camille, need=need["id"], nature="training", mandatory="no", state="planned",
                       minutes_planned=840, cost={"teaching": 120000, "wages": 30000}, financing="opco",
                       provider={"name": "Formation Rhône", "siret": "73282932000074", "qualiopi": True},
                       validity="P24M")
    assert action["review"] == review and action["origin"] == "review" and action["evidence"] == []
    path = f"/v1/actions/{action['id']}"
    taken = hr.get(f"/v1/needs/{need['id']}").json()
    assert taken["state"] == "planned" and taken["actions"] == [action["id"]]

    assert "evidence" in problem(hr.request("PATCH", path, json={"state": "done"}), 409)["detail"]
    done = hr.patch(path, {"state": "done", "certificate": {"reference": "ATT-12", "date": "2026-11-20"},
                           "minutes_done": 840}).json()
    assert done["state"] == "done" and done["done_on"] == "2026-11-20" and done["valid_until"] == "2028-11-20"
    assert hr.get(f"/v1/needs/{need['id']}").json()["state"] == "met"
    verbs = [one["verb"] for one in hr.items(f"/v1/audit?subject={action['id']}")]
    assert verbs == ["action.created", "action.proved"]


@pytest.mark.parametrize("members, pointer", [
    ({"employee": "emp_0123456789_0123456789abcdefghjkmnpqrs"}, "/employee"),
    ({"title": ""}, "/title"),
    ({"year": 1850}, "/year"),
    ({"nature": "holiday"}, "/nature"),
    ({"need": "need_0123456789_0123456789abcdefghjkmnpqrs"}, "/need"),
    ({"review": "rev_0123456789_0123456789abcdefghjkmnpqrs"}, "/review"),
    ({"source": "src_0123456789_0123456789abcdefghjkmnpqrs"}, "/source"),
    ({"planned_start": "2027-03-02", "planned_end": "2027-03-01"}, "/planned_end"),
    ({"provider": {"name": "X", "siret": "73282932000075"}}, "/provider/siret"),
    ({"cost": {"teaching": -1}}, "/cost/teaching"),
    ({"state": "cancelled"}, "/reason"),
    ({"evidence": []}, "/evidence"),
    ({"validity": "two years"}, "/validity"),
])
def test_what_is_refused_says_where(hr, camille, members, pointer):
    body = {"employee": camille, "year": 2027, "title": "x", **members}
    problem(hr.post("/v1/actions", body), 422, pointer)
    assert hr.items("/v1/actions") == []


def test_states_of_an_action(hr, camille):
    path = f"/v1/actions/{action_of(hr, camille)['id']}"
    for state in ["approved", "planned", "enrolled", "in_progress"]:
        assert hr.patch(path, {"state": state}).json()["state"] == state
    problem(hr.request("PATCH", path, json={"state": "postponed"}), 422, "/reason")
    assert hr.patch(path, {"state": "postponed", "reason": "leave"}).json()["reason"] == "leave"
    assert hr.patch(path, {"state": "cancelled", "reason": "left the team"}).json()["state"] == "cancelled"
    body = problem(hr.request("PATCH", path, json={"state": "planned"}), 409)
    assert "the action is cancelled" in body["detail"] and "requested" in body["detail"]


def test_versions(hr, camille):
    made = hr.post("/v1/needs", {"employee": camille, "title": "x"}, expect=201)
    path, tag = made.headers["Location"], made.headers["ETag"]
    hr.patch(path, {"title": "y"}, headers={"If-Match": tag})
    problem(hr.request("PATCH", path, json={"title": "z"}, headers={"If-Match": tag}), 412)
    made = hr.post("/v1/actions", {"employee": camille, "year": 2027, "title": "x"}, expect=201)
    path, tag = made.headers["Location"], made.headers["ETag"]
    hr.patch(path, {"title": "y"}, headers={"If-Match": tag})
    problem(hr.request("PATCH", path, json={"title": "z"}, headers={"If-Match": tag}), 412)
    key = {"headers": {"Idempotency-Key": "n1"}}
    body = {"employee": camille, "title": "x"}
    assert hr.post("/v1/needs", body, **key).json() == hr.post("/v1/needs", body, **key).json()


def test_needs_are_refused_with_a_reason(hr, camille):
    path = f"/v1/needs/{need_of(hr, camille)['id']}"
    problem(hr.request("PATCH", path, json={"state": "refused"}), 422, "/reason")
    assert hr.patch(path, {"state": "refused", "reason": "budget"}).json()["state"] == "refused"
    problem(hr.request("PATCH", path, json={"state": "met"}), 422, "/state")
    assert hr.patch(path, {"state": "open"}).json()["state"] == "open"


def test_lists(hr, camille, grace):
    first = need_of(hr, camille)
    second = need_of(hr, grace)
    assert [one["id"] for one in hr.items("/v1/needs?limit=1")] == [first["id"], second["id"]]
    assert [one["id"] for one in hr.items(f"/v1/needs?employee={grace}")] == [second["id"]]
    taken = action_of(hr, camille, need=first["id"], course="PM-101")
    later = action_of(hr, grace, year=2028, nature="vae")
    assert [one["id"] for one in hr.items("/v1/actions?limit=1")] == [taken["id"], later["id"]]
    for query, found in [("year=2028", later), ("nature=vae", later), ("course=PM-101", taken),
                         (f"need={first['id']}", taken), (f"employee={grace}", later)]:
        assert [one["id"] for one in hr.items("/v1/actions?" + query)] == [found["id"]]
    assert [one["id"] for one in hr.items("/v1/needs?state=planned")] == [first["id"]]


def test_the_plan_of_a_year(hr, camille, grace):
    empty = hr.get("/v1/plans/2027").json()
    assert empty["total"]["actions"] == 0 and empty["lines"] == [] and empty["budget"] is None
    made = hr.post("/v1/plans", {"year": 2027, "budget": 5000000,
                                 "orientations": [{"name": "numérique", "description": "outils"}]}, expect=201)
    assert made.headers["Location"] == "/v1/plans/2027"
    problem(hr.post("/v1/plans", {"year": 2027}), 409)
    problem(hr.post("/v1/actions", {"employee": camille, "year": 2027, "title": "x", "orientation": "autre"}), 422,
            "/orientation")
    action_of(hr, camille, orientation="numérique", mandatory="no", minutes_planned=420,
              cost={"teaching": 100000, "ancillary": 20000})
    action_of(hr, camille, mandatory="yes", mandatory_text="R4227-28", minutes_planned=60)
    action_of(hr, grace, mandatory="no", minutes_planned=420, granted=30000)
    plan = hr.get("/v1/plans/2027?limit=2").json()
    assert plan["total"] == {"actions": 3, "employees": 2, "minutes_planned": 900, "minutes_done": 0, "cost": 120000,
                             "granted": 30000, "received": 0}
    assert {(one["mandatory"], one["actions"], one["employees"]) for one in plan["totals"]} == {("no", 2, 2), ("yes", 1, 1)}
    assert len(plan["lines"]) == 2
    rest = hr.get(f"/v1/plans/2027?limit=2&cursor={plan['next']}").json()
    assert len(rest["lines"]) == 1 and "next" not in rest
    tag = made.headers["ETag"]
    assert hr.patch("/v1/plans/2027", {"budget": None}, headers={"If-Match": tag}).json()["budget"] is None
    problem(hr.request("PATCH", "/v1/plans/2027", json={"budget": 1}, headers={"If-Match": tag}), 412)
    hr.patch("/v1/plans/2028", {"notes": "draft"})
    assert [one["year"] for one in hr.items("/v1/plans")] == [2027, 2028]
    problem(hr.request("GET", "/v1/plans/next"), 404)


def test_other_organisations_see_nothing(admin, hr, organisation, camille):
    need, action = need_of(hr, camille), action_of(hr, camille)
    stranger = client_with(admin, another_organisation(admin), "hr")
    for path in [f"/v1/needs/{need['id']}", f"/v1/actions/{action['id']}", f"/v1/employees/{camille}/trace"]:
        problem(stranger.request("GET", path), 404)
    problem(stranger.request("PATCH", f"/v1/actions/{action['id']}", json={"title": "x"}), 404)
    assert stranger.items("/v1/needs") == [] and stranger.items("/v1/actions") == []
    theirs = hire(stranger)["id"]
    problem(stranger.post("/v1/actions", {"employee": theirs, "year": 2027, "title": "x", "need": need["id"]}), 422, "/need")
    problem(admin.request("GET", "/v1/plans/2027"), 422, "/organisation")
    assert admin.get(f"/v1/plans/2027?organisation={organisation}").json()["total"]["actions"] == 1


def test_managers_see_their_team(admin, hr, organisation, camille, grace):
    need_of(hr, grace)
    mine = need_of(hr, camille)
    boss = manager_client(admin, organisation, grace)
    assert [one["id"] for one in boss.items("/v1/needs")] == [mine["id"]]
    problem(boss.post("/v1/needs", {"employee": camille, "title": "x"}), 403)
    problem(boss.request("GET", f"/v1/employees/{camille}/trace"), 403)


def test_trace(daemon, hr, camille, grace):
    hr.post(f"/v1/employees/{camille}/absences", {"type": "maternity", "start": "2026-03-02", "end": "2026-06-26"},
            expect=201)
    review = hr.post("/v1/reviews", {"employee": camille, "start": "2027-01-06T09:00:00Z", "duration": 60},
                     expect=201).json()["id"]
    hr.post(f"/v1/reviews/{review}/invite", expect=200)
    move_to(daemon, "2027-01-06", "10:30:00")
    hr.post(f"/v1/reviews/{review}/hold", {"date": "2027-01-06"}, expect=200)
    hr.post(f"/v1/reviews/{review}/report", {"reference": "CR <1> & more"}, expect=200)
    hr.put(f"/v1/reviews/{review}/documents/report", b"%PDF-1.7", expect=201,
           headers={"Content-Type": "application/pdf"})
    hr.post(f"/v1/reviews/{review}/copy", {"date": "2027-01-06", "means": "hand"}, expect=200)
    need = need_of(hr, camille, review=review)["id"]
    action_of(hr, camille, need=need)
    need_of(hr, grace)

    steps = hr.items(f"/v1/employees/{camille}/trace?limit=5")
    verbs = [step["audit"]["verb"] for step in steps]
    for verb in ["employee.created", "absence.added", "duty.opened", "review.created", "review.invited", "review.held",
                 "duty.closed", "review.reported", "document.stored", "review.copied", "need.created", "action.created",
                 "need.planned"]:
        assert verb in verbs
    assert verbs.count("need.created") == 1
    seqs = [step["audit"]["seq"] for step in steps]
    assert seqs == sorted(set(seqs))
    chain = {record["seq"]: record["hash"] for record in hr.items("/v1/audit")}
    assert all(chain[step["audit"]["seq"]] == step["audit"]["hash"] for step in steps)
    held = steps[verbs.index("review.held")]
    assert held["kind"] == "review" and held["id"] == review and held["what"] == "Entretien tenu"
    assert held["details"]["changed"]["state"] == ["invited", "held"]
    assert hr.get(f"/v1/employees/{camille}/trace?lang=en").json()["items"][0]["what"] == "Employee recorded"


def test_trace_as_a_page(hr, camille, grace):
    hr.post("/v1/reviews", {"employee": camille, "held": "2026-11-10", "interviewer": grace,
                            "report": {"reference": "<script>alert(1)</script>"}}, expect=201)
    page = hr.get(f"/v1/employees/{camille}/trace", headers={"Accept": "text/html"})
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    text = page.content.decode()
    assert text.startswith("<!DOCTYPE html>") and '<html lang="fr"' in text
    assert "Camille Roche" in text and "Entretien passé enregistré" in text and "Grace Hopper" in text
    assert "10 novembre 2026" in text
    assert "<script" not in text and "&lt;script&gt;" in text
    head = hr.get("/v1/audit/head").json()
    assert head["hash"] in text and len(re.findall(r"<tr>", text)) == 1 + len(hr.items(f"/v1/employees/{camille}/trace"))
    assert hr.get(f"/v1/employees/{camille}/trace?format=html&lang=en").text.count("Past review recorded") == 1
    problem(hr.request("GET", f"/v1/employees/{camille}/trace?format=pdf"), 422, "/format")
