"""Every operation of the description against every scope, and against what belongs to somebody else."""
import re

import pytest

from client import Client, problem
from people import client_with
from world import MADE_UP, WHOLE, Organisation, made, operations

SCOPES = ["admin", "hr", "read", "manager", "ingest", "provision", "audit"]


@pytest.fixture
def ours(daemon, admin):
    return Organisation(daemon, admin, "Ateliers du Rhône")


@pytest.fixture
def theirs(daemon, admin):
    return Organisation(daemon, admin, "Ateliers de la Loire")


def guarded(daemon):
    found = [operation for operation in operations(daemon) if operation.scopes]
    assert len(found) > 60
    return found


def head(organisation):
    """The newest audit record: unchanged when nothing was written."""
    return organisation.admin.get(f"/v1/audit/head?organisation={organisation.id}").json()


def daemon_wide(daemon, organisation):
    """A token that sees every organisation."""
    return Client(daemon, organisation.admin.session.headers["Authorization"].split()[1])


def ask(client, operation, path, **options):
    body = {} if operation.method == "GET" else {"json": {}}
    return client.request(operation.method, path, **body, **options)


def test_only_what_carries_its_own_key_is_open(daemon):
    for operation in operations(daemon):
        key_in_path = operation.path.startswith(("/feeds/{", "/hooks/{", "/me/{"))
        assert operation.scopes or key_in_path or not operation.path.startswith(("/v1/", "/scim/")), operation
        assert operation.scopes <= set(SCOPES)


def test_nothing_is_told_without_a_token(daemon, ours):
    for number, operation in enumerate(guarded(daemon)):
        address = f"127.0.{1 + number // 250}.{number % 250}"  # who fails too often is slowed down
        anyone = Client(daemon, address=address)
        answer = ask(anyone, operation, ours.fill(operation.path))
        problem(answer, 401)
        assert answer.headers["WWW-Authenticate"].startswith("Bearer"), operation
        assert ours.key not in answer.text
        liar = Client(daemon, "ent_" + MADE_UP * 2, address=address)
        problem(ask(liar, operation, ours.fill(operation.path)), 401)


def test_a_scope_opens_its_operations_and_no_others(daemon, ours):
    everything = guarded(daemon)
    for scope in SCOPES:
        client = ours.client(scope)
        for operation in everything:
            if scope != "admin" and scope not in operation.scopes:
                answer = ask(client, operation, ours.fill(operation.path))
                assert answer.status_code == 403, f"{operation} with {scope}: {answer.status_code}"
                assert ours.key not in problem(answer, 403)["detail"]
                continue
            # What would change something is asked of something that is not there.
            # A campaign needs nothing to plan for all who are owed a review.
            if operation.name == "POST /v1/campaigns":
                continue
            path = ours.fill(operation.path) if operation.method == "GET" else re.sub(
                "{[^}]+}", f"emp_{ours.key}_{MADE_UP}", operation.path)
            answer = ask(client, operation, path)
            if operation.name in WHOLE:
                problem(answer, 403)
                continue
            assert answer.status_code in (200, 202, 404, 415, 422), f"{operation} with {scope}: {answer.text}"


def test_a_token_of_one_organisation_makes_no_other(ours):
    problem(ours.client("admin").post("/v1/organisations", {"name": "Mine"}), 403)
    problem(ours.hr.post("/v1/organisations", {"name": "Mine"}), 403)


def test_what_is_another_organisations_is_not_there(daemon, ours, theirs):
    everything = client_with(ours.admin, ours.id, "admin", "hr", "read", "ingest", "provision", "audit")
    before = head(theirs)
    asked = 0
    for operation in guarded(daemon):
        path = theirs.fill(operation.path)
        if theirs.key not in path:
            continue
        answer = ask(everything, operation, path)
        assert answer.status_code == 404, f"{operation}: {answer.status_code} {answer.text}"
        problem(answer, 404)
        asked += 1
    assert asked > 40
    for operation in guarded(daemon):
        answer = ask(everything, operation, ours.fill(operation.path).split("?")[0] + f"?organisation={theirs.id}")
        if "{" not in operation.path and operation.method == "GET":
            assert answer.status_code in (404, 422), f"{operation}: {answer.status_code} {answer.text}"
    assert head(theirs) == before


