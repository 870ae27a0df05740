"""Calendar subscriptions: what they show, to whom, and their validators."""
import datetime
import json
import os
import pathlib
import subprocess

import icalendar
import pytest

from client import Client, problem
from patience import eventually
from people import hire, move_to


@pytest.fixture
def team(hr):
    manager = hire(hr, given_name="Karim", family_name="Benali", email="karim@rhone.example")
    camille = hire(hr, given_name="Camille", family_name="Roche", email="camille@rhone.example", manager=manager["id"],
                   hire_date="2026-01-12")
    review = hr.post("/v1/reviews", {"employee": camille["id"], "type": "professional", "start": "2027-01-06T09:00:00Z",
                                     "end": "2027-01-06T10:00:00Z", "location": "Salle Saône"}, expect=201).json()
    return {"manager": manager["id"], "camille": camille["id"], "review": review["id"]}


def subscribe(hr, scope, subject=None):
    return hr.post("/v1/feeds", {"scope": scope, **({"subject": subject} if subject else {})}, expect=201).json()


def read(daemon, feed, **headers):
    return Client(daemon).request("GET", feed["url"], headers=headers)


def events(answer):
    assert answer.status_code == 200 and answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    return icalendar.Calendar.from_ical(answer.text).walk("VEVENT")


def test_each_scope_shows_its_own(daemon, hr, team):
    hr.post(f"/v1/reviews/{team['review']}/invite", {}, expect=200)
    hers = [str(e["SUMMARY"]) for e in events(read(daemon, subscribe(hr, "employee", team["camille"])))]
    his = [str(e["SUMMARY"]) for e in events(read(daemon, subscribe(hr, "manager", team["manager"])))]
    everyone = [str(e["SUMMARY"]) for e in events(read(daemon, subscribe(hr, "organisation")))]
    assert "Entretien de parcours professionnel" in hers and not any("Camille" in s for s in hers)
    assert "Entretien de parcours professionnel – Camille Roche" in his
    assert "Entretien de parcours professionnel – Camille Roche" in everyone


def shown(answer):
    """By UID: when an entry says it was changed, and everything else it says."""
    def rest(event):
        return [line for line in event.to_ical().decode().split("\r\n") if not line.startswith(("DTSTAMP", "LAST-MODIFIED"))]
    assert all(event["DTSTAMP"].dt == event["LAST-MODIFIED"].dt for event in events(answer))
    return {str(event["UID"]): (event["LAST-MODIFIED"].dt, rest(event)) for event in events(answer)}


def test_what_changes_says_that_it_changed(daemon, hr, team):
    """One program compares tags, another reads LAST-MODIFIED and takes only what is newer (RFC 5545 3.8.7.3)."""
    hr.post(f"/v1/reviews/{team['review']}/invite", {}, expect=200)
    hire(hr, given_name="Zoé", family_name="Lam", manager=team["manager"], hire_date="2026-01-12")
    feeds = {scope: subscribe(hr, scope, team.get({"employee": "camille"}.get(scope, scope))) for scope in
             ("employee", "manager", "organisation")}
    organisation = f"/v1/organisations/{hr.get('/v1/organisations').json()['items'][0]['id']}"
    changes = [(f"/v1/employees/{team['camille']}", {"family_name": "Éluard"}, {"manager", "organisation"}),
               (organisation, {"policies": {"title_older": True}}, set(feeds)),
               (organisation, {"locale": "en"}, set(feeds)),
               (f"/v1/reviews/{team['review']}", {"location": "Lyon"}, set(feeds))]
    for second, (path, change, seen_by) in enumerate(changes, 5):
        move_to(daemon, "2026-11-23", f"08:00:{second:02}")
        before = {scope: read(daemon, feed) for scope, feed in feeds.items()}
        hr.patch(path, change)
        for scope, feed in feeds.items():
            after = read(daemon, feed, **{"If-None-Match": before[scope].headers["ETag"]})
            assert after.status_code == (200 if scope in seen_by else 304), (scope, change)
            if scope in seen_by:
                was, now = shown(before[scope]), shown(after)
                different = {uid for uid in was if was[uid][1] != now[uid][1]}
                assert different and {uid for uid in different if now[uid][0] <= was[uid][0]} == set(), (scope, change)


