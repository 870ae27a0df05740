"""Duties through the interface: simulations by the vectors, the same cases lived, and the answer of a day."""
import json
import pathlib

from client import Client, problem
from patience import eventually
from people import another_organisation, duties, hire, move_to, rules

DATA = pathlib.Path(__file__).parents[1] / "data/vectors"
VECTORS = json.loads((DATA / "duties.json").read_text())
BY_HAND = json.loads((DATA / "duties-by-hand.json").read_text())  # what matters in each case, derived on paper
OPEN = {"upcoming", "to_plan", "planned"}
NULL = {"conflict": False, "opens": None, "shifted": None, "warning": None}


def check(case, answer):
    """The duties expected and no other; every state before overdue is "open" to the vectors."""
    assert len(answer["duties"]) == len(case["expect"]), (case["id"], answer["duties"])
    for got, expected in zip(answer["duties"], case["expect"]):
        seen = {**got, "state": "open" if got["state"] in OPEN else got["state"]}
        assert {**expected, **{key: seen[key] for key in NULL if key not in expected}} == \
            {**{key: seen[key] for key in expected}, **{key: NULL[key] for key in NULL if key not in expected}}, case["id"]


def test_all_vectors_at_once(admin):
    results = admin.post("/v1/simulations", VECTORS, expect=200).json()["results"]
    assert len(results) == len(VECTORS) >= 71
    for case, answer in zip(VECTORS, results):
        check(case, answer)


def differences(expected, found):
    """What differs from the nearest duty of that kind; null stands for false and for absent."""
    seen = [{**duty, "state": "open" if duty["state"] in OPEN else duty["state"]}
            for duty in found if duty["kind"] == expected["kind"]]
    faults = [{key: duty.get(key) for key, value in expected.items() if (duty.get(key) or None) != (value or None)}
              for duty in seen]
    return min(faults, key=len, default=f"no {expected['kind']}")


def test_cases_derived_by_hand(admin):
    results = admin.post("/v1/simulations", BY_HAND, expect=200).json()["results"]
    assert len(results) == len(BY_HAND) >= 155
    for case, answer in zip(BY_HAND, results):
        for part in ("duties", "history"):
            for expected in case["expect"][part]:
                assert differences(expected, answer[part]) == {}, (case["id"], case["why"], expected)
        unwanted = [duty["rule"] for duty in answer["duties"] if duty["kind"] in case["expect"]["none"]]
        assert unwanted == [], (case["id"], case["why"])


def test_one_case(admin, organisation):
    case = VECTORS[0]
    answer = admin.post("/v1/simulations?lang=en", case, expect=200).json()
    check(case, answer)
    periodic = answer["duties"][0]
    assert periodic["explanation"].startswith("four years after the review held on 8 March 2024")
    assert periodic["article"] and periodic["grade"] and periodic["verified_on"]
    french = admin.post("/v1/simulations", case, expect=200).json()["duties"][0]["explanation"]
    assert "8 mars 2024" in french
    admin.patch(f"/v1/organisations/{organisation}", {"locale": "en"})
    spoken = admin.post(f"/v1/simulations?organisation={organisation}", case, expect=200).json()
    assert spoken["duties"][0]["explanation"] == periodic["explanation"]


def test_simulations_that_are_refused(admin):
    problem(admin.post("/v1/simulations", {"as_of": "2026-11-22"}), 422, "/employee")
    problem(admin.post("/v1/simulations", {**VECTORS[0], "as_of": "today"}), 422, "/as_of")
    problem(admin.post("/v1/simulations", "text"), 422)
    problem(admin.request("POST", "/v1/simulations", data="{", headers={"Content-Type": "application/json"}), 400)
    problem(admin.request("POST", "/v1/simulations", data="{}", headers={"Content-Type": "text/plain"}), 415)
    problem(admin.post("/v1/simulations", [VECTORS[0]] * 1001), 413)
    mixed = admin.post("/v1/simulations", [VECTORS[0], {"as_of": "2026-11-22"}, VECTORS[1]], expect=200).json()
    assert mixed["results"][1]["errors"][0]["pointer"] == "/employee"
    check(VECTORS[1], mixed["results"][2])


