"""When a calendar does not reach people they are mailed the same, once, and HR knows."""
import random

import icalendar
import pytest

from answers import answer
from outbox import Outbox, calendar, is_invitation
from patience import wait_for
from scripted import CALENDAR, Scripted
from test_calendars import SLOT, Clock, connect, found, partstats, staff  # pylint: disable=unused-import

MANAGER, EMPLOYEE = "manager@corp.example", "employee@corp.example"


@pytest.fixture
def options(folder):
    return {"outgoing": {"allow": "127.0.0.0/8"}, "mail": {"transport": "file", "directory": folder / "outbox"}}


@pytest.fixture
def outbox(folder):
    return Outbox(folder / "outbox")


@pytest.fixture
def organisation(admin):
    body = {"name": "Ateliers du Rhône", "organiser": {"name": "RH", "email": "hr@corp.example"}, "locale": "en"}
    return admin.post("/v1/organisations", body, expect=201).json()["id"]


@pytest.fixture
def server():
    with Scripted() as made:
        yield made


def planned(hr):
    made = hr.post("/v1/reviews", {"employee": staff(hr)[1], **SLOT}, expect=201)
    return made.headers["Location"], made.json()["id"]


def rows(hr, review):
    """Without the notices to HR."""
    every = reversed(hr.items(f"/v1/deliveries?review={review}&limit=100"))
    return [(one["channel"], one["kind"], one["target"].split("@")[0], one.get("sequence"), one["state"])
            for one in every if one["kind"] in ("invitation", "cancellation")]


def told(hr, review):
    return [one for one in hr.items(f"/v1/deliveries?review={review}") if one["kind"] == "calendar_failed"]


def attendee(hr, path, email):
    return next(one for one in hr.get(path).json()["attendees"] if one["email"] == email)


def test_whom_the_server_cannot_invite_is_mailed(hr, server):
    connect(hr, server, "scheduling")
    server.statuses[EMPLOYEE] = "5.1"
    path, review = planned(hr)
    hr.post(path + "/invite", {}, expect=200)
    wait_for("the mail", lambda: ("mail", "invitation", "employee", 0, "sent") in rows(hr, review))
    assert rows(hr, review) == [("caldav", "invitation", "hr", 0, "sent"), ("mail", "invitation", "employee", 0, "sent")]
    one = attendee(hr, path, EMPLOYEE)
    assert (one["invited_by"], one["schedule_status"]) == ("mail", "5.1")
    one = attendee(hr, path, MANAGER)
    assert (one["invited_by"], one["schedule_status"]) == ("calendar", "1.2")
    assert [(one["target"], one["state"]) for one in told(hr, review)] == [("hr@corp.example", "sent")]

    # The next time the server is asked again; that it still cannot is no news.
    hr.patch(path, {"start": "2027-01-07T13:00:00Z"})
    wait_for("the new time by mail", lambda: ("mail", "invitation", "employee", 1, "sent") in rows(hr, review))
    wait_for("the new time there", lambda: "DTSTART:20270107T130000Z" in server.entry())
    assert {email for email, *_ in server.invited} == {MANAGER}
    hr.post(path + "/cancel", {"reason": "x"}, expect=200)
    wait_for("the cancellation", lambda: ("mail", "cancellation", "employee", 2, "sent") in rows(hr, review))
    wait_for("its end", lambda: server.entry() is None)
    assert [row for row in rows(hr, review) if row[2] == "manager"] == [] and len(told(hr, review)) == 1


def test_what_is_on_its_way_to_the_server_is_taken_back_too(hr, server):
    """It tells everybody, though nobody had been told yet when the review was cancelled."""
    connect(hr, server, "scheduling")
    path, review = planned(hr)
    with server.lock:
        hr.post(path + "/invite", {}, expect=200)
        wait_for("it to leave", lambda: ("caldav", "invitation", "hr", 0, "leased") in rows(hr, review))
        hr.post(path + "/cancel", {"reason": "x"}, expect=200)
    wait_for("the cancellation", lambda: ("caldav", "cancellation", "hr", 1, "sent") in rows(hr, review))
    assert server.entry() is None


