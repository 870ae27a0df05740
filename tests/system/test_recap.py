"""The recap of an employee: the window, how each review was met, the criteria, what is missing, what may be owed."""
import json
import re

import pytest

import lms
from people import client_with, hire, manager_client, move_to

YEARS = [{"year": year, "average": 80} for year in range(2021, 2026)]


@pytest.fixture
def hr(admin):
    organisation = admin.post("/v1/organisations", {"name": "Rhône Conseil", "siren": "732829320",
                                                    "headcounts": YEARS}, expect=201).json()["id"]
    client = client_with(admin, organisation, "hr")
    client.admin, client.organisation = admin, organisation
    return client


def person(hr, **members):
    return hire(hr, **{"number": "R1", "given_name": "Camille", "family_name": "Noël", "hire_date": "2020-02-11",
                       "birth_date": "1990-05-05", **members})["id"]


def held(hr, employee, day, report=True, **members):
    review = hr.post("/v1/reviews", {"employee": employee, "type": "professional", "held": day, **members},
                     expect=201).json()["id"]
    if report:
        hr.post(f"/v1/reviews/{review}/report", {"date": day, "reference": "CR"}, expect=200)
    return review


def trained(hr, employee, day, **members):
    return hr.post("/v1/actions", {"employee": employee, "year": int(day[:4]), "title": "Gestion de projet",
                                   "nature": "training", "mandatory": "no", "state": "done", "end": day,
                                   "certificate": {"reference": "ATT-1"}, **members}, expect=201).json()


def recap(hr, employee, query=""):
    return hr.get(f"/v1/employees/{employee}/recap{query}").json()


def test_a_review_missed_and_no_training_expose_the_employer(hr):
    employee = person(hr)
    answer = recap(hr, employee)
    assert answer["window"] == {"from": "2020-02-11", "to": "2028-02-11"}
    assert answer["recap"]["rule"] == "R2.RECAP" and answer["recap"]["outcome"] == "pending"
    assert answer["reviews"]["verdict"] == "unmet"
    assert [duty["rule"] for duty in answer["reviews"]["duties"]] == ["R1.FIRST"]
    assert answer["reviews"]["duties"][0]["outcome"] == "unmet"
    assert answer["exposure"] == "exposed"
    contribution = answer["contribution"]
    assert (contribution["amount"], contribution["amount_after_notice"]) == (300000, 600000)
    assert contribution["payable_by"] == "2028-06-30" and contribution["threshold"] == "reached"
    assert "24-12.972" in contribution["explanation"]
    assert [(cure["kind"], cure["by"]) for cure in answer["cures"]] == [("training", "2028-02-11")]
    assert all(ground["verified_on"] and ground["grade"] for ground in answer["grounds"])
    trained(hr, employee, "2026-03-02")
    answer = recap(hr, employee)
    assert answer["exposure"] == "none" and answer["cures"] == [] and answer["contribution"]["amount"] == 0
    assert answer["criteria"][0]["verdict"] == "met"
    assert answer["criteria"][0]["evidence"][0]["counts"] is True


def test_what_is_missing_is_unknown_and_never_compliant(hr):
    employee = person(hr)
    review = held(hr, employee, "2022-02-10", report=False)
    held(hr, employee, "2024-02-08")
    action = trained(hr, employee, "2025-03-02", mandatory="unknown")
    hr.post(f"/v1/employees/{employee}/progressions", {"kind": "pay", "date": "2025-06-01"}, expect=201)
    answer = recap(hr, employee, "?lang=en")
    assert answer["reviews"]["verdict"] == "unknown"
    assert answer["reviews"]["duties"][0]["outcome"] == "unproved"
    assert [criterion["verdict"] for criterion in answer["criteria"]] == ["unknown", "unmet", "unknown"]
    assert [(gap["fact"], gap["id"]) for gap in answer["unknown"][:2]] == [("report", review), ("mandatory", action["id"])]
    assert answer["exposure"] == "possible"
    assert answer["cures"][0]["kind"] == "classify_training" and answer["cures"][0]["id"] == action["id"]
    hr.patch(f"/v1/actions/{action['id']}", {"mandatory": "no"})
    assert recap(hr, employee)["exposure"] == "none"