def live(admin, case):
    """The case as a user makes it happen: an organisation, an employee, facts, reviews held outside."""
    body = {"name": case["id"], **case.get("organisation", {})}
    organisation = admin.post("/v1/organisations", body, expect=201).json()["id"]
    person = hire(admin, organisation=organisation, **case["employee"])["id"]
    for kind in ("absences", "events"):
        for fact in case[kind]:
            if fact.get("date", case["as_of"]) <= case["as_of"]:
                admin.post(f"/v1/employees/{person}/{kind}", fact, expect=201)
    for review in case["reviews"]:
        if review["held"] <= case["as_of"]:
            admin.post("/v1/reviews", {"employee": person, **review}, expect=201,
                       params={"organisation": organisation})
    return organisation, person


def test_vectors_lived(make_daemon):
    """The same duties come out when the facts are told one by one, and are the ones listed."""
    daemon = make_daemon(clock="2014-01-01T10:00:00Z")
    daemon.create_token()
    admin = Client(daemon.start(), daemon.token)
    now = None
    for case in sorted(VECTORS, key=lambda case: case["as_of"]):
        if case["as_of"] != now:
            now = case["as_of"]
            move_to(daemon, now, "10:00:00")
        organisation, person = live(admin, case)
        answer = duties(admin, person)
        listed = {duty["id"] for duty in admin.items(f"/v1/duties?organisation={organisation}")}
        assert listed == {duty["id"] for duty in answer["duties"]}, case["id"]
        for duty in answer["duties"]:
            duty["conflict"] = duty["conflict"] is not None
        check(case, answer)


def test_a_duty_says_everything(hr, organisation):
    person = hire(hr, hire_date="2025-11-03")
    answer = duties(hr, person["id"], "?lang=en")
    first = answer["duties"][0]
    assert (answer["as_of"], answer["known_on"], answer["projected"], answer["known"]) == \
        ("2026-11-23", "2026-11-23", False, True)
    assert answer["missing"] == ["birth_date"] and answer["excluded"] is None
    assert (first["id"][:5], first["organisation"], first["employee"]) == ("duty_", organisation, person["id"])
    assert (first["employee_number"], first["employee_name"]) == (person["number"], "Ada Byron")
    assert (first["kind"], first["rule"], first["regime"], first["grade"]) == ("first", "R2.FIRST", "R2", "A")
    assert (first["due"], first["limit"], first["state"], first["tolerated"]) == \
        ("2026-11-02", "2026-11-03", "overdue", False)
    assert first["anchor"] == {"kind": "hire", "date": "2025-11-03", "id": None}
    assert "3 November 2025" in first["explanation"]
    assert "3 novembre 2025" in duties(hr, person["id"])["duties"][0]["explanation"]
    listed = hr.get("/v1/duties?lang=en").json()["items"]
    assert listed == answer["duties"]


def test_the_description_names_every_member(hr, admin):
    person = hire(hr, hire_date="2019-11-04", birth_date="1967-01-01")
    hr.post(f"/v1/employees/{person['id']}/absences", {"type": "unpaid", "start": "2024-01-01", "end": "2024-06-30"},
            expect=201)
    schemas = admin.get("/openapi.json").json()["components"]["schemas"]
    answer = duties(hr, person["id"])
    assert set(answer) - {"duties"} == set(schemas["EmployeeDuties"]["properties"]) - {"items"}
    for duty in answer["duties"] + hr.items("/v1/duties"):
        assert set(duty) == set(schemas["Duty"]["properties"])
        assert set(duty["anchor"]) == set(schemas["DutyAnchor"]["properties"])
        for reading in duty["readings"]:
            assert set(reading) == set(schemas["DutyReading"]["properties"])
        for absence in duty["absences"]:
            assert set(absence) == set(schemas["DutyAbsence"]["properties"])


def test_conflicts_name_each_other(hr):
    person = hire(hr, hire_date="2019-11-04")
    found = {duty["id"]: duty for duty in duties(hr, person["id"])["duties"]}
    pairs = [(one, duty["conflict"]) for one, duty in found.items() if duty["conflict"]]
    for one, other in pairs:
        assert found[other]["conflict"] == one


