"""Whom the daemon reminds of what over the years, and how a whole staff becomes one letter."""
import pytest

from outbox import Outbox, invite, planned, reminded, staff, text, week_awaited
from pages import own_link, see
from patience import wait_for
from people import hire, move_to


@pytest.fixture
def options(folder):
    return {"mail": {"transport": "file", "directory": folder / "outbox"}}


@pytest.fixture
def outbox(folder):
    return Outbox(folder / "outbox")


def is_about(words):
    return lambda mail: words in mail["Subject"]


def is_overview(mail):
    return "Entretiens" in mail["Subject"] and "ce qui" in mail["Subject"]


def is_digest(mail):
    return "Entretiens" in mail["Subject"]


def test_a_staff_with_old_duties_is_one_letter_to_each(daemon, hr, organisation, outbox):
    hr.patch(f"/v1/organisations/{organisation}", {"deliveries": "held"})
    manager = hire(hr, given_name="Karim", family_name="Benali", email="karim.benali@rhone.example",
                   hire_date="2026-11-02")["id"]
    for number in range(30):
        hire(hr, given_name="Ada", family_name=f"Byron {number:02}", hire_date=f"2015-03-{number % 28 + 1:02}", manager=manager)
    assert hr.items("/v1/deliveries") == []
    hr.patch(f"/v1/organisations/{organisation}", {"deliveries": "live"})
    reminded(daemon, "2026-11-23")
    assert hr.items("/v1/deliveries") == []
    move_to(daemon, "2026-11-24")
    to_hr, to_manager = outbox.wait("rh@", is_digest), outbox.wait("karim.benali", is_digest)
    for mail in (to_hr, to_manager):
        lines = [line for line in text(mail).splitlines() if line.startswith("- Ada Byron")]
        assert len(lines) == len(set(lines)) == 30
    assert len(outbox.mails()) == 2


def test_a_day_of_single_entries_is_one_letter_to_each(daemon, hr, organisation, outbox):
    """Entered one by one on a Friday, by noon and at night: read on Monday, when the organisation opens."""
    hr.patch(f"/v1/organisations/{organisation}", {"working_hours": [
        {"weekday": day, "start": start, "end": end} for day in (1, 2, 3, 4, 5) for start, end in (("13:00", "17:00"), ("08:30", "12:00"))]})
    managers = [hire(hr, given_name=name, email=f"{name[:2].lower()}@rhone.example", hire_date="2026-11-02")["id"]
                for name in ("Karim", "Zoé")]
    for hour in ("06:00:00", "11:00:00", "21:30:00"):
        move_to(daemon, "2026-11-27", hour)
        for number in range(4):
            for manager in managers:
                hire(hr, family_name=f"Byron {hour[:2]}{number} {manager}", hire_date="2015-03-01", manager=manager)
    reminded(daemon, "2026-11-27")
    move_to(daemon, "2026-11-28", "10:00:00")
    move_to(daemon, "2026-11-30", "07:29:00")
    assert outbox.mails() == []
    move_to(daemon, "2026-11-30", "07:30:00")
    readers = ("ka@", "zo@", "rh@")
    mails = {reader: outbox.wait(reader, is_overview) for reader in readers}
    for reader, count in zip(readers, (12, 12, 24)):
        lines = [line for line in text(mails[reader]).splitlines() if line.startswith("- Ada Byron")]
        assert len(lines) == len(set(lines)) == count, (reader, lines)
        assert len(outbox.mails(reader, is_overview)) == 1


def test_one_thing_is_a_letter_of_its_own_with_its_reason(daemon, hr, outbox):
    manager = hire(hr, given_name="Karim", family_name="Benali", email="karim.benali@rhone.example",
                   hire_date="2026-11-02")["id"]
    hire(hr, given_name="Ada", family_name="Byron", hire_date="2026-11-03", manager=manager)
    reminded(daemon, "2026-11-23")
    move_to(daemon, "2027-08-05")
    mail = outbox.wait("karim.benali", is_about("Ada Byron"))
    assert mail["Subject"] == "Entretien à planifier : Ada Byron, avant le 2 novembre 2027"
    assert "Pourquoi cette date : " in text(mail) and "embauche du 3 novembre 2026" in text(mail)
    move_to(daemon, "2027-11-03")
    mail = outbox.wait("karim.benali", is_about("dépassée"))
    assert mail["Subject"] == "Échéance dépassée : entretien de Ada Byron, 2 novembre 2027"
    for day in ("2027-11-09", "2027-12-02"):
        before = len(outbox.mails("rh@"))
        move_to(daemon, day)
        outbox.wait("rh@", count=before + 1)
    assert len(outbox.mails("karim.benali", is_about("dépassée"))) == 1