def test_what_the_server_says_later_counts_too(daemon, hr, server):
    clock = Clock(daemon)
    connect(hr, server, "scheduling")
    path, review = planned(hr)
    hr.post(path + "/invite", {}, expect=200)
    wait_for("the entry", lambda: attendee(hr, path, MANAGER).get("schedule_status") == "1.2")
    server.change(('SCHEDULE-STATUS="1.2"(:mailto:manager)', r'SCHEDULE-STATUS="5.2"\1'))
    clock.visit()
    wait_for("the mail", lambda: ("mail", "invitation", "manager", 0, "sent") in rows(hr, review))
    assert attendee(hr, path, MANAGER)["schedule_status"] == "5.2" and len(told(hr, review)) == 1
    server.change(("SUMMARY:", "SUMMARY:!"))
    clock.visit()
    clock.visit()
    assert len(told(hr, review)) == 1 and len(rows(hr, review)) == 2


@pytest.mark.parametrize("status", [401, 404, 507])
def test_a_server_that_refuses(hr, server, status):
    calendar_id = connect(hr, server, "scheduling")["id"]
    path, review = planned(hr)
    with server.refusing(("PUT", "", status)):
        hr.post(path + "/invite", {}, expect=200)
        wait_for("both mails", lambda: [row[2:] for row in rows(hr, review) if row[0] == "mail"] == [
            ("employee", 0, "sent"), ("manager", 0, "sent")])
    assert rows(hr, review)[0] == ("caldav", "invitation", "hr", 0, "superseded")
    assert {attendee(hr, path, email)["invited_by"] for email in (MANAGER, EMPLOYEE)} == {"mail"}
    assert len(told(hr, review)) == 2
    state = hr.get(f"/v1/calendars/{calendar_id}").json()["state"]
    assert state == "failing" if status == 401 else state != "failing"
    # It is not done twice, whoever asks.
    row = next(one for one in hr.items(f"/v1/deliveries?review={review}") if one["channel"] == "caldav")
    assert hr.post(f"/v1/deliveries/{row['id']}/retry").status_code == 409


def test_a_server_that_does_not_answer_any_more(daemon, hr, server):
    clock = Clock(daemon)
    calendar_id = connect(hr, server, "scheduling")["id"]
    path, review = planned(hr)
    with server.refusing(("*", "", 503)):
        hr.post(path + "/invite", {}, expect=200)
        wait_for("a failure", lambda: hr.get(f"/v1/calendars/{calendar_id}").json()["failures"])
        def mailed():
            clock.visit()
            return [row[3:] for row in rows(hr, review) if row[0] == "mail"] == [(0, "sent"), (0, "sent")]
        wait_for("both mails", mailed)
        shown = hr.get(f"/v1/calendars/{calendar_id}").json()
        assert shown["state"] == "failing" and shown["failures"] >= 5 and shown["next_visit_at"] > shown["visited_at"]
        wait_for("the metric", lambda: f'entretiend_calendar_failures{{calendar="{calendar_id}"}} ' + str(
            hr.get(f"/v1/calendars/{calendar_id}").json()["failures"]) in hr.get("/metrics").text)
    row = next(one for one in hr.items(f"/v1/deliveries?review={review}") if one["channel"] == "caldav")
    assert (row["state"], row["attempts"]) == ("superseded", 10)
    assert f'entretiend_calendar_deliveries_total{{calendar="{calendar_id}",end="given_up"}} 1' in hr.get("/metrics").text


def test_a_calendar_that_is_paused(hr, server):
    calendar_id = connect(hr, server, "scheduling")["id"]
    path, review = planned(hr)
    hr.post(path + "/invite", {}, expect=200)
    wait_for("the entry", lambda: server.entry())
    wait_for("its end", lambda: rows(hr, review)[0][4] == "sent")
    hr.patch(f"/v1/calendars/{calendar_id}", {"paused": True})
    hr.post(path + "/cancel", {"reason": "x"}, expect=200)
    wait_for("the cancellation", lambda: [row[:4] for row in rows(hr, review) if row[4] == "sent"][1:] == [
        ("mail", "cancellation", "employee", 1), ("mail", "cancellation", "manager", 1)])


