"""The letters themselves: looked at before they are sent, HR's week, and every state with texts that break programs."""
import datetime
import json
import subprocess
import sys

import pytest

from answers import answer
from client import problem
from daemon import TOP, run
from outbox import Outbox, calendar, invite, is_invitation, planned, reminded, text, week_awaited
from patience import wait_for
from people import hire

sys.path.insert(0, str(TOP / "tests"))
import icslint  # noqa: E402

PREPARATION = ["fiche de poste", "comptes rendus", "attestations", "badges numériques", "portfolio"]
INFORMATION = ["VAE", "CPF", "abondements", "CEP", "financement"]


@pytest.fixture
def options(folder):
    return {"mail": {"transport": "file", "directory": folder / "outbox"}}


@pytest.fixture
def outbox(folder):
    return Outbox(folder / "outbox")


def test_every_letter_is_shown_in_both_languages(hr):
    letters = hr.items("/v1/letters")
    assert {"invitation", "update", "cancellation", "reminder", "plan_it", "overdue", "copy_missing", "weekly_hr",
            "returned"} <= {letter["name"] for letter in letters}
    for letter in letters:
        for locale in ("fr", "en"):
            shown = hr.get(f"/v1/letters/{letter['name']}?locale={locale}").json()
            assert shown["subject"] and shown["locale"] == locale and "Ateliers du Rhône" in shown["text"]
            assert "{{" not in shown["text"] + shown["subject"] + shown["html"]
            page = hr.get(f"/v1/letters/{letter['name']}?locale={locale}", headers={"Accept": "text/html"})
            assert page.headers["Content-Type"].startswith("text/html") and page.text == shown["html"]
    problem(hr.get("/v1/letters/unknown", expect=404), 404)
    problem(hr.get("/v1/letters/invitation?locale=de", expect=422), 422, "/locale")


def test_the_invitation_says_what_there_is_to_prepare(hr):
    words = hr.get("/v1/letters/invitation").json()["text"]
    assert all(word in words for word in PREPARATION + INFORMATION)
    assert "testez votre caméra, votre micro et votre connexion" in words
    assert "pas une évaluation" in words
    assert "testez votre caméra" not in hr.get("/v1/letters/invitation?remote=false").json()["text"]
    english = hr.get("/v1/letters/invitation?locale=en").json()["text"]
    assert "job description" in english and "portfolio" in english


def test_an_annual_review_always_says_that_it_is_one(hr):
    for letter in hr.items("/v1/letters"):
        if "title" in letter["slots"] and letter["name"] not in ("weekly_hr", "digest_hr", "digest_manager"):
            shown = hr.get(f"/v1/letters/{letter['name']}?annual=true").json()
            assert "Entretien annuel" in shown["subject"] + shown["text"], letter["name"]
            assert "Entretien de parcours professionnel" not in shown["subject"] + shown["text"], letter["name"]


def test_a_letter_of_ones_own_is_read_or_refused_with_its_line(make_daemon, folder, options):
    letters = folder / "letters"
    letters.mkdir()
    (letters / "cancellation.fr.txt").write_text("Subject: {{title}} {{when}}\n\nBonjour,\n\n{{salary}} {{title}} {{when}}\n")
    daemon = make_daemon({"mail": {**options["mail"], "letters": letters}})
    refused = run(*daemon.arguments(), "--check-config")
    assert refused.returncode != 0 and "cancellation.fr.txt line 5" in refused.stdout + refused.stderr, refused


def test_hr_reads_its_week_on_monday(daemon, hr, outbox):
    manager = hire(hr, given_name="Karim", family_name="Benali", email="k@rhone.example")["id"]
    hire(hr, given_name="Inès", family_name="Moreau", hire_date="2020-03-02", manager=manager)
    hire(hr, given_name="Hugo", family_name="Petit", hire_date="2026-01-11", manager=manager)

    def week(mail):
        return mail["Subject"].startswith("Entretiens : le point de la semaine")
    reminded(daemon, "2026-11-23")
    week_awaited(daemon)
    daemon.set_clock("2026-11-27T08:00:00Z")
    wait_for("the digests of the day", lambda: outbox.mails("rh@rhone"))
    assert not outbox.mails("rh@rhone", week)
    daemon.set_clock("2026-11-30T08:00:00Z")
    words = text(outbox.wait("rh@rhone", week))
    assert "Échéances dépassées" in words and "Inès Moreau" in words and "À planifier" in words and "Hugo Petit" in words
    daemon.set_clock("2026-12-04T08:00:00Z")
    daemon.set_clock("2026-12-07T08:00:00Z")
    outbox.wait("rh@rhone", week, 2)
    assert len(outbox.mails("rh@rhone", week)) == 2