def test_a_deadline_is_an_all_day_entry(daemon, hr):
    hire(hr, hire_date="2026-01-12")
    [deadline] = [e for e in events(read(daemon, subscribe(hr, "organisation"))) if e["UID"].startswith("duty")]
    assert deadline["DTSTART"].dt == datetime.date(2027, 1, 11)
    assert str(deadline["SUMMARY"]).startswith("À planifier avant le 11 janvier 2027")


def test_alarms(daemon, hr, team):
    """A day and an hour before a review; at nine, thirty and seven days before a deadline; none of what is cancelled."""
    hire(hr, hire_date="2026-01-12", given_name="Ada")
    hr.post(f"/v1/reviews/{team['review']}/invite", {}, expect=200)

    def alarms(kind):
        event = next(e for e in events(read(daemon, subscribe(hr, "organisation"))) if e["UID"].startswith(kind))
        start = event["DTSTART"].dt if kind == "review" else datetime.datetime.combine(event["DTSTART"].dt, datetime.time())
        assert all(alarm["ACTION"] == "DISPLAY" and alarm["DESCRIPTION"] for alarm in event.walk("VALARM"))
        return [alarm["TRIGGER"].dt for alarm in event.walk("VALARM")], start
    assert alarms("review")[0] == [-datetime.timedelta(days=1), -datetime.timedelta(hours=1)]
    before, start = alarms("duty")
    assert [start + trigger for trigger in before] == [datetime.datetime(2026, 12, 12, 9), datetime.datetime(2027, 1, 4, 9)]
    hr.post(f"/v1/reviews/{team['review']}/cancel", {"reason": "essai"}, expect=200)
    assert alarms("review")[0] == []


