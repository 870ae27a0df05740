"""Absences, events and progressions through the interface: every version is kept."""
import pytest

from client import problem
from people import client_with, duties, hire, manager_client, move_to, rules

FACTS = [
    ("absences", {"type": "parental", "start": "2025-01-06", "end": "2026-01-04"}, {"end": "2026-03-01"}),
    ("events", {"type": "midcareer_visit", "date": "2026-05-04"}, {"date": "2026-05-05"}),
    ("progressions", {"date": "2025-06-01", "kind": "pay", "description": "Échelon 3", "proof": "avenant 2"},
     {"kind": "career"}),
]


@pytest.mark.parametrize("kind, body, patch", FACTS)
def test_the_life_of_a_fact(hr, organisation, kind, body, patch):
    person = hire(hr, hire_date="2020-01-06", birth_date="1980-01-01")
    path = f"/v1/employees/{person['id']}/{kind}"
    made = hr.post(path, body, expect=201)
    one = made.json()
    assert {key: one[key] for key in body} == body
    assert (one["employee"], one["organisation"]) == (person["id"], organisation)
    assert made.headers["Location"] == f"{path}/{one['id']}"
    problem(hr.post(path, body), 409)
    assert hr.items(path) == [one]
    where, tag = made.headers["Location"], made.headers["ETag"]
    assert hr.get(where).json() == one
    changed = hr.patch(where, {**patch, "reason": "mistyped"}, headers={"If-Match": tag})
    for key, value in patch.items():
        assert changed.json()[key] == value
    assert changed.json()["reason"] == "mistyped"
    problem(hr.request("PATCH", where, json=patch, headers={"If-Match": tag}), 412)
    assert hr.patch(where, patch).headers["ETag"] == changed.headers["ETag"], "nothing new"
    problem(hr.request("DELETE", where, headers={"If-Match": tag}), 412)
    hr.delete(where + "?reason=never%20happened", headers={"If-Match": changed.headers["ETag"]})
    assert hr.items(path) == []
    problem(hr.request("GET", where), 404)
    problem(hr.request("DELETE", where), 404)
    singular = kind[:-1]
    records = [r for r in hr.items(f"/v1/audit?subject={person['id']}") if r["verb"].startswith(singular)]
    assert [r["verb"] for r in records] == [f"{singular}.added", f"{singular}.corrected", f"{singular}.withdrawn"]
    assert records[1]["payload"]["reason"] == "mistyped"
    assert records[2]["payload"]["reason"] == "never happened"
    assert records[0]["payload"]["fact"] == one["id"]


@pytest.mark.parametrize("kind, body, pointer", [
    ("absences", {"type": "holidays", "start": "2026-01-05"}, "/type"),
    ("absences", {"type": "illness"}, "/start"),
    ("absences", {"type": "illness", "start": "2026-01-05", "end": "2026-01-04"}, "/end"),
    ("absences", {"type": "illness", "start": "2026-01-05", "diagnosis": "flu"}, "/diagnosis"),
    ("events", {"type": "midcareer_visit", "date": "2026-11-24"}, "/date"),
    ("events", {"type": "midcareer_visit", "date": "2019-01-01"}, "/date"),
    ("events", {"type": "wedding", "date": "2026-01-01"}, "/type"),
    ("events", {"type": "midcareer_visit", "date": "2026-01-05", "result": "fit"}, "/result"),
    ("progressions", {"kind": "bonus", "date": "2026-01-05"}, "/kind"),
    ("progressions", {"kind": "pay", "date": "2027-01-05"}, "/date"),
])
def test_what_is_refused_says_where(hr, kind, body, pointer):
    person = hire(hr, hire_date="2020-01-06")
    problem(hr.post(f"/v1/employees/{person['id']}/{kind}", body), 422, pointer)


def test_a_fact_stays_with_its_person_and_kind(hr):
    one, other = hire(hr), hire(hr)
    made = hr.post(f"/v1/employees/{one['id']}/absences", {"type": "illness", "start": "2026-01-05"}, expect=201).json()
    for path in (f"/v1/employees/{other['id']}/absences/{made['id']}", f"/v1/employees/{one['id']}/events/{made['id']}"):
        problem(hr.request("GET", path), 404)
        problem(hr.request("DELETE", path), 404)
        problem(hr.request("PATCH", path, json={"reason": "x"}), 404)


