"""Mail through a relay: what it takes, refuses for now, refuses for good, or never answers."""
import hashlib
import ssl
import subprocess
import threading
import time

import pytest
from aiosmtpd.smtp import AuthResult

from outbox import calendar, invite, is_invitation, planned
from patience import wait_for
from relay import Relay, hang
from test_deliveries import listed


@pytest.fixture
def relay():
    with Relay() as made:
        yield made


@pytest.fixture
def options(relay):
    return {"mail": {"transport": "smtp", "relay": f"smtp://127.0.0.1:{relay.port}", "require_tls": "no",
                     "timeout": "3s", "connect_timeout": "2s"}}


def ended(hr, review, state, count=2):
    found = wait_for(f"{count} {state}", lambda: listed(hr, state=state, review=review)[count - 1:] and
                     listed(hr, state=state, review=review))
    return {item["target"].split("@")[0]: item for item in found}


def test_the_relay_gets_the_very_message(hr, relay):
    review = planned(hr)
    invite(hr, review)
    sent = ended(hr, review, "sent")
    taken = {recipient.split("@")[0]: (sender, content) for sender, recipient, content in relay.taken
             if b"text/calendar" in content}
    assert set(taken) == {"camille.roche", "karim.benali"}
    for person, (sender, content) in taken.items():
        kept = hr.get(f"/v1/deliveries/{sent[person]['id']}", headers={"Accept": "message/rfc822"}).content
        assert sender == "rh@rhone.example" and hashlib.sha256(content).hexdigest() == sent[person]["sha256"]
        assert len(content) == len(kept) and all(was in (left, ord("*")) for left, was in zip(content, kept))


def test_a_refusal_for_now_is_tried_again(daemon, hr, relay):
    relay.answers["camille"] = "451 greylisted, come back later"
    review = planned(hr)
    invite(hr, review)
    ended(hr, review, "sent", 1)
    failed = ended(hr, review, "failed", 1)["camille.roche"]
    assert "451" in failed["last_error"] and failed["attempts"] == 1
    assert "2026-11-23T08:00:30" <= failed["next_at"][:19] <= "2026-11-23T08:01:00"
    relay.answers.clear()
    daemon.set_clock("2026-11-23T08:01:00Z")
    assert ended(hr, review, "sent")["camille.roche"]["attempts"] == 2


def test_a_refusal_for_good_is_given_up_until_somebody_asks(hr, relay):
    relay.answers["camille"] = "550 no such mailbox"
    review = planned(hr)
    invite(hr, review)
    dead = ended(hr, review, "dead", 1)["camille.roche"]
    assert "550" in dead["last_error"] and dead["next_at"] is None
    audit = hr.get(f"/v1/audit?subject={dead['id']}").json()["items"]
    assert [record["verb"] for record in audit] == ["delivery.abandoned"]
    relay.answers.clear()
    hr.post(f"/v1/deliveries/{dead['id']}/retry", expect=200)
    ended(hr, review, "sent")
    audit = hr.get(f"/v1/audit?subject={dead['id']}").json()["items"]
    assert [record["verb"] for record in audit] == ["delivery.abandoned", "delivery.retried", "delivery.sent"]


def test_a_relay_that_hangs_holds_nobody_else_up(daemon, hr, relay):
    release = threading.Event()
    relay.answers["camille"] = hang(release)
    review = planned(hr)
    invite(hr, review)
    wait_for("the attempt", lambda: "camille.roche@rhone.example" in relay.tried)
    ended(hr, review, "sent", 1)
    hr.get("/healthz")
    failed = ended(hr, review, "failed", 1)["camille.roche"]
    assert failed["attempts"] == 1
    release.set()
    relay.answers.clear()
    daemon.set_clock("2026-11-23T08:01:00Z")
    ended(hr, review, "sent")