def test_filters(hr):
    boss = hire(hr, hire_date="2026-05-04")
    mine = hire(hr, manager=boss["id"])
    hire(hr, hire_date="2024-03-01")

    def found(query):
        return sorted(duty["rule"] for duty in hr.items("/v1/duties" + query))
    assert found("") == ["R2.FIRST", "R2.RECAP", "R2.RECAP", "R2.RECAP", "T.FIRST", "T.FIRST"]
    assert found("?state=overdue") == ["T.FIRST", "T.FIRST"]
    assert found("?kind=recap") == ["R2.RECAP"] * 3
    assert found(f"?manager={boss['id']}") == ["R2.RECAP", "T.FIRST"]
    assert found(f"?employee={mine['id']}&kind=first") == ["T.FIRST"]
    assert found("?due_before=2027-05-03") == ["T.FIRST", "T.FIRST"]
    assert found("?due_after=2027-05-02&due_before=2027-05-04") == ["R2.FIRST"]
    due = [duty["due"] for duty in hr.items("/v1/duties?limit=1")]
    assert len(due) == 6 and due == sorted(due)
    problem(hr.request("GET", "/v1/duties?state=late"), 422, "/state")
    problem(hr.request("GET", "/v1/duties?kind=annual"), 422, "/kind")
    problem(hr.request("GET", "/v1/duties?due_before=soon"), 422, "/due_before")


def test_the_answer_as_it_was_given(make_daemon):
    daemon = make_daemon(clock="2026-01-05T09:00:00Z")
    daemon.create_token()
    admin = Client(daemon.start(), daemon.token)
    organisation = another_organisation(admin)
    person = hire(admin, organisation=organisation, hire_date="2025-11-03")["id"]
    path = f"/v1/employees/{person}"
    absence = admin.post(path + "/absences", {"type": "maternity", "start": "2026-01-12", "end": "2026-05-03"},
                         expect=201).json()
    move_to(daemon, "2026-06-10")
    assert ("R2.RETURN", "2026-06-04", "overdue") in rules(duties(admin, person))
    move_to(daemon, "2026-06-20")
    admin.patch(f"{path}/absences/{absence['id']}", {"end": "2026-06-07", "reason": "congé pathologique"})
    admin.patch(path, {"hire_date": "2025-12-01"})
    now = duties(admin, person)
    assert ("R2.RETURN", "2026-07-08", "to_plan") in rules(now)
    assert ("R2.FIRST", "2026-11-30", "upcoming") in rules(now)

    then = duties(admin, person, "?as_of=2026-06-10")
    assert ("R2.RETURN", "2026-06-04", "overdue") in rules(then), "as it was given"
    assert ("R2.FIRST", "2026-11-02", "upcoming") in rules(then)
    corrected = duties(admin, person, "?as_of=2026-06-10&known_on=2026-06-20")
    assert ("R2.RETURN", "2026-07-08", "to_plan") in rules(corrected), "as known later"
    before = duties(admin, person, "?as_of=2026-06-01&known_on=2026-06-20")
    assert "R2.RETURN" not in [rule for rule, _, _ in rules(before)]
    unknown = duties(admin, person, "?as_of=2025-12-31")
    assert unknown["known"] is False and unknown["duties"] == []
    future = duties(admin, person, "?as_of=2027-02-01")
    assert future["projected"] is True and future["known_on"] == "2026-06-20"
    assert ("R2.FIRST", "2026-11-30", "overdue") in rules(future)
    assert duties(admin, person, "?as_of=2026-06-20") == now


def test_agreements_are_judged_as_known(make_daemon):
    daemon = make_daemon(clock="2026-01-05T09:00:00Z")
    daemon.create_token()
    admin = Client(daemon.start(), daemon.token)
    organisation = another_organisation(admin)
    path = f"/v1/organisations/{organisation}"
    admin.patch(path, {"agreements": [{"level": "company", "period": "P3Y"}]})
    move_to(daemon, "2026-02-05")
    admin.patch(path, {"agreements": []})
    person = hire(admin, organisation=organisation, hire_date="2025-11-03")["id"]
    assert rules(duties(admin, person))[0][0] == "R2.FIRST"
    records = admin.items(f"/v1/audit?organisation={organisation}&subject={organisation}")
    assert [record["verb"] for record in records] == ["organisation.created"] + ["organisation.changed"] * 2


