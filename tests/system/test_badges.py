"""Badges that are handed in: verified where they are hosted, kept with their bytes, refused with the reason."""
import hashlib

import pytest

from client import problem
from command import Command
from moodle import Server
from people import hire

ADDRESS = "Camille.Durand@rhone.example"
CONTEXT = "https://w3id.org/openbadges/v2"


class Issuer(Server):
    """Hosts an assertion, its class and its issuer; a test changes what it likes."""

    def __init__(self):
        super().__init__()
        self.assertion = {
            "@context": CONTEXT, "type": "Assertion", "id": f"{self.url}/assertion/1", "badge": f"{self.url}/badge/1",
            "recipient": {"type": "email", "hashed": True, "salt": "deadsea", "identity": hashed(ADDRESS, "deadsea")},
            "issuedOn": "2026-11-20T10:00:00+01:00", "expires": "2028-11-20T10:00:00Z", "verification": {"type": "hosted"}}
        self.badge = {"@context": CONTEXT, "type": "BadgeClass", "id": f"{self.url}/badge/1", "name": "Habilitation B0",
                      "description": "x", "criteria": {"narrative": "x"}, "issuer": f"{self.url}/issuer"}
        self.issuer = {"@context": CONTEXT, "type": ["Issuer"], "id": f"{self.url}/issuer", "name": "Organisme Rhône",
                       "url": self.url}
        self.gone = set()

    def answer(self, handler):
        self.calls.append(handler.path)
        documents = {"/assertion/1": self.assertion, "/badge/1": self.badge, "/issuer": self.issuer}
        if handler.path in self.gone:
            handler.reply(410, {"revoked": True})
        elif handler.path == "/elsewhere":
            handler.reply(302, "", Location=self.assertion["id"])
        elif handler.path in documents:
            handler.reply(200, documents[handler.path])
        else:
            handler.reply(404, "")


def hashed(address, salt=""):
    return "sha256$" + hashlib.sha256((address + salt).encode()).hexdigest()


@pytest.fixture
def options():
    return {"outgoing": {"allow": "127.0.0.1"}}


@pytest.fixture
def issuer():
    made = Issuer()
    yield made
    made.close()


@pytest.fixture
def camille(hr):
    return hire(hr, number="E1", email=ADDRESS)["id"]


def hand_in(hr, camille, url, **more):
    answer = hr.post("/v1/badges", {"employee": camille, "url": url, **more}, expect=202)
    return hr.get(f"{answer.headers['Location']}?wait=60").json()


def refused(hr, camille, url):
    operation = hand_in(hr, camille, url)
    assert operation["state"] == "failed" and hr.items("/v1/completions") == []
    return operation["result"]["problem"]


def test_a_badge_is_kept_once(daemon, hr, issuer, camille):
    url = issuer.assertion["id"]
    operation = hand_in(hr, camille, url)
    assert operation["state"] == "done", operation
    result = operation["result"]
    assert result["badge"] == "Habilitation B0" and result["issuer"] == "Organisme Rhône"
    assert issuer.calls == ["/assertion/1", "/badge/1", "/issuer"]
    completion = hr.get(f"/v1/completions/{result['completion']}").json()
    assert completion["employee"] == camille and completion["state"] == "completed"
    assert completion["occurred_at"] == "2026-11-20T09:00:00Z"
    assert completion["said"]["certificate_url"] == url and completion["said"]["expires"] == "2028-11-20T10:00:00Z"
    assert [one["sha256"] for one in completion["evidence"]] == [result["sha256"]]
    assert hand_in(hr, camille, url)["result"]["completion"] == completion["id"]
    command = Command(daemon.url, hr.session.headers["Authorization"].split()[1])
    assert "Habilitation B0" in command.run("badge", "add", "E1", url).out
    issuer.gone.add("/assertion/1")
    assert "revoked" in command.fail("badge", "add", "E1", url)
    assert len(hr.items("/v1/completions")) == 1
    assert [entry["verb"] for entry in hr.items(f"/v1/audit?subject={completion['id']}")] == ["completion.received"]
    assert hr.items("/v1/courses")[0]["title"] == "Habilitation B0"