def test_nobody_is_reminded_of_people_who_left(daemon, hr, outbox):
    manager, employee = staff(hr)
    for person in (manager, employee):
        hr.patch(f"/v1/employees/{person}", {"exit_date": "2026-12-01"})
    hire(hr, given_name="Alan", family_name="Turing", hire_date="2027-06-01", manager=manager)
    move_to(daemon, "2028-03-06")
    reminded(daemon, "2028-03-06")
    move_to(daemon, "2028-03-07")
    mail = outbox.wait("rh@", is_about("Alan Turing"))
    assert mail["Subject"].startswith("Entretien à planifier"), "the manager has left: HR is asked"
    assert not [mail for mail in outbox.mails()[before_departure(outbox):] if "Camille" in mail["Subject"] + text(mail)]


def before_departure(outbox):
    return len([mail for mail in outbox.mails() if mail["Date"].datetime.year == 2026])


def says(*words):
    return lambda mail: all(word in mail["Subject"] + text(mail) for word in words)


def test_what_a_review_still_owes(daemon, hr, outbox):
    """Nothing recorded a week after it, then no report, then no copy: the interviewer hears of each."""
    review = planned(hr)
    invite(hr, review)
    reminded(daemon, "2026-11-23")
    move_to(daemon, "2027-01-13")
    outbox.wait("karim.benali", says("Comptes rendus à rédiger", "Camille Roche – 6 janvier 2027 (il y a 7 jours)"))
    hr.post(f"/v1/reviews/{review}/hold", {"date": "2027-01-06"}, expect=200)
    hr.post(f"/v1/reviews/{review}/report", {"reference": "CR-1", "date": "2027-01-13"}, expect=200)
    reminded(daemon, "2027-01-13")
    move_to(daemon, "2027-01-21")
    outbox.wait("karim.benali", says("Copie à remettre", "Camille Roche"))
    outbox.wait("rh@", says("Copie à remettre", "Camille Roche"))
    hr.post(f"/v1/reviews/{review}/copy", {"date": "2027-01-21", "means": "hand"}, expect=200)
    before = len(outbox.mails())
    move_to(daemon, "2027-06-01")
    assert not [mail for mail in outbox.mails()[before:] if "Camille" in mail["Subject"]]


@pytest.mark.parametrize("what", ["decline", "counter"])
def test_an_answer_that_is_no_agreement_lets_nothing_slip(daemon, hr, outbox, what):
    """Nobody acts on it: HR reads of it every Monday, and both hear when the date has passed."""
    review = planned(hr)
    employee = invite(hr, review)["employee"]
    reminded(daemon, "2026-11-23")
    week_awaited(daemon)
    page = see(own_link(hr, employee)["url"])
    page.send(what, **({"day": "2027-01-12", "time": "14:00", "until": "15:00"} if what == "counter" else {}))
    for person in ("rh@", "karim.benali"):
        outbox.wait(person, is_about("À décider"))
    move_to(daemon, "2026-11-30")
    said = "un autre moment est proposé" if what == "counter" else "l'invitation a été refusée"
    outbox.wait("rh@", lambda mail: "point de la semaine" in mail["Subject"] and said in text(mail))
    for day in ("2026-12-07", "2026-12-30", "2027-01-05"):
        move_to(daemon, day)
        reminded(daemon, day)
    if what == "counter":
        outbox.wait("camille.roche", is_about("Rappel"))
    else:
        assert not outbox.mails(kind=is_about("Rappel")), "nobody is reminded of what was declined"
    move_to(daemon, "2027-01-11")
    reminded(daemon, "2027-01-11")
    assert "overdue" in [duty["state"] for duty in hr.items(f"/v1/duties?employee={employee}")]
    for person in ("rh@", "karim.benali"):
        outbox.wait(person, says("dépassée", "Camille Roche", "10 janvier 2027", "hier"))


