"""Contents of mails and raw bodies go after their term, people some years after they left: nothing names them any more, the chain verifies."""
import hashlib
import json
import re
import sqlite3

import pytest

import lms
from answers import bounce, letter
from command import Command
from outbox import Outbox, calendar, is_invitation
from patience import wait_for
from people import client_with, hire, move_to
from test_statement_resource import attachment, mixed, part
from test_statements import Platform, statement
from world import PDF, Person, made

EMAIL = "Quatremere@Rhone.example"
HOME = "https://lms.example"
NAMES = ("quatrem", "zéphyrine", "zephyrine", "z77001", "u-quat-77")


@pytest.fixture
def options(folder):
    return {"mail": {"transport": "file", "directory": folder / "outbox"}}


def rows(daemon, query):
    with sqlite3.connect(f"file:{daemon.data}/entretiend.db?mode=ro", uri=True) as store:
        return store.execute(query).fetchall()


def naming(daemon, names):
    """table.column of whatever holds one of the names, as text or within bytes."""
    found = set()
    for (table,) in rows(daemon, "SELECT name FROM sqlite_schema WHERE type = 'table'"):
        for row in rows(daemon, f"PRAGMA table_info({table})"):
            for (value,) in rows(daemon, f"SELECT {row[1]} FROM {table} WHERE {row[1]} IS NOT NULL"):
                text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
                if any(name in text.casefold() for name in names):
                    found.add(f"{table}.{row[1]}")
    return found


def kept(daemon, table, column):
    return rows(daemon, f"SELECT COUNT(*) FROM {table} WHERE LENGTH({column}) > 0")[0][0]


def run_out(hr, path="/v1/retention"):
    return {name: value for name, value in hr.get(path).json().items() if name in ("mails", "records", "replies", "statements", "people")}


def test_bodies_go_after_their_term(daemon, hr, organisation, folder):
    hr.patch(f"/v1/organisations/{organisation}", {"deliveries": "live"})
    source = lms.connect(hr)
    person = Person(hr, email="camille@rhone.example", manager=hire(hr, email="boss@rhone.example")["id"])
    hr.post(f"/v1/reviews/{person.planned}/invite", {})
    assert lms.hook(source, lms.record("evt-1")).status_code == 200
    assert lms.hook(source, lms.record("evt-2", email="stranger@elsewhere.example")).status_code == 200
    Platform(daemon, hr).ask("POST", 200, **mixed(statement(attachments=[attachment(PDF)]), part(PDF)))
    come_back(hr, Outbox(folder / "outbox").wait("camille", is_invitation))
    wait_for("what is sent", lambda: kept(daemon, "delivery", "content") >= 2)
    assert run_out(hr) == {"mails": 0, "records": 0, "replies": 0, "statements": 0, "people": 0}
    daemon.set_clock("2027-11-30T12:00:00Z")
    wait_for("emptied mails", lambda: not rows(daemon, "SELECT 1 FROM delivery WHERE content IS NOT NULL AND created_at < 1795600000000000"))
    assert kept(daemon, "item", "raw") == 3 and hr.get("/v1/deliveries?state=sent").json()["items"]
    stray, bounced = (f"SELECT LENGTH(raw) FROM reply WHERE review IS {known}" for known in ("NULL", "NOT NULL"))
    wait_for("what belongs to nothing emptied too", lambda: rows(daemon, stray) == [(0,)])
    daemon.set_clock("2036-11-20T12:00:00Z")
    assert rows(daemon, bounced)[0][0] > 0
    assert kept(daemon, "item", "raw") == 3
    daemon.set_clock("2036-12-02T12:00:00Z")
    wait_for("emptied records", lambda: kept(daemon, "item", "raw") == 0)
    for table in ("statement", "statement_key", "attachment", "attachment_use"):
        assert rows(daemon, f"SELECT COUNT(*) FROM {table}") == [(0,)], table
    assert len(hr.get("/v1/completions").json()["items"]) == 3
    assert all(len(value) == 64 for (value,) in rows(daemon, "SELECT sha256 FROM item"))
    hr.post(f"/v1/sources/{source['id']}/replay", {"from": "2026-11-01T00:00:00Z"}, expect=None)
    assert hr.get("/v1/audit/verify").json()["valid"] is True