def test_why_somebody_is_away_is_for_hr(hr, admin, organisation):
    boss = hire(hr)
    person = hire(hr, manager=boss["id"], hire_date="2020-01-06")
    path = f"/v1/employees/{person['id']}/absences"
    away = hr.post(path, {"type": "illness", "start": "2025-11-03", "end": "2026-10-30"}, expect=201).json()
    hr.post(path, {"type": "union_mandate", "start": "2024-01-01"}, expect=201)
    for client in (manager_client(admin, organisation, boss["id"]), client_with(admin, organisation, "read")):
        assert client.items(path) == [{"id": away["id"], "organisation": organisation, "employee": person["id"],
                                       "start": "2025-11-03", "end": "2026-10-30", "away": True}]
        problem(client.request("GET", f"{path}/{away['id']}"), 403)
        problem(client.post(path, {"type": "illness", "start": "2026-11-01"}), 403)
        text = client.get(f"/v1/employees/{person['id']}/duties?lang=fr").text + client.get("/v1/duties?lang=en").text
        for word in ("illness", "maladie", "union_mandate", "mandat", "R324"):
            assert word not in text
        assert "R2.RETURN" in text
    assert "illness" in hr.get(f"/v1/employees/{person['id']}/duties").text


def test_facts_move_the_duties_at_once(hr):
    person = hire(hr, hire_date="2025-11-03", birth_date="1981-06-01")
    path = f"/v1/employees/{person['id']}"
    assert rules(duties(hr, person["id"])) == [
        ("R2.FIRST", "2026-11-02", "overdue"), ("R2.MIDCAREER.VISIT", "2026-12-31", "to_plan"),
        ("R2.RECAP", "2033-11-03", "upcoming")]
    hr.post(path + "/events", {"type": "midcareer_visit", "date": "2026-11-20"}, expect=201)
    assert ("R2.MIDCAREER", "2027-01-20", "to_plan") in rules(duties(hr, person["id"]))
    assert ("R2.MIDCAREER.VISIT", "2026-12-31", "held") in [
        (rule, due, "held") for rule, due, _ in rules(duties(hr, person["id"]), "history")]
    absence = hr.post(path + "/absences", {"type": "parental", "start": "2026-02-02", "end": "2026-11-01"},
                      expect=201).json()
    assert ("R2.RETURN", "2026-12-02", "to_plan") in rules(duties(hr, person["id"]))
    assert any(duty["kind"] == "return" for duty in hr.items("/v1/duties"))
    hr.delete(f"{path}/absences/{absence['id']}?reason=error")
    assert "R2.RETURN" not in hr.get(path + "/duties").text
    assert not any(duty["kind"] == "return" for duty in hr.items("/v1/duties"))


def test_what_was_known_on_a_day(hr, daemon):
    path = f"/v1/employees/{hire(hr, hire_date='2020-01-06')['id']}/absences"
    fact = hr.post(path, {"type": "parental", "start": "2026-01-05", "end": "2026-06-30"}, expect=201).json()
    move_to(daemon, "2026-11-25")
    hr.patch(f"{path}/{fact['id']}", {"end": "2026-08-31"})
    move_to(daemon, "2026-11-27")
    hr.delete(f"{path}/{fact['id']}?reason=error")
    assert hr.items(path) == []
    for day, ends in (("2026-11-22", []), ("2026-11-23", ["2026-06-30"]), ("2026-11-25", ["2026-08-31"]),
                      ("2026-11-26", ["2026-08-31"]), ("2026-11-27", [])):
        assert [one["end"] for one in hr.items(f"{path}?known_on={day}")] == ends, day


def test_pages_of_facts(hr):
    person = hire(hr, hire_date="2000-01-03")
    path = f"/v1/employees/{person['id']}/progressions"
    made = [hr.post(path, {"kind": "pay", "date": f"{2001 + i}-01-01"}, expect=201).json()["id"] for i in range(9)]
    assert [one["id"] for one in hr.items(path + "?limit=4")] == made
    assert len(hr.get(path + "?limit=4").json()["items"]) == 4
