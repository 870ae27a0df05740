"""Behind nginx: everything works as without it, and each client is known by its own address."""
import contextlib
import json
import re
import threading

import icalendar
import pytest
import requests

import lms
from client import Client, From, problem
from front import Front
from pages import own_link
from patience import wait_for
from people import hire, move_to

PDF = b"%PDF-1.4\n" + bytes(range(256)) * 20000 + b"\n%%EOF\n"


@pytest.fixture
def front(folder):
    made = Front(folder / "front")
    yield made
    try:
        made.stop()
    finally:
        made.close()


@pytest.fixture
def daemon(make_daemon, front):
    """A daemon that knows it is behind one proxy, and under which address people reach it."""
    made = make_daemon({"listen": {"trusted_proxies": 1, "base_url": front.url}}, clock="2026-11-23T08:00:00Z")
    made.create_token()
    return made.start()


@pytest.fixture
def through(daemon, front):
    """A client of HR that reaches the daemon through nginx only."""
    front.start(daemon)
    return hr_through(daemon, front)


def hr_through(daemon, front):
    admin = Client(daemon, daemon.token)
    organisation = admin.post("/v1/organisations", {"name": "Ateliers du Rhône"}, expect=201).json()["id"]
    token = admin.post(f"/v1/tokens?organisation={organisation}", {"scopes": ["hr"]}, expect=201).json()["token"]
    return Client(front, token)


def accepted(daemon):
    return int(re.search(r"^entretiend_http_accepted_total (\d+)", Client(daemon).get("/metrics").text, re.MULTILINE)[1])


def test_an_employee_lives_and_leaves_through_the_front(through):
    made = through.post("/v1/employees", {"number": "1", "given_name": "Zoé", "family_name": "Durand",
                                          "hire_date": "2024-03-01"}, expect=201)
    path = made.headers["Location"]
    read = through.get(path)
    assert read.headers["ETag"] == made.headers["ETag"] and read.json() == made.json()
    changed = through.patch(path, {"given_name": "Zoë"}, headers={"If-Match": read.headers["ETag"]})
    problem(through.request("PATCH", path, json={"given_name": "Zo"}, headers={"If-Match": read.headers["ETag"]}), 412)
    assert through.get(path, expect=304, headers={"If-None-Match": changed.headers["ETag"]}).content == b""
    head = through.request("HEAD", path, expect=200)
    assert not head.content and head.headers["Content-Length"] == str(len(changed.content))
    assert through.delete(path).content == b""
    problem(through.request("GET", path), 404)


def test_problems_arrive_as_they_were_said(front, through):
    problem(through.post("/v1/employees", {"number": ""}), 422, "/number")
    refused = Client(front).request("GET", "/v1/employees")
    problem(refused, 401)
    assert refused.headers["WWW-Authenticate"].startswith("Bearer")
    wrong = through.request("DELETE", "/healthz")
    problem(wrong, 405)
    assert wrong.headers["Allow"] == "GET, HEAD"
    problem(through.request("POST", "/v1/employees", data=b" " * 100000, headers={"Content-Type": "application/json"}), 413)


def test_a_long_list_is_read_page_after_page(through):
    people = {hire(through)["id"] for _ in range(12)}
    assert {one["id"] for one in through.items("/v1/employees?limit=5")} == people
    link = through.get("/v1/employees?limit=5").headers["Link"]
    second = through.get(re.match("<([^>]+)>", link)[1]).json()["items"]
    assert len(second) == 5


def test_nginx_keeps_its_connections_to_the_daemon(daemon, through):
    before = accepted(daemon)
    for _ in range(40):
        through.get("/v1/employees")
    assert accepted(daemon) - before <= 3  # among them the one that counts


