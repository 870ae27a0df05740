"""The whole way with other people's programs: a mail through OpenSMTPD into a calendar of Cyrus, accepted there, the answer
through OpenSMTPD into Dovecot, read by the daemon."""
import pytest

from cyrus import Cyrus, Smtpd
from dovecot import Dovecot
from outbox import invite, planned
from patience import wait_for
from ports import free_port

KARIM = "karim.benali@rhone.example"


@pytest.fixture
def peers(folder):
    smtp, hr = free_port(), free_port()
    with Dovecot(folder / "dovecot", lmtp=hr) as mailbox, \
            Cyrus(folder / "cyrus", smtp, ["karim.benali", "camille.roche"]) as calendars, \
            Smtpd(folder / "smtpd", smtp, hr, calendars.ports["lmtp"]):
        yield mailbox, calendars, smtp


@pytest.fixture
def make_daemon(peers, make_daemon):
    return make_daemon


@pytest.fixture
def options(peers):
    mailbox, _, smtp = peers
    return {"mail": {"transport": "smtp", "relay": f"smtp://127.0.0.1:{smtp}", "require_tls": "no"},
            **mailbox.options(), "mailbox": {**mailbox.options()["mailbox"], "user": "rh"}}


@pytest.fixture
def organisation(admin):
    """Its mailbox is not where its people's calendars are: else Cyrus would keep the answers to itself."""
    body = {"name": "Ateliers du Rhône", "deliveries": "live",
            "organiser": {"name": "Ressources humaines", "email": "rh@ateliers.example"}}
    return admin.post("/v1/organisations", body, expect=201).json()["id"]


def partstat(hr, review):
    return {one["email"]: one["partstat"] for one in hr.get(f"/v1/reviews/{review}").json()["attendees"]}[KARIM]


def test_invited_accepted_moved_accepted_again_and_cancelled(daemon, hr, peers):
    _, calendars, _ = peers
    review = planned(hr)
    uid = f"review-{review}@ateliers.example"
    invite(hr, review)

    def in_calendar(*words):
        def found():
            event = calendars.event("karim.benali", uid)
            return event if event and all(word in event for word in words) else None
        return wait_for(f"{words} in the calendar", found)

    def answered(value):
        """OpenSMTPD proves no sender, so a person of HR vouches for each answer."""
        def found():
            for reply in hr.items(f"/v1/replies?review={review}&state=unverified"):
                hr.post(f"/v1/replies/{reply['id']}/confirm", {}, expect=200)
            return partstat(hr, review) == value
        return wait_for(f"{value} in the interface", found)

    in_calendar("PARTSTAT=NEEDS-ACTION", "SEQUENCE:0", "DTSTART:20270106T090000Z")
    calendars.answer("karim.benali", uid, "ACCEPTED")
    answered("ACCEPTED")
    hr.patch(f"/v1/reviews/{review}", {"start": "2027-01-07T13:00:00Z", "end": "2027-01-07T14:00:00Z"})
    assert partstat(hr, review) == "NEEDS-ACTION"
    in_calendar("SEQUENCE:1", "DTSTART:20270107T130000Z")
    assert "PARTSTAT=ACCEPTED" not in calendars.event("karim.benali", uid)
    calendars.answer("karim.benali", uid, "DECLINED")
    answered("DECLINED")
    hr.post(f"/v1/reviews/{review}/cancel", {"reason": "essai"}, expect=200)
    in_calendar("STATUS:CANCELLED", "SEQUENCE:2")
