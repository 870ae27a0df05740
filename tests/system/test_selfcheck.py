"""Every night, and when asked, the daemon verifies its own store; metrics, alert, `status` and `selfcheck` tell what it found."""
import json
import pathlib
import re
import sqlite3
import subprocess

import pytest

import lms
from client import Client, problem
from command import Command
from patience import wait_for
from people import hire
from world import PDF, Person

RULES = pathlib.Path(__file__).resolve().parents[2] / "config" / "prometheus.rules.yml"
PERSON = {"number": "1001", "given_name": "Hélène", "family_name": "Ferrand", "hire_date": "2008-09-01"}
FAILED = "entretiend_selfcheck_failed"
RUN = "entretiend_selfcheck_last_run_timestamp_seconds"
SUCCESS = "entretiend_selfcheck_last_success_timestamp_seconds"


def metric(daemon, name):
    return float(re.search(rf"^{name} (\S+)$", Client(daemon).get("/metrics").text, re.MULTILINE).group(1))


def alerts(folder, series, at):
    """Names of the alerts of config/ that burn by then, according to Prometheus' own tool."""
    burning = set()
    for alert in ("EntretiendStoreDoesNotHold", "EntretiendSelfCheckMissing"):
        case = {"rule_files": [str(RULES)], "evaluation_interval": "1h", "tests": [{
            "interval": "1h", "input_series": [{"series": name, "values": values} for name, values in series.items()],
            "alert_rule_test": [{"eval_time": at, "alertname": alert, "exp_alerts": []}]}]}
        (folder / "case.yml").write_text(json.dumps(case))
        done = subprocess.run(["promtool", "test", "rules", str(folder / "case.yml")], stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, timeout=60, check=False)
        assert done.returncode == 0 or "got:" in done.stdout + done.stderr, done.stdout + done.stderr
        if done.returncode:
            burning.add(alert)
    return burning


def test_a_store_that_holds_is_found_to(daemon, hr, folder):
    hr.post("/v1/employees", PERSON, expect=201)
    ctl = Command(daemon.url, daemon.token)
    assert metric(daemon, RUN) == metric(daemon, SUCCESS) == metric(daemon, FAILED) == 0
    assert "not checked yet" in ctl.run("status").out
    daemon.set_clock("2026-11-24T02:00:30Z")
    daemon.logged(r"^info selfcheck: the store holds chains=2 records=\d+ rows=\d+ tables=[5-9]\d ")
    wait_for("a time", lambda: metric(daemon, SUCCESS) == metric(daemon, RUN) > 1.7e9)
    assert metric(daemon, FAILED) == 0 and 'entretiend_lane_jobs_total{lane="long"}' in Client(daemon).get("/metrics").text
    assert re.search(r"store\s+holds, checked 2026-11-24", ctl.run("status").out)
    daemon.stop()
    daemon.start()
    wait_for("what it was before", lambda: metric(daemon, SUCCESS) > 1.7e9)
    daemon.set_clock("2026-11-25T02:10:00Z")
    daemon.logged("^info selfcheck: ")
    success = {SUCCESS: " ".join(str(int(metric(daemon, SUCCESS)) * 0) for _ in range(60))}
    assert alerts(folder, success, "25h") == set()
    assert alerts(folder, success, "59h") == {"EntretiendSelfCheckMissing"}


def changed_record(path):
    with sqlite3.connect(path) as store:
        store.execute("UPDATE audit SET verb = 'employee.deleted' WHERE seq = 1 AND organisation <> 'system'")


def changed_byte(path):
    with sqlite3.connect(path) as store:
        assert store.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0
    bytes_ = path.read_bytes()
    assert bytes_.count(b"ferrand") >= 2
    at = bytes_.rindex(b"ferrand")
    path.write_bytes(bytes_[:at] + b"X" + bytes_[at + 1:])


def lost_row(path):
    with sqlite3.connect(path) as store:
        store.execute("PRAGMA foreign_keys = OFF")
        store.execute("DELETE FROM employee")


@pytest.mark.parametrize("damage, found", [(changed_record, "chain of "), (changed_byte, "table employee: "),
                                           (lost_row, "a row of duty refers to a row of employee")])