def test_time_alone_changes_what_is_shown(hr, daemon):
    person = hire(hr, hire_date="2026-01-05")
    assert rules(duties(hr, person["id"]))[0] == ("R2.FIRST", "2027-01-04", "to_plan")
    move_to(daemon, "2027-01-05")
    assert rules(duties(hr, person["id"]))[0] == ("R2.FIRST", "2027-01-04", "overdue")
    assert hr.items("/v1/duties?kind=first")[0]["state"] == "overdue"


def test_the_watcher_brings_lists_up_to_date(hr, admin, organisation, daemon):
    people = [hire(hr, hire_date="2026-01-05")["id"] for _ in range(30)]
    assert hr.items("/v1/duties?state=overdue") == []
    move_to(daemon, "2027-01-05")
    eventually(lambda: {duty["employee"] for duty in hr.items("/v1/duties?state=overdue")}, set(people))
    move_to(daemon, "2026-11-24")
    admin.patch(f"/v1/organisations/{organisation}", {"policies": {"planning_horizon_days": 20}})
    eventually(lambda: len(hr.items("/v1/duties?state=upcoming&kind=first")), 30)
    assert "recomputing" not in hr.get("/v1/duties").json()
    causes = [record["payload"].get("cause") for record in hr.items("/v1/audit") if record["verb"] == "duty.changed"]
    assert set(causes) == {None, "organisation.changed"}  # time, and the policies that were changed
    assert hr.get("/v1/audit/verify").status_code == 200


def test_days_are_those_of_the_zone(make_daemon):
    daemon = make_daemon(clock="2027-01-04T21:30:00Z")
    daemon.create_token()
    admin = Client(daemon.start(), daemon.token)
    paris = another_organisation(admin)
    island = admin.post("/v1/organisations", {"name": "Îles", "zone": "Indian/Reunion"}, expect=201).json()["id"]
    here = hire(admin, organisation=paris, hire_date="2026-01-05")
    there = hire(admin, organisation=island, hire_date="2026-01-05")
    assert duties(admin, here["id"])["as_of"] == "2027-01-04"
    assert duties(admin, here["id"])["duties"][0]["state"] == "to_plan"
    assert duties(admin, there["id"])["as_of"] == "2027-01-05"
    assert duties(admin, there["id"])["duties"][0]["state"] == "overdue"


def test_those_who_have_no_duty(hr):
    left = hire(hr, exit_date="2026-11-01")
    agency = hire(hr, contract="temporary")
    to_come = hire(hr, hire_date="2026-12-01")
    assert (duties(hr, left["id"])["excluded"], duties(hr, left["id"])["duties"]) == ("left", [])
    assert (duties(hr, agency["id"])["excluded"], duties(hr, agency["id"])["duties"]) == ("temporary", [])
    assert (duties(hr, to_come["id"])["excluded"], duties(hr, to_come["id"])["duties"]) == ("not_hired", [])
    assert hr.items("/v1/duties") == []


def test_hired_again_begins_anew(hr):
    person = hire(hr, hire_date="2015-03-02", birth_date="1990-01-01")["id"]
    path = f"/v1/employees/{person}"
    hr.post(path + "/absences", {"type": "maternity", "start": "2018-01-02", "end": "2018-05-03"}, expect=201)
    for held in ("2017-02-20", "2019-02-15"):
        hr.post("/v1/reviews", {"employee": person, "type": "professional", "held": held}, expect=201)
    hr.patch(path, {"exit_date": "2020-07-01"})
    assert duties(hr, person)["excluded"] == "left"
    hr.patch(path, {"hire_date": "2026-02-02", "exit_date": None})
    again = duties(hr, person)
    assert rules(again) == [("R2.FIRST", "2027-02-01", "to_plan"), ("R2.RECAP", "2034-02-02", "upcoming")]
    assert again["history"] == []
    assert duties(hr, person, "?as_of=2026-11-22")["known"] is False, "nothing was on record yet"
    problem(hr.post("/v1/reviews", {"employee": person, "type": "professional", "held": "2019-03-15"}), 422, "/held")
    problem(hr.post(path + "/absences", {"type": "unpaid", "start": "2019-03-15", "end": "2019-04-15"}), 422, "/start")
    hr.patch(path, {"seniority_date": "2015-03-02"})
    hr.post("/v1/reviews", {"employee": person, "type": "professional", "held": "2019-03-15"}, expect=201)
    assert ("R1.PERIODIC", "2021-06-30", "overdue") in rules(duties(hr, person)), "what was taken over counts"
