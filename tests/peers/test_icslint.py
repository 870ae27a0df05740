"""The validator itself: it passes a good object and names what is wrong with each broken one."""
import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import icslint  # noqa: E402

GOOD = "\r\n".join([
    "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//x//y//EN", "METHOD:REQUEST", "BEGIN:VEVENT", "UID:a@b.fr",
    "DTSTAMP:20261122T101530Z", "SEQUENCE:0", "DTSTART:20270201T090000Z", "DTEND:20270201T100000Z", "SUMMARY:Un\\, deux",
    "CLASS:PRIVATE", "TRANSP:OPAQUE", "STATUS:CONFIRMED", 'ORGANIZER;CN="R, H":mailto:rh@b.fr', "ATTENDEE:mailto:c@b.fr",
    "END:VEVENT", "END:VCALENDAR", ""]).encode()

BROKEN = {
    "bare LF": (b"SEQUENCE:0\r\n", b"SEQUENCE:0\n", "bare CR or LF"),
    "no final CRLF": (b"END:VCALENDAR\r\n", b"END:VCALENDAR", "does not end with CRLF"),
    "long line": (b"SUMMARY:Un", b"SUMMARY:" + b"x" * 61, "76 octets"),
    "split character": (b"SUMMARY:Un", b"SUMMARY:\xc3\r\n \xa9", "split by folding"),
    "control": (b"SUMMARY:Un", b"SUMMARY:\x07", "control character"),
    "unescaped": (b"Un\\, deux", b"Un, deux", "not escaped"),
    "wrong escape": (b"Un\\, deux", b"Un\\t", "not escaped"),
    "not mailto": (b"ATTENDEE:mailto:c@b.fr", b"ATTENDEE:c@b.fr", "mailto:"),
    "address with blank": (b"mailto:c@b.fr", b"mailto:c d@b.fr", "mailto:"),
    "two events": (b"END:VEVENT\r\n", b"END:VEVENT\r\nBEGIN:VEVENT\r\nUID:b\r\nDTSTAMP:20261122T101530Z\r\nSEQUENCE:0\r\n"
                   b"END:VEVENT\r\n", "other than one UID"),
    "zone": (b"DTSTART:20270201T090000Z", b"DTSTART;TZID=Europe/Paris:20270201T090000", "no VTIMEZONE"),
    "local time": (b"DTSTART:20270201T090000Z", b"DTSTART:20270201T090000", "wrong form"),
    "ends before": (b"DTEND:20270201T100000Z", b"DTEND:20270201T080000Z", "not after DTSTART"),
    "request cancelled": (b"STATUS:CONFIRMED", b"STATUS:CANCELLED", "METHOD:REQUEST with STATUS"),
    "no attendee": (b"ATTENDEE:mailto:c@b.fr\r\n", b"", "METHOD:REQUEST with ATTENDEE"),
    "alarm in message": (b"END:VEVENT", b"BEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:x\r\nTRIGGER:-PT1H\r\nEND:VALARM\r\n"
                         b"END:VEVENT", "a message with an alarm"),
    "property after alarm": (b"STATUS:CONFIRMED", b"BEGIN:VALARM\r\nEND:VALARM\r\nSTATUS:CONFIRMED", "after a component"),
    "unknown method": (b"METHOD:REQUEST", b"METHOD:INVITE", "METHOD:INVITE"),
    "public": (b"CLASS:PRIVATE", b"CLASS:PUBLIC", "not private"),
    "twice": (b"SEQUENCE:0", b"SEQUENCE:0\r\nSEQUENCE:1", "SEQUENCE twice"),
    "quote in parameter": (b'CN="R, H"', b"CN=R, H", "not a content line"),
    "caret": (b'CN="R, H"', b'CN="R^n"', "RFC 6868"),
    "unbalanced": (b"END:VEVENT\r\n", b"", "ends nothing"),
    "two calendars": (b"END:VCALENDAR\r\n", b"END:VCALENDAR\r\nBEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "exactly one VCALENDAR"),
    "no stamp": (b"DTSTAMP:20261122T101530Z\r\n", b"", "without DTSTAMP"),
}


def test_a_good_object_passes():
    assert icslint.lint(GOOD) == []


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_object_does_not(name):
    before, after, expected = BROKEN[name]
    assert before in GOOD
    problems = icslint.lint(GOOD.replace(before, after, 1))
    assert any(expected in problem for problem in problems), problems
