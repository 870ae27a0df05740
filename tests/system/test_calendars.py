"""Reviews in calendars: a scheduling server that invites, plain stores that do not, and what people do there by hand."""
import pathlib
import tempfile

import pytest

from calendars import Server
from client import problem
from patience import wait_for
from people import move_to

SLOT = {"start": "2027-01-06T13:00:00Z", "end": "2027-01-06T14:00:00Z", "mode": "onsite", "location": "Lyon"}


@pytest.fixture
def options():
    return {"outgoing": {"allow": "127.0.0.0/8"}}


@pytest.fixture(scope="module")
def servers():
    """Started when first asked for, stopped with the last test."""
    running = {}
    with tempfile.TemporaryDirectory(prefix="calendars.") as path:
        pathlib.Path(path).chmod(0o755)

        def server(kind):
            if kind not in running:
                running[kind] = Server(pathlib.Path(path) / kind, kind)
            return running[kind]
        yield server
        for one in running.values():
            one.stop()


@pytest.fixture
def organisation(admin):
    body = {"name": "Ateliers du Rhône", "organiser": {"name": "RH", "email": "hr@corp.example"}}
    return admin.post("/v1/organisations", body, expect=201).json()["id"]


def staff(hr, urls=None):
    urls = urls or {}
    manager = hr.post("/v1/employees", {
        "number": "1", "given_name": "Karim", "family_name": "Benali", "email": "manager@corp.example",
        "hire_date": "2026-01-05", "calendar_url": urls.get("manager")}, expect=201).json()["id"]
    employee = hr.post("/v1/employees", {
        "number": "2", "given_name": "Camille", "family_name": "Roche", "email": "employee@corp.example",
        "hire_date": "2026-01-11", "manager": manager, "calendar_url": urls.get("employee")}, expect=201).json()["id"]
    return manager, employee


def connect(hr, server, kind, **members):
    made = hr.post("/v1/calendars", {"kind": kind, "name": server.kind, "url": server.url, "user": "hr", "password": "hr",
                                     **members}, expect=201)
    path = made.headers["Location"]
    return wait_for("a calendar that is found", lambda: found(hr.get(path).json()))


def found(calendar):
    return calendar if calendar["state"] == "found" else None


class Clock:
    """Visits are five minutes apart."""

    def __init__(self, daemon):
        self.daemon, self.minutes = daemon, 0

    def visit(self):
        self.minutes += 6
        move_to(self.daemon, "2026-11-23", f"{8 + self.minutes // 60:02}:{self.minutes % 60:02}:00")


def partstats(hr, path):
    return {one["role"]: one["partstat"] for one in hr.get(path).json()["attendees"]}


def deliveries(hr, review):
    return [(one["channel"], one["kind"], one["state"]) for one in hr.items(f"/v1/deliveries?review={review}")]