def test_validators(daemon, hr, team):
    feed = subscribe(hr, "manager", team["manager"])
    move_to(daemon, "2026-11-23", "08:00:05")
    first = read(daemon, feed)
    assert read(daemon, feed, **{"If-None-Match": first.headers["ETag"]}).status_code == 304
    assert read(daemon, feed, **{"If-Modified-Since": first.headers["Last-Modified"]}).status_code == 304
    assert read(daemon, feed).text == first.text and "Content-Encoding" not in first.headers
    head = Client(daemon).request("HEAD", feed["url"])
    assert head.status_code == 200 and not head.content and head.headers["ETag"] == first.headers["ETag"]
    hr.post(f"/v1/reviews/{team['review']}/invite", {}, expect=200)
    changed = read(daemon, feed, **{"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200 and changed.text != first.text


class TestGzip:
    """Switched on: two representations, each with its own tag, which are never taken for each other."""
    @pytest.fixture
    def options(self):
        return {"feeds": {"gzip": "yes"}}

    def test_each_coding_has_its_own_tag(self, daemon, hr, team):
        feed = subscribe(hr, "manager", team["manager"])
        hr.post(f"/v1/reviews/{team['review']}/invite", {}, expect=200)
        move_to(daemon, "2026-11-23", "08:00:05")
        for _ in range(3):  # the later ones from memory
            packed = read(daemon, feed, **{"Accept-Encoding": "gzip"})
            plain = read(daemon, feed, **{"Accept-Encoding": "identity"})
            refused = read(daemon, feed, **{"Accept-Encoding": "gzip;q=0, *;q=0.1"})
            assert packed.headers["Content-Encoding"] == "gzip" and "Content-Encoding" not in plain.headers
            assert packed.text == plain.text == refused.text and "Camille Roche" in plain.text.replace("\r\n ", "")
            assert int(packed.headers["Content-Length"]) < int(plain.headers["Content-Length"])
            assert packed.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"
            assert packed.headers["ETag"] == plain.headers["ETag"][:-1] + '-gzip"' and not plain.headers["ETag"].startswith("W/")
            for tag, coding, status in [(packed, "gzip", 304), (plain, "identity", 304), (packed, "identity", 200), (plain, "gzip", 200)]:
                again = read(daemon, feed, **{"If-None-Match": tag.headers["ETag"], "Accept-Encoding": coding})
                assert again.status_code == status, (coding, status)
                if status == 304:
                    assert "Content-Encoding" not in again.headers and again.headers["Vary"] == "Accept-Encoding"
                    assert again.headers["ETag"] == tag.headers["ETag"]
        head = Client(daemon).request("HEAD", feed["url"], headers={"Accept-Encoding": "gzip"})
        assert head.headers["Content-Encoding"] == "gzip" and head.headers["ETag"] == packed.headers["ETag"]
        hr.patch(f"/v1/reviews/{team['review']}", {"location": "Lyon"})
        changed = read(daemon, feed, **{"If-None-Match": packed.headers["ETag"], "Accept-Encoding": "gzip"})
        assert changed.status_code == 200 and "Lyon" in changed.text

    def test_nothing_else_is_compressed(self, hr, team):
        for path in ("/v1/employees", "/v1/feeds", "/v1/reviews", "/openapi.json"):
            assert "Content-Encoding" not in hr.get(path, headers={"Accept-Encoding": "gzip"}).headers


def test_who_has_left_sees_nothing_more(daemon, hr, team):
    feed, everybody = subscribe(hr, "manager", team["manager"]), subscribe(hr, "organisation")
    shown = len(events(read(daemon, feed)))
    hr.patch(f"/v1/employees/{team['manager']}", {"exit_date": "2026-12-01"})
    assert shown and len(events(read(daemon, feed))) == shown, "until that day comes"
    move_to(daemon, "2026-12-01")
    assert events(read(daemon, feed)) == [] and events(read(daemon, everybody))


def test_a_cancelled_review_is_shown_cancelled(daemon, hr, team):
    hr.post(f"/v1/reviews/{team['review']}/invite", {}, expect=200)
    feed = subscribe(hr, "manager", team["manager"])
    before = [e for e in events(read(daemon, feed)) if e["UID"].startswith("review")][0]
    hr.post(f"/v1/reviews/{team['review']}/cancel", {"reason": "congé"}, expect=200)
    after = [e for e in events(read(daemon, feed)) if e["UID"].startswith("review")][0]
    assert after["STATUS"] == "CANCELLED" and after["SEQUENCE"] > before["SEQUENCE"]


def test_revoked_and_unknown_feeds(daemon, hr, team):
    feed = subscribe(hr, "manager", team["manager"])
    problem(Client(daemon).request("GET", feed["url"].replace(".ics", "x.ics")), 404)
    hr.delete(f"/v1/feeds/{feed['id']}")
    assert events(read(daemon, feed)) == []
    move_to(daemon, "2027-01-15")
    problem(read(daemon, feed), 410)


def test_the_secret_is_shown_once_and_hashed(daemon, hr, team):
    feed = subscribe(hr, "organisation")
    secret = feed["url"].split("/feeds/")[1][:-4]
    assert len(secret) >= 22 and secret not in hr.get("/v1/feeds").text
    assert secret.encode() not in b"".join(f.read_bytes() for f in daemon.data.iterdir() if f.is_file())
    read(daemon, feed)
    assert secret not in daemon.log()
    assert feed["webcal"].startswith("webcal://") and "calendar.google.com" in feed["google"]
    assert "Allow: /feeds/" in Client(daemon).get("/robots.txt").text


@pytest.mark.parametrize("body, pointer", [
    ({}, "/scope"), ({"scope": "everyone"}, "/scope"), ({"scope": "employee"}, "/subject"),
    ({"scope": "organisation", "subject": "emp_x"}, "/subject")])
def test_mistakes_name_the_field(hr, body, pointer):
    problem(hr.post("/v1/feeds", body), 422, pointer)


def subscriber(folder, url, *words):
    """vdirsyncer and khal as a user's laptop runs them, with everything in one folder."""
    (folder / "vdirsyncer").write_text(f"""
[general]
status_path = "{folder}/status"
[pair reviews]
a = "here"
b = "feed"
collections = null
[storage here]
type = "filesystem"
path = "{folder}/calendar"
fileext = ".ics"
[storage feed]
type = "http"
url = "{url}"
""")
    (folder / "khal").write_text(f"""
[calendars]
[[reviews]]
path = {folder}/calendar
[locale]
local_timezone = Europe/Paris
default_timezone = Europe/Paris
timeformat = %H:%M
dateformat = %d/%m/%Y
longdateformat = %d/%m/%Y
datetimeformat = %d/%m/%Y %H:%M
longdatetimeformat = %d/%m/%Y %H:%M
[sqlite]
path = {folder}/khal.db
""")
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "LC_ALL": "C.UTF-8", "LANG": "C.UTF-8",
                   "VDIRSYNCER_CONFIG": str(folder / "vdirsyncer")}
    done = subprocess.run(words, env=environment, input="y\n", capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


class Evolution:
    """evolution-data-server in a session and a home of its own."""

    def __init__(self, folder, url):
        (folder / "run").mkdir(parents=True, mode=0o700)
        places = {f"XDG_{name}": str(folder / name.lower()) for name in ("CONFIG_HOME", "CACHE_HOME", "DATA_HOME")}
        environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "LC_ALL": "C.UTF-8", "GSETTINGS_BACKEND": "memory",
                       "XDG_RUNTIME_DIR": str(folder / "run"), **places}
        script = pathlib.Path(__file__).with_name("evolution.py")
        self.errors = open(folder / "errors", "w", encoding="utf-8")
        self.process = subprocess.Popen(["dbus-run-session", "--", "/usr/bin/python3", script, url], env=environment, text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors)

    def entries(self):
        """What it shows after it has read the calendar again: beginning and title of each."""
        self.process.stdin.write("again\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def stop(self):
        """Its session ends with its input, and its services with the session."""
        self.process.stdin.close()
        self.process.wait(30)
        self.process.stdout.close()
        self.errors.close()


@pytest.mark.parametrize("options", [{}, {"feeds": {"gzip": "yes"}}], ids=["plain", "gzip"])
def test_evolution_subscribes(daemon, hr, team, folder):
    hr.post(f"/v1/reviews/{team['review']}/invite", {}, expect=200)
    evolution = Evolution(folder / "desktop", subscribe(hr, "manager", team["manager"])["url"])
    title = "Entretien de parcours professionnel – Camille Roche"
    try:
        assert ["20270106T090000Z", title] in evolution.entries()
        assert evolution.entries() == evolution.entries()
        hr.patch(f"/v1/reviews/{team['review']}", {"start": "2027-01-06T13:00:00Z", "end": "2027-01-06T14:00:00Z"})
        eventually(lambda: [start for start, about in evolution.entries() if about == title], ["20270106T130000Z"])
    finally:
        evolution.stop()


def test_a_laptop_subscribes(daemon, hr, team, folder):
    hr.post(f"/v1/reviews/{team['review']}/invite", {}, expect=200)
    home = folder / "laptop"
    (home / "calendar").mkdir(parents=True)
    url = subscribe(hr, "manager", team["manager"])["url"]

    def agenda():
        subscriber(home, url, "vdirsyncer", "sync")
        return subscriber(home, url, "khal", "-c", str(home / "khal"), "list", "--format", "{start-time} {title} {location}",
                          "06/01/2027", "1d")
    subscriber(home, url, "vdirsyncer", "discover")
    assert "10:00 Entretien de parcours professionnel – Camille Roche" in agenda()
    hr.patch(f"/v1/reviews/{team['review']}", {"start": "2027-01-06T13:00:00Z", "end": "2027-01-06T14:00:00Z"})
    hr.post(f"/v1/reviews/{team['review']}/invite", {}, expect=200)
    moved = agenda()
    assert "14:00 Entretien de parcours professionnel – Camille Roche" in moved and "10:00" not in moved