def everything_about(daemon, admin, hr, organisation, folder):
    """Somebody with a row in as many tables as there are, who also leads the review of somebody else."""
    hr.patch(f"/v1/organisations/{organisation}", {"deliveries": "live"})
    boss = hire(hr, email="boss@rhone.example")["id"]
    who = Person(hr, number="Z77001", given_name="Zéphyrine", family_name="Quatremère", email=EMAIL, hire_date="2015-02-02",
                 manager=boss, birth_date="1970-05-14")
    me = who.ids["/v1/employees/{id}"]
    hr.post(f"/v1/reviews/{who.planned}/invite", {})
    hr.put(f"/v1/reviews/{who.ids['/v1/reviews/{id}']}/documents/report", PDF + EMAIL.encode(), expect=None,
           headers={"Content-Type": "application/pdf"})
    led = hire(hr, number="L1", email="led@rhone.example", manager=me)["id"]
    review = made(hr, "/v1/reviews", {"employee": led, "type": "professional", "start": "2027-01-07T09:00:00Z",
                                      "end": "2027-01-07T10:00:00Z", "mode": "onsite", "location": "Lyon"})
    hr.post(f"/v1/reviews/{review}/invite", {})
    source = lms.connect(hr)
    assert lms.hook(source, lms.record("evt-1", EMAIL)).status_code == 200
    sha1 = hashlib.sha1(f"mailto:{EMAIL}".encode()).hexdigest()
    for kind, value in (("account", f"{HOME} u-quat-77"), ("email_sha1", sha1)):
        hr.post("/v1/aliases", {"kind": kind, "value": value, "employee": me}, expect=201)
    for employee, when in ((me, {"valid_to": "2026-06-30"}), (led, {"valid_from": "2026-07-01"})):
        hr.post("/v1/aliases", {"kind": "account", "value": f"{HOME} stage", "employee": employee, **when}, expect=201)
    platform = Platform(daemon, hr)
    platform.post(statement(actor={"account": {"homePage": HOME, "name": "stage"}}))
    for actor in ({"mbox": "mailto:" + EMAIL}, {"mbox": "mailto:" + EMAIL.lower()}, {"account": {"homePage": HOME, "name": "u-quat-77"}},
                  {"mbox_sha1sum": sha1}):
        platform.post(statement(actor={**actor, "name": "Zéphyrine Quatremère"}))
    hr.post("/v1/aliases", {"kind": "id", "value": "4711", "source": platform.id, "employee": me}, expect=201)
    for verb in ("completed", "experienced"):
        platform.post(statement(actor={"account": {"homePage": HOME, "name": "4711"}, "name": "Zéphyrine Quatremère"},
                                verb={"id": f"http://adlnet.gov/expapi/verbs/{verb}"}))
    platform.post(statement(object={"id": "https://lms.example/course/8"}))
    hr.post("/v1/feeds", {"scope": "employee", "employee": me}, expect=None)
    hr.post("/v1/links", {"kind": "employee", "person": me}, expect=201)
    admin.post(f"/v1/tokens?organisation={organisation}", {"scopes": ["manager"], "employee": me, "label": "x"}, expect=201)
    wait_for("what is sent", lambda: kept(daemon, "delivery", "content") >= 4)
    come_back(hr, Outbox(folder / "outbox").wait("uatremere", lambda mail: is_invitation(mail) and "led@" in str(calendar(mail)[0].walk("VEVENT"))))
    hr.request("POST", "/v1/imports/absences?wait=60", data="matricule;type;début\nZ77001-A;maladie;02/11/2026\n".encode(),
               headers={"Content-Type": "text/csv"})
    hr.patch(f"/v1/employees/{me}", {"email": "zq@rhone.example"})  # what was written to the old address is theirs, too
    return me, led, review


def come_back(hr, sent):
    """A mail to them about somebody else's review does not arrive, and they write about nothing that is known."""
    for content in (bounce(sent, EMAIL, reason=f"550 5.1.1 <{EMAIL}> unknown"), letter(f"Zéphyrine <{EMAIL}>").as_bytes()):
        hr.post("/itip", data=content, headers={"Content-Type": "message/rfc822"}, expect=None)


def test_people_are_erased_years_after_they_left(daemon, admin, hr, organisation, folder):
    me, led, review = everything_about(daemon, admin, hr, organisation, folder)
    hr.patch(f"/v1/employees/{me}", {"exit_date": "2026-12-31"})
    assert len({name.split(".")[0] for name in naming(daemon, NAMES)}) >= 9
    daemon.set_clock("2031-12-31T12:00:00Z")
    wait_for("the night", lambda: (hr.get("/v1/retention").json()["last_run"] or "").startswith("2031-12-31"))
    assert hr.get(f"/v1/employees/{me}").json()["family_name"] == "Quatremère"
    move_to(daemon, "2032-01-01", "01:00:00")
    ctl = Command(daemon.url, client_with(admin, organisation, "admin").session.headers["Authorization"].split()[1])
    found = json.loads(ctl.run("retention", "--dry-run", "--json").out)
    assert found["people"] == 1 and [person["number"] for person in found["departed"]] == ["Z77001"]
    assert hr.get(f"/v1/employees/{me}").json()["number"] == "Z77001"  # a dry run
    ctl.run("retention")
    wait_for("an end", lambda: hr.get(f"/v1/employees/{me}", expect=None).status_code == 404)
    wait_for("an end", lambda: run_out(hr)["people"] == 0)
    assert naming(daemon, NAMES) == set()
    assert rows(daemon, "SELECT COUNT(*) FROM statement WHERE body LIKE '%stage%'") == [(1,)]  # by now it is somebody else's account
    verdict = hr.get("/v1/audit/verify").json()
    assert verdict["valid"] is True and verdict["erased"] >= 8
    assert [record["verb"] for record in hr.get(f"/v1/audit?subject={me}&order=newest").json()["items"]][0] == "employee.erased"
    other = hr.get(f"/v1/reviews/{review}").json()
    assert other["interviewer"] is None and not re.search("|".join(NAMES), json.dumps(other), re.IGNORECASE)
    assert hr.get(f"/v1/employees/{led}").json()["manager"] is None
    assert hr.get(f"/v1/employees/{led}/trace").status_code == 200
    assert admin.post("/v1/selfcheck", expect=202) and admin.get("/v1/selfcheck?wait=60").json()["state"] == "held"
    with sqlite3.connect(daemon.data / "entretiend.db") as store:
        store.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert not [name for name in (b"Quatrem", EMAIL.encode(), b"Z77001") if name in (daemon.data / "entretiend.db").read_bytes()]
