"""What people get by mail: invitations, their changes, reminders, as files."""
import pytest

from outbox import Outbox, calendar, invite, is_invitation, is_reminder, planned, reminded, text
from people import hire


@pytest.fixture
def options(folder):
    return {"mail": {"transport": "file", "directory": folder / "outbox"}}


@pytest.fixture
def outbox(folder):
    return Outbox(folder / "outbox")


@pytest.fixture
def review(hr):
    return planned(hr)


@pytest.mark.parametrize("person", ["camille.roche", "karim.benali"])
def test_both_get_an_invitation_with_answer_buttons(hr, review, outbox, person):
    invite(hr, review)
    message = outbox.wait(person, is_invitation)
    assert message["From"].addresses[0].addr_spec == "rh@rhone.example"
    sent, method = calendar(message)
    event = sent.walk("VEVENT")[0]
    assert method == "REQUEST" and sent["METHOD"] == "REQUEST"
    assert event["UID"] == f"review-{review}@rhone.example" and event["SEQUENCE"] == 0
    assert event["DTSTART"].dt.isoformat() == "2027-01-06T09:00:00+00:00"
    asked = {str(attendee): attendee.params for attendee in event["ATTENDEE"]}
    assert asked[f"mailto:{person}@rhone.example"]["PARTSTAT"] == "NEEDS-ACTION"
    assert str(event["ORGANIZER"]) == "mailto:rh@rhone.example"
    assert "Camille" not in event["SUMMARY"] and event["LOCATION"] == "Lyon, salle Saône"
    assert "mercredi 6 janvier 2027 de 10 h à 11 h" in text(message)


def test_a_change_raises_the_sequence_of_the_same_event(hr, review, outbox):
    invite(hr, review)
    first = outbox.wait("camille.roche", is_invitation)
    hr.patch(f"/v1/reviews/{review}", {"start": "2027-01-07T13:00:00Z", "end": "2027-01-07T14:00:00Z"})
    second = outbox.wait("camille.roche", is_invitation, 2)
    hr.post(f"/v1/reviews/{review}/cancel", {"reason": "réorganisation"}, expect=200)
    third = outbox.wait("camille.roche", is_invitation, 3)
    events = [calendar(mail)[0].walk("VEVENT")[0] for mail in (first, second, third)]
    assert len({event["UID"] for event in events}) == 1
    assert [event["SEQUENCE"] for event in events] == [0, 1, 2]
    assert [calendar(mail)[1] for mail in (first, second, third)] == ["REQUEST", "REQUEST", "CANCEL"]
    assert events[2]["STATUS"] == "CANCELLED" and events[2]["DTSTART"].dt == events[1]["DTSTART"].dt
    assert len({mail["Message-ID"] for mail in (first, second, third)}) == 3
    assert "réorganisation" not in text(third)


def test_what_was_cancelled_before_it_left_reaches_nobody(hr, organisation, review, outbox):
    hr.patch(f"/v1/organisations/{organisation}", {"deliveries": "held"})
    invite(hr, review)
    hr.post(f"/v1/reviews/{review}/cancel", {"reason": "erreur"}, expect=200)
    hr.patch(f"/v1/organisations/{organisation}", {"deliveries": "live"})
    states = {item["state"] for item in hr.items(f"/v1/deliveries?organisation={organisation}&review={review}")}
    assert states == {"superseded"} and not outbox.mails(kind=is_invitation)


def test_reminders_follow_the_clock(daemon, hr, review, outbox):
    invite(hr, review)
    days = (("2026-12-07", "dans 30 jours"), ("2026-12-30", "dans 7 jours"), ("2027-01-05", "demain"))
    for count, (day, words) in enumerate(days, 1):
        daemon.set_clock(f"{day}T08:00:00Z")
        assert words in text(outbox.wait("camille.roche", is_reminder, count))
        outbox.wait("karim.benali", is_reminder, count)
    assert len(outbox.mails("camille.roche", is_reminder)) == 3


def test_very_long_names_stop_no_letter(daemon, hr, review, outbox):
    invite(hr, review)
    boss = hr.get("/v1/employees?number=1").json()["items"][0]["id"]
    hire(hr, given_name=100 * "𝒞", family_name=100 * "𝓡", hire_date="2026-01-12", manager=boss)
    outbox.wait("camille.roche", is_invitation)
    reminded(daemon, "2026-11-23")
    daemon.set_clock("2027-01-18T08:00:00Z")
    outbox.wait("rh@rhone", lambda mail: 100 * "𝒞" in text(mail))
    outbox.wait("karim.benali", lambda mail: 100 * "𝒞" in text(mail) and "Comptes rendus à rédiger" in text(mail))


def test_a_review_moved_is_reminded_of_on_its_new_days_only(daemon, hr, review, outbox):
    invite(hr, review)
    daemon.set_clock("2026-12-30T08:00:00Z")
    outbox.wait("camille.roche", is_reminder)
    hr.patch(f"/v1/reviews/{review}", {"start": "2027-02-10T09:00:00Z", "end": "2027-02-10T10:00:00Z"})
    outbox.wait("camille.roche", is_invitation, 2)
    daemon.set_clock("2027-02-03T08:00:00Z")
    assert "10 février 2027" in text(outbox.wait("camille.roche", is_reminder, 2))
    assert len(outbox.mails("camille.roche", is_reminder)) == 2


def test_people_in_english_are_written_to_in_english(hr, review, outbox):
    person = hr.get("/v1/employees?number=2").json()["items"][0]["id"]
    hr.patch(f"/v1/employees/{person}", {"locale": "en"})
    invite(hr, review)
    assert "Wednesday 6 January 2027, 10:00 to 11:00" in text(outbox.wait("camille.roche", is_invitation))