def test_lists_hold_nothing_of_another_organisation(daemon, ours, theirs):
    everything = client_with(ours.admin, ours.id, "admin", "hr", "read", "ingest", "provision", "audit")
    filters = {name: one for template, one in {**theirs.ids, **theirs.team.ids}.items()
               for name in [{"/v1/employees/{id}": "employee", "/v1/reviews/{id}": "review",
                             "/v1/sources/{id}": "source"}.get(template)] if name}
    filters.update(interviewer=theirs.boss, manager=theirs.boss, subject=theirs.team.ids["/v1/employees/{id}"])
    for operation in guarded(daemon):
        path = ours.fill(operation.path)
        if operation.method != "GET" or MADE_UP in path or operation.name in WHOLE:
            continue
        answer = ask(everything, operation, path)
        assert answer.status_code == 200, f"{operation}: {answer.text}"
        assert theirs.key.encode() not in answer.content, operation
        for parameter in operation.about["parameters"]:
            if parameter["in"] == "query" and parameter["name"] in filters:
                query = f"?{parameter['name']}={filters[parameter['name']]}"
                answer = ask(everything, operation, path + query)
                assert answer.status_code in (200, 404, 422), f"{operation} {query}: {answer.text}"
                if answer.status_code == 200:
                    assert answer.json()["items"] == [], f"{operation} {query}"


NAMING = [
    ("/v1/employees", {"number": "9", "given_name": "A", "family_name": "B", "hire_date": "2024-03-01", "manager": "emp"}),
    ("/v1/reviews", {"employee": "emp", "type": "professional"}),
    ("/v1/reviews", {"employee": "emp", "held": "2026-11-10"}),
    ("/v1/needs", {"employee": "emp", "title": "x"}),
    ("/v1/actions", {"employee": "emp", "year": 2027, "title": "x"}),
    ("/v1/feeds", {"scope": "employee", "subject": "emp"}),
    ("/v1/feeds", {"scope": "manager", "subject": "emp"}),
    ("/v1/completions/{id}/assign", {"employee": "emp"}),
    ("/v1/tokens", {"scopes": ["manager"], "employee": "emp"}),
]


def test_a_body_cannot_name_somebody_elsewhere(daemon, ours, theirs):
    before = head(theirs)
    for path, body in NAMING:
        for client in (ours.client("admin"), ours.hr, daemon_wide(daemon, ours)):
            sent = {key: theirs.team.ids["/v1/employees/{id}"] if value == "emp" else value for key, value in body.items()}
            answer = client.post(ours.fill(path) + f"?organisation={ours.id}" * ("{" not in path), sent)
            expected = (403,) if path == "/v1/tokens" and client is ours.hr else (404, 422)
            assert answer.status_code in expected, f"{path} {body}: {answer.status_code} {answer.text}"
    assert head(theirs) == before


# ---- managers

def test_a_manager_sees_the_own_team_and_nobody_else(daemon, ours):
    manager = ours.client("manager")
    hidden = [*ours.other.ids.values(), ours.other.planned]
    for operation in guarded(daemon):
        path = ours.fill(operation.path)
        if "manager" not in operation.scopes or operation.method != "GET" or MADE_UP in path:
            continue
        own = ask(manager, operation, path)
        assert own.status_code == 200, f"{operation}: {own.text}"
        for one in hidden:
            assert one.encode() not in own.content, f"{operation} shows {one}"
        if operation.of_people():
            problem(ask(manager, operation, ours.fill(operation.path, ours.other)), 404)
        for name, one in (("employee", ours.other.ids["/v1/employees/{id}"]), ("review", ours.other.ids["/v1/reviews/{id}"])):
            if any(parameter["name"] == name for parameter in operation.about["parameters"]):
                answer = ask(manager, operation, f"{path}?{name}={one}")
                assert answer.status_code in (200, 404) and answer.json().get("items", []) == [], f"{operation} {name}"


def test_a_manager_writes_of_the_own_team_only(daemon, ours):
    manager = ours.client("manager")
    before = head(ours)
    bodies = {"hold": {"date": "2026-11-20"}, "report": {"reference": "x"}, "copy": {"date": "2026-11-20", "means": "hand"},
              "absence": {"reason": "x"}, "refusal": {"date": "2026-11-20", "proof": "x"}}
    asked = 0
    for operation in guarded(daemon):
        if "manager" not in operation.scopes or operation.method == "GET" or not operation.of_people():
            continue
        path = ours.fill(operation.path, ours.other)
        if operation.method == "PUT":
            answer = manager.put(path, b"%PDF-1.4\n%%EOF\n", headers={"Content-Type": "application/pdf"})
        else:
            answer = manager.request(operation.method, path, json=bodies.get(path.rsplit("/", 1)[-1], {}))
        assert answer.status_code == 404, f"{operation}: {answer.status_code} {answer.text}"
        asked += 1
    assert asked >= 6
    assert head(ours) == before