NAMES = ["Zoé \"Zaza\" d'Aubigné; née L’Hôte, 🎓", "שירה כהן محمد", "<b>^n^^'&amp;</b>", 100 * "𝒞"]


def read_by_others(folder, objects):
    """What ical.js and node-ical make of each calendar object, in the same order."""
    files = []
    for number, raw in enumerate(objects):
        files.append(folder / f"{number:02}.ics")
        files[-1].write_bytes(raw)
    done = subprocess.run(["node", TOP / "tests" / "js" / "parse.js", *files], capture_output=True, timeout=120, check=True)
    return list(json.loads(done.stdout).values())


def agreed(event, read):
    """The three parsers say the same of one event."""
    for events in read.values():
        assert len(events) == 1
        one = events[0]
        assert one["uid"] == event["UID"] and one["sequence"] == event["SEQUENCE"]
        assert one["start"] == int(event["DTSTART"].dt.timestamp()) and one["end"] == int(event["DTEND"].dt.timestamp())
        assert one["location"] == event["LOCATION"] and one["status"] == event["STATUS"]
        listed = event["ATTENDEE"] if isinstance(event["ATTENDEE"], list) else [event["ATTENDEE"]]
        assert [guest["email"] for guest in one["attendees"]] == [str(guest) for guest in listed]
        assert [guest["name"] for guest in one["attendees"]] == [guest.params.get("CN") for guest in listed]


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_every_state_is_written_well_whatever_people_are_called(hr, outbox, folder, name):
    manager = hire(hr, given_name=name, family_name="Müller", email="karim@rhone.example")["id"]
    employee = hire(hr, given_name="Camille", family_name=name, email="camille@rhone.example", manager=manager,
                    hire_date="2026-01-11")["id"]
    other = hire(hr, given_name="Lucie", family_name=name, email="lucie@rhone.example")["id"]
    review = hr.post("/v1/reviews", {
        "employee": employee, "type": "professional", "start": "2027-01-06T09:00:00Z", "end": "2027-01-06T10:00:00Z",
        "mode": "hybrid", "location": name, "conference_url": "https://visio.example.fr/a;b,c?d=1&e=%C3%A9"},
        expect=201).json()["id"]
    invite(hr, review)
    first = calendar(outbox.wait("camille", is_invitation))[0]
    proposal = answer(first, "camille@rhone.example", "TENTATIVE", "COUNTER", DTSTART="20270113T090000Z",
                      DTEND="20270113T100000Z")
    hr.post("/itip?sender=camille@rhone.example", data=proposal.encode(), headers={"Content-Type": "text/calendar"},
            expect=201)
    hr.post(f"/v1/reviews/{review}/counter", {"accept": False}, expect=200)
    outbox.wait("camille", is_invitation, 2)
    hr.patch(f"/v1/reviews/{review}", {"start": "2027-01-07T13:00:00Z", "end": "2027-01-07T14:00:00Z"})
    outbox.wait("camille", is_invitation, 3)
    hr.patch(f"/v1/reviews/{review}", {"interviewer": other})
    outbox.wait("camille", is_invitation, 4)
    outbox.wait("lucie", is_invitation)
    hr.post(f"/v1/reviews/{review}/cancel", {"reason": name[:100]}, expect=200)
    outbox.wait("camille", is_invitation, 5)
    outbox.wait("lucie", is_invitation, 2)
    seen, objects, events = set(), [], []
    for message in outbox.mails(kind=is_invitation):
        part = next(part for part in message.walk() if part.get_content_type() == "text/calendar")
        raw = part.get_payload(decode=True)
        assert icslint.lint(raw) == []
        read, method = calendar(message)
        event = read.walk("VEVENT")[0]
        seen.add((method, int(event["SEQUENCE"])))
        if method == "DECLINECOUNTER":  # the time stays, so it names none (RFC 5546, 3.2.8)
            continue
        assert event["DTSTART"].dt.tzinfo.utcoffset(None) == datetime.timedelta(0)
        assert message["To"].addresses[0].addr_spec in str(event["ATTENDEE"])
        objects.append(raw)
        events.append(event)
    for event, read in zip(events, read_by_others(folder, objects)):
        agreed(event, read)
    assert {("REQUEST", 0), ("DECLINECOUNTER", 0), ("REQUEST", 1), ("CANCEL", 2), ("REQUEST", 2), ("CANCEL", 3)} <= seen
