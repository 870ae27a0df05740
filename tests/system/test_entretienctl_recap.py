"""The recap and what was missed, from the command line."""
import json

import pytest

from command import Command
from people import hire


@pytest.fixture
def ctl(daemon, hr, folder):
    return Command(daemon.url, hr.session.headers["Authorization"].removeprefix("Bearer "), folder)


def test_the_recap_as_text_as_a_page_and_for_programs(ctl, hr, folder):
    employee = hire(hr, number="7", hire_date="2020-02-11", birth_date="1990-05-05")["id"]
    said = ctl.run("recap", "7", "--lang", "en").out
    assert said.startswith("Recap of the professional path\n====") and "not legal advice" in said
    assert "11 February 2020 to 11 February 2028" in said and "Exposure: possible" in said
    assert "Exposure" not in ctl.run("recap", "7", "--lang", "en", "--without-exposure").out
    page = folder / "recap.html"
    assert ctl.run("recap", "7", "--html", "-o", str(page)).out == ""
    assert page.read_text() == hr.get(f"/v1/employees/{employee}/recap?format=html").text
    shown = json.loads(ctl.run("recap", "7", "--as-of", "2026-11-23", "--json").out)
    assert shown["window"] == {"from": "2020-02-11", "to": "2028-02-11"} and shown["cures"][0]["kind"] == "record_headcount"


def test_what_was_missed_is_acknowledged_by_its_id(ctl, hr):
    employee = hire(hr, number="8", hire_date="2020-01-06", birth_date="1990-05-05")["id"]
    hr.post(f"/v1/employees/{employee}/absences", {"type": "carer", "start": "2026-06-01", "end": "2026-06-30"}, expect=201)
    [missed] = hr.items("/v1/duties?state=missed")
    ctl.run("duty", "acknowledge", missed["id"], "--note", "tenu au retour")
    [missed] = hr.items("/v1/duties?state=missed")
    assert missed["acknowledged"]["note"] == "tenu au retour"
    assert "acknowledged already" in ctl.fail("duty", "acknowledge", missed["id"])