def test_a_small_employer_owes_nothing(hr):
    hr.patch(f"/v1/organisations/{hr.organisation}", {"headcounts": YEARS[:4] + [{"year": 2025, "average": 49}]})
    answer = recap(hr, person(hr))
    assert answer["exposure"] == "none" and answer["contribution"]["threshold"] == "below"
    assert answer["reviews"]["verdict"] == "unmet"
    hr.patch(f"/v1/organisations/{hr.organisation}", {"headcounts": []})
    answer = recap(hr, person(hr, number="R2"))
    assert answer["exposure"] == "possible"
    assert answer["unknown"][0] == {"fact": "headcount", "id": None, "year": 2025,
                                    "explanation": answer["unknown"][0]["explanation"]}


def test_a_recap_that_was_held_is_kept_with_its_cycle_until_it_is_paid(hr, daemon):
    employee = person(hr, hire_date="2017-03-01")
    review = held(hr, employee, "2026-02-11", recap=True)
    answer = recap(hr, employee)
    assert answer["window"] == {"from": "2026-02-11", "to": "2034-02-11"}
    assert [(past["review"], past["held_on"], past["exposure"]) for past in answer["previous"]] == [
        (review, "2026-02-11", "possible")]
    past = recap(hr, employee, f"?review={review}")
    assert past["window"] == {"from": "2017-03-01", "to": "2026-02-11"}
    assert past["cures"][-1] == {"kind": "pay", "id": None, "by": "2026-06-30",
                                 "explanation": past["cures"][-1]["explanation"]}
    hr.post(f"/v1/employees/{employee}/events", {"type": "cpf_contribution", "date": "2026-05-30"}, expect=201)
    past = recap(hr, employee, f"?review={review}")
    assert past["contribution"]["settled_on"] == "2026-05-30" and past["cures"] == []
    hr.get(f"/v1/employees/{employee}/recap?review={review[:-1]}{'1' if review[-1] == '0' else '0'}", expect=404)


def test_a_day_is_answered_as_it_was_answered_that_day(hr, daemon):
    employee = person(hr)
    before = recap(hr, employee)
    move_to(daemon, "2026-12-15")
    trained(hr, employee, "2026-03-02")
    assert recap(hr, employee)["exposure"] == "none"
    again = recap(hr, employee, f"?as_of={before['as_of']}")
    assert again["exposure"] == "exposed"
    assert {key: again[key] for key in ("window", "reviews", "criteria", "contribution", "cures")} == {
        key: before[key] for key in ("window", "reviews", "criteria", "contribution", "cures")}
    assert recap(hr, employee, f"?as_of={before['as_of']}&known_on=2026-12-15")["exposure"] == "none"
    assert recap(hr, employee, "?as_of=2029-06-01")["projected"] is True


def test_every_day_is_answered_again_whatever_was_changed_of_trainings(hr, daemon):
    mine, other = person(hr, email="mine@rhone.example"), person(hr, number="R2", email="other@rhone.example")
    source = lms.connect(hr, mapping={**lms.MAPPING, "status": {"at": "/status", "completed": ["completed"], "undone": ["reset"]}})

    def posted(event, email, status="completed", code="PM-101", on="2026-11-20T16:05:00Z"):
        sent = {**lms.record(event, email), "status": status, "completed_at": on,
                "course": {"id": code, "title": "Gestion de projet"}}
        assert lms.hook(source, sent).status_code == 200

    def first(code):
        return next(course["id"] for course in hr.items("/v1/courses") if course["code"] == code)

    def assigned(code, employee):
        [completion] = [one["id"] for one in hr.items("/v1/completions") if one["said"]["course_id"] == code]
        hr.post(f"/v1/completions/{completion}/assign", {"employee": employee}, expect=200)
    action = trained(hr, mine, "2025-03-02", mandatory="unknown")["id"]
    days = [
        lambda: None,
        lambda: posted("e1", "mine@rhone.example"),
        lambda: hr.patch(f"/v1/courses/{first('PM-101')}", {"mandatory": "no"}),
        lambda: hr.patch(f"/v1/courses/{first('PM-101')}", {"mandatory": "yes", "mandatory_text": "R4227-28", "title": "Sécurité"}),
        lambda: hr.patch(f"/v1/actions/{action}", {"mandatory": "no", "title": "Conduite de projet"}),
        lambda: assigned("PM-101", None),
        lambda: assigned("PM-101", other),
        lambda: posted("e2", "nobody@rhone.example", code="PM-102"),
        lambda: assigned("PM-102", mine),
        lambda: posted("e3", "mine@rhone.example", code="PM-103"),
        lambda: posted("e4", "mine@rhone.example", status="reset", code="PM-103", on="2026-11-21T09:00:00Z"),
        lambda: hr.patch(f"/v1/actions/{action}", {"mandatory": "yes"})]
    answers = []
    for number, change in enumerate(days, start=1):
        move_to(daemon, f"2026-12-{number:02}")
        change()
        answers.append([recap(hr, employee) for employee in (mine, other)])
    told = [json.dumps([[one["criteria"], one["unknown"]] for one in answer]) for answer in answers]
    same = [number for number, (before, now) in enumerate(zip(told, told[1:])) if before == now]
    assert same == [6], "only a stranger's training changes nothing"
    for number, answer in enumerate(answers, start=1):
        again = [recap(hr, employee, f"?as_of=2026-12-{number:02}") for employee in (mine, other)]
        assert again == answer, f"day {number}"


