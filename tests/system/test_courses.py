"""Courses classified, what follows from it, and completions matched with the plan by rules or by hand."""
import csv
import io

import pytest

from client import problem
from lms import connect, hook
from patience import eventually
from people import hire


@pytest.fixture
def source(hr):
    return connect(hr)


def record(event, title="Sécurité incendie", code="INC-1", on="2026-11-20T16:05:00Z"):
    return {"id": event, "status": "completed", "completed_at": on, "learner": {"email": "zoe@rhone.example"},
            "course": {"id": code, "title": title}}


def action(hr, zoe, **members):
    return hr.post("/v1/actions", {"employee": zoe, "title": "Incendie", "year": 2026, "nature": "training", **members},
                   expect=201).json()["id"]


@pytest.fixture
def zoe(hr):
    return hire(hr, email="zoe@rhone.example", family_name="=Durand")["id"]


def test_a_classification_reaches_what_was_proved(hr, source, zoe):
    done = action(hr, zoe, course="INC-1")
    own = action(hr, zoe, course="INC-2", mandatory="no")
    hook(source, record("e1"))
    hook(source, record("e2", code="INC-2"))
    [first, second] = hr.items(f"/v1/courses?source={source['id']}")
    assert first["mandatory"] == "unknown" and first["title"] == "Sécurité incendie"
    problem(hr.patch(f"/v1/courses/{first['id']}", {"mandatory": "yes"}, expect=None), 422, "/mandatory_text")
    for course in (first, second):
        hr.patch(f"/v1/courses/{course['id']}", {"mandatory": "yes", "mandatory_text": "R4227-28", "minutes": 90,
                                                 "validity": "P24M"})
    proved = hr.get(f"/v1/actions/{done}").json()
    assert proved["mandatory"] == "yes" and proved["minutes_done"] == 90 and proved["valid_until"] == "2028-11-20"
    assert hr.get(f"/v1/actions/{own}").json()["mandatory"] == "no"  # said of the action itself
    hr.patch(f"/v1/courses/{first['id']}", {"mandatory": "no"})
    assert hr.get(f"/v1/actions/{done}").json()["mandatory"] == "no"
    assert [c["id"] for c in hr.items("/v1/courses?mandatory=no")] == [first["id"]]
    verbs = [r["verb"] for r in hr.items(f"/v1/audit?subject={first['id']}")]
    assert verbs == ["course.seen", "course.changed", "course.changed"]
    assert "action.followed_course" in [r["verb"] for r in hr.items(f"/v1/audit?subject={done}")]
    answer = hr.get(f"/v1/courses/{first['id']}")
    hr.patch(f"/v1/courses/{first['id']}", {"minutes": 60}, headers={"If-Match": answer.headers["ETag"]})
    hr.patch(f"/v1/courses/{first['id']}", {"minutes": 61}, expect=412, headers={"If-Match": answer.headers["ETag"]})


def test_a_classified_course_goes_on_classifying(hr, source, zoe):
    hook(source, record("e1", on="2026-11-18T10:00:00Z"))
    [course] = hr.items("/v1/courses")
    hr.patch(f"/v1/courses/{course['id']}", {"mandatory": "yes", "mandatory_text": "R4227-28", "declarable": True})
    done = action(hr, zoe, course="INC-1")
    hook(source, record("e2", on="2026-11-20T10:00:00Z"))
    assert hr.get(f"/v1/actions/{done}").json()["mandatory"] == "yes"
    assert [c["declare_by"] for c in hr.items("/v1/completions")] == ["2027-09-30", "2027-09-30"]