def test_the_loop_with_a_scheduling_server(daemon, hr, servers):
    cyrus, clock = servers("cyrus"), Clock(daemon)
    calendar = connect(hr, cyrus, "scheduling")
    assert calendar["collection"] == f"http://127.0.0.1:{cyrus.port}/dav/calendars/user/hr/Default/"
    assert calendar["address"] == "hr@corp.example" and "password" not in calendar
    cyrus.put("manager", "meeting-1", "20270106T080000Z", "20270106T110000Z")
    _, employee = staff(hr)
    made = hr.post("/v1/reviews", {"employee": employee, **SLOT}, expect=201)
    path, review = made.headers["Location"], made.json()["id"]
    uid = f"review-{review}@corp.example"

    # Free and busy of both, with their age: a review to plan has its people asked about at once.
    day = path + "/slots?from=2027-01-06&to=2027-01-06"
    known = wait_for("busy times", lambda: hr.get(day).json()["interviewer_calendar"]["as_of"])
    assert known.startswith("2026-11-23T08:00")
    slots = hr.items(day)
    assert {(one["employee"], one["interviewer"]) for one in slots} == {("free", "free")}
    assert min(one["start"] for one in slots) >= "2027-01-06T11:00:00Z"

    # A time that is taken by now is not invited to; whoever insists is obeyed.
    cyrus.put("employee", "meeting-2", "20270106T130000Z", "20270106T133000Z")
    hr.post(path + "/invite", {}, expect=200)
    wait_for("a refusal", lambda: ("caldav", "invitation", "dead") in deliveries(hr, review))
    refused = [one for one in hr.items(f"/v1/deliveries?review={review}") if one["channel"] == "caldav"]
    assert refused[0]["last_error"] == "busy: employee@corp.example has no time any more"
    assert cyrus.entry("manager", uid) is None
    hr.post(f"/v1/deliveries/{refused[0]['id']}/retry", expect=200)

    # The server invites, the manager accepts there, the answer is read.
    _, text = wait_for("the manager's entry", lambda: cyrus.entry("manager", uid))
    assert "PARTSTAT=NEEDS-ACTION" in text and "METHOD:" not in text and "DTSTART:20270106T130000Z" in text
    wait_for("the employee's entry", lambda: cyrus.entry("employee", uid))
    cyrus.change("manager", uid, (r"(ATTENDEE[^\n]*)PARTSTAT=NEEDS-ACTION([^\n]*mailto:manager@)", r"\1PARTSTAT=ACCEPTED\2"))
    clock.visit()
    wait_for("the answer", lambda: partstats(hr, path)["interviewer"] == "ACCEPTED")
    assert partstats(hr, path)["employee"] == "NEEDS-ACTION"

    # Moved: everybody is asked again.
    hr.patch(path, {"start": "2027-01-07T13:00:00Z"})
    wait_for("the new time", lambda: "DTSTART:20270107T130000Z" in cyrus.entry("manager", uid)[1])
    assert set(partstats(hr, path).values()) == {"NEEDS-ACTION"}
    assert "ACCEPTED" not in cyrus.entry("manager", uid)[1]

    # Moved by HR's own hand in the calendar: somebody decides.
    cyrus.change("hr", uid, ("DTSTART:20270107T130000Z", "DTSTART:20270107T150000Z"),
                 ("DTEND:20270107T140000Z", "DTEND:20270107T160000Z"))
    clock.visit()
    wait_for("what was noticed", lambda: hr.get(path).json()["state"] == "countered")
    assert "calendar.noticed" in [one["verb"] for one in hr.items("/v1/audit?limit=500")]
    hr.post(path + "/counter", {"accept": True}, expect=200)
    wait_for("the time taken over", lambda: "DTSTART:20270107T150000Z" in cyrus.entry("employee", uid)[1])

    hr.post(path + "/cancel", {"reason": "x"}, expect=200)
    wait_for("its end", lambda: cyrus.entry("hr", uid) is None)
    wait_for("its end for the manager", lambda: "STATUS:CANCELLED" in (cyrus.entry("manager", uid) or ["", "STATUS:CANCELLED"])[1])
    assert {channel for channel, kind, _ in deliveries(hr, review) if kind in ("invitation", "cancellation")} == {"caldav"}


def test_a_campaign_asks_the_calendars_first(hr, servers):
    cyrus = servers("cyrus")
    connect(hr, cyrus, "scheduling")
    manager, employee = staff(hr)
    for at in range(7, 12):
        cyrus.put("manager", f"morning-{at}", f"202612{at:02}T070000Z", f"202612{at:02}T130000Z")
    made = hr.post("/v1/campaigns?wait=60", {"due_before": "2027-02-01", "from": "2026-12-07", "to": "2026-12-11",
                                             "manager": manager}, expect=201).json()
    placed = hr.items(f"/v1/campaigns/{made['id']}/placements")
    assert [(one["employee"], one["state"]) for one in placed] == [(employee, "created")]
    assert placed[0]["start"][11:] >= "13:00:00Z"


