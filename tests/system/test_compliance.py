"""Where everybody stands and what it may cost; the yearly figures, which single nobody out."""
import csv
import io

import pytest

from client import problem
from command import Command
from people import hire, manager_client, move_to


@pytest.fixture
def company(hr, organisation):
    """A manager and a team: one in breach and exposed, one well, one whose birth is not known, one who left."""
    years = [{"year": year, "average": 80} for year in range(2015, 2026)]
    hr.patch(f"/v1/organisations/{organisation}", {"headcounts": years})
    boss = hire(hr, number="B1", family_name="Curie", given_name="Irène", hire_date="2026-02-02",
                birth_date="1980-01-15", establishment="Lyon")["id"]
    team = {"manager": boss, "birth_date": "1990-05-05", "establishment": "Lyon"}
    hire(hr, number="T1", family_name="+Late", hire_date="2015-03-01", **team)
    hire(hr, number="T2", hire_date="2026-01-10", **team)
    hire(hr, number="T3", hire_date="2026-03-12", **{**team, "birth_date": None})
    hire(hr, number="T4", hire_date="2016-03-12", exit_date="2022-02-28", **team)
    hire(hr, number="X1", hire_date="2026-10-01", birth_date="1991-01-01", establishment="Paris")
    return boss


def table(answer, delimiter=";"):
    text = answer.content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter))


def test_the_sums_of_the_whole_and_of_groups(hr, company):
    answer = hr.get("/v1/compliance").json()
    assert (answer["as_of"], answer["known_on"], answer["projected"]) == ("2026-11-23", "2026-11-23", False)
    total = answer["total"]
    assert total["employees"] == 6
    assert total["standings"] == {"excluded": 1, "compliant": 3, "unproved": 0, "tolerated": 0, "unknown": 1, "breach": 1}
    assert total["duties"]["periodic"] == {} and total["duties"]["first"] == {"overdue": 1, "to_plan": 2, "upcoming": 2}
    assert total["missing"]["birth_date"] == 1 and total["exposure"]["currency"] == "EUR"
    assert total["exposure"]["exposed"] == 1 and total["exposure"]["amount"] == 300000
    assert total["cures"] == {"pay": 1} and total["exposure"]["possible"] == 0
    teams = {group["manager_number"]: group for group in hr.get("/v1/compliance?by=manager").json()["groups"]}
    assert teams["B1"]["employees"] == 4 and teams["B1"]["standings"]["breach"] == 1
    assert teams[None]["employees"] == 2 and teams[None]["exposure"]["amount"] == 0
    sites = hr.get("/v1/compliance?by=establishment").json()["groups"]
    assert [(site["establishment"], site["employees"]) for site in sites] == [("Lyon", 5), ("Paris", 1)]
    only = hr.get("/v1/compliance?establishment=Paris").json()["total"]
    assert only["employees"] == 1 and only["standings"]["compliant"] == 1


def test_rows_of_people_and_of_duties(hr, company):
    items = {item["number"]: item for item in hr.get("/v1/compliance?rows=employees").json()["items"]}
    late = items["T1"]
    assert late["standing"] == "breach" and late["exposure"] == "exposed" and late["amount"] == 300000
    assert late["cure"]["kind"] and late["payable_on"]
    assert items["T3"]["standing"] == "unknown" and items["T3"]["missing"] == ["birth_date"]
    assert items["T2"]["next"] == {"kind": "first", "due": "2027-01-09", "state": "to_plan"}
    breaches = hr.get("/v1/compliance?rows=employees&standing=breach").json()
    assert [item["number"] for item in breaches["items"]] == ["T1"] and breaches["total"]["employees"] == 1
    duties = hr.get("/v1/compliance?rows=duties&state=overdue").json()["items"]
    assert {duty["number"] for duty in duties} == {"T1"} and "first" in {duty["kind"] for duty in duties}
    french = hr.get("/v1/compliance?rows=employees&format=csv")
    assert french.content.startswith(b"\xef\xbb\xbfmatricule;nom;") and "compliance-2026-11-23.csv" in \
        french.headers["Content-Disposition"]
    row = next(row for row in table(french) if row["matricule"] == "T1")
    assert row["nom"] == "'+Late" and row["situation"] == "manquement" and row["montant dû"] == "3000,00"
    assert row["remède"].endswith(".")
    english = table(hr.get("/v1/compliance?rows=duties&lang=en&format=csv&delimiter=comma&bom=false"), ",")
    assert {row["state"] for row in english} >= {"overdue", "to plan"}
    sums = table(hr.get("/v1/compliance?by=manager&format=csv"))
    assert sums[-1]["responsable"] == "total" and sums[-1]["effectif"] == "6" and sums[-1]["manquement"] == "1"