def test_what_is_to_be_declared(hr, source, zoe):
    hook(source, record("old", on="2026-03-15T10:00:00Z"))
    hook(source, record("march", on="2026-03-16T10:00:00Z"))
    hook(source, record("june", on="2026-06-30T21:59:00Z"))
    [course] = hr.items("/v1/courses")
    hr.patch(f"/v1/courses/{course['id']}", {"declarable": True})
    open_ones = hr.items("/v1/declarations?state=open")
    assert [(d["done_on"], d["declare_by"]) for d in open_ones] == [("2026-03-16", "2026-12-31"), ("2026-06-30", "2027-03-31")]
    first = open_ones[0]["completion"]
    hr.post(f"/v1/completions/{first}/declare", {"declared_on": "2026-11-22"}, expect=200)
    assert [d["declared_on"] for d in hr.items("/v1/declarations?state=declared")] == ["2026-11-22"]
    problem(hr.post(f"/v1/completions/{first}/declare", {"declared_on": "2027-01-01"}), 422, "/declared_on")
    problem(hr.post(f"/v1/completions/{first}/declare", {}), 422, "/declared_on")
    answer = hr.get("/v1/declarations?format=csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert answer.headers["Content-Type"].startswith("text/csv") and rows[0][0] == "matricule" and len(rows) == 3
    assert rows[1][1] == "'=Durand" and rows[1][8] == "2026-12-31" and rows[1][9] == "2026-11-22"
    page = hr.get("/v1/declarations?limit=1").json()
    assert len(hr.items("/v1/declarations?limit=1")) == 2 and "next" in page
    [old] = [c for c in hr.items("/v1/completions") if c["declare_by"] is None]
    problem(hr.post(f"/v1/completions/{old['id']}/declare", {"declared_on": "2026-11-22"}), 409)


def test_proposals_and_matching_by_hand(hr, source, zoe):
    hook(source, record("e1"))
    best = action(hr, zoe, title="Formation sécurité incendie")
    action(hr, zoe, title="Comptabilité générale")
    other = action(hr, zoe, title="Incendie : équipiers", year=2024)
    [loose] = hr.items("/v1/completions?unmatched=true")
    ranked = hr.items(f"/v1/completions/{loose['id']}/proposals")
    assert [p["action"] for p in ranked] == [best, other] and ranked[0]["score"] > ranked[1]["score"] and ranked[0]["why"]
    problem(hr.post(f"/v1/completions/{loose['id']}/match", {}), 422, "/action")
    hr.post(f"/v1/completions/{loose['id']}/match", {"action": best}, expect=200)
    assert hr.get(f"/v1/actions/{best}").json()["state"] == "done" and hr.items("/v1/completions?unmatched=true") == []
    problem(hr.post(f"/v1/completions/{loose['id']}/match", {"action": other}), 409)
    hr.post(f"/v1/completions/{loose['id']}/match", {"action": None, "reason": "wrong one"}, expect=200)
    undone = hr.get(f"/v1/actions/{best}").json()
    assert undone["state"] == "in_progress" and len(undone["evidence"]) == 1  # the history stays
    hr.post(f"/v1/completions/{loose['id']}/match", {"action": other}, expect=200)
    verbs = [r["verb"] for r in hr.items(f"/v1/audit?subject={loose['id']}")]
    assert verbs == ["completion.received", "completion.matched", "completion.unmatched", "completion.matched"]


def test_the_rules_of_a_source(hr, zoe):
    source = connect(hr, rules=[{"code": "ZZ*", "course": "NO"}, {"title": "*INCENDIE*", "code": "inc-*", "course": "FIRE"}])
    fire = action(hr, zoe, course="FIRE")
    hook(source, record("e1", code="XX-1"))
    assert hr.get(f"/v1/actions/{fire}").json()["state"] != "done"
    hook(source, record("e2", title="La sécurité incendie au bureau", code="INC-7"))
    assert hr.get(f"/v1/actions/{fire}").json()["state"] == "done"
    assert hr.get(f"/v1/sources/{source['id']}").json()["rules"][1]["course"] == "FIRE"
    problem(hr.patch(f"/v1/sources/{source['id']}", {"rules": [{"course": "X"}]}, expect=None), 422, "/rules/0")
    problem(hr.patch(f"/v1/sources/{source['id']}", {"rules": [{"title": "X"}]}, expect=None), 422, "/rules/0/course")