def test_a_document_of_megabytes_goes_through_and_back(through):
    employee = hire(through, hire_date="2024-03-01")
    review = through.post("/v1/reviews", {"employee": employee["id"], "type": "professional",
                                          "held": "2026-03-02"}, expect=201).json()
    path = f"/v1/reviews/{review['id']}/documents/report"
    made = through.put(path, PDF, headers={"Content-Type": "application/pdf"})
    assert made.status_code in (200, 201), made.text
    assert through.get(path).content == PDF


# ---- calendars

def test_the_addresses_of_a_feed_are_those_of_the_front(front, through):
    feed = through.post("/v1/feeds", {"scope": "organisation"}, expect=201).json()
    host = front.url[len("http://"):]
    assert feed["url"].startswith(f"{front.url}/feeds/")
    assert feed["webcal"].startswith(f"webcal://{host}/feeds/")
    assert feed["google"].startswith("https://calendar.google.com/calendar/r?cid=webcal%3A%2F%2F")


@pytest.mark.parametrize("gzip", ["off", "on"])
def test_an_unchanged_calendar_is_not_sent_again(daemon, front, gzip):
    front.start(daemon, gzip=gzip)
    through = hr_through(daemon, front)
    hire(through, given_name="Camille", family_name="Roche", hire_date="2026-01-12")
    url = through.post("/v1/feeds", {"scope": "organisation"}, expect=201).json()["url"]
    move_to(daemon, "2026-11-23", "08:00:05")  # in the second of a change no date is given: more may change in it
    first = requests.get(url, timeout=60)
    assert first.status_code == 200 and first.headers.get("Content-Encoding") == ("gzip" if gzip == "on" else None)
    [deadline] = icalendar.Calendar.from_ical(first.text).walk("VEVENT")
    assert "Camille Roche" in deadline["SUMMARY"]
    for condition in ({"If-None-Match": first.headers["ETag"]}, {"If-Modified-Since": first.headers["Last-Modified"]}):
        again = requests.get(url, headers=condition, timeout=60)
        assert again.status_code == 304 and not again.content
    hire(through, given_name="Inès", family_name="Faure", hire_date="2026-01-12")
    changed = requests.get(url, headers={"If-None-Match": first.headers["ETag"]}, timeout=60)
    assert changed.status_code == 200 and "Inès" in changed.text


# ---- hooks

@pytest.mark.parametrize("buffering", ["on", "off"])
def test_a_signed_body_arrives_byte_for_byte(daemon, front, buffering):
    front.start(daemon, buffering=buffering)
    through = hr_through(daemon, front)
    source = lms.connect(through)
    assert source["hook_url"].startswith(front.url)
    odd = ["{ \"id\" :\t\"e%d\",\r\n" % n + json.dumps(lms.record("x"), ensure_ascii=n % 2 == 0)[len('{"id": "x",'):] + "\n \n"
           for n in range(4)]
    for raw in (text.encode() for text in odd):
        answer = lms.hook(source, raw)
        assert answer.status_code == 200 and answer.json()["received"] == 1, answer.text
    raw = json.dumps(lms.record("in chunks")).encode()
    chunked = requests.post(source["hook_url"], data=iter([raw[:7], raw[7:]]), headers=lms.sign(source, raw), timeout=60)
    assert chunked.status_code == 200 and chunked.json()["quarantined"] == 1, chunked.text
    assert len(through.items("/v1/completions")) == 5


# ---- addresses

def guesses(url, address, count, forwarded=None, path="/v1/employees"):
    """The statuses that somebody at an address gets who guesses tokens, or secrets in paths, up to the first that is not
    the one of a wrong guess."""
    statuses = []
    with requests.Session() as session:
        session.mount("http://", From(address))
        while len(statuses) < count and statuses[-1:] in ([], [401], [404]):
            headers = {"Authorization": f"Bearer ent_guess{len(statuses)}"}
            if forwarded:
                headers["X-Forwarded-For"] = forwarded.format(len(statuses) % 250)
            statuses.append(session.get(url + path, timeout=60, headers=headers).status_code)
    return statuses


MANY = 1000  # guesses; it takes a hundred at once to be slowed down


