"""Two organisations with one of everything, and every operation of the description with its path filled in."""
import re

import lms
from client import Client
from people import client_with, hire, manager_client

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
SLOT = {"start": "2027-01-06T09:00:00Z", "end": "2027-01-06T10:00:00Z", "mode": "onsite", "location": "Lyon"}
MADE_UP = "0123456789abcdefghjkmnpqrs"
# Takes what belongs to every organisation: closed to a token of one, whatever its scopes.
WHOLE = {"GET /v1/backup", "GET /v1/selfcheck", "POST /v1/selfcheck"}
KINDS = {"tokens": "tok", "organisations": "org", "feeds": "feed", "links": "link", "sources": "src",
         "completions": "comp", "employees": "emp", "reviews": "rev", "needs": "need", "actions": "act", "campaigns": "cmp",
         "calendars": "cal"}


def made(client, path, body, **options):
    return client.post(path, body, expect=201, **options).json()["id"]


class Person:
    """An employee with a fact, a review and an action of each kind; `ids` by the path that shows one."""

    def __init__(self, hr, **members):
        employee = hire(hr, **{"hire_date": "2020-01-06", **members})["id"]
        at = f"/v1/employees/{employee}"
        review = made(hr, "/v1/reviews", {"employee": employee, "type": "professional", "held": "2026-11-10"})
        self.planned = made(hr, "/v1/reviews", {"employee": employee, "type": "professional", **SLOT})
        hr.put(f"/v1/reviews/{review}/documents/report", PDF, expect=201, headers={"Content-Type": "application/pdf"})
        need = made(hr, "/v1/needs", {"employee": employee, "title": "Gestion de projet", "review": review})
        self.ids = {
            "/v1/employees/{id}": employee,
            "/v1/employees/{id}/absences/{fact}": made(
                hr, at + "/absences", {"type": "parental", "start": "2025-01-06", "end": "2026-01-04"}),
            "/v1/employees/{id}/events/{fact}": made(hr, at + "/events", {"type": "midcareer_visit", "date": "2026-05-04"}),
            "/v1/employees/{id}/progressions/{fact}": made(hr, at + "/progressions", {"kind": "pay", "date": "2025-06-01"}),
            "/v1/reviews/{id}": review,
            "/v1/needs/{id}": need,
            "/v1/actions/{id}": made(hr, "/v1/actions", {"employee": employee, "year": 2027, "need": need,
                                                         "title": "Gestion de projet, niveau 1"}),
        }


class Organisation:
    """One organisation: `team` reports to `boss`, `other` does not."""

    def __init__(self, daemon, admin, name):
        self.admin = admin
        self.id = made(admin, "/v1/organisations", {"name": name, "organiser": {"name": "RH", "email": "rh@rhone.example"}})
        self.key = self.id.split("_")[1]
        self.hr = client_with(admin, self.id, "hr")
        self.boss = hire(self.hr, email=f"boss@{self.key}.example")["id"]
        self.team = Person(self.hr, manager=self.boss, email=f"camille@{self.key}.example")
        self.other = Person(self.hr, email=f"paul@{self.key}.example")
        source = lms.connect(self.hr)
        for event, who in (("e1", "camille"), ("e2", "nobody")):
            assert lms.hook(source, lms.record(event, f"{who}@{self.key}.example")).status_code == 200
        self.hr.post("/v1/plans", {"year": 2027}, expect=201)
        self.ids = {
            "/v1/organisations/{id}": self.id,
            "/v1/tokens/{id}": made(admin, f"/v1/tokens?organisation={self.id}", {"scopes": ["read"]}),
            "/v1/feeds/{id}": made(self.hr, "/v1/feeds", {"scope": "organisation"}),
            "/v1/links/{id}": made(self.hr, "/v1/links", {"kind": "employee", "person": self.boss}),
            "/v1/sources/{id}": source["id"],
            "/v1/calendars/{id}": made(self.hr, "/v1/calendars", {"kind": "store", "name": "Agendas",
                                                                  "url": "http://192.0.2.1/", "paused": True}),
            "/v1/campaigns/{id}": made(self.hr, "/v1/campaigns", {"dry_run": True}),
            "/v1/completions/{id}": self.hr.items("/v1/completions?state=quarantined")[0]["id"],
        }
        self.source = source
        self.daemon = daemon

    def client(self, scope):
        """Bound to the organisation and to one scope."""
        return (manager_client(self.admin, self.id, self.boss) if scope == "manager"
                else client_with(self.admin, self.id, scope))

    def fill(self, template, person=None):
        """A path of this organisation's own things, or those of one person in it; made up where there is none."""
        ids = {**self.ids, **(person or self.team).ids}

        def value(match):
            name, before = match[1].rstrip("*"), template[:match.start()]
            known = ids.get(f"{before}{{{name}}}")
            kind = KINDS.get(before.rstrip("/").split("/")[-1], "fact")
            return known or {"year": "2027", "kind": "report"}.get(name) or f"{kind}_{self.key}_{MADE_UP}"
        return re.sub(r"{([^}]+)}", value, template)


class Operation:
    """One method on one path of the description."""

    def __init__(self, method, path, about):
        self.method, self.path, self.about = method.upper(), path, about
        self.scopes = {scope for way in about["security"] for scope in way.get("token", [])}
        self.name = f"{self.method} {path}"

    def of_people(self):
        return re.match(r"/v1/(employees|reviews|needs|actions)/{id}", self.path)

    def __repr__(self):
        return self.name


def operations(daemon):
    description = Client(daemon).get("/openapi.json").json()
    return [Operation(method, path, about) for path, item in description["paths"].items() for method, about in item.items()]
