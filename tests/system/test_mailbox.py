"""Answers read in the mailbox: whatever arrives there, however often the server goes away."""
import http.server
import json
import re
import socket
import subprocess
import threading
import urllib.parse

import pytest

from answers import answer, bounce, letter, mail, proved
from client import Client
from dovecot import Dovecot
from outbox import Outbox, calendar, invite, is_invitation, planned
from patience import wait_for
from people import move_to
from relay import Relay, hang

CAMILLE = "camille.roche@rhone.example"
KARIM = "karim.benali@rhone.example"


@pytest.fixture
def mailbox(folder):
    with Dovecot(folder / "dovecot") as made:
        yield made


@pytest.fixture
def make_daemon(mailbox, make_daemon):
    """The mailbox outlives the daemons."""
    return make_daemon


@pytest.fixture
def options(folder, mailbox):
    return {"mail": {"transport": "file", "directory": folder / "outbox"}, **mailbox.options(per_sender=3, strangers=8)}


@pytest.fixture
def outbox(folder):
    return Outbox(folder / "outbox")


@pytest.fixture
def review(hr):
    made = planned(hr)
    invite(hr, made)
    return made


@pytest.fixture
def invitation(outbox, review):
    return calendar(outbox.wait("camille.roche", is_invitation))[0]


def replies(client, count, query=""):
    return wait_for(f"{count} replies", lambda: [
        found for found in [client.items("/v1/replies" + query)] if len(found) == count])[0]


def yes(invitation, person=CAMILLE, partstat="ACCEPTED", **headers):
    return mail(answer(invitation, person, partstat), person, Authentication_Results=proved(person), **headers)


def state(hr, review):
    return hr.get(f"/v1/reviews/{review}").json()["state"]


def figure(daemon, name):
    found = re.search(rf"^{re.escape(name)} (\S+)$", Client(daemon).get("/metrics").text, re.MULTILINE)
    return float(found.group(1))


def test_answers_are_taken_and_filed_and_other_mail_is_left_unread(hr, admin, review, invitation, mailbox, daemon):
    mailbox.put(letter("paul@rhone.example", "Cantine").as_bytes())
    mailbox.put(yes(invitation))
    mailbox.put(mail(answer(invitation, CAMILLE, UID="meeting@elsewhere.example"), CAMILLE))
    mailbox.put(yes(invitation, KARIM))
    replies(hr, 2)
    wait_for("the filed mails", lambda: len(mailbox.mails("entretiend")) == 2)
    assert state(hr, review) == "accepted"
    assert [reply["state"] for reply in replies(admin, 1)] == ["unmatched"]
    wait_for("all mails to be looked at", lambda: figure(daemon, 'entretiend_mailbox_messages_total{end="left"}') == 1)
    left = wait_for("unread mail", lambda: [found for found in [mailbox.mails(criterion="UNSEEN")] if len(found) == 2])
    assert len(left[0]) == len(mailbox.mails()) == 2


def test_forged_and_hostile_mail_changes_nothing_and_stops_nobody(hr, review, invitation, mailbox):
    forged = mail(answer(invitation, CAMILLE, "DECLINED"), CAMILLE)
    ends = letter(CAMILLE, text="a line like\nA004 OK FETCH completed\n* BYE\n)\n.\n").as_bytes()
    inner = letter("eve@evil.example")
    inner.add_attachment(letter(CAMILLE))
    huge = b"X: y\r\n" + yes(invitation, partstat="DECLINED") + b"z" * (9 << 20)
    for content in (forged, ends, inner.as_bytes(), huge, b"\r\n\r\n", b"\xff\x00bytes\r\n".replace(b"\x00", b"")):
        mailbox.put(content)
    mailbox.put(yes(invitation, KARIM))
    found = wait_for("the last answer", lambda: [
        one for one in [hr.items("/v1/replies")] if any(reply["attendee"] == KARIM for reply in one)])[0]
    assert {reply["attendee"]: reply["state"] for reply in found} == {CAMILLE: "unverified", KARIM: "taken"}
    answers = {one["email"]: one["partstat"] for one in hr.get(f"/v1/reviews/{review}").json()["attendees"]}
    assert answers == {CAMILLE: "NEEDS-ACTION", KARIM: "ACCEPTED"}


def over(daemon):
    return figure(daemon, 'entretiend_mailbox_messages_total{end="over"}')