def test_who_guesses_tokens_is_slowed_down_alone(front, through):
    assert guesses(front.url, "127.0.0.2", MANY)[-1] == 429
    assert guesses(front.url, "127.0.0.3", 1) == [401]
    through.get("/v1/employees")


def test_nobody_chooses_an_address_by_a_header(front, through):
    assert guesses(front.url, "127.0.0.2", MANY, forwarded="198.51.100.{}")[-1] == 429
    assert guesses(front.url, "127.0.0.3", 1, forwarded="127.0.0.2") == [401]


def test_without_a_trusted_proxy_the_header_counts_for_nothing(make_daemon):
    daemon = make_daemon().start()
    assert guesses(daemon.url, "127.0.0.1", MANY, forwarded="198.51.100.{}")[-1] == 429


def test_a_network_of_many_addresses_is_one_who_guesses(make_daemon):
    daemon = make_daemon({"listen": {"trusted_proxies": 1}}).start()
    assert guesses(daemon.url, "127.0.0.1", MANY, forwarded="2001:db8:1:2::{}")[-1] == 429
    assert guesses(daemon.url, "127.0.0.1", 1, forwarded="2001:db8:1:3::{}") == [401]
    assert guesses(daemon.url, "127.0.0.1", 1, forwarded="198.51.100.{}") == [401]


def at(url, address, path, token=None):
    with requests.Session() as session:
        session.mount("http://", From(address))
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return session.get(f"{url}{path}", timeout=60, headers=headers)


@contextlib.contextmanager
def guessing(url, address):
    """Somebody at that address guesses tokens all the while."""
    ended = threading.Event()

    def guess():
        with requests.Session() as session:
            session.mount("http://", From(address))
            while not ended.is_set():
                session.get(f"{url}/v1/employees", timeout=60, headers={"Authorization": "Bearer ent_guess"})
    threads = [threading.Thread(target=guess) for _ in range(3)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        ended.set()
        for thread in threads:
            thread.join()


def turned_away(url, make, token=None):
    """A secret that is right, and that nobody used before, is not looked at in the end; `make` gives a path, or a token."""
    def found():
        made = make()
        answer = at(url, "127.0.0.2", "/v1/employees", made) if token else at(url, "127.0.0.2", made)
        return answer.status_code == 429
    wait_for("a right guess that was turned away", found)


def test_who_guesses_is_not_told_that_a_guess_is_right(daemon, front, through):
    """Each secret is one that nobody used before: what was good a moment ago is no guess, and goes on working."""
    admin = Client(daemon, daemon.token)
    organisation = through.get("/v1/organisations").json()["items"][0]["id"]

    def token():
        return admin.post(f"/v1/tokens?organisation={organisation}", {"scopes": ["read"]}, expect=201).json()["token"]

    def feed():
        return through.post("/v1/feeds", {"scope": "organisation"}, expect=201).json()["url"].removeprefix(front.url)

    used, calendar = token(), feed()
    page = own_link(through, hire(through)["id"])["url"].removeprefix(front.url)
    assert at(front.url, "127.0.0.2", "/v1/employees", used).status_code == 200
    with guessing(front.url, "127.0.0.2"):
        turned_away(front.url, token, token=True)
        turned_away(front.url, feed)
        turned_away(front.url, lambda: page)
        assert at(front.url, "127.0.0.2", "/v1/employees", used).status_code == 200
    for path in (calendar, page):
        assert at(front.url, "127.0.0.3", path).status_code == 200


@pytest.mark.parametrize("path", ["/feeds/" + "A" * 43 + ".ics", "/me/" + "A" * 43])
def test_who_guesses_secrets_in_addresses_is_slowed_down(front, through, path):
    assert guesses(front.url, "127.0.0.2", MANY, path=path)[-1] == 429
    assert guesses(front.url, "127.0.0.3", 1, path=path) == [404]
    through.get("/v1/employees")
