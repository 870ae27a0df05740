"""Reviews to come follow their people: who leaves, who gets another manager, whose address changes."""
import pytest

from outbox import Outbox, calendar, invite, is_invitation, planned, text
from people import hire

CAMILLE = "camille.roche@rhone.example"


@pytest.fixture
def options(folder):
    return {"mail": {"transport": "file", "directory": folder / "outbox"}}


@pytest.fixture
def outbox(folder):
    return Outbox(folder / "outbox")


@pytest.fixture
def review(hr, outbox):
    made = planned(hr)
    invite(hr, made)
    outbox.wait("camille.roche", is_invitation)
    outbox.wait("karim.benali", is_invitation)
    return made


def shown(hr, review):
    found = hr.get(f"/v1/reviews/{review}").json()
    return found, {one["role"]: one["email"] for one in found["attendees"]}


def change(hr, employee, **members):
    hr.patch(f"/v1/employees/{employee}", members)


def sent(outbox, person, count):
    message = outbox.wait(person, is_invitation, count)
    event, method = calendar(message)
    return method, int(event.walk("VEVENT")[0]["SEQUENCE"]), message


def test_another_manager_takes_the_place_of_the_former(hr, review, outbox):
    boss = hire(hr, given_name="Lucie", family_name="Martin", email="lucie.martin@rhone.example")["id"]
    found, _ = shown(hr, review)
    change(hr, found["employee"], manager=boss)
    after, emails = shown(hr, review)
    assert after["interviewer"] == boss and emails["interviewer"] == "lucie.martin@rhone.example"
    assert sent(outbox, "karim.benali", 2)[:2] == ("CANCEL", 1)
    assert sent(outbox, "lucie.martin", 1)[:2] == ("REQUEST", 1)
    assert sent(outbox, "camille.roche", 2)[:2] == ("REQUEST", 1)


def test_a_review_with_somebody_else_than_the_manager_stays_theirs(hr, review):
    expert = hire(hr, email="expert@rhone.example")["id"]
    hr.patch(f"/v1/reviews/{review}", {"interviewer": expert})
    boss = hire(hr, email="boss@rhone.example")["id"]
    change(hr, shown(hr, review)[0]["employee"], manager=boss)
    assert shown(hr, review)[0]["interviewer"] == expert


def test_who_leaves_before_the_day_is_not_expected_any_more(hr, review, outbox):
    change(hr, shown(hr, review)[0]["employee"], exit_date="2026-12-31")
    found, _ = shown(hr, review)
    assert (found["state"], found["reason"]) == ("cancelled", "départ le 31 décembre 2026")
    for person in ("camille.roche", "karim.benali"):
        method, sequence, message = sent(outbox, person, 2)
        assert (method, sequence) == ("CANCEL", 1) and "départ" not in text(message)


def test_who_leaves_after_the_day_is_still_expected(hr, review):
    change(hr, shown(hr, review)[0]["employee"], exit_date="2027-01-31")
    assert shown(hr, review)[0]["state"] == "invited"


def test_an_interviewer_who_leaves_is_replaced_by_the_manager_or_hr_decides(hr, review, outbox):
    found, _ = shown(hr, review)
    change(hr, found["interviewer"], exit_date="2026-12-31")
    after, emails = shown(hr, review)
    assert after["interviewer"] is None and "interviewer" not in emails
    assert sent(outbox, "karim.benali", 2)[:2] == ("CANCEL", 1)
    told = outbox.wait("rh@rhone", lambda mail: "À décider" in mail["Subject"])
    assert "désigné" in text(told)


def test_an_invitation_follows_to_the_new_address(hr, review, outbox):
    change(hr, shown(hr, review)[0]["employee"], email="camille.durand@rhone.example")
    assert shown(hr, review)[1]["employee"] == "camille.durand@rhone.example"
    assert sent(outbox, "camille.roche", 2)[:2] == ("CANCEL", 1)
    assert sent(outbox, "camille.durand", 1)[:2] == ("REQUEST", 1)