def test_a_day_as_it_was_known_and_as_it_is_known_now(daemon, hr, company):
    move_to(daemon, "2027-02-01")
    then = hr.get("/v1/compliance?as_of=2026-11-23").json()
    assert then["total"]["standings"]["unknown"] == 1
    unknown = hr.get("/v1/employees?number=T3").json()["items"][0]["id"]
    hr.patch(f"/v1/employees/{unknown}", {"birth_date": "1992-02-02"})
    assert hr.get("/v1/compliance?as_of=2026-11-23").json()["total"] == then["total"], "the answer as given that day"
    assert hr.get("/v1/compliance?as_of=2026-11-23&known_on=2027-02-01").json()["total"]["standings"]["unknown"] == 0
    assert hr.get("/v1/compliance?as_of=2020-01-01&known_on=2027-02-01").json()["total"]["standings"]["excluded"] == 4
    assert hr.get("/v1/compliance?as_of=2030-01-01").json()["projected"] is True


def test_a_manager_sees_the_team_and_no_money(hr, admin, organisation, company):
    manager = manager_client(admin, organisation, company)
    answer = manager.get("/v1/compliance?rows=employees").json()
    assert {item["number"] for item in answer["items"]} == {"T1", "T2", "T3", "T4"}
    assert "exposure" not in answer["total"] and "amount" not in answer["items"][0] and "cure" not in answer["items"][0]
    assert "montant dû" not in table(manager.get("/v1/compliance?rows=employees&format=csv"))[0]
    problem(manager.get("/v1/compliance?by=establishment", expect=422), 422, "/by")
    problem(manager.get("/v1/indicators/2026", expect=403), 403)


@pytest.mark.parametrize("query, status, pointer", [
    ("state=late", 422, "/state"), ("kind=yearly&rows=duties", 422, "/kind"), ("state=overdue", 422, "/rows"),
    ("rows=all", 422, "/rows"), ("standing=bad", 422, "/standing"), ("rows=duties&by=manager", 422, "/by"),
    ("as_of=2026-02-30", 422, "/as_of"), ("rows=duties&rows=employees", 400, None)])
def test_what_is_refused(hr, query, status, pointer):
    problem(hr.get(f"/v1/compliance?{query}", expect=status), status, pointer)


def test_the_command_line_shows_it(daemon, hr, folder, company):
    ctl = Command(daemon.url, hr.session.headers["Authorization"].removeprefix("Bearer "), folder)
    whole = ctl.run("compliance").rows
    assert ["breach", "1"] in [row[:2] for row in whole] and ["unknown", "1"] in [row[:2] for row in whole]
    shown = ctl.on_terminal("compliance")
    assert "3000.00" in shown.replace(",", ".") and "missing" in shown
    assert ["B1", "Irène Curie", "4"] in [row[:3] for row in ctl.run("compliance", "--by", "manager").rows]
    people = ctl.run("compliance", "--people", "--standing", "breach").rows
    assert [row[0] for row in people] == ["T1"]
    assert ctl.run("compliance", "--people", "--csv").out == \
        hr.get("/v1/compliance?rows=employees&format=csv").content.decode().replace("\r\n", "\n")
    assert '"standings"' in ctl.run("compliance", "--json").out
    assert "withheld" not in ctl.run("indicators", "2026").out


def test_the_yearly_figures_single_nobody_out(hr, company):
    for index in range(5):
        someone = hire(hr, number=f"C{index}", hire_date="2020-01-06", birth_date="1990-01-01", category="cadre",
                       sex="female")["id"]
        hr.post("/v1/reviews", {"employee": someone, "type": "professional", "held": "2026-03-02"}, expect=201)
    action = hr.post("/v1/actions", {"employee": someone, "year": 2026, "title": "Soudage", "nature": "training",
                                     "minutes_done": 420, "mandatory": "no", "start": "2026-04-01", "end": "2026-04-02",
                                     "certificate": {"reference": "A1", "date": "2026-04-02"}}, expect=201).json()
    for state in ("approved", "planned", "enrolled", "in_progress", "done"):
        hr.patch(f"/v1/actions/{action['id']}", {"state": state})
    hire(hr, number="V1", hire_date="2020-01-06", birth_date="1990-01-01", category="VRP", sex="male")
    answer = hr.get("/v1/indicators/2026").json()
    assert answer["withheld"] is False and answer["total"]["people"] == 11 and answer["total"]["reviews"] == 5
    assert [(group["category"], group["sex"], group["people"], group["reviewed"]) for group in answer["groups"]] == [
        ("cadre", "female", 5, 5)]
    assert answer["groups"][0]["trainings"] == 1 and answer["groups"][0]["training_minutes"] == 420
    assert answer["merged"]["people"] == 6, "the only VRP is told together with others"
    rows = table(hr.get("/v1/indicators/2026?format=csv"))
    assert [row["effectif"] for row in rows] == ["5", "6", "11"] and rows[0]["sexe"] == "femmes"
    assert hr.get("/v1/indicators/2016").json()["withheld"] is True
    assert hr.get("/v1/indicators/2016").json()["total"] is None
    assert hr.get("/v1/indicators/2027").json()["projected"] is True
    problem(hr.get("/v1/indicators/2013", expect=404), 404)
    problem(hr.get("/v1/indicators/now", expect=404), 404)
    problem(hr.get("/v1/indicators/2026?manager=" + company, expect=422), 422, "/manager")
