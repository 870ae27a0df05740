"""What the daemon keeps of letters opens no personal page once they have left."""
import base64
import hashlib
import re
import sqlite3

import pytest

import outbox
from client import problem
from pages import see

SECRET = re.compile(rb"/me/([A-Za-z0-9_-]{56})")


@pytest.fixture
def options(folder):
    return {"mail": {"transport": "file", "directory": folder / "outbox"}}


@pytest.fixture
def box(folder):
    return outbox.Outbox(folder / "outbox")


def secrets(message):
    return [found.encode() for found in re.findall(r"/me/([A-Za-z0-9_-]{56})", outbox.text(message))]


def stored(daemon):
    """Every value of every table, texts and bytes, quoted-printable undone."""
    with sqlite3.connect(f"file:{daemon.data}/entretiend.db?mode=ro", uri=True) as store:
        tables = [name for name, in store.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        values = [value for table in tables for row in store.execute(f"SELECT * FROM {table}") for value in row]
    whole = b"\n".join(value if isinstance(value, bytes) else str(value).encode() for value in values)
    return whole.replace(b"=\r\n", b"")


def invited(hr):
    review = outbox.planned(hr)
    outbox.invite(hr, review)
    return review


def all_sent(hr):
    outbox.wait_for("the end of each", lambda: hr.items("/v1/deliveries") and
                    all(one["state"] == "sent" for one in hr.items("/v1/deliveries")))


def raw(hr, delivery, expect=200):
    return hr.get(f"/v1/deliveries/{delivery}", expect=expect, headers={"Accept": "message/rfc822"}).content


def test_what_was_sent_is_proved_and_opens_nothing(daemon, hr, box, folder):
    review = invited(hr)
    all_sent(hr)
    links = [secret for mail in box.mails(kind=outbox.is_invitation) for secret in secrets(mail)]
    assert len(links) == 2
    for secret in links:
        see(f"{daemon.url}/me/{secret.decode()}")
    kept = stored(daemon)
    assert not SECRET.search(kept) and kept.count(b"/me/" + 56 * b"*") >= len(links)
    for delivery in hr.items(f"/v1/deliveries?review={review}"):
        left = (folder / "outbox" / f"{delivery['id']}.eml").read_bytes()
        assert hashlib.sha256(left).hexdigest() == delivery["sha256"]
        mine = raw(hr, delivery["id"])
        assert len(mine) == len(left) and b"/me/" + 20 * b"*" in mine.replace(b"=\r\n", b"")
        assert outbox.calendar(outbox.read(mine))[0].to_ical() == outbox.calendar(outbox.read(left))[0].to_ical()
    daemon.stop()
    for path in daemon.data.glob("entretiend.db*"):
        whole = path.read_bytes().replace(b"=\r\n", b"")
        assert not [secret for secret in links if secret in whole], f"left in the pages of {path.name}"


def test_a_failure_keeps_what_is_to_be_sent_again(daemon, hr, box, folder):
    (folder / "outbox").rename(folder / "gone")
    invited(hr)
    failed = outbox.wait_for("failures", lambda: hr.items("/v1/deliveries?state=failed")[1:] and hr.items("/v1/deliveries?state=failed"))
    assert all(SECRET.search(raw(hr, one["id"]).replace(b"=\r\n", b"")) for one in failed)
    (folder / "gone").rename(folder / "outbox")
    daemon.set_clock("2026-11-23T09:30:00Z")
    all_sent(hr)
    [link] = secrets(box.wait("camille.roche", outbox.is_invitation))
    see(f"{daemon.url}/me/{link.decode()}")
    assert not SECRET.search(stored(daemon))


def test_nothing_is_kept_of_what_never_leaves(daemon, hr, organisation):
    hr.patch(f"/v1/organisations/{organisation}", {"deliveries": "held"})
    review = invited(hr)
    [first] = [one for one in hr.items(f"/v1/deliveries?review={review}") if one["target"].startswith("camille")]
    hr.patch(f"/v1/reviews/{review}", {"start": "2027-01-07T09:00:00Z", "end": "2027-01-07T10:00:00Z"})
    shown = hr.get(f"/v1/deliveries/{first['id']}").json()
    assert (shown["state"], shown["sha256"]) == ("superseded", first["sha256"])
    problem(hr.get(f"/v1/deliveries/{first['id']}", expect=404, headers={"Accept": "message/rfc822"}), 404)


@pytest.mark.parametrize("encoded", [False, True])
def test_an_answer_that_quotes_the_letter(daemon, hr, box, encoded):
    invited(hr)
    all_sent(hr)
    mail = box.wait("camille.roche", outbox.is_invitation)
    event, _ = outbox.calendar(mail)
    uid = event.walk("VEVENT")[0]["UID"]
    reply = ("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y//FR\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\n"
             f"UID:{uid}\r\nSEQUENCE:0\r\nDTSTAMP:20261123T090000Z\r\nATTENDEE;PARTSTAT=ACCEPTED:mailto:camille.roche@rhone.example\r\n"
             "END:VEVENT\r\nEND:VCALENDAR\r\n")
    quoted = "".join(f"> {line}\r\n" for line in outbox.text(mail).splitlines())
    assert secrets(mail)[0].decode() in quoted
    if encoded:
        lines = base64.encodebytes(quoted.encode()).decode().replace("\n", "\r\n")
        part = f"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n{lines}"
    else:
        part = f"Content-Type: text/plain; charset=utf-8\r\n\r\n{quoted}"
    body = ("From: camille.roche@rhone.example\r\nTo: rh@rhone.example\r\nSubject: Re\r\nMessage-ID: <1@rhone.example>\r\n"
            "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
            f"--b\r\n{part}\r\n--b\r\nContent-Type: text/calendar; method=REPLY\r\n\r\n{reply}\r\n--b--\r\n").encode()
    hr.post("/itip", data=body, headers={"Content-Type": "message/rfc822"}, expect=201)
    [answer] = hr.items("/v1/replies")
    assert answer["sha256"] == hashlib.sha256(body).hexdigest()
    kept = stored(daemon)
    assert not SECRET.search(kept) and secrets(mail)[0] not in b"".join(decoded(kept))
    hr.post(f"/v1/replies/{answer['id']}/confirm", {}, expect=200)


def decoded(kept):
    """What each run of lines of base64 says."""
    for block in re.findall(rb"(?:[A-Za-z0-9+/]{76}\r\n)+[A-Za-z0-9+/=]+", kept):
        yield base64.b64decode(block + b"=" * (-len(re.sub(rb"\s", b"", block)) % 4))