def test_the_page_is_for_the_employee(hr):
    employee = person(hr)
    hr.post(f"/v1/employees/{employee}/absences", {"type": "illness", "start": "2025-01-06", "end": "2026-01-04"}, expect=201)
    hr.post(f"/v1/employees/{employee}/absences", {"type": "maternity", "start": "2023-01-06", "end": "2023-05-04"}, expect=201)
    held(hr, employee, "2022-02-10")
    trained(hr, employee, "2026-03-02", title="Conduite <script>alert(1)</script>")
    page = hr.get(f"/v1/employees/{employee}/recap", headers={"Accept": "text/html"})
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    text = page.text
    for words in ("État des lieux récapitulatif", "Camille Noël", "732829320", "du 11 février 2020 au 11 février 2028",
                  "11 février 2020", "par 364 jours d&#39;absence hors ancienneté",
                  "ne constitue pas un conseil juridique", "22 novembre 2026", "24-12.972", "Grades", "L6321-2"):
        assert words in text, words
    assert "<script>" not in text
    for secret in ("maladie", "maternité", "illness", "maternity", "L1225"):
        assert secret not in text
    assert "Abondement" not in hr.get(f"/v1/employees/{employee}/recap?format=html&exposure=false").text
    english = hr.get(f"/v1/employees/{employee}/recap?format=html&lang=en").text
    assert "not legal advice" in english and 'lang="en"' in english


def test_plain_text_says_the_same(hr):
    employee = person(hr)
    answer = hr.get(f"/v1/employees/{employee}/recap", headers={"Accept": "text/plain"})
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert "non établi" in answer.text and "30 juin 2028" in answer.text and "<" not in answer.text
    assert re.search(r"^- .*R1\.FIRST, L6315-1 \(A\).*non tenu$", answer.text, re.M), answer.text


def test_a_manager_sees_the_path_of_the_team_and_no_euros(hr):
    boss = hire(hr, number="B")["id"]
    employee = person(hr, manager=boss)
    hr.post(f"/v1/employees/{employee}/absences", {"type": "illness", "start": "2023-01-06", "end": "2024-01-04"}, expect=201)
    manager = manager_client(hr.admin, hr.organisation, boss)
    answer = manager.get(f"/v1/employees/{employee}/recap").json()
    assert answer["exposure"] is None and answer["contribution"] is None and answer["cures"] == []
    assert answer["reviews"]["verdict"] == "unmet"
    assert "maladie" not in str(answer)
    page = manager.get(f"/v1/employees/{employee}/recap?format=html").text
    assert "huit ans après le début de l" in page and "jours d" not in page
    manager.get(f"/v1/employees/{person(hr, number='R9')}/recap", expect=404)


def test_nothing_is_owed_to_a_temporary_worker(hr):
    answer = recap(hr, person(hr, contract="temporary"))
    assert answer["excluded"] == "temporary" and answer["window"] is None and answer["exposure"] is None
    assert "Aucun état des lieux" in hr.get(f"/v1/employees/{answer['employee']}/recap?format=html").text
