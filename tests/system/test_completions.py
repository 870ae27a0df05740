"""An LMS posts completions: signatures, duplicates, quarantine, assignment, and what they prove."""
import base64
import hashlib
import hmac
import json

import pytest

from client import Client, problem
from people import hire

SECRET = "0123456789abcdef0123456789abcdef"
MAPPING = {
    "event_id": "/id", "user": {"email": "/learner/email", "number": "/learner/number"},
    "course": {"id": "/course/id", "title": "/course/title"},
    "occurred": {"at": "/completed_at", "format": "iso"},
    "status": {"at": "/status", "completed": ["completed", "passed"], "failed": ["failed"], "undone": ["reset"]}}


def make_source(hr, **changes):
    body = {"kind": "generic", "name": "LMS", "secret": SECRET, "mapping": MAPPING,
            "signature": {"family": "hmac_hex", "header": "X-Signature", "prefix": "sha256="}, **changes}
    return hr.post("/v1/sources", body, expect=201).json()


def record(event, email="zoe@rhone.example", course="PM-101", status="completed"):
    return {"id": event, "status": status, "completed_at": "2026-11-20T16:05:00Z", "learner": {"email": email},
            "course": {"id": course, "title": "Gestion de projet"}}


def post(source, body, secret=SECRET, raw=None, signature=None):
    raw = json.dumps(body).encode() if raw is None else raw
    signature = signature or "sha256=" + hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()
    return Client.request(post.client, "POST", source["hook_url"], data=raw,
                          headers={"Content-Type": "application/json", "X-Signature": signature})


@pytest.fixture
def source(daemon, hr):
    post.client = Client(daemon)
    return make_source(hr)


@pytest.fixture
def zoe(hr):
    return hr.post("/v1/employees", {"number": "1", "given_name": "Zoé", "family_name": "Durand", "hire_date": "2024-03-01",
                                     "email": "zoe@rhone.example"}, expect=201).json()["id"]


def test_a_completion_is_stored_and_attributed(hr, source, zoe):
    answer = post(source, record("e1"))
    assert answer.status_code == 200 and answer.headers["Content-Type"] == "application/json"
    assert answer.json() == {"received": 1, "completions": 1, "duplicates": 0, "quarantined": 0, "ignored": 0}
    [completion] = hr.items(f"/v1/completions?employee={zoe}")
    assert completion["state"] == "completed" and completion["occurred_at"] == "2026-11-20T16:05:00Z"
    one = hr.get(f"/v1/completions/{completion['id']}").json()
    raw = json.dumps(record("e1")).encode()
    assert one["evidence"][0]["sha256"] == hashlib.sha256(raw).hexdigest()
    assert hr.get(f"/v1/sources/{source['id']}").json()["counts"]["completions"] == 1


def test_the_same_event_again_is_a_duplicate(hr, source, zoe):
    post(source, record("e1"))
    assert post(source, record("e1")).json()["duplicates"] == 1
    assert len(hr.items("/v1/completions")) == 1


@pytest.mark.parametrize("signature", ["", "sha256=", "sha256=" + "0" * 64, "md5=1"])
def test_wrong_signatures(hr, source, zoe, signature):
    problem(post(source, record("e1"), signature=signature or "x"), 401)
    assert hr.items("/v1/completions") == []


def test_an_unsigned_body_and_an_unknown_source(daemon, hr, source):
    anyone = Client(daemon)
    problem(anyone.request("POST", source["hook_url"], json=record("e1")), 401)
    problem(anyone.request("POST", source["hook_url"][:-4] + "zzzz", json=record("e1")), 404)
    problem(anyone.request("POST", daemon.url + "/hooks/nothing", json={}), 404)


def test_standard_webhooks(daemon, hr, zoe):
    key = b"a key of twenty-four by."
    source = make_source(hr, signature={"family": "standard_webhooks"}, secret="whsec_" + base64.b64encode(key).decode())
    raw = json.dumps(record("e1")).encode()

    def send(at):
        signed = hmac.new(key, b"msg_1.%d." % at + raw, hashlib.sha256).digest()
        return Client(daemon).request("POST", source["hook_url"], data=raw, headers={
            "Content-Type": "application/json", "webhook-id": "msg_1", "webhook-timestamp": str(at),
            "webhook-signature": "v1," + base64.b64encode(signed).decode()})
    now = 1795420800  # the daemon's clock: 2026-11-23T08:00:00Z
    problem(send(now - 3600), 401)
    problem(send(now + 3600), 401)
    assert send(now - 60).json()["completions"] == 1


def test_rotation_keeps_the_former_secret_until_it_is_cleared(hr, source, zoe):
    hr.patch(f"/v1/sources/{source['id']}", {"secret": "another secret of some length"})
    assert post(source, record("e1")).status_code == 200
    assert post(source, record("e2"), secret="another secret of some length").status_code == 200
    hr.patch(f"/v1/sources/{source['id']}", {"previous_secret": None})
    problem(post(source, record("e3")), 401)


