"""A platform that speaks xAPI: statements in, completions out, and statements again for whoever asks."""
import json
import pathlib
import uuid

import pytest
import requests

from client import problem
from patience import PATIENCE
from people import hire

SAMPLES = pathlib.Path(__file__).resolve().parents[1] / "data" / "samples" / "xapi"
PASSWORD = "0123456789abcdef0123456789abcdef"
ADL = "http://adlnet.gov/expapi/verbs/"
COURSE = "https://w3id.org/xapi/cmi5/activitytype/course"


class Platform:
    """A source of statements and its credentials."""

    def __init__(self, daemon, hr, **changes):
        body = {"kind": "xapi", "name": "Moodle", "secret": PASSWORD, "signature": {"family": "basic", "user": "moodle"}}
        self.id = hr.post("/v1/sources", {**body, **changes}, expect=201).json()["id"]
        self.url = daemon.url + "/xapi/statements"
        self.session = requests.Session()
        self.session.auth = (self.id, PASSWORD)

    def ask(self, method, expect=None, version="1.0.3", headers=None, **options):
        answer = self.session.request(method, options.pop("url", self.url), timeout=PATIENCE, headers={
            "X-Experience-API-Version": version, **(headers or {})}, **options)
        assert answer.headers["X-Experience-API-Version"] == ("2.0.0" if version.startswith("2.0") else "1.0.3")
        assert "X-Experience-API-Consistent-Through" in answer.headers
        if expect:
            assert answer.status_code == expect, answer.text
        return answer

    def post(self, body, expect=200, **options):
        return self.ask("POST", expect, json=body, **options)

    def find(self, expect=200, **parameters):
        return self.ask("GET", expect, params=parameters)

    def ids(self, **parameters):
        """All that a filter finds, page after page."""
        page, found = self.find(**parameters).json(), []
        while True:
            found += [statement["id"] for statement in page["statements"]]
            if not page["more"]:
                return found
            assert page["more"].startswith("/")
            page = self.ask("GET", 200, url=self.url.split("/xapi")[0] + page["more"]).json()


@pytest.fixture
def platform(daemon, hr):
    return Platform(daemon, hr)


def statement(**changes):
    return {"actor": {"mbox": "mailto:zoe@rhone.example"}, "verb": {"id": ADL + "completed", "display": {"en": "completed"}},
            "object": {"id": "https://lms.example/course/7", "definition": {"type": COURSE, "name": {"fr": "Incendie"}}},
            "timestamp": "2026-11-20T16:05:00Z", **changes}


def about(number):
    return {"object": {"id": f"https://lms.example/course/{number}", "definition": {"type": COURSE}}}


def test_what_moodle_posts_becomes_completions(hr, platform):
    bob = hire(hr, email="bob@example.org")["id"]
    posted = json.loads((SAMPLES / "logstore_xapi_001.json").read_text())
    answer = platform.post(posted)
    assert answer.headers["Content-Type"] == "application/json" and len(answer.json()) == len(posted)
    [completion] = hr.items(f"/v1/completions?employee={bob}")
    assert completion["state"] == "completed" and completion["said"]["course_code"] == "CRS-SST"
    again = platform.post(posted)
    assert set(again.json()).isdisjoint(answer.json())  # the statements had no ids
    assert len(hr.items("/v1/completions")) == 1
    counts = hr.get(f"/v1/sources/{platform.id}").json()["counts"]
    assert counts["completions"] == 1 and counts["duplicates"] == 1


def test_an_empty_list_and_a_large_one(hr, platform):
    zoe = hire(hr, email="zoe@rhone.example")["id"]
    assert platform.post([]).json() == []
    many = [statement(**about(number)) for number in range(120)]
    ids = platform.post(many).json()
    assert len(ids) == 120 and len(hr.items(f"/v1/completions?employee={zoe}")) == 120
    assert platform.ids(ascending="true", limit=50) == ids
    assert platform.ids(limit=7) == ids[::-1]


