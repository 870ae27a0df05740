"""Lives made up at random, and the worked cases: the program and a second reckoning of the rules agree."""
import datetime
import json
import pathlib
import random

import reckoning
from patience import eventually

VECTORS = pathlib.Path(__file__).parents[1] / "data" / "vectors" / "duties.json"
EDGES = ["2014-03-07", "2016-02-29", "2020-02-29", "2021-06-30", "2023-10-25", "2023-10-26", "2024-02-29", "2025-10-25",
         "2025-10-26", "2026-09-30", "2026-10-01", "2028-02-29"]


def some_day(random, first, last):
    """Often one of the days on which something changes, or near one."""
    begin, end = datetime.date.fromisoformat(first), datetime.date.fromisoformat(last)
    if random.random() < 0.3:
        near = datetime.date.fromisoformat(random.choice(EDGES)) + datetime.timedelta(days=random.choice([-1, 0, 0, 1]))
        if begin <= near <= end:
            return str(near)
    return str(begin + datetime.timedelta(days=random.randrange((end - begin).days + 1)))


def after(text, days):
    return str(datetime.date.fromisoformat(text) + datetime.timedelta(days=days))


def absence(random, hire):
    kind = random.choice(sorted(reckoning.ABSENCES))
    start = some_day(random, max(hire, "2014-04-01"), "2029-01-01")
    made = {"type": kind, "start": start}
    if random.random() < 0.9:
        made["end"] = after(start, random.choice([0, 5, 30, 120, 181, 182, 183, 184, 365, 800]))
    if random.random() < 0.3:
        made["announced"] = after(start, random.choice([-200, -30, -1, 0, 20]))
    return made


def life(random):
    hire = some_day(random, "2010-01-01", "2028-06-01")
    employee = {"hire_date": hire}
    if random.random() < 0.8:
        employee["birth_date"] = str(some_day(random, "1963-01-01", "1994-12-31"))
    if random.random() < 0.15:
        employee["seniority_date"] = after(hire, -random.choice([1, 400, 3000]))
    if random.random() < 0.15:
        employee["contract_end"] = after(hire, random.choice([0, 90, 300, 364, 365, 366, 900]))
    if random.random() < 0.1:
        employee["exit_date"] = after(hire, random.randrange(5000))
    if random.random() < 0.05:
        employee["contract"] = "temporary"
    reviews = [{"type": "annual" if random.random() < 0.1 else "professional", "recap": random.random() < 0.25,
                "held": some_day(random, hire, after(hire, 6000))} for _ in range(random.randrange(7))]
    absences = [absence(random, hire) for _ in range(random.choice([0, 0, 1, 2, 3]))]
    if absences and absences[0].get("end") and random.random() < 0.5:
        begins = after(absences[0]["end"], random.choice([0, 1, 1, 2]))
        absences.append({"type": random.choice(sorted(reckoning.ABSENCES)), "start": begins, "end": after(begins, 40)})
    visits = [{"type": "midcareer_visit", "date": some_day(random, max(hire, "2018-01-01"), max(hire, "2029-01-01"))}
              for _ in range(random.choice([0, 0, 0, 1, 2]))]
    agreements = []
    if random.random() < 0.4:
        agreements.append({"level": "company", "period": random.choice(["P1Y", "P2Y", "P3Y", "P4Y", "P5Y", "P6Y", "P30M"]),
                           "valid_from": some_day(random, "2014-01-01", "2027-01-01"), "reference": "A"})
        if random.random() < 0.4:
            agreements[0]["valid_to"] = after(agreements[0]["valid_from"], 1500)
    if random.random() < 0.2:
        agreements.append({"level": "branch", "period": "P3Y", "valid_from": "2014-01-01", "reference": "B"})
    return {"as_of": some_day(random, "2015-01-01", "2034-01-01"), "organisation": {"agreements": agreements},
            "employee": employee, "reviews": reviews, "absences": absences, "events": visits}