def test_a_manager_who_is_replaced_while_the_server_refuses(hr, server, outbox):
    connect(hr, server, "scheduling")
    path, review = planned(hr)
    other = hr.post("/v1/employees", {"number": "3", "given_name": "Léa", "family_name": "Roux", "email": "lea@corp.example",
                                      "hire_date": "2026-01-05"}, expect=201).json()["id"]
    hr.post(path + "/invite", {}, expect=200)
    wait_for("the entry", lambda: attendee(hr, path, MANAGER).get("schedule_status") == "1.2")
    with server.refusing(("PUT", "", 403)):
        hr.patch(path, {"interviewer": other})
        wait_for("three mails", lambda: sorted(row[1:] for row in rows(hr, review) if row[0] == "mail") == [
            ("cancellation", "manager", 1, "sent"), ("invitation", "employee", 1, "sent"), ("invitation", "lea", 1, "sent")])
    methods = {mail["To"].addresses[0].username: calendar(mail)[1] for mail in outbox.mails(kind=is_invitation)}
    assert methods == {"manager": "CANCEL", "employee": "REQUEST", "lea": "REQUEST"}


def test_a_calendar_that_is_lost_declines_nothing(daemon, hr, server):
    clock = Clock(daemon)
    calendar_id = connect(hr, server, "scheduling")["id"]
    path, review = planned(hr)
    hr.post(path + "/invite", {}, expect=200)
    wait_for("the entry", lambda: attendee(hr, path, MANAGER).get("schedule_status") == "1.2")
    with server.refusing(("*", "diary", 404)):
        clock.visit()
        wait_for("what is said", lambda: "not there any more" in (
            hr.get(f"/v1/calendars/{calendar_id}").json()["last_error"] or ""))
        assert hr.get(path).json()["state"] == "invited"
    assert set(partstats(hr, path).values()) == {"NEEDS-ACTION"}
    clock.visit()
    wait_for("it is found again", lambda: found(hr.get(f"/v1/calendars/{calendar_id}").json()))
    with server.lock:
        del server.objects[f"{CALENDAR}{review}.ics"]
    clock.visit()
    wait_for("the refusal", lambda: hr.get(path).json()["state"] == "declined")


def test_an_answer_counts_once(daemon, hr, server):
    """What the entry showed before is no answer to what was said elsewhere since."""
    clock = Clock(daemon)
    connect(hr, server, "scheduling")
    path, _ = planned(hr)
    hr.post(path + "/invite", {}, expect=200)
    wait_for("the entry", lambda: attendee(hr, path, MANAGER).get("schedule_status") == "1.2")
    server.change((r"PARTSTAT=NEEDS-ACTION([^\r]*mailto:employee)", r"PARTSTAT=ACCEPTED\1"))
    clock.visit()
    wait_for("the answer", lambda: partstats(hr, path)["employee"] == "ACCEPTED")
    said = answer(icalendar.Calendar.from_ical(server.entry()), EMPLOYEE, "DECLINED")
    hr.post(f"/itip?sender={EMPLOYEE}", data=said.encode(), headers={"Content-Type": "text/calendar"}, expect=201)
    assert partstats(hr, path)["employee"] == "DECLINED"
    server.change((r"PARTSTAT=NEEDS-ACTION([^\r]*mailto:manager)", r"PARTSTAT=TENTATIVE\1"))
    clock.visit()
    wait_for("the answer", lambda: partstats(hr, path)["interviewer"] == "TENTATIVE")
    assert partstats(hr, path)["employee"] == "DECLINED"