def test_what_is_on_its_way_is_taken_back_too(daemon, hr, relay):
    """It may have arrived already when the review is cancelled."""
    release = threading.Event()
    relay.answers["camille"] = hang(release)
    daemon.configure({"mail": {"timeout": "120s"}})
    daemon.stop()
    daemon.start()
    review = planned(hr)
    invite(hr, review)
    wait_for("the attempt", lambda: "camille.roche@rhone.example" in relay.tried)
    hr.post(f"/v1/reviews/{review}/cancel", {"reason": "reorganisation"}, expect=200)
    relay.answers.clear()
    release.set()
    wait_for("the cancellation", lambda: any(calendar(mail)[1] == "CANCEL" for mail in relay.mails("camille", is_invitation)))


def test_a_relay_out_of_reach_is_tried_again(daemon, hr, relay):
    relay.stop()
    review = planned(hr)
    invite(hr, review)
    ended(hr, review, "failed")
    with Relay() as another:
        daemon.configure({"mail": {"relay": f"smtp://127.0.0.1:{another.port}"}})
        daemon.stop()
        daemon.start()
        daemon.set_clock("2026-11-23T08:01:00Z")
        ended(hr, review, "sent")
        assert len(another.mails(kind=is_invitation)) == 2


def test_killed_before_it_could_write_down_that_it_was_taken(daemon, hr, relay):
    """The relay has the message and the daemon dies: it comes once more, and says it is the same."""
    release = threading.Event()
    review = planned(hr)
    relay.answers["camille"] = hang(release)
    invite(hr, review)
    ended(hr, review, "sent", 1)
    wait_for("the attempt", lambda: "camille.roche@rhone.example" in relay.tried)
    first = hr.get(f"/v1/deliveries/{listed(hr, state='leased', review=review)[0]['id']}",
                   headers={"Accept": "message/rfc822"}).content
    daemon.kill()
    release.set()
    relay.answers.clear()
    daemon.start()
    assert listed(hr, state="leased", review=review)
    daemon.set_clock("2026-11-23T08:30:00Z")
    assert ended(hr, review, "sent")["camille.roche"]["attempts"] == 2
    assert [content for _, to, content in relay.taken if to.startswith("camille")][-1] == first
    assert calendar(relay.mails("camille", is_invitation)[-1])[0].walk("VEVENT")[0]["SEQUENCE"] == 0


def test_stopping_does_not_wait_for_a_relay_that_hangs(daemon, hr, relay):
    release = threading.Event()
    relay.answers["camille"] = hang(release)
    daemon.configure({"mail": {"timeout": "120s"}})
    daemon.stop()
    daemon.start()
    review = planned(hr)
    invite(hr, review)
    wait_for("the attempt", lambda: "camille.roche@rhone.example" in relay.tried)
    begun = time.monotonic()
    daemon.stop()
    assert time.monotonic() - begun < 20
    release.set()
    relay.answers.clear()
    daemon.start()
    daemon.set_clock("2026-11-23T08:30:00Z")
    ended(hr, review, "sent")


@pytest.fixture
def certificate(folder):
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", f"{folder}/relay.key",
         "-out", f"{folder}/relay.pem"], check=True, capture_output=True)
    return folder / "relay.pem"


def test_tls_and_a_login(daemon, hr, folder, certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, folder / "relay.key")
    asked = []

    def login(server, session, envelope, mechanism, data):
        asked.append((data.login, data.password))
        return AuthResult(success=data.password == b"open sesame")

    (folder / "password").write_text("open sesame\n")
    (folder / "password").chmod(0o600)
    with Relay(tls_context=context, authenticator=login, auth_required=True) as secure:
        mail = {"relay": f"smtp://127.0.0.1:{secure.port}", "require_tls": "yes", "user": "daemon",
                "password": folder / "password", "timeout": "180s", "connect_timeout": "60s"}
        daemon.configure({"mail": mail})
        daemon.stop()
        daemon.start()
        review = planned(hr)
        invite(hr, review)
        failed = ended(hr, review, "failed")
        errors = [item["last_error"].lower() for item in failed.values()]
        assert all("certificate" in error for error in errors), errors
        assert not asked
        daemon.configure({"mail": {"ca_file": certificate}})
        daemon.stop()
        daemon.start()
        daemon.set_clock("2026-11-23T08:01:00Z")
        ended(hr, review, "sent")
        assert set(asked) == {(b"daemon", b"open sesame")}
