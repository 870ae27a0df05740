"""/openapi.json is true: its routes are the daemon's, its schemas hold, its answers follow them."""
import json
import pathlib
import re

import jsonschema
import pytest

from client import Client
from daemon import run
from people import client_with
from world import MADE_UP, WHOLE, Organisation, operations

TOP = pathlib.Path(__file__).resolve().parents[2]


def test_the_description_lists_the_routes(admin):
    described = {(method.upper(), path) for path, item in admin.get("/openapi.json").json()["paths"].items() for method in item}
    printed = {tuple(line.split()[:2]) for line in run("--routes").stdout.splitlines()}
    assert described == printed and len(printed) > 10


def test_every_reference_exists(admin):
    description = admin.get("/openapi.json")
    known = set(description.json()["components"]["schemas"])
    wanted = set(re.findall(r"#/components/schemas/(\w+)", description.text))
    assert wanted <= known
    operations = [op["operationId"] for item in description.json()["paths"].values() for op in item.values()]
    assert len(operations) == len(set(operations))


def test_operations_name_the_parameters_of_their_path(admin):
    for path, item in admin.get("/openapi.json").json()["paths"].items():
        wanted = {name.rstrip("*") for name in re.findall(r"{([^}]+)}", path)}
        for method, operation in item.items():
            told = {parameter["name"] for parameter in operation.get("parameters", []) if parameter["in"] == "path"}
            assert told == wanted, f"{method} {path}"
            assert operation["summary"] and operation["responses"], f"{method} {path}"


def test_the_readme_names_the_description(admin):
    assert "/openapi.json" in (TOP / "README.md").read_text()
    assert admin.get("/metrics").text.count("# TYPE entretiend_") > 10


class Witness:
    """Holds every answer of a client against the description; `seen` are the operations that answered well."""

    def __init__(self, daemon):
        self.description = Client(daemon).get("/openapi.json").json()
        self.templates = [(re.compile("^" + re.sub(r"\\{[^}]+\\}", "[^/]+", re.escape(path)) + "$"), path)
                          for path in self.description["paths"]]
        self.validators = {}
        self.seen = set()

    def validator(self, schema):
        key = json.dumps(schema)
        if key not in self.validators:
            whole = {**schema, "components": self.description["components"]}
            self.validators[key] = jsonschema.Draft202012Validator(whole)
        return self.validators[key]

    def template(self, method, path):
        if path in self.description["paths"]:
            return path
        return next(template for pattern, template in self.templates
                    if pattern.match(path) and method.lower() in self.description["paths"][template])

    def look(self, method, path, answer):
        """The status is one of those told, the type too, and JSON follows its schema."""
        template = self.template(method, path)
        operation = self.description["paths"][template][method.lower()]
        told = operation["responses"]
        name = f"{method} {template}: {answer.status_code}"
        if answer.status_code >= 400 and path.startswith("/me/"):
            assert answer.headers["Content-Type"] == "text/html; charset=utf-8", name  # people's pages fail as pages
            return
        if answer.status_code >= 400:
            assert answer.headers["Content-Type"] == "application/problem+json", name
            self.validator({"$ref": "#/components/schemas/Problem"}).validate(answer.json())
            return
        assert str(answer.status_code) in told, f"{name} is none of {list(told)}"
        self.seen.add(f"{method} {template}")
        content = told[str(answer.status_code)].get("content", {}).get("application/json", {})
        kind = answer.headers.get("Content-Type", "")
        if not answer.content or not kind.startswith("application/json"):
            return
        if "schema" in content:
            errors = [f"{'/'.join(map(str, error.absolute_path))}: ...{error.message[-200:]}"
                      for error in self.validator(content["schema"]).iter_errors(answer.json())]
            assert not errors, f"{name}\n" + "\n".join(errors[:10])


@pytest.fixture
def witness(daemon, monkeypatch):
    """Every answer of every client in the test is held against the description."""
    made = Witness(daemon)
    asked = Client.request

    def request(client, method, path, expect=None, **options):
        answer = asked(client, method, path, expect, **options)
        local = path.removeprefix(daemon.url).partition("?")[0]
        if not local.startswith("http") and method != "HEAD":
            made.look(method, local, answer)
        return answer
    monkeypatch.setattr(Client, "request", request)
    return made


def review_lives(hr, employee):
    """Reviews through every transition."""
    slot = {"start": "2027-02-03T09:00:00Z", "end": "2027-02-03T10:00:00Z", "mode": "remote",
            "conference_url": "https://visio.example/1"}
    review = hr.post("/v1/reviews", {"employee": employee, "type": "professional"}, expect=201).json()["id"]
    at = f"/v1/reviews/{review}"
    hr.post(at + "/propose", {"start": slot["start"], "end": slot["end"]}, expect=200)
    hr.post(at + "/invite", {}, expect=200)
    hr.patch(at, {"location": "Salle 2"})
    hr.get(at + "/slots")
    hr.post(at + "/cancel", {"reason": "grève"}, expect=200)
    held = hr.post("/v1/reviews", {"employee": employee, "type": "professional", **slot}, expect=201).json()["id"]
    hr.post(f"/v1/reviews/{held}/invite", {}, expect=200)
    hr.post(f"/v1/reviews/{held}/hold", {"date": "2026-11-20", "themes": ["skills"]}, expect=200)
    hr.post(f"/v1/reviews/{held}/report", {"reference": "CR-1"}, expect=200)
    hr.post(f"/v1/reviews/{held}/copy", {"date": "2026-11-23", "means": "hand"}, expect=200)


def test_real_answers_follow_the_description(daemon, admin, witness):
    ours = Organisation(daemon, admin, "Ateliers du Rhône")
    review_lives(ours.hr, ours.other.ids["/v1/employees/{id}"])
    ours.hr.post("/v1/simulations", [{"as_of": "2026-11-22", "employee": {"hire_date": "2024-03-01"}}], expect=200)
    ours.hr.post("/v1/imports/employees?wait=60", expect=201, data="matricule;prénom;nom;date d'entrée\nI1;Ada;Byron;12/01/2026\n".encode(),
                 headers={"Content-Type": "text/csv"})
    for name, body in (("employees", {"category": "cadre", "sex": "female"}), ("needs", {"domain": "gestion"}),
                       ("actions", {"domain": "gestion"}), ("organisations", {"siren": "732829320"})):
        ours.hr.patch(ours.fill(f"/v1/{name}/{{id}}"), body)
    for query in ("compliance?by=manager", "compliance?rows=duties", "forecast?by=establishment", "forecast?rows=meetings"):
        ours.hr.get("/v1/" + query)
    client = client_with(admin, ours.id, "admin", "hr", "read", "audit")
    for operation in operations(daemon):
        path = ours.fill(operation.path)
        if operation.method == "GET" and operation.scopes and MADE_UP not in path:
            assert (admin if operation.name in WHOLE else client).get(path).status_code == 200
        elif operation.method == "GET":
            Client(daemon).request("GET", path)
        else:  # of something that is not there: problems follow the description, too
            client.request(operation.method, re.sub("{[^}]+}", f"emp_{ours.key}_{MADE_UP}", operation.path), json={})
    client.delete(ours.fill("/v1/feeds/{id}"))
    assert len(witness.seen) > 65, sorted(witness.seen)
    missing = [one.name for one in operations(daemon) if one.method == "GET" and one.name not in witness.seen
               and one.scopes and MADE_UP not in ours.fill(one.path)]
    assert not missing