def test_a_restart_repeats_nothing(daemon, hr, outbox):
    review = planned(hr)
    invite(hr, review)
    reminded(daemon, "2026-11-23")
    move_to(daemon, "2026-12-30")
    outbox.wait("camille.roche", is_about("Rappel"))
    outbox.wait("karim.benali", is_about("Rappel"))
    reminded(daemon, "2026-12-30")
    wait_for("the rest of the day", lambda: all(one["state"] == "sent" for one in hr.items("/v1/deliveries")))
    before = len(outbox.mails())
    for _ in range(2):
        daemon.kill()
        daemon.start()
    move_to(daemon, "2026-12-31")
    hr.patch(f"/v1/reviews/{review}", {"location": "Lyon, salle Rhône"})
    outbox.wait("camille.roche", is_about("Modification"))
    assert len(outbox.mails("camille.roche", is_about("Rappel"))) == 1
    assert len(outbox.mails()) == before + 2


def waiting(hr):
    return [one["next_at"][:16] for one in hr.items("/v1/deliveries") if one["state"] in ("queued", "leased", "failed")]


@pytest.mark.parametrize("letters", ["working_hours", "any_time"])
def test_what_can_wait_leaves_when_work_begins(daemon, hr, organisation, outbox, letters):
    """A review of Monday 4 January is announced on Thursday: Friday is New Year's Day. Nobody reads at midnight."""
    hr.patch(f"/v1/organisations/{organisation}", {"policies": {"letters": letters}})
    review = planned(hr, "2027-01-04T13:00:00Z", "2027-01-04T14:00:00Z")
    invite(hr, review)
    reminded(daemon, "2026-11-23")
    move_to(daemon, "2026-12-29")  # Monday's letter, a week before, has left
    reminded(daemon, "2026-12-29")
    wait_for("what is sent", lambda: not waiting(hr))
    before = len(outbox.mails(kind=is_about("Rappel")))
    assert before == 2
    move_to(daemon, "2026-12-30", "23:30:00")
    reminded(daemon, "2026-12-31")
    if letters == "working_hours":
        wait_for("both letters", lambda: waiting(hr) == ["2026-12-31T08:00"] * 2)
        move_to(daemon, "2026-12-31")
        mail = outbox.wait("camille.roche", is_about("Rappel"), 2)
        assert "dans 4 jours" in text(mail)
    for day in ("2027-01-02", "2027-01-03", "2027-01-04"):
        move_to(daemon, day)
        reminded(daemon, day)
    wait_for("what is sent", lambda: not waiting(hr))
    assert len(outbox.mails(kind=is_about("Rappel"))) == before + 2


def test_the_week_begins_after_easter(daemon, hr, outbox):
    hire(hr, given_name="Ada", family_name="Byron", hire_date="2015-03-01")
    week_awaited(daemon)
    move_to(daemon, "2027-03-27")
    outbox.wait("rh@", lambda mail: "point de la semaine" in mail["Subject"])
    reminded(daemon, "2027-03-27")
    count = len(outbox.mails("rh@", lambda mail: "point de la semaine" in mail["Subject"]))
    move_to(daemon, "2027-03-29")
    reminded(daemon, "2027-03-29")
    move_to(daemon, "2027-03-30", "06:59:00")
    assert len(outbox.mails("rh@", lambda mail: "point de la semaine" in mail["Subject"])) == count
    move_to(daemon, "2027-03-30", "07:00:00")
    outbox.wait("rh@", lambda mail: "point de la semaine" in mail["Subject"], count + 1)


def test_an_overdue_letter_offers_times(daemon, hr, outbox):
    manager = hire(hr, given_name="Karim", family_name="Benali", email="karim.benali@rhone.example", hire_date="2026-11-02")["id"]
    ada = hire(hr, given_name="Ada", family_name="Byron", hire_date="2026-11-03", manager=manager)["id"]
    reminded(daemon, "2026-11-23")
    move_to(daemon, "2027-11-03")
    mail = outbox.wait("karim.benali", is_about("dépassée"))
    lines = [line for line in text(mail).splitlines() if line.startswith("- ") and "2027" in line]
    assert len(lines) == 5 and text(mail).count("?slot=2027-11-") == 5, text(mail)
    page = see(next(word for word in text(mail).split() if "?slot=" in word))
    assert "pas d'adresse électronique" in page.send("choose").text and hr.items("/v1/reviews") == []
    hr.patch(f"/v1/employees/{ada}", {"email": "ada@rhone.example"})
    page = page.send("choose")
    assert page.answer.status_code == 200, page.text
    assert hr.items("/v1/reviews")[0]["state"] == "invited"