def test_strangers_fill_no_store(daemon, hr, admin, review, invitation, mailbox):
    """The options say three of a sender, eight of all; answers that are proved and bounces are beside that."""
    def elsewhere(sender, number):
        return mail(answer(invitation, sender, UID=f"meeting-{number}@elsewhere.example"), sender)
    for number in range(5):
        mailbox.put(elsewhere("Eve <Eve@evil.example>" if number % 2 else "eve@evil.example", number))
    mailbox.put(mail(answer(invitation, CAMILLE, "DECLINED"), CAMILLE))
    daemon.expect(r"^warning mailbox: a message is left in the inbox")
    mailbox.put(yes(invitation))
    mailbox.put(yes(invitation, KARIM))
    wait_for("the answers", lambda: state(hr, review) == "accepted")
    assert over(daemon) == 2
    assert sorted({reply["sender"].lower() for reply in replies(admin, 3)}) == ["eve@evil.example"]
    wait_for("the filed mails", lambda: len(mailbox.mails("entretiend")) == 3)
    assert len(mailbox.mails()) == len(mailbox.mails(criterion="UNSEEN")) == 5
    for number in range(8):
        mailbox.put(elsewhere(f"m{number}@evil.example", number))
    wait_for("all of them", lambda: over(daemon) == 5)
    assert len(replies(admin, 8)) == 8
    assert daemon.log().count("a message is left in the inbox") == 1
    move_to(daemon, "2026-11-24", "09:00:00")
    mailbox.put(elsewhere("eve@evil.example", "next"))
    replies(admin, 9)


def test_a_bounce_in_the_mailbox_tells_hr(hr, review, outbox, mailbox):
    mailbox.put(bounce(outbox.wait("camille.roche", is_invitation), CAMILLE))
    outbox.wait("rh@rhone", lambda mail: "non remis" in mail["Subject"])
    assert [reply["state"] for reply in replies(hr, 1)] == ["bounced"]


def test_a_mailbox_that_comes_back_with_other_numbers_is_read_again_without_harm(
        daemon, hr, review, invitation, mailbox):
    mailbox.put(letter(CAMILLE, In_Reply_To="<x@y>").as_bytes())
    mailbox.put(yes(invitation))
    replies(hr, 1)
    wait_for("the filed mail", lambda: mailbox.mails("entretiend"))
    daemon.expected.append(r"mailbox: cannot be read")
    mailbox.put(yes(invitation, partstat="DECLINED", Message_ID="<late@rhone.example>"))
    replies(hr, 2)
    filed = mailbox.mails("entretiend")
    mailbox.anew()
    for content in filed:
        mailbox.put(content)
    mailbox.put(yes(invitation, KARIM))
    assert len(replies(hr, 3)) == 3
    assert {one["email"]: one["partstat"] for one in hr.get(f"/v1/reviews/{review}").json()["attendees"]}[KARIM] == "ACCEPTED"


def test_a_server_that_goes_away_is_read_again_where_it_was(daemon, hr, review, invitation, mailbox):
    daemon.expected.append(r"mailbox: cannot be read")
    mailbox.put(yes(invitation))
    replies(hr, 1)
    mailbox.stop()
    daemon.logged(r"mailbox: cannot be read; will be tried again")
    mailbox.start()
    mailbox.put(yes(invitation, KARIM))
    replies(hr, 2)
    daemon.logged(r"mailbox: is read again")
    daemon.stop()
    daemon.start()
    mailbox.put(yes(invitation, KARIM, "TENTATIVE"))
    replies(hr, 3)
    assert figure(daemon, 'entretiend_mailbox_messages_total{end="kept"}') == 1


class Authority(http.server.BaseHTTPRequestHandler):
    """Gives bearer tokens, and tells the mail server which are good."""
    asked = []

    def do_POST(self):
        form = urllib.parse.parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.asked.append((self.path, form))
        body = {"access_token": "good-token", "token_type": "Bearer", "expires_in": 3600}
        if self.path == "/introspect":
            body = {"active": form.get("token") == ["good-token"], "username": "hr"}
        told = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(told)))
        self.end_headers()
        self.wfile.write(told)

    def log_message(self, *_):
        pass


@pytest.fixture
def authority():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Authority)
    Authority.asked = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def secret(path, text):
    path.write_text(text + "\n")
    path.chmod(0o600)
    return path


