"""The messages entretiend writes, read by Python's mail parser: the shape of iMIP, and every text as it was meant."""
import email
import email.header
import email.policy
import email.utils
import html.parser
import json
import os
import pathlib
import re
import subprocess
import sys

import pytest

TESTS = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TESTS))
import icslint  # noqa: E402

BUILD = pathlib.Path(os.environ.get("ENTRETIEND_BUILD", TESTS.parent / "build" / "asan"))


@pytest.fixture(scope="module")
def emitted(tmp_path_factory):
    """(name, raw bytes, parsed message, what it should hold) of every letter."""
    folder = tmp_path_factory.mktemp("mail")
    subprocess.run([BUILD / "tests" / "support" / "emit_mail", folder], check=True, timeout=60)
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    assert len(expected) >= 50
    raw = {name: (folder / name).read_bytes() for name in expected}
    return [(name, raw[name], email.message_from_bytes(raw[name], policy=email.policy.default), meant)
            for name, meant in expected.items()]


def test_bytes_are_fit_for_transport(emitted):
    for name, raw, _, _ in emitted:
        assert raw.isascii() and b"\0" not in raw, name
        assert raw.count(b"\r") == raw.count(b"\n") == raw.count(b"\r\n") and raw.endswith(b"\r\n"), name
        assert max(map(len, raw.split(b"\r\n"))) <= 78, name


def person(header):
    """Name and address; the modern parser keeps the blanks between encoded words, against RFC 2047."""
    name, address = email.utils.parseaddr(header)
    return str(email.header.make_header(email.header.decode_header(name))), address


def test_headers_say_what_was_meant(emitted):
    allowed = {"from", "to", "subject", "date", "message-id", "content-language", "auto-submitted", "mime-version",
               "content-type"}
    for name, raw, message, meant in emitted:
        assert {key.lower() for key in message.keys()} == allowed, name
        assert not message.defects, name
        plain = email.message_from_bytes(raw, policy=email.policy.compat32)
        assert person(plain["From"]) == (meant["from_name"], meant["from_email"]), name
        assert person(plain["To"]) == ((meant["to_name"] or "").rstrip(), meant["to_email"]), name
        assert len(message["From"].addresses) == len(message["To"].addresses) == 1, name
        assert message["Subject"] == meant["subject"].rstrip(), name
        assert message["Message-ID"] == f"<{meant['message_id']}>", name
        assert message["Auto-Submitted"] == "auto-generated", name


def unix(text):
    return text.replace("\r\n", "\n").rstrip("\n")


def test_shape_and_bodies(emitted):
    for name, _, message, meant in emitted:
        alternatives = message
        if meant["calendar"]:
            assert message.get_content_type() == "multipart/mixed", name
            alternatives, attached = message.iter_parts()
            assert attached.get_content_type() == "application/ics"
            assert attached.get_content_disposition() == "attachment" and attached.get_filename() == "invite.ics"
            assert attached.get_content().decode() == meant["calendar"], name
        assert alternatives.get_content_type() == "multipart/alternative", name
        text, page, *calendar = alternatives.iter_parts()
        assert text.get_content_type() == "text/plain" and unix(text.get_content()) == unix(meant["text"]), name
        assert page.get_content_type() == "text/html" and unix(page.get_content()) == unix(meant["html"]), name
        assert len(calendar) == (1 if meant["calendar"] else 0), name
        for part in calendar:
            assert part.get_content_type() == "text/calendar" and part["Content-Disposition"] is None
            assert part["Content-ID"] is None and part["Content-Transfer-Encoding"] == "base64"
            assert part["Content-Type"].params["method"] == meant["method"]
            assert part["Content-Type"].params["charset"] == "UTF-8"
            assert part.get_payload(decode=True).decode() == meant["calendar"], name
            assert icslint.lint(meant["calendar"].encode()) == [], name


class Page(html.parser.HTMLParser):
    """Elements and links of a page; refuses elements that are not closed in order."""

    def __init__(self):
        super().__init__()
        self.open, self.seen, self.links = [], set(), []

    def handle_starttag(self, tag, attrs):
        self.seen.add(tag)
        self.links += [value for key, value in attrs if key == "href"]
        assert {key for key, _ in attrs} <= {"href", "lang", "charset", "name", "content"}, attrs
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open and self.open.pop() == tag


def test_pages_are_well_formed_and_inert(emitted):
    for name, _, _, meant in emitted:
        page = Page()
        page.feed(meant["html"])
        assert page.open == [], name
        assert page.seen <= {"html", "head", "meta", "title", "style", "body", "p", "br", "ul", "li", "h2", "a"}, name
        assert all(re.fullmatch(r"https://[a-z.]+/[^\"'<> ]*", link) for link in page.links), page.links
