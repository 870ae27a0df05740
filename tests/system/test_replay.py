"""What was received is read again by a better mapping: ignored, misread, and what only the whole body tells."""
import concurrent.futures

import pytest

from client import problem
from lms import connect, hook
from patience import eventually
from people import hire
from test_completions import MAPPING

MANY = {**MAPPING, "items": ["/records"], "event_id": "/id"}


def record(event, status="completed", on="2026-11-20T16:05:00Z", code="PM-101"):
    return {"id": event, "status": status, "completed_at": on, "finished": "2026-11-18T10:00:00Z",
            "learner": {"email": "zoe@rhone.example"}, "course": {"id": code, "title": "Gestion de projet"}}


@pytest.fixture
def zoe(hr):
    return hire(hr, email="zoe@rhone.example")["id"]


def test_a_period_is_read_again(hr, zoe):
    source = connect(hr, mapping=MANY)
    action = hr.post("/v1/actions", {"employee": zoe, "title": "Projet", "year": 2026, "nature": "training",
                                     "course": "PM-101"}, expect=201).json()["id"]
    counts = hook(source, {"records": [record("e1"), record("e2", status="erreicht", code="PM-102")]}).json()
    assert (counts["completions"], counts["ignored"]) == (1, 1)
    assert hr.get(f"/v1/actions/{action}").json()["done_on"] == "2026-11-20"
    hr.patch(f"/v1/sources/{source['id']}", {"mapping": {
        **MANY, "occurred": {"at": "/finished", "format": "iso"},
        "status": {"at": "/status", "completed": ["completed", "erreicht"]}}})

    def states():
        return sorted((c["said"]["course_id"], c["state"], c["occurred_at"])
                      for c in hr.items(f"/v1/completions?employee={zoe}"))
    hr.post(f"/v1/sources/{source['id']}/replay", {"until": "2026-11-01T00:00:00Z"}, expect=202)
    assert len(states()) == 1  # nothing was received then
    hr.post(f"/v1/sources/{source['id']}/replay", {"from": "2026-11-23T00:00:00Z"}, expect=202)
    eventually(states, [("PM-101", "completed", "2026-11-18T10:00:00Z"), ("PM-102", "completed", "2026-11-18T10:00:00Z")])
    [first] = [c for c in hr.items(f"/v1/completions?employee={zoe}") if c["said"]["course_id"] == "PM-101"]
    verbs = [r["verb"] for r in hr.items(f"/v1/audit?subject={first['id']}")]
    assert verbs == ["completion.received", "completion.reread"]
    assert hr.get(f"/v1/actions/{action}").json()["state"] == "done"
    hr.patch(f"/v1/sources/{source['id']}", {"mapping": {**MANY, "status": {"at": "/status", "completed": ["never"]}}})
    hr.post(f"/v1/sources/{source['id']}/replay", expect=202)
    eventually(lambda: [s for _, s, _ in states()], ["other", "other"])
    assert hr.get(f"/v1/actions/{action}").json()["state"] == "in_progress"
    problem(hr.post(f"/v1/sources/{source['id']}/replay", {"from": "2026-11-23T00:00:00Z", "until": "2026-11-22T00:00:00Z"}),
            422, "/until")


@pytest.mark.parametrize("options", [{"inbox": {"keep_raw": "yes"}}])
def test_whole_bodies_are_kept_when_asked(hr, zoe):
    source = connect(hr, mapping=MANY)
    hook(source, {"finished": "2026-11-19T10:00:00Z", "records": [record("e1")]})
    hr.patch(f"/v1/sources/{source['id']}", {"mapping": {**MANY, "occurred": {"at": "#/finished", "format": "iso"}}})
    hr.post(f"/v1/sources/{source['id']}/replay", expect=202)
    eventually(lambda: [c["occurred_at"] for c in hr.items(f"/v1/completions?employee={zoe}")], ["2026-11-19T10:00:00Z"])


def test_refusals_are_counted_under_their_source(hr, zoe):
    source = connect(hr, paused=True)
    assert hook(source, record("e1")).status_code == 503
    assert hook(source, record("e1"), **{"X-Signature": "sha256=0"}).status_code == 401
    eventually(lambda: hr.get(f"/v1/sources/{source['id']}").json()["counts"]["refused"], 1)
    shown = hr.get(f"/v1/sources/{source['id']}").json()["last_refusal"]
    assert shown["reason"] == "503: this source is paused" and shown["at"].startswith("2026-11-23T08:00:00")


@pytest.mark.parametrize("options", [{"store": {"queue": 16}}])
def test_platforms_wait_while_the_store_is_full(hr, daemon, zoe):
    source = connect(hr)
    with concurrent.futures.ThreadPoolExecutor(48) as pool:
        answers = list(pool.map(lambda n: hook(source, record(f"e{n}", code=f"C{n}")).status_code, range(144)))
    assert answers == [200] * 144
    assert hr.get(f"/v1/sources/{source['id']}").json()["counts"]["refused"] == 0