@pytest.mark.parametrize("kind", ["radicale", "xandikos"])
def test_plain_stores(daemon, hr, servers, kind):
    store, clock = servers(kind), Clock(daemon)
    store.make_collections()
    store.put("manager", "meeting-1", "20270106T080000Z", "20270106T110000Z")
    urls = {name: store.url.rstrip("/") + store.collection(name) for name in ("manager", "employee")}
    connect(hr, store, "store")
    _, employee = staff(hr, urls)
    made = hr.post("/v1/reviews", {"employee": employee, **SLOT}, expect=201)
    path, review = made.headers["Location"], made.json()["id"]
    uid = f"review-{review}@corp.example"
    clock.visit()
    day = path + "/slots?from=2027-01-06&to=2027-01-06"
    # Xandikos tells them itself; of Radicale, which does not speak of free and busy, the events are read.
    wait_for("busy times", lambda: hr.get(day).json()["interviewer_calendar"]["as_of"])
    assert {one["interviewer"] for one in hr.items(day)} == {"free"}
    assert min(one["start"] for one in hr.items(day)) >= "2027-01-06T11:00:00Z"

    hr.post(path + "/invite", {}, expect=200)
    for name in ("manager", "employee"):
        _, text = wait_for(f"an entry of {name}", lambda who=name: store.entry(who, uid))
        assert "SCHEDULE-AGENT=CLIENT" in text and "METHOD:" not in text
    wait_for("both ends", lambda: deliveries(hr, review).count(("caldav", "invitation", "sent")) == 2)

    # Moved by hand: another time is asked for, and refused.
    store.change("employee", uid, ("DTSTART:20270106T130000Z", "DTSTART:20270106T150000Z"),
                 ("DTEND:20270106T140000Z", "DTEND:20270106T160000Z"))
    clock.visit()
    wait_for("the counter-proposal", lambda: hr.get(path).json()["state"] == "countered")
    employee_said = [one for one in hr.get(path).json()["attendees"] if one["role"] == "employee"][0]
    assert employee_said["proposed_start"] == "2027-01-06T15:00:00Z"
    hr.post(path + "/counter", {"accept": False}, expect=200)
    wait_for("the time as it was", lambda: "DTSTART:20270106T130000Z" in store.entry("employee", uid)[1])

    # Answered by hand, then deleted by hand.
    store.change("employee", uid, (r"(ATTENDEE[^\n]*)PARTSTAT=[A-Z-]+([^\n]*mailto:employee@)", r"\1PARTSTAT=ACCEPTED\2"))
    clock.visit()
    wait_for("the answer", lambda: partstats(hr, path)["employee"] == "ACCEPTED")
    store.ask("manager", "DELETE", store.entry("manager", uid)[0])
    clock.visit()
    wait_for("the refusal", lambda: hr.get(path).json()["state"] == "declined")
    assert partstats(hr, path)["interviewer"] == "DECLINED"

    hr.post(path + "/cancel", {"reason": "x"}, expect=200)
    wait_for("its end", lambda: store.entry("employee", uid) is None)


def test_a_password_goes_to_no_other_host(hr):
    body = {"kind": "store", "name": "x", "url": "http://192.0.2.1/dav/", "user": "hr", "password": "hr", "paused": True}
    path = hr.post("/v1/calendars", body, expect=201).headers["Location"]
    for url in ("http://192.0.2.2/dav/", "http://192.0.2.1:8080/dav/", "https://192.0.2.1/dav/", "http://192.0.2.1.example/"):
        problem(hr.request("PATCH", path, json={"url": url}), 422, "/password")
    assert hr.patch(path, {"url": "http://192.0.2.1/other/"}).json()["url"] == "http://192.0.2.1/other/"
    moved = {"url": "https://dav.example/", "password": "its own"}
    assert hr.patch(path, moved).json()["url"] == moved["url"]
    assert hr.patch(path, {"password": None}).json() and hr.patch(path, {"url": body["url"]}).json()["url"] == body["url"]


def test_what_goes_wrong_is_said(hr, servers):
    radicale = servers("radicale")
    problem(hr.post("/v1/calendars", {"kind": "store", "name": "x", "url": "http://u:p@cal.example/"}), 422, "/url")
    path = hr.post("/v1/calendars", {"kind": "store", "name": "x", "url": radicale.url, "user": "hr", "password": "no"},
                   expect=201).headers["Location"]
    wrong = wait_for("a failure", lambda: hr.get(path).json() if hr.get(path).json()["state"] == "failing" else None)
    assert wrong["last_error"] == "the server refuses user name and password (401)"
    hr.patch(path, {"password": "hr"})
    wait_for("a calendar that is found", lambda: found(hr.get(path).json()))
    other = hr.post("/v1/calendars", {"kind": "scheduling", "name": "y", "url": radicale.url, "user": "hr", "password": "hr"},
                    expect=201).headers["Location"]
    wait_for("a server that does not invite",
             lambda: "schedule-outbox" in (hr.get(other).json()["last_error"] or ""))
    problem(hr.post("/v1/calendars", {"kind": "scheduling", "name": "z", "url": radicale.url}), 422, "/kind")
    assert "password" not in hr.request("GET", "/v1/calendars").text
    hr.request("DELETE", other).raise_for_status()
    problem(hr.request("GET", other), 404)