def test_ids_repeats_and_conflicts(hr, platform):
    key = str(uuid.uuid4())
    assert platform.post(statement(id=key.upper())).json() == [key]
    assert platform.post(statement(id=key, timestamp="2026-11-21T00:00:00Z")).json() == [key]
    assert key in problem(platform.post(statement(id=key, **about(8)), expect=409), 409)["detail"]
    batch = [statement(**about(9)), statement(id=key, **about(8))]
    platform.post(batch, expect=409)  # all or nothing
    assert platform.ids(activity="https://lms.example/course/9") == []
    problem(platform.post([statement(id=key), statement(id=key)], expect=400), 400, "/1/id")
    put = str(uuid.uuid4())
    for body, status in [(statement(), 204), (statement(), 204), (statement(**about(8)), 409)]:
        platform.ask("PUT", status, params={"statementId": put}, json=body)
    problem(platform.ask("PUT", 400, json=statement()), 400)
    problem(platform.ask("PUT", 400, params={"statementId": put}, json=statement(id=key)), 400, "/id")
    assert sorted(platform.ids()) == sorted([key, put])


def test_one_statement_as_it_is_kept(platform):
    [key] = platform.post(statement(authority={"mbox": "mailto:me@x.example"}, stored="2020-01-01T00:00:00Z")).json()
    answer = platform.find(statementId=key)
    kept = answer.json()
    assert kept["id"] == key and kept["version"] == "1.0.0" and kept["stored"].startswith("2026-11-23T08:00:00")
    assert kept["authority"]["account"]["name"] == platform.id
    assert answer.headers["Last-Modified"] == "Mon, 23 Nov 2026 08:00:00 GMT"
    assert platform.find(statementId=key, format="ids").json()["object"] == {"id": "https://lms.example/course/7"}
    assert platform.ask("HEAD", 200, params={"statementId": key}).text == ""
    platform.find(404, statementId=str(uuid.uuid4()))
    for wrong in [{"statementId": key, "verb": "a:b"}, {"statementId": key, "voidedStatementId": key}, {"StatementId": key},
                  {"agent": "{}"}, {"verb": "done"}, {"since": "yesterday"}, {"limit": "-1"}, {"statementId": "7"},
                  {"attachments": "yes"}, {"format": "pretty"}]:
        platform.find(400, **wrong)


def test_filters(platform):
    team = {"objectType": "Group", "member": [{"mbox": "mailto:ada@rhone.example"}]}
    registration = str(uuid.uuid4())
    plain, grouped, nested = [platform.post(body).json()[0] for body in (
        statement(), statement(actor=team, verb={"id": ADL + "attempted"}),
        statement(**about(8), context={"registration": registration, "instructor": {"mbox": "mailto:ada@rhone.example"},
                                       "contextActivities": {"parent": {"id": "https://lms.example/course/7"}}}))]
    [pointing] = platform.post(statement(verb={"id": ADL + "commented"}, object={
        "objectType": "StatementRef", "id": grouped})).json()
    ada = json.dumps({"mbox": "mailto:ada@rhone.example"})
    seven = "https://lms.example/course/7"
    assert platform.ids(verb=ADL + "completed") == [nested, plain]
    assert platform.ids(agent=ada) == [pointing, grouped]
    assert platform.ids(agent=ada, related_agents="true") == [pointing, nested, grouped]
    assert platform.ids(activity=seven) == [pointing, grouped, plain]
    assert platform.ids(activity=seven, related_activities="true") == [pointing, nested, grouped, plain]
    assert platform.ids(registration=registration) == [nested]
    assert platform.ids(activity=seven, agent=ada, verb=ADL + "attempted") == [pointing, grouped]
    stored = platform.find(statementId=grouped).json()["stored"]
    assert platform.ids(since=stored) == [pointing, nested]
    assert platform.ids(until=stored, ascending="true") == [plain, grouped]
    kept = platform.find(statementId=nested).json()
    assert kept["context"]["contextActivities"]["parent"] == [{"id": seven}]


def test_a_reference_may_come_before_its_statement(platform):
    late = str(uuid.uuid4())
    [pointing] = platform.post(statement(object={"objectType": "StatementRef", "id": late})).json()
    platform.post(statement(id=late, **about(9)))
    assert platform.ids(activity="https://lms.example/course/9") == [late, pointing]