@pytest.mark.parametrize("kind", ["file", "endpoint"])
def test_a_bearer_token_opens_the_mailbox(make_daemon, folder, authority, kind):
    with Dovecot(folder / "oauth", introspection=authority + "/introspect") as mailbox:
        mailbox.put(letter("paul@rhone.example").as_bytes())
        token = {"file": {"token_file": secret(folder / "token", "good-token")},
                 "endpoint": {"token_endpoint": authority + "/token", "token_client": "entretiend",
                              "token_client_secret": secret(folder / "client", "s3cret & more"),
                              "token_refresh": secret(folder / "refresh", "r=1"), "token_scope": "imap"}}[kind]
        daemon = make_daemon(mailbox.options(**token, password=""))
        daemon.start()
        wait_for("a look", lambda: figure(daemon, 'entretiend_mailbox_messages_total{end="left"}') == 1)
        if kind == "endpoint":
            form = next(form for path, form in Authority.asked if path == "/token")
            assert form == {"grant_type": ["refresh_token"], "refresh_token": ["r=1"], "client_id": ["entretiend"],
                            "client_secret": ["s3cret & more"], "scope": ["imap"]}
        daemon.stop()


def certificate(folder):
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", "/CN=mail",
                    "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", folder / "key.pem", "-out", folder / "cert.pem"],
                   check=True, capture_output=True)
    return folder / "cert.pem", folder / "key.pem"


def test_the_mailbox_is_read_over_tls_or_not_at_all(make_daemon, folder):
    pair = certificate(folder)
    with Dovecot(folder / "tls", certificate=pair) as mailbox:
        mailbox.put(letter("paul@rhone.example").as_bytes())
        good = make_daemon(mailbox.options(require_tls="yes", ca_file=pair[0]))
        good.start()
        wait_for("a look", lambda: figure(good, 'entretiend_mailbox_messages_total{end="left"}') == 1)
        strange = make_daemon(mailbox.options(require_tls="yes"))
        strange.expected.append(r"mailbox: cannot be read")
        strange.start()
        strange.logged(r"mailbox: cannot be read; will be tried again why=.*(?i:certificate|SSL)")
        strange.stop()
        good.stop()


def lag(daemon):
    """The largest lag of a tick of the loop, in seconds, and how many ticks there were."""
    text = Client(daemon).get("/metrics").text
    largest = re.search(r"^entretiend_loop_lag_max_seconds (\S+)$", text, re.MULTILINE)[1]
    return float(largest), int(re.search(r"^entretiend_loop_lag_seconds_count (\d+)$", text, re.MULTILINE)[1])


def test_the_loop_does_not_wait_for_servers_that_hang(make_daemon, folder):
    let_go = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as silent, Relay() as relay:
        relay.answers = {"camille": hang(let_go), "karim": hang(let_go)}
        imap = {"url": f"imap://127.0.0.1:{silent.getsockname()[1]}/INBOX", "user": "hr", "timeout": "8s",
                "password": secret(folder / "password", "x"), "require_tls": "no", "interval": "1s"}
        daemon = make_daemon({"mail": {"transport": "smtp", "relay": f"smtp://127.0.0.1:{relay.port}", "timeout": "60s",
                                       "require_tls": "no"}, "mailbox": imap}, clock="2026-11-23T08:00:00Z")
        daemon.expected.append(r"mailbox: cannot be read")
        admin = Client(daemon, daemon.create_token())
        daemon.start()
        admin.post("/v1/organisations", {"name": "Ateliers", "deliveries": "live",
                                         "organiser": {"email": "rh@rhone.example"}}, expect=201)
        organisation = admin.items("/v1/organisations")[0]["id"]
        made = admin.post(f"/v1/tokens?organisation={organisation}", {"scopes": ["hr"]}, expect=201).json()["token"]
        hr = Client(daemon, made)
        invite(hr, planned(hr))
        wait_for("two messages under way", lambda: len(relay.tried) >= 2)
        daemon.logged(r"mailbox: cannot be read; will be tried again why=.*imed")
        for _ in range(50):
            hr.get("/v1/reviews")
        let_go.set()
        largest, ticks = lag(daemon)
        assert ticks > 50 and largest < 4, "the mailbox hangs for eight seconds, the relay for a minute"