def calendar_back(server, path, hr):
    server.stop_refusing()
    hr.patch(path, {"start": "2027-01-07T13:00:00Z"})
    wait_for("the new time there", lambda: "DTSTART:20270107T130000Z" in (server.entry() or ""))
    wait_for("its end", lambda: attendee(hr, path, EMPLOYEE).get("invited_by") == "calendar")


def test_a_server_that_is_back_brings_the_next_version(hr, server, outbox):
    connect(hr, server, "scheduling")
    path, review = planned(hr)
    uid = f"review-{review}@corp.example"
    server.refusals = [("PUT", "", 403)]
    hr.post(path + "/invite", {}, expect=200)
    wait_for("both mails", lambda: len([row for row in rows(hr, review) if row[0] == "mail" and row[4] == "sent"]) == 2)
    calendar_back(server, path, hr)
    wait_for("both", lambda: sorted(server.invited) == [(EMPLOYEE, uid, 1), (MANAGER, uid, 1)])
    assert [row for row in rows(hr, review) if row[3] == 1] == [("caldav", "invitation", "hr", 1, "sent")]
    assert {attendee(hr, path, email)["partstat"] for email in (MANAGER, EMPLOYEE)} == {"NEEDS-ACTION"}

    # An answer to the mail that was overtaken is one to another time; what only repeats goes the same way.
    late = answer(calendar(outbox.wait(EMPLOYEE, is_invitation))[0], EMPLOYEE, "ACCEPTED")
    hr.post(f"/itip?sender={EMPLOYEE}", data=late.encode(), headers={"Content-Type": "text/calendar"}, expect=201)
    assert partstats(hr, path)["employee"] == "NEEDS-ACTION"

    # It refuses once more: this is news. What is cancelled then is cancelled by both, which changes nothing.
    server.refusals = [("PUT", "", 403)]
    hr.patch(path, {"start": "2027-01-08T13:00:00Z"})
    wait_for("both again", lambda: sorted(row[1:] for row in rows(hr, review) if row[0] == "mail" and row[3] == 2) == [
        ("invitation", "employee", 2, "sent"), ("invitation", "manager", 2, "sent")])
    assert len(told(hr, review)) == 4
    server.stop_refusing()
    hr.post(path + "/cancel", {"reason": "x"}, expect=200)
    wait_for("both ends", lambda: sorted(row[1:] for row in rows(hr, review) if row[0] == "mail" and row[3] == 3) == [
        ("cancellation", "employee", 3, "sent"), ("cancellation", "manager", 3, "sent")])
    wait_for("its end there", lambda: server.entry() is None)
    uids = {str(calendar(mail)[0].walk("VEVENT")[0]["UID"]) for mail in outbox.mails(kind=is_invitation)}
    assert uids == {uid}


def test_whoever_is_known_to_the_server_again_is_mailed_no_more(hr, server):
    connect(hr, server, "scheduling")
    server.statuses[EMPLOYEE] = "5.1"
    path, review = planned(hr)
    hr.post(path + "/invite", {}, expect=200)
    wait_for("the mail", lambda: ("mail", "invitation", "employee", 0, "sent") in rows(hr, review))
    calendar_back(server, path, hr)
    assert [email for email, _, sequence in server.invited if sequence == 1] == [EMPLOYEE, MANAGER]
    assert [row for row in rows(hr, review) if row[0] == "mail"] == [("mail", "invitation", "employee", 0, "sent")]
    assert len(told(hr, review)) == 1


def test_a_server_that_fails_keeps_nobody_waiting_twice(daemon, hr, server):
    """Whoever is mailed already is mailed at once while it does not answer."""
    clock = Clock(daemon)
    calendar_id = connect(hr, server, "scheduling")["id"]
    path, review = planned(hr)
    server.refusals = [("PUT", "", 403)]
    hr.post(path + "/invite", {}, expect=200)
    wait_for("both mails", lambda: len([row for row in rows(hr, review) if row[0] == "mail"]) == 2)
    server.refusals = [("*", "", 503)]
    clock.visit()
    wait_for("a failure", lambda: hr.get(f"/v1/calendars/{calendar_id}").json()["failures"])
    hr.patch(path, {"start": "2027-01-07T13:00:00Z"})
    wait_for("both mails", lambda: len([row for row in rows(hr, review) if row[0] == "mail" and row[3:] == (1, "sent")]) == 2)