def test_what_was_changed_is_found(daemon, hr, folder, damage, found):
    hr.post("/v1/employees", PERSON, expect=201)
    daemon.stop()
    damage(daemon.data / "entretiend.db")
    daemon.expect("^error selfcheck: the store does not hold detail=")
    daemon.start()
    daemon.set_clock("2026-11-24T02:00:30Z")
    daemon.logged(f"^error selfcheck: the store does not hold detail=.*{found}")
    wait_for("the metric", lambda: metric(daemon, FAILED) == 1)
    assert metric(daemon, SUCCESS) == 0 < metric(daemon, RUN)
    assert alerts(folder, {FAILED: "0 0 1 1 1"}, "3h") == {"EntretiendStoreDoesNotHold"}
    ctl = Command(daemon.url, daemon.token)
    told = ctl.run("selfcheck", code=1)
    assert found in told.said and "state\tfailed\n" in told.out
    assert "DOES NOT HOLD" in ctl.run("status").out
    daemon.stop()
    daemon.start()
    wait_for("the metric", lambda: metric(daemon, FAILED) == 1)


def by_hand(daemon, statement):
    """Somebody writes into the file, and knows how: nothing is damaged, no audit record changed."""
    with sqlite3.connect(daemon.data / "entretiend.db", timeout=30) as store:
        assert store.execute(statement).rowcount == 1


def test_values_that_were_changed_by_hand_are_found(daemon, admin, hr):
    """Each is found for itself, put right again, and then the store holds."""
    boss = hire(hr, email="boss@rhone.example")["id"]
    person = Person(hr, email="camille@rhone.example", manager=boss)
    review = person.ids["/v1/reviews/{id}"]
    hr.put(f"/v1/reviews/{review}/documents/report", PDF, expect=None, headers={"Content-Type": "application/pdf"})
    assert lms.hook(lms.connect(hr), lms.record("evt-1", "camille@rhone.example")).status_code == 200
    daemon.expect("^error selfcheck: the store does not hold detail=")
    ctl = Command(daemon.url, daemon.token)
    assert "state\theld\n" in ctl.run("selfcheck").out
    employee = person.ids["/v1/employees/{id}"]
    for table, column, value, where, found in [
            ("review", "state", "'cancelled'", f"id = '{review}'", "state is not what"),
            ("duty", "due", "'2044-01-01'", f"id = (SELECT MIN(id) FROM duty WHERE employee = '{employee}')", "due of duty"),
            ("employee", "hire_date", "'2001-01-01'", f"id = '{employee}'", "hire_date is not what"),
            ("completion", "occurred_at", "occurred_at - 86400000000", f"employee = '{employee}'", "occurred_at is not what"),
            ("document", "content", "CAST('%PDF-1.4 else' AS BLOB)", f"review = '{review}'", "its bytes is not what"),
            ("item", "raw", "CAST('{}' AS BLOB)", f"id = (SELECT MIN(id) FROM item)", "its bytes is not what")]:
        with sqlite3.connect(f"file:{daemon.data}/entretiend.db?mode=ro", uri=True) as store:
            (row, before), = store.execute(f"SELECT id, {column} FROM {table} WHERE {where}").fetchall()
        by_hand(daemon, f"UPDATE {table} SET {column} = {value} WHERE id = '{row}'")
        told = ctl.run("selfcheck", code=1)
        assert found in told.said and "faults\t1\n" in told.out, told.said
        with sqlite3.connect(daemon.data / "entretiend.db", timeout=30) as store:
            store.execute(f"UPDATE {table} SET {column} = ? WHERE id = ?", (before, row))
    assert "state\theld\n" in ctl.run("selfcheck").out


def test_it_is_done_when_asked(daemon, admin, hr, organisation):
    hr.post("/v1/employees", PERSON, expect=201)
    ctl = Command(daemon.url, daemon.token)
    told = ctl.run("selfcheck").out
    assert "state\theld\n" in told and "chains\t2\n" in told
    begun = admin.post("/v1/selfcheck", expect=202)
    assert begun.headers["Location"] == "/v1/selfcheck" and begun.json()["running"] is True
    ended = admin.get("/v1/selfcheck?wait=60").json()
    assert ended["running"] is False and ended["state"] == "held" and ended["faults"] == 0 and ended["tables"] > 50
    assert ended["next_at"] == "2026-11-24T02:00:00Z" and ended["last_success"] == ended["last_run"]
    token = admin.post(f"/v1/tokens?organisation={organisation}", {"scopes": ["admin"]}, expect=201).json()["token"]
    bound = Client(daemon, token)
    assert "all organisations" in problem(bound.get("/v1/selfcheck", expect=None), 403)["detail"]
    problem(bound.post("/v1/selfcheck", expect=None), 403)
    problem(hr.post("/v1/selfcheck", expect=None), 403)
    assert "checked" not in Command(daemon.url, token).run("status").out