def away(organisation):
    """A leave that is announced: few types ask for a review before they begin, so that its articles tell which."""
    employee = organisation.team.ids["/v1/employees/{id}"]
    made(organisation.hr, f"/v1/employees/{employee}/absences",
         {"type": "carer", "start": "2027-02-01", "end": "2027-03-31", "announced": "2026-11-20"})
    return employee


TELLING = ["parental", "carer", "aidant", "L1225-5", "L3142"]


@pytest.mark.parametrize("scope", ["manager", "read"])
def test_others_than_hr_never_learn_why_somebody_was_away(daemon, ours, scope):
    employee = away(ours)
    client = ours.client(scope)
    paths = [ours.fill(operation.path) for operation in guarded(daemon) if scope in operation.scopes and
             operation.method == "GET"]
    duties = f"/v1/employees/{employee}/duties"
    assert "L3142" in ours.hr.get(duties).text
    for path in paths + [f"{duties}?as_of=2027-04-15", f"/v1/employees/{employee}/recap?format=html&as_of=2027-04-15",
                         f"/v1/employees/{employee}/recap?as_of=2027-04-15", "/v1/compliance?rows=duties&format=csv"]:
        text = client.request("GET", path).text
        assert not [word for word in TELLING if word in text], path
    shown = client.get(duties).json()
    [before] = [duty for duty in shown["items"] + shown["history"] if duty["kind"] == "before_leave"]
    assert before["article"] is None and before["source"] is None and "absence" in before["explanation"]


def test_the_auditor_never_learns_it_either(ours):
    auditor = ours.client("audit")
    employee = away(ours)
    for path in ("/v1/audit?limit=500", f"/v1/employees/{employee}/trace", f"/v1/employees/{employee}/trace?format=html"):
        told, kept = ours.hr.get(path).text, auditor.get(path).text
        assert "parental" in told and "L3142" in told, path
        assert not [word for word in TELLING if word in kept], path
    records = auditor.items("/v1/audit")
    absences = [record for record in records if record["verb"] == "absence.added" and record["subject"] == employee]
    assert len(absences) == 2
    assert all(record["payload"] is None and record["salt"] is None and record["payload_hash"] for record in absences)
    assert any(record["payload"] for record in records if record["verb"] == "duty.opened")
    assert all(record["payload"] and record["salt"] for record in records if record["verb"] == "review.created")
    assert "for HR only" in auditor.get(f"/v1/employees/{employee}/trace?format=html&lang=en").text
    assert auditor.get("/v1/audit/verify").json()["valid"]


# ---- ids that mean harm

HOSTILE = ["'", "%27%20OR%201%3D1--", "%00", "%ff%fe", "%F0%9F%92%A3", "%2e%2e%2fetc%2fpasswd", "%5c..%5c",
           "emp", "emp_", "emp__", "emp_%s", "emp_%s_", "EMP_%s_{0}", "emp_%s_{0}x", "emp_%s_{0}%%00", "emp_system_{0}",
           "emp_%s_{0}_{0}", "org_%s_{0}", "org_system", "tok_system_{0}", "-1", "0", "9" * 40, "null", "%25s%25n", "{{id}}", "*",
           "a" * 7000, "%E2%80%AE", "emp_%s_{0};x=1", "emp_%s_{0}%%0d%%0aX-A:%%20b"]


def test_ids_that_mean_harm_find_nothing(daemon, ours):
    client = ours.hr
    hostile = [(one % ours.key if "%s_" in one or one.endswith("_%s") else one).format(MADE_UP) for one in HOSTILE]
    before = head(ours)
    templates = {}
    for operation in guarded(daemon):
        if "{" in operation.path and "hr" in operation.scopes:
            templates.setdefault(operation.path, operation)
    for template, operation in templates.items():
        first, rest = template.split("{", 1)[0], template.split("}", 1)[1]
        for one in hostile:
            answer = ask(client, operation, ours.fill(first + "\0" + rest).replace("\0", one))
            assert answer.status_code in (400, 404, 414, 415, 422), f"{operation} with {one[:60]}: {answer.status_code} {answer.text}"
            assert answer.headers["Content-Type"] == "application/problem+json" and "X-A" not in answer.headers
    assert head(ours) == before
