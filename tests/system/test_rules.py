"""Another rules file: checked whole at start, every duty computed again, and the audit says so."""
import json
import pathlib

from daemon import run
from patience import eventually, wait_for
from people import duties, hire, rules

BUILT_IN = pathlib.Path(__file__).parents[2] / "config" / "rules" / "fr-l6315-1.json"


def written(folder, change):
    file = json.loads(BUILT_IN.read_text())
    change(file)
    path = folder / "rules.json"
    path.write_text(json.dumps(file))
    return path


def rule(file, name):
    return next(row for row in file["rules"] if row["id"] == name)


def three_years(file):
    rule(file, "T.PERIODIC")["period"] = "P3Y"


def test_duties_follow_another_rules_file_and_the_audit_says_from_what_to_what(daemon, hr, folder):
    employee = hire(hr, hire_date="2022-03-10", birth_date="1990-05-05")["id"]
    hr.post("/v1/reviews", {"employee": employee, "type": "professional", "held": "2024-03-08"}, expect=201)
    assert ("T.PERIODIC", "2028-03-08", "upcoming") in rules(duties(hr, employee))
    daemon.stop()
    daemon.configure({"rules": {"file": written(folder, three_years)}})
    daemon.start()
    assert ("T.PERIODIC", "2027-03-08", "upcoming") in rules(duties(hr, employee))
    wait_for("new rules", lambda: any(record["verb"] == "rules.changed" for record in hr.items("/v1/audit")))
    eventually(lambda: "recomputing" in hr.get("/v1/duties").json(), False)
    records = hr.items("/v1/audit")
    [taken] = [record for record in records if record["verb"] == "rules.changed"]
    before, after = taken["payload"]["changed"]["rules"]
    assert before.startswith("fr-l6315-1 sha256:") and after.startswith("fr-l6315-1 sha256:") and before != after
    [changed] = [record for record in records if record["verb"] == "duty.changed"
                 and record["payload"]["kind"] == "periodic" and record["seq"] > taken["seq"]]
    assert changed["payload"]["changed"]["due"] == ["2028-03-08", "2027-03-08"]
    assert changed["payload"]["cause"] == taken["payload"]["changed"]["rules"][1]


def test_a_mistake_names_its_row_and_field_at_start(make_daemon, folder):
    def mistakes(file):
        rule(file, "R2.FIRST")["period"] = "P0Y"
        del rule(file, "R2.RECAP")["article"]
        file["recap"]["amount"] = "3000"
    daemon = make_daemon({"rules": {"file": written(folder, mistakes)}})
    found = run("--check-config", "-c", str(daemon.config_path))
    assert found.returncode != 0
    places = [row["id"] for row in json.loads(BUILT_IN.read_text())["rules"]]
    for pointer in (f"/rules/{places.index('R2.FIRST')}/period", f"/rules/{places.index('R2.RECAP')}/article",
                    "/recap/amount"):
        assert pointer in found.stderr + found.stdout, found.stderr
    started = run("-c", str(daemon.config_path))
    assert started.returncode != 0 and "rules.file" in started.stderr


def test_a_rules_file_that_is_no_json_is_refused(make_daemon, folder):
    path = folder / "rules.json"
    path.write_text("{")
    daemon = make_daemon({"rules": {"file": path}})
    found = run("--check-config", "-c", str(daemon.config_path))
    assert found.returncode != 0 and "line 1" in found.stderr + found.stdout
