"""What people get by mail: invitations as files, read back by the standard library and by another parser."""
import email
import email.policy
import pathlib
import time

import icalendar
import pytest

from daemon import PATIENCE


@pytest.fixture
def outbox(folder):
    return folder / "outbox"


@pytest.fixture
def daemon(make_daemon, outbox):
    made = make_daemon({"mail": {"transport": "file", "directory": outbox}}, clock="2026-11-23T08:00:00Z")
    made.create_token()
    return made.start()


def mails(outbox, to=None):
    """Every message in the order in which it was written."""
    found = []
    for path in sorted(pathlib.Path(outbox).glob("*.eml")):
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        if to is None or to in message["To"]:
            found.append(message)
    return found


def wait_for(what, found):
    """The daemon writes in its own time: waits for the files, never for time to pass."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        value = found()
        if value:
            return value
        time.sleep(0.02)
    raise AssertionError(f"there never was {what}")


def invitations(outbox, to):
    return [message for message in mails(outbox, to)
            if any(part.get_content_type() == "text/calendar" for part in message.walk())]


def reminders(outbox, to):
    return [message for message in mails(outbox, to) if message["Subject"].startswith("Rappel")]


def calendar(message):
    part = next(part for part in message.walk() if part.get_content_type() == "text/calendar")
    return icalendar.Calendar.from_ical(part.get_content()), part["Content-Type"].params["method"]


@pytest.fixture
def staff(hr):
    manager = hr.post("/v1/employees", {"number": "1", "given_name": "Karim", "family_name": "Benali",
                                        "email": "karim.benali@rhone.example", "hire_date": "2026-01-05"},
                      expect=201).json()["id"]
    employee = hr.post("/v1/employees", {"number": "2", "given_name": "Camille", "family_name": "Roche",
                                         "email": "camille.roche@rhone.example", "hire_date": "2026-01-11",
                                         "manager": manager}, expect=201).json()["id"]
    return manager, employee


@pytest.fixture
def review(hr, staff):
    manager, employee = staff
    return hr.post("/v1/reviews", {"employee": employee, "type": "professional", "interviewer": manager,
                                   "start": "2027-01-06T09:00:00Z", "end": "2027-01-06T10:00:00Z", "mode": "onsite",
                                   "location": "Lyon, salle Saône"}, expect=201).json()["id"]


def test_both_get_an_invitation_with_their_answer_buttons(hr, review, outbox):
    assert hr.post(f"/v1/reviews/{review}/invite", {}, expect=200).json()["state"] == "invited"
    for person in ("camille.roche", "karim.benali"):
        message = wait_for(person, lambda person=person: invitations(outbox, person))[0]
        assert message["From"].addresses[0].addr_spec == "rh@rhone.example"
        sent, method = calendar(message)
        event = sent.walk("VEVENT")[0]
        assert method == "REQUEST" and sent["METHOD"] == "REQUEST"
        assert event["UID"].startswith("review-") and event["SEQUENCE"] == 0
        assert event["DTSTART"].dt.isoformat() == "2027-01-06T09:00:00+00:00"
        asked = {str(attendee): attendee.params for attendee in event["ATTENDEE"]}
        assert asked[f"mailto:{person}@rhone.example"]["PARTSTAT"] == "NEEDS-ACTION"
        assert str(event["ORGANIZER"]) == "mailto:rh@rhone.example"
        assert "Camille" not in event["SUMMARY"] and event["LOCATION"] == "Lyon, salle Saône"


def test_reminders_follow_the_clock(daemon, hr, review, outbox):
    hr.post(f"/v1/reviews/{review}/invite", {}, expect=200)
    for day, words in (("2026-12-07", "dans 30 jours"), ("2026-12-30", "dans 7 jours"), ("2027-01-05", "demain")):
        before = len(reminders(outbox, "camille.roche"))
        daemon.set_clock(f"{day}T08:00:00Z")
        message = wait_for(day, lambda before=before: reminders(outbox, "camille.roche")[before:])[0]
        assert words in message.get_body(("plain",)).get_content()
    assert len(reminders(outbox, "camille.roche")) == 3
    assert len(wait_for("three to the interviewer", lambda: reminders(outbox, "karim.benali")[2:])) == 1