def test_a_paused_source(hr, source, zoe):
    hr.patch(f"/v1/sources/{source['id']}", {"paused": True})
    assert "Retry-After" in post(source, record("e1")).headers
    hr.patch(f"/v1/sources/{source['id']}", {"paused": False})
    assert post(source, record("e1")).status_code == 200


def test_quarantine_and_assignment(hr, source, zoe):
    assert post(source, record("e1", email="nobody@elsewhere.example")).json()["quarantined"] == 1
    [waiting] = hr.items("/v1/completions?state=quarantined")
    assert waiting["reason"] == "unknown_person" and waiting["employee"] is None
    problem(hr.post(f"/v1/completions/{waiting['id']}/assign", {}), 422, "/employee")
    given = hr.post(f"/v1/completions/{waiting['id']}/assign", {"employee": zoe, "alias": True}, expect=200).json()
    assert given["employee"] == zoe and given["state"] == "completed"
    assert post(source, record("e2", email="nobody@elsewhere.example")).json()["completions"] == 1
    taken = hr.post(f"/v1/completions/{waiting['id']}/assign", {"employee": None}, expect=200).json()
    assert taken["employee"] is None and taken["state"] == "quarantined"
    verbs = [r["verb"] for r in hr.items(f"/v1/audit?subject={waiting['id']}")]
    assert verbs == ["completion.received", "completion.assigned", "completion.unassigned"]


def test_two_people_in_one_body_never_show_each_other(hr, daemon, zoe):
    post.client = Client(daemon)
    source = make_source(hr, mapping={**MAPPING, "items": ["/records"]})
    both = {"records": [record("e1"), record("e2", email="other@rhone.example")]}
    assert post(source, both).json()["received"] == 2
    [hers] = hr.items(f"/v1/completions?employee={zoe}")
    assert "other@rhone.example" not in json.dumps(hr.get(f"/v1/completions/{hers['id']}").json())


@pytest.mark.parametrize("raw", [
    b"", b"{", b"[" * 10000, b'{"id":"a","id":"b"}', b'{"id":"\xff"}', b"null", b"[]", b'{"learner":"x"}',
    json.dumps(record("e" * 100000)).encode(), b'{"a":' * 500 + b"1" + b"}" * 500])
def test_bodies_that_make_no_sense(hr, daemon, source, raw):
    answer = post(source, None, raw=raw)
    assert answer.status_code in (200, 400, 413, 422), answer.text
    assert Client(daemon).get("/healthz").status_code == 200
    stored = hr.items("/v1/completions?state=quarantined")
    assert all(c["employee"] is None for c in stored)


def test_a_body_over_the_ceiling(source):
    problem(post(source, None, raw=b" " * (256 * 1024 + 1)), 413)


def test_configuration_mistakes_name_the_field(hr):
    base = {"kind": "generic", "name": "LMS", "secret": SECRET, "mapping": MAPPING,
            "signature": {"family": "hmac_hex", "header": "X-Signature"}}
    for change, pointer in [({"kind": "blackboard"}, "/kind"), ({"mapping": {"user": {}}}, None),
                            ({"signature": {"family": "hmac_hex"}}, None), ({"secret": "short"}, "/secret"),
                            ({"name": ""}, "/name"), ({"signature": {"family": "rot13"}}, "/signature/family")]:
        problem(hr.post("/v1/sources", {**base, **change}), 422, pointer)


def test_a_payload_can_be_tried(hr, source):
    shown = hr.post(f"/v1/sources/{source['id']}/test", record("e1"), expect=200).json()
    assert shown["items"][0]["state"] == "ready" and shown["items"][0]["course_id"] == "PM-101"
    assert hr.items("/v1/completions") == []


def test_the_secret_is_nowhere(daemon, hr, source):
    assert "secret" not in hr.get(f"/v1/sources/{source['id']}").json()
    assert SECRET.encode() not in b"".join(f.read_bytes() for f in daemon.data.iterdir() if f.is_file())
    made = hr.post("/v1/sources", {"kind": "generic", "name": "Made", "mapping": MAPPING,
                                   "signature": {"family": "hmac_hex", "header": "X-Signature"}}, expect=201).json()
    assert len(made["secret"]) == 64




@pytest.mark.slow
def test_somebody_who_appears_is_found_behind_many_who_do_not(hr, source):
    for number in range(501):
        post(source, record(f"n{number}", email="nobody@elsewhere.example"))
    post(source, record("z", email="zoe@rhone.example"))
    zoe = hire(hr, email="zoe@rhone.example")["id"]
    assert [one["state"] for one in hr.items(f"/v1/completions?employee={zoe}")] == ["completed"]
