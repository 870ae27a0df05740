"""A manager plans by one click in a letter: what the links open, what only the confirmation does."""
import re

import pytest
import requests

from outbox import Outbox, reminded, staff, text
from pages import see
from people import hire, move_to


@pytest.fixture
def options(folder):
    return {"mail": {"transport": "file", "directory": folder / "outbox"}}


@pytest.fixture
def box(folder):
    return Outbox(folder / "outbox")


def html(mail):
    return mail.get_body(("html",)).get_content()


def is_to_plan(mail):
    return mail["Subject"].startswith(("Entretien à planifier", "Review to plan"))


def choices(mail):
    """The links to a time, in the text and in the HTML: the same."""
    links = re.findall(r"https?://\S+\?slot=\S+", text(mail))
    assert links == re.findall(r'<li><a href="(https?://[^"]+\?slot=[^"]+)">', html(mail))
    return links


@pytest.fixture
def asked(daemon, hr, box):
    """Camille's review is to be planned: the letter that asks Karim to."""
    staff(hr)
    reminded(daemon, "2026-11-23")
    move_to(daemon, "2026-11-24")
    return box.wait("karim.benali", is_to_plan)


def done(hr):
    """What there is, but for what the daemon does by itself meanwhile."""
    return [record for record in hr.items("/v1/audit") if record["actor"] != "system"], hr.items("/v1/reviews")


def test_the_letter_lists_times_and_says_what_is_not_known(asked):
    words = text(asked)
    assert len(choices(asked)) == 5 and "Moments proposés" in words
    assert "Les agendas n'ont pas pu être consultés" in words and "confirmez" in words
    for line in [line for line in words.splitlines() if "?slot=" in line]:
        assert re.match(r"- (lundi|mardi|mercredi|jeudi|vendredi) .* de \d+ h.* à \d+ h.* : https?://\S+$", line), line


def test_following_the_links_changes_nothing_and_a_confirmation_plans(daemon, hr, box, asked):
    before = done(hr)
    for link in choices(asked):
        for method in (requests.get, requests.head):
            assert method(link, timeout=60).status_code == 200
        assert "Fixer ce moment et convoquer" in see(link).text
    assert done(hr) == before and hr.items("/v1/reviews") == []
    third = choices(asked)[2]
    page = see(third)
    start = re.search(r"slot=(\S+)", third).group(1)
    assert page.form("choose")["fields"]["start"] == start
    other = see(choices(asked)[0])
    page = page.send("choose")
    assert page.answer.status_code == 200 and "Le moment est fixé" in page.text
    [review] = hr.items("/v1/reviews")
    assert (review["state"], review["start"][:16]) == ("invited", start[:16])
    box.wait("camille.roche"), box.wait("karim.benali", lambda mail: "Camille" in mail["Subject"] and not is_to_plan(mail))
    late = other.send("choose")
    assert late.answer.status_code == 409 and "la situation a changé" in late.text
    assert hr.items("/v1/reviews")[0]["start"][:16] == start[:16]


def test_a_time_that_was_taken_since_is_not_set(hr, asked):
    [karim] = [one["id"] for one in hr.items("/v1/employees") if one["given_name"] == "Karim"]
    link = choices(asked)[0]
    start = re.search(r"slot=(\S+)", link).group(1)
    other = hire(hr, email="ada@rhone.example", manager=karim)["id"]
    hr.post("/v1/reviews", {"employee": other, "type": "professional", "interviewer": karim, "start": start, "duration": 60},
            expect=201)
    page = see(link)
    assert "n'est plus libre" in page.text and page.form("choose")["fields"].get("start") is None
    assert page.send("choose").answer.status_code == 422


def test_in_english_and_without_a_free_time(daemon, hr, organisation, box):
    hr.patch(f"/v1/organisations/{organisation}", {"working_hours": [{"weekday": 1, "start": "09:00", "end": "09:30"}]})
    manager, _ = staff(hr)
    hr.patch(f"/v1/employees/{manager}", {"locale": "en"})
    reminded(daemon, "2026-11-23")
    move_to(daemon, "2026-11-30")
    mail = box.wait("karim.benali", is_to_plan)
    assert choices(mail) == [] and "No free time was found" in text(mail) and "Choose another time" in text(mail)


def test_a_digest_leads_to_each_person(daemon, hr, box):
    manager = hire(hr, given_name="Karim", family_name="Benali", email="karim.benali@rhone.example", hire_date="2026-11-02")["id"]
    people = [hire(hr, family_name=f"Byron {number}", hire_date="2026-01-11", manager=manager)["id"] for number in range(3)]
    reminded(daemon, "2026-11-23")
    move_to(daemon, "2026-11-24")
    mail = box.wait("karim.benali", lambda mail: "votre équipe" in mail["Subject"])
    links = re.findall(r"^- Ada Byron (\d) .* : (https?://\S+/me/\S+)\r?$", text(mail), re.MULTILINE)
    assert sorted(name for name, _ in links) == ["0", "1", "2"] and len(people) == 3
    for name, link in links:
        assert f"Entretien de Ada Byron {name}" in see(link).text and f'<a href="{link}">Ada Byron {name}' in html(mail)