STEPS = ("move", "place", "replace", "refuse", "forget", "fail", "recover", "again", "pause")
ITIP = ("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nMETHOD:REFRESH\r\nBEGIN:VEVENT\r\nUID:{}\r\nDTSTAMP:20261101T000000Z\r\n"
        "ORGANIZER:mailto:hr@corp.example\r\nATTENDEE:mailto:{}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")


def walk_step(hr, server, at, step):
    """`at` is where the review and its calendar are, what to move to, and who may hold it."""
    if step in ("move", "place"):
        at["day"] += 1
        change = {"start": f"2027-01-{at['day'] // 5 * 7 + at['day'] % 5 + 4:02}T13:00:00Z"} if step == "move" else {"location": f"room {at['day']}"}
        hr.patch(at["path"], change)
    elif step == "replace":
        at["managers"].reverse()
        hr.patch(at["path"], {"interviewer": at["managers"][0]})
    elif step == "again":
        said = ITIP.format(f"review-{at['path'].split('/')[-1]}@corp.example", EMPLOYEE)
        hr.post(f"/itip?sender={EMPLOYEE}", data=said.encode(), headers={"Content-Type": "text/calendar"}, expect=201)
    elif step == "pause":
        at["paused"] = not at["paused"]
        hr.patch(at["calendar"], {"paused": at["paused"]})
    elif step == "recover":
        server.stop_refusing()
    elif step == "forget":
        server.statuses[EMPLOYEE] = "5.1"
    else:
        server.refusals = [("PUT", "", 403 if step == "refuse" else 503)]


def walk_reached(server, outbox):
    """Who was brought which version, by whatever way."""
    mails = [(mail["To"].addresses[0].addr_spec, calendar(mail)) for mail in outbox.mails(kind=is_invitation)]
    return sorted([(email, sequence) for email, _, sequence in server.invited] + [
        (email, int(read.walk("VEVENT")[0]["SEQUENCE"])) for email, (read, method) in mails if method == "REQUEST"])


@pytest.mark.parametrize("seed", [20261128])
def test_whatever_happens_each_version_reaches_each_once(daemon, hr, server, outbox, seed):
    clock = Clock(daemon)
    calendar_path = f"/v1/calendars/{connect(hr, server, 'scheduling')['id']}"
    path, review = planned(hr)
    other = hr.post("/v1/employees", {"number": "3", "given_name": "Léa", "family_name": "Roux", "email": "lea@corp.example",
                                      "hire_date": "2026-01-05"}, expect=201).json()["id"]
    at = {"path": path, "calendar": calendar_path, "day": 0, "paused": False,
          "managers": [hr.get(path).json()["interviewer"], other]}
    hr.post(path + "/invite", {}, expect=200)
    toss = random.Random(seed)
    steps = [toss.choice(STEPS) for _ in range(24)]

    def settled():
        clock.visit()
        return all(row[4] in ("sent", "superseded") for row in rows(hr, review))
    for step in steps:
        walk_step(hr, server, at, step)
        if step != "fail" and toss.random() < 0.5:
            server.refusals = [one for one in server.refusals if one[2] != 503]
            wait_for(f"an end after {step} of {steps}", settled)
    server.stop_refusing()
    wait_for("an end", settled)
    walk_step(hr, server, at, "move")
    wait_for("the last end", settled)
    reached = walk_reached(server, outbox)
    sequence = max(row[3] for row in rows(hr, review))
    present = {one["email"] for one in hr.get(path).json()["attendees"]}
    assert {email for email, version in reached if version == sequence} == present, (steps, reached)
    assert len(reached) - len(set(reached)) <= steps.count("again"), (steps, reached)
