"""Facts that contradict each other: 422 with a pointer each, wherever they are told."""
from client import problem
from people import hire

HIRED = {"hire_date": "2024-03-01", "birth_date": "1990-05-05"}
CASE = {"as_of": "2026-11-23", "employee": {"hire_date": "2024-03-01"}}
AGREEMENTS = [{"level": "company", "period": "P3Y", "valid_from": "2020-01-01", "valid_to": "2024-12-31", "reference": "A"},
              {"level": "company", "period": "P5Y", "valid_from": "2024-12-31", "reference": "B"}]

TERMS = [({"exit_date": "2024-02-29"}, "/exit_date"), ({"birth_date": "2009-03-02"}, "/birth_date"),
         ({"contract_end": "2024-02-29"}, "/contract_end"), ({"hire_date": "2024-02-30"}, "/hire_date")]
ABSENCES = [({"type": "holiday", "start": "2025-01-06"}, "/type"),
            ({"type": "illness", "start": "2025-01-06", "end": "2025-01-05"}, "/end"),
            ({"type": "illness", "end": "2025-01-05"}, "/start")]
EVENTS = [({"type": "midcareer_visit", "date": "2024-02-29"}, "/date"), ({"type": "visit", "date": "2025-01-06"}, "/type")]
ORGANISATIONS = [({"agreements": AGREEMENTS}, "/agreements/1/valid_from"),
                 ({"agreements": [{**AGREEMENTS[0], "period": "P0Y"}]}, "/agreements/0/period"),
                 ({"agreements": [{**AGREEMENTS[0], "valid_to": "2019-12-31"}]}, "/agreements/0/valid_to")]


def test_terms(hr):
    employee = hire(hr, **HIRED)["id"]
    for body, pointer in TERMS:
        problem(hr.post("/v1/employees", {"number": "1", "given_name": "A", "family_name": "B", **HIRED, **body}), 422, pointer)
        problem(hr.request("PATCH", f"/v1/employees/{employee}", json=body), 422, pointer)
        problem(hr.post("/v1/simulations", {**CASE, "employee": {**HIRED, **body}}), 422, "/employee" + pointer)


def test_facts_of_an_employee(hr):
    employee = hire(hr, **HIRED)["id"]
    for kind, cases in (("absences", ABSENCES), ("events", EVENTS)):
        for body, pointer in cases:
            problem(hr.post(f"/v1/employees/{employee}/{kind}", body), 422, pointer)
            problem(hr.post("/v1/simulations", {**CASE, kind: [body]}), 422, f"/{kind}/0{pointer}")
        assert hr.items(f"/v1/employees/{employee}/{kind}") == []
    absence = hr.post(f"/v1/employees/{employee}/absences", {"type": "illness", "start": "2025-01-06"}, expect=201).json()
    problem(hr.request("PATCH", f"/v1/employees/{employee}/absences/{absence['id']}", json={"end": "2025-01-05"}), 422, "/end")


def test_facts_of_an_organisation(admin, organisation):
    for body, pointer in ORGANISATIONS:
        problem(admin.post("/v1/organisations", {"name": "Autre", **body}), 422, pointer)
        problem(admin.request("PATCH", f"/v1/organisations/{organisation}", json=body), 422, pointer)
        problem(admin.post("/v1/simulations", {**CASE, "organisation": body}), 422, "/organisation" + pointer)


def test_every_mistake_is_named_at_once_and_other_cases_go_on(hr):
    wrong = {**CASE, "absences": [ABSENCES[0][0], ABSENCES[1][0]], "events": [EVENTS[0][0]]}
    answer = problem(hr.post("/v1/simulations", wrong), 422)
    assert [error["pointer"] for error in answer["errors"]] == ["/absences/0/type", "/absences/1/end", "/events/0/date"]
    results = hr.post("/v1/simulations", [wrong, CASE], expect=200).json()["results"]
    assert len(results[0]["errors"]) == 3 and results[1]["duties"]
