"""A backup of a daemon at work holds what was acknowledged, is verified, and can be put back; a damaged one is refused."""
import json
import re
import sqlite3
import stat
import threading

import pytest

from client import Client, problem
from command import Command
from daemon import run
from lms import connect, hook, record

PERSON = {"number": "1001", "given_name": "Hélène", "family_name": "Ferrand", "hire_date": "2008-09-01"}
KEY = "0123456789abcdef" * 4


def command(daemon, *words, code=0, **options):
    done = run(*daemon.arguments(), *words, **options)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout if code == 0 else done.stderr


def tampered(path):
    """The same store with one payload of the chain changed, as somebody with the file could."""
    with sqlite3.connect(path) as store:
        store.execute("UPDATE audit_payload SET payload = '{}' WHERE seq = 1 AND organisation <> 'system'")
    return path


def test_a_backup_of_a_daemon_at_work_holds_what_was_acknowledged(daemon, hr, folder):
    acknowledged, ended = [], threading.Event()

    def write():
        number = 0
        while not ended.is_set():
            number += 1
            hr.post("/v1/employees", {**PERSON, "number": str(number)}, expect=201)
            acknowledged.append(str(number))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        while len(acknowledged) < 10:
            pass
        before = list(acknowledged)
        told = command(daemon, "backup", str(folder / "copy.db"))
    finally:
        ended.set()
        writer.join()
    assert told.startswith(f"verified backup: {folder}/copy.db\n")
    assert stat.S_IMODE((folder / "copy.db").stat().st_mode) == 0o600
    with sqlite3.connect(folder / "copy.db") as copy:
        held = {row[0] for row in copy.execute("SELECT number FROM employee")}
    assert held >= set(before)
    assert sorted(path.name for path in folder.glob("copy*")) == ["copy.db"]


def test_the_interface_gives_the_same(daemon, admin, hr, organisation, folder):
    hr.post("/v1/employees", PERSON, expect=201)
    ctl = Command(daemon.url, daemon.token)
    assert re.fullmatch(r"verified backup, \d+ bytes\n", ctl.run("backup", str(folder / "copy.db")).out)
    assert stat.S_IMODE((folder / "copy.db").stat().st_mode) == 0o600
    with sqlite3.connect(folder / "copy.db") as copy:
        assert copy.execute("SELECT number FROM employee").fetchall() == [("1001",)]
    assert "File exists" in ctl.fail("backup", str(folder / "copy.db"), code=2)
    problem(hr.get("/v1/backup", expect=None), 403)
    bound = admin.post(f"/v1/tokens?organisation={organisation}", {"scopes": ["admin"]}, expect=201).json()["token"]
    assert "all organisations" in Command(daemon.url, bound).fail("backup", str(folder / "mine.db"))
    assert not (folder / "mine.db").exists()
    assert sorted(path.name for path in daemon.data.glob("*.db*") if "copy" in path.name) == []


def test_a_backup_replaces_nothing(daemon, folder):
    (folder / "copy.db").write_text("mine")
    assert "exists" in command(daemon, "backup", str(folder / "copy.db"), code=1)
    assert (folder / "copy.db").read_text() == "mine"
    assert "nowhere" in command(daemon, "backup", str(folder / "nowhere" / "copy.db"), code=1)


def test_a_store_that_does_not_hold_gives_no_backup(daemon, hr, folder):
    hr.post("/v1/employees", PERSON, expect=201)
    assert command(daemon, "check-store").startswith("the store holds: ")
    daemon.stop()
    tampered(daemon.data / "entretiend.db")
    for words in (["check-store"], ["backup", str(folder / "copy.db")]):
        told = command(daemon, *words, code=1)
        assert "chain of " in told and "the payload of audit record 1 was changed or is missing" in told
    assert not list(folder.glob("copy*"))
    daemon.start()


def test_a_restore_brings_back_that_day(daemon, hr, admin, folder):
    hr.post("/v1/employees", PERSON, expect=201)
    command(daemon, "backup", str(folder / "copy.db"))
    hr.post("/v1/employees", {**PERSON, "number": "1002"}, expect=201)
    assert "another entretiend uses the data directory" in command(daemon, "restore", str(folder / "copy.db"), code=1)
    daemon.stop()
    told = command(daemon, "restore", str(folder / "copy.db"))
    assert f"restored: {folder}/copy.db\n" in told
    kept = told.strip().rsplit(" ", 1)[1]
    with sqlite3.connect(kept) as former:
        assert former.execute("SELECT count(*) FROM employee").fetchone() == (2,)
    daemon.start()
    assert [person["number"] for person in hr.get("/v1/employees").json()["items"]] == ["1001"]
    assert hr.get("/v1/audit/verify").json()["valid"] is True
    hr.post("/v1/employees", {**PERSON, "number": "1003"}, expect=201)


@pytest.mark.parametrize("damage", ["tampered", "cut", "text"])
def test_a_damaged_backup_is_refused(daemon, hr, folder, damage):
    copy = folder / "copy.db"
    hr.post("/v1/employees", PERSON, expect=201)
    command(daemon, "backup", str(copy))
    daemon.stop()
    if damage == "tampered":
        tampered(copy)
    elif damage == "cut":
        copy.write_bytes(copy.read_bytes()[:-8192])
    else:
        copy.write_text("this is a text, and one long enough to hold a whole header" * 40)
    command(daemon, "restore", str(copy), code=1)
    assert not list(daemon.data.glob("*before*")) and not list(daemon.data.glob("*restored*"))
    daemon.start()
    assert hr.get("/v1/employees").json()["items"]


def test_a_rekey_seals_anew_what_retired_keys_sealed(daemon, hr, folder):
    source = connect(hr)
    daemon.stop()
    fresh = folder / "fresh.key"
    fresh.write_text(KEY)
    fresh.chmod(0o600)
    daemon.configure({"keys": {"sealing": fresh, "retired": daemon.data / "sealing.key"}})
    assert command(daemon, "rekey").startswith("1 secrets sealed anew, 0 were already")
    assert command(daemon, "rekey").startswith("0 secrets sealed anew, 1 were already")
    daemon.configure({"keys": {"sealing": fresh, "retired": ""}})
    daemon.start()
    url = source["hook_url"].replace(source["hook_url"].split("/hooks/")[0], daemon.url)
    assert hook(source, record("evt-1"), url=url).status_code == 200
    assert hr.get("/v1/audit/verify").json()["valid"] is True


def test_a_rekey_without_the_old_key_changes_nothing(daemon, hr, folder):
    connect(hr)
    daemon.stop()
    (folder / "fresh.key").write_text(KEY)
    (folder / "fresh.key").chmod(0o600)
    daemon.configure({"keys": {"sealing": folder / "fresh.key"}})
    assert "which is not among the sealing keys" in command(daemon, "rekey", code=1)
    daemon.configure({"keys": {"sealing": daemon.data / "sealing.key"}})
    daemon.start()


def test_the_first_organisation_needs_no_daemon(make_daemon):
    daemon = make_daemon()
    body = {"name": "Ateliers du Rhône", "siren": "732829320", "organiser": {"email": "rh@rhone.example"}}
    made = command(daemon, "create-organisation", input=json.dumps(body)).strip()
    daemon.create_token()
    daemon.start()
    assert Client(daemon, daemon.token).get(f"/v1/organisations/{made}").json()["name"] == "Ateliers du Rhône"
    assert "another entretiend" in command(daemon, "create-organisation", code=1, input=json.dumps(body))
    daemon.stop()
    assert "siren" in command(daemon, "create-organisation", code=1, input=json.dumps({**body, "siren": "1"}))