def tenure(random, number):
    """Somebody of a real staff: hired, absent and met within the last twelve years, in the order things happen."""
    hire = some_day(random, "2012-01-01", "2026-09-30")
    employee = {"number": str(number), "hire_date": hire, "birth_date": some_day(random, "1964-01-01", "1996-12-31")}
    if random.random() < 0.1:
        employee["exit_date"] = after(hire, random.randrange(30, 4000))
    last = min("2026-11-20", employee.get("exit_date", "2026-11-20"))
    reviews, held, recap = [], after(max(hire, "2014-11-01"), random.randrange(500, 800)), None
    while held < last and random.random() < 0.9:
        recaps = held > after(recap or hire, 2150)
        recap = held if recaps else recap
        reviews.append({"type": "professional", "held": held, "recap": recaps})
        held = after(held, random.choice([300, 700, 725, 730, 731, 740, 1100]))
    absences, start = [], after(max(hire, "2014-06-01"), random.randrange(2500))
    while start < last and random.random() < 0.45:
        end = after(start, random.choice([14, 40, 111, 190, 400]))
        absences.append({"type": random.choice(sorted(reckoning.ABSENCES)), "start": start, "end": end})
        start = after(end, random.choice([1, 1, 30, 900]))
    return {"as_of": "2026-11-23", "employee": employee, "reviews": reviews, "absences": absences}


def columns(rows, *names):
    """A file of a spreadsheet: the second of each pair is the heading, days as in France."""
    def cell(value):
        shown = {True: "oui", False: "non"}.get(value, value or "")
        return "/".join(reversed(shown.split("-"))) if shown[:2] in ("19", "20") and shown.count("-") == 2 else shown
    lines = [";".join(heading for _, heading in names)]
    return "\n".join(lines + [";".join(cell(row.get(name)) for name, _ in names) for row in rows]) + "\n"


def test_a_staff_of_five_hundred_with_twelve_years_of_history(hr):
    source = random.Random(500)
    staff = [tenure(source, number) for number in range(1, 501)]

    def upload(kind, text):
        result = hr.post(f"/v1/imports/{kind}?wait=50", data=text.encode(), headers={"Content-Type": "text/csv"}).json()
        eventually(lambda: hr.get(f"/v1/imports/{result['id']}").json()["state"], "done")

    def rows(member):
        return [{"number": one["employee"]["number"], **row} for one in staff for row in one[member]]
    upload("employees", columns(
        [{"given": "Camille", "family": "Noël", **one["employee"]} for one in staff], ("number", "matricule"),
        ("given", "prénom"), ("family", "nom"), ("hire_date", "date d'entrée"), ("birth_date", "date de naissance"),
        ("exit_date", "date de sortie")))
    upload("reviews", columns(rows("reviews"), ("number", "matricule"), ("held", "date"), ("recap", "état des lieux")))
    upload("absences", columns(rows("absences"), ("number", "matricule"), ("type", "type"), ("start", "début"), ("end", "fin")))
    found = {one["number"]: one["id"] for one in hr.items("/v1/employees?limit=500")}
    assert len(found) == 500
    for one in staff:
        answer = hr.get(f"/v1/employees/{found[one['employee']['number']]}/duties").json()
        compare([one], [{"duties": answer["items"], "history": answer["history"]}])
    stored = {(duty["employee_number"], duty["kind"], duty["due"]) for duty in hr.items("/v1/duties?limit=500")}
    reckoned = {(one["employee"]["number"], row[0], row[2]) for one in staff for row in reckoning.reckoned(one)[0]}
    assert stored == reckoned


def compare(cases, results):
    for case, result in zip(cases, results):
        assert "errors" not in result, (case, result)
        ours, theirs = reckoning.answered(result), reckoning.reckoned(case)
        assert ours == theirs, json.dumps({"case": case, "program": ours, "reckoning": theirs}, indent=1)


def test_lives_at_random(admin):
    source = random.Random(20260101)
    for _ in range(3):
        cases = [life(source) for _ in range(1000)]
        compare(cases, admin.post("/v1/simulations", cases, expect=200).json()["results"])


def test_the_worked_cases(admin):
    cases = json.loads(VECTORS.read_text())
    compare(cases, admin.post("/v1/simulations", cases, expect=200).json()["results"])