def test_a_badge_is_evidence_of_a_completion(hr, issuer, camille):
    hr.post("/v1/imports/completions", None, data="matricule;intitulé;date\nE1;Habilitation B0;20/11/2026\n".encode(),
            headers={"Content-Type": "text/csv"})
    [before] = hr.items("/v1/completions")
    operation = hand_in(hr, camille, issuer.assertion["id"], completion=before["id"])
    assert operation["state"] == "done" and operation["result"]["completion"] == before["id"]
    after = hr.get(f"/v1/completions/{before['id']}").json()
    assert len(after["evidence"]) == 2 and operation["result"]["sha256"] in {one["sha256"] for one in after["evidence"]}
    assert len(hr.items("/v1/completions")) == 1
    other = hire(hr, number="E2")["id"]
    assert "302" in hand_in(hr, camille, f"{issuer.url}/elsewhere")["result"]["problem"]
    body = {"employee": other, "url": issuer.assertion["id"], "completion": before["id"]}
    problem(hr.request("POST", "/v1/badges", json=body), 409)
    problem(hr.request("POST", "/v1/badges", json={**body, "completion": "cpl_x_01m83pph002wpmxe1bbgjssyd4"}), 422, "/completion")
    problem(hr.request("POST", "/v1/badges", json={"employee": other, "url": "ftp://x/y"}), 422, "/url")


def test_a_former_address_and_documents_inside_count(hr, issuer, camille):
    hr.patch(f"/v1/employees/{camille}", {"email": "camille.petit@rhone.example"})
    issuer.assertion["recipient"] = {"type": "email", "hashed": True, "identity": hashed(ADDRESS.lower())}
    issuer.assertion["verify"] = issuer.assertion.pop("verification")
    issuer.badge["issuer"] = issuer.issuer
    issuer.assertion["badge"] = issuer.badge
    assert hand_in(hr, camille, issuer.assertion["id"])["state"] == "done"
    assert issuer.calls == ["/assertion/1"]


REFUSALS = {
    "another mail address": lambda i: i.assertion["recipient"].update(identity=hashed("zoe@rhone.example", "deadsea")),
    "not hashed with SHA-256": lambda i: i.assertion["recipient"].update(identity="md5$0123"),
    "not given by a mail address": lambda i: i.assertion["recipient"].update(type="telephone"),
    "it was revoked: mistake": lambda i: i.assertion.update(revoked=True, revocationReason="mistake"),
    "answers 410": lambda i: i.gone.add("/assertion/1"),
    "issuer is gone": lambda i: i.gone.add("/issuer"),
    "it expired on 2026-01-01": lambda i: i.assertion.update(expires="2026-01-01T00:00:00Z"),
    "still to come": lambda i: i.assertion.update(issuedOn="2027-01-01T00:00:00Z"),
    "does not say when": lambda i: i.assertion.update(issuedOn="yesterday"),
    "not where it stands": lambda i: i.assertion.update(id=f"{i.url}/assertion/2"),
    "badge class calls itself": lambda i: i.badge.update(id=f"{i.url}/badge/2"),
    "signed assertions are not read": lambda i: i.assertion.update(verification={"type": "signed"}),
    "no assertion of Open Badges 2.0": lambda i: i.assertion.update({"@context": "https://w3id.org/openbadges/v1"}),
    "not of the type BadgeClass": lambda i: i.badge.update(type="Assertion"),
    "badge class is not on the host": lambda i: i.assertion.update(badge="https://evil.example/badge/1"),
    "issuer is not on the host": lambda i: i.badge.update(issuer="http://127.0.0.1:1/issuer"),
    "does not name its badge class": lambda i: i.assertion.update(badge=7),
    "is no JSON object": lambda i: setattr(i, "badge", ["x"]),
    "answers 404": lambda i: i.badge.update(issuer=f"{i.url}/nobody"),
    "the issuer has no name": lambda i: i.issuer.pop("name"),
}


def test_a_refusal_says_why(hr, camille):
    for reason, spoil in REFUSALS.items():
        issuer = Issuer()
        spoil(issuer)
        said = refused(hr, camille, f"{issuer.url}/assertion/1")
        issuer.close()
        assert reason in said


class TestGuarded:
    """Without a word of the operator, nothing of the own network is asked."""

    @pytest.fixture
    def options(self):
        return {}

    def test_a_private_address_is_refused(self, hr, issuer, camille):
        assert "outgoing.allow" in refused(hr, camille, issuer.assertion["id"]) and issuer.calls == []