def test_voiding_takes_the_completion_back(hr, platform):
    zoe = hire(hr, email="zoe@rhone.example")["id"]
    [key] = platform.post(statement()).json()

    def void(target):
        return statement(verb={"id": ADL + "voided"}, object={"objectType": "StatementRef", "id": target})
    [voiding] = platform.post(void(key)).json()
    platform.find(404, statementId=key)
    assert platform.find(voidedStatementId=key).json()["id"] == key
    assert platform.ids() == [voiding]
    platform.post(void(voiding))  # cannot be voided
    assert platform.find(statementId=voiding).json()["id"] == voiding
    assert sorted(c["state"] for c in hr.items(f"/v1/completions?employee={zoe}")) == ["completed", "undone"]
    late = str(uuid.uuid4())
    platform.post(void(late))
    platform.post(statement(id=late, **about(8)))
    assert platform.find(voidedStatementId=late).json()["id"] == late
    assert len(hr.items(f"/v1/completions?employee={zoe}")) == 2


def test_credentials_and_versions(daemon, hr, platform):
    assert requests.get(daemon.url + "/xapi/about", timeout=PATIENCE).json()["version"] == ["1.0.3", "2.0.0"]
    key = platform.post(statement(), version="2.0.0").json()[0]
    assert platform.find(statementId=key).json()["version"] == "2.0.0"
    for version in ["", "0.9", "1.1.0", "3.0"]:
        problem(platform.ask("GET", 400, version=version), 400, "/X-Experience-API-Version")
    other = Platform(daemon, hr)
    assert other.ids() == []
    other.find(404, statementId=key)
    hook = Platform(daemon, hr, kind="canvas", signature={"family": "bearer"})
    problem(hook.ask("GET", 400), 400)
    for credentials in [(platform.id, "wrong secret"), ("src_none", PASSWORD), (other.id[:-4] + "zzzz", PASSWORD), None]:
        platform.session.auth = credentials
        refused = platform.ask("GET")
        assert refused.status_code in (401, 404) and refused.headers["X-Experience-API-Version"] == "1.0.3"
    assert refused.headers["WWW-Authenticate"].startswith("Basic")


@pytest.mark.parametrize("raw", [b"", b"{", b"[" * 10000, b'{"actor":1,"actor":2}', b'{"actor":"\xff"}', b"null",
                                 json.dumps(statement(result=None)).encode(), json.dumps(statement(Verb={})).encode()])
def test_bodies_that_are_no_statements(hr, platform, raw):
    answer = platform.ask("POST", 400, data=raw, headers={"Content-Type": "application/json"})
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert platform.ids() == [] and hr.items("/v1/completions") == []


def test_other_refusals_carry_the_version(platform):
    platform.ask("POST", 413, data=b" " * (1024 * 1024 + 1), headers={"Content-Type": "application/json"})
    platform.ask("POST", 400, data=b"x", headers={"Content-Type": "text/plain"})
    platform.ask("DELETE", 405)
    platform.ask("GET", 404, url=platform.url + "/x")


def test_late_and_repeated_facts(hr, platform):
    """Out of order, without ids: what was taken back later does not count, the same day twice is one completion."""
    zoe = hire(hr, email="zoe@rhone.example")["id"]
    undone = {"verb": {"id": "https://xapi.edlm/profiles/edlm-lms/concepts/verbs/uncompleted"}}
    platform.post(statement(timestamp="2026-11-20T16:05:09Z"))
    platform.post(statement())  # seen by another way, some seconds apart
    [one] = hr.items(f"/v1/completions?employee={zoe}")
    assert len(hr.get(f"/v1/completions/{one['id']}").json()["evidence"]) == 2
    action = hr.post("/v1/actions", {"employee": zoe, "title": "Incendie", "year": 2026, "nature": "training",
                                     "course": "https://lms.example/course/8"}, expect=201).json()["id"]
    platform.post(statement(**about(8), **undone, timestamp="2026-11-21T08:00:00Z"))
    platform.post(statement(**about(8), timestamp="2026-11-20T08:00:00Z"))
    assert hr.get(f"/v1/actions/{action}").json()["state"] != "done"
    platform.post(statement(**about(8), timestamp="2026-11-22T08:00:00Z"))
    assert hr.get(f"/v1/actions/{action}").json()["state"] == "done"
