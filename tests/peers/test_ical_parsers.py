"""What entretiend writes, read by others: the validator and three independent parsers agree with what was meant."""
import datetime
import json
import os
import pathlib
import re
import subprocess
import sys

import icalendar
import pytest

TESTS = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TESTS))
import icslint  # noqa: E402

BUILD = pathlib.Path(os.environ.get("ENTRETIEND_BUILD", TESTS.parent / "build" / "asan"))


@pytest.fixture(scope="module")
def emitted(tmp_path_factory):
    """The folder of written files and what each should hold."""
    folder = tmp_path_factory.mktemp("ical")
    subprocess.run([BUILD / "tests" / "support" / "emit_ical", folder], check=True, timeout=60)
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    assert len(expected) >= 14
    return folder, expected


def seconds(text):
    return int(datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()) if "T" in text else text


def with_link(text, between, url):
    return text if not url or url in (text or "") else (text + between + url if text else url)


def name_written(name):
    """Names lose what readers stumble over."""
    return name and re.sub("[ ,;:]+", " ", re.sub('["^]', "'", name))


def meant(file, event, alarms):
    """An event of expected.json in the shape the parsers' answers are brought into."""
    description = event["description"] and event["description"].replace("\r\n", "\n")
    shape = {
        "method": file["method"],
        "uid": event["uid"],
        "sequence": event["sequence"],
        "summary": event["summary"],
        "description": with_link(description, "\n\n", event["conference_url"]),
        "location": with_link(event["location"], " - ", event["conference_url"]),
        "status": event["status"],
        "start": seconds(event["start"]),
        "end": seconds(event["end"]),
        "stamp": seconds(event["stamp"]),
        "organiser": "mailto:" + event["organiser"]["email"] if "organiser" in event else None,
        "attendees": [{"email": "mailto:" + a["email"], "name": name_written(a["name"]), "partstat": a["partstat"]}
                      for a in event["attendees"]],
    }
    if alarms:
        shape["alarms"] = event["alarms"]
    return shape


def from_icalendar(data):
    calendar = icalendar.Calendar.from_ical(data)

    def time(value):
        return (int(value.dt.timestamp()) if isinstance(value.dt, datetime.datetime) else value.dt.isoformat()) if value else None

    def text(value):
        return None if value is None else str(value)

    events = []
    for event in calendar.walk("VEVENT"):
        attendees = event.get("ATTENDEE", [])
        attendees = attendees if isinstance(attendees, list) else [attendees]
        events.append({
            "method": text(calendar.get("METHOD")),
            "uid": text(event["UID"]),
            "sequence": int(event["SEQUENCE"]),
            "summary": text(event["SUMMARY"]),
            "description": text(event.get("DESCRIPTION")),
            "location": text(event.get("LOCATION")),
            "status": text(event["STATUS"]),
            "start": time(event["DTSTART"]),
            "end": time(event["DTEND"]),
            "stamp": time(event["DTSTAMP"]),
            "organiser": text(event.get("ORGANIZER")),
            "attendees": [{"email": str(a), "name": text(a.params.get("CN")), "partstat": text(a.params.get("PARTSTAT"))}
                          for a in attendees],
            "alarms": [int(alarm["TRIGGER"].dt.total_seconds()) for alarm in event.walk("VALARM")],
        })
    return events


def test_the_validator_finds_nothing(emitted):
    folder, expected = emitted
    for name in expected:
        assert icslint.lint((folder / name).read_bytes(), feed=name.startswith("feed")) == [], name


def test_icalendar_reads_what_was_meant(emitted):
    folder, expected = emitted
    for name, file in expected.items():
        assert from_icalendar((folder / name).read_bytes()) == [meant(file, e, True) for e in file["events"]], name


@pytest.fixture(scope="module")
def by_node(emitted):
    folder, expected = emitted
    assert (TESTS / "js" / "node_modules").is_dir(), "run: npm ci --prefix tests/js"
    done = subprocess.run(["node", TESTS / "js" / "parse.js", *[folder / name for name in expected]],
                          check=True, capture_output=True, timeout=60)
    return {pathlib.Path(path).name: events for path, events in json.loads(done.stdout).items()}


@pytest.mark.parametrize("reader,alarms", [("ical.js", True), ("node-ical", False)])
def test_node_readers_read_what_was_meant(emitted, by_node, reader, alarms):
    _, expected = emitted
    assert by_node.keys() == expected.keys()
    for name, file in expected.items():
        assert by_node[name][reader] == [meant(file, e, alarms) for e in file["events"]], name
