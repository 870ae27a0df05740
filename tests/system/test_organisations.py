"""Organisations through the interface."""
import pytest

from client import Client, problem
from people import another_organisation, client_with, hire


def test_a_new_organisation_has_its_defaults(admin):
    made = admin.post("/v1/organisations", {"name": "Forges"}, expect=201)
    body = made.json()
    assert made.headers["Location"] == f"/v1/organisations/{body['id']}"
    assert body["id"].startswith("org_")
    assert (body["locale"], body["zone"], body["deliveries"], body["holidays"]) == \
        ("fr", "Europe/Paris", "live", "metropole")
    assert body["policies"] == {"periodic_anchor": "last_held", "first_reading": "strict", "return_period": None,
                                "planning_horizon_days": 90, "notice_days": 30, "reviews_per_week": 5,
                                "title_older": False, "letters": "working_hours"}
    assert len(body["working_hours"]) == 10
    assert {"weekday": 5, "start": "14:00", "end": "17:30"} in body["working_hours"]
    again = admin.get(f"/v1/organisations/{body['id']}")
    assert again.json() == body and again.headers["ETag"] == made.headers["ETag"]


def test_everything_given_comes_back(admin):
    given = {"name": "Forges", "siren": "732829320", "locale": "en", "zone": "Indian/Reunion",
             "organiser": {"name": "RH", "email": "rh@forges.example"},
             "headcounts": [{"year": 2024, "average": 48}, {"year": 2025, "average": 61}],
             "agreements": [{"level": "company", "period": "P3Y", "valid_from": "2024-01-01", "valid_to": None,
                             "reference": "Accord du 1er janvier 2024"}],
             "policies": {"periodic_anchor": "hire_anniversary", "first_reading": "lenient", "return_period": "P2M",
                          "planning_horizon_days": 60, "notice_days": 15, "reviews_per_week": 3,
                          "title_older": True, "letters": "any_time"},
             "working_hours": [{"weekday": 2, "start": "08:00", "end": "12:00"}],
             "holidays": "alsace_moselle", "deliveries": "held"}
    body = admin.post("/v1/organisations", given, expect=201).json()
    assert {key: body[key] for key in given} == given


@pytest.mark.parametrize("members, pointer", [
    ({"name": None}, "/name"),
    ({"siren": "732829321"}, "/siren"),
    ({"siren": "12"}, "/siren"),
    ({"locale": "de"}, "/locale"),
    ({"zone": "Mars/Olympus"}, "/zone"),
    ({"organiser": {"name": "RH"}}, "/organiser/email"),
    ({"organiser": {"email": "not an address"}}, "/organiser/email"),
    ({"agreements": [{"level": "company", "period": "P0Y"}]}, "/agreements/0/period"),
    ({"agreements": [{"level": "company", "period": "P3Y", "valid_from": "2024-01-01", "valid_to": "2025-01-01"},
                     {"level": "branch", "period": "P3Y"},
                     {"level": "company", "period": "P4Y", "valid_from": "2025-01-01"}]}, "/agreements/2/valid_from"),
    ({"working_hours": [{"weekday": 8, "start": "08:00", "end": "12:00"}]}, "/working_hours/0/weekday"),
    ({"working_hours": [{"weekday": 1, "start": "12:00", "end": "08:00"}]}, "/working_hours/0/end"),
    ({"headcounts": [{"year": 2024, "average": -1}]}, "/headcounts/0/average"),
    ({"deliveries": "maybe"}, "/deliveries"),
    ({"colour": "blue"}, "/colour"),
    ({"id": "org_0123456789"}, "/id"),
])
def test_what_is_refused_says_where(admin, members, pointer):
    problem(admin.post("/v1/organisations", {"name": "Forges", **members}), 422, pointer)


def test_changing_with_if_match(admin, organisation):
    path = f"/v1/organisations/{organisation}"
    first = admin.get(path).headers["ETag"]
    changed = admin.patch(path, {"name": "Ateliers", "policies": {"notice_days": 20}}, headers={"If-Match": first})
    assert changed.json()["name"] == "Ateliers"
    assert changed.json()["policies"]["notice_days"] == 20
    assert changed.json()["policies"]["planning_horizon_days"] == 90
    assert changed.headers["ETag"] != first
    problem(admin.request("PATCH", path, json={"name": "X"}, headers={"If-Match": first}), 412)
    problem(admin.request("PATCH", path, json={"name": None}), 422, "/name")
    assert admin.patch(path, {"name": "Ateliers"}).headers["ETag"] == changed.headers["ETag"]
    assert admin.request("GET", path, headers={"If-None-Match": changed.headers["ETag"]}).status_code == 304


def test_a_list_given_replaces_the_one_before(admin, organisation):
    path = f"/v1/organisations/{organisation}"
    one = {"level": "branch", "period": "P3Y", "valid_from": None, "valid_to": None, "reference": "A"}
    other = {"level": "company", "period": "P5Y", "valid_from": "2026-01-01", "valid_to": None, "reference": None}
    assert admin.patch(path, {"agreements": [one]}).json()["agreements"] == [one]
    assert admin.patch(path, {"agreements": [one, other]}).json()["agreements"] == [one, other]
    assert admin.patch(path, {"agreements": [other]}).json()["agreements"] == [other]
    assert admin.patch(path, {"agreements": []}).json()["agreements"] == []


def test_the_chain_says_what_changed(admin, organisation):
    admin.patch(f"/v1/organisations/{organisation}", {"name": "Ateliers"})
    records = admin.items(f"/v1/audit?organisation={organisation}&subject={organisation}")
    assert [record["verb"] for record in records] == ["organisation.created", "organisation.changed"]
    assert records[1]["payload"] == {"changed": {"name": ["Ateliers du Rhône", "Ateliers"]}}
    assert admin.get(f"/v1/audit/verify?organisation={organisation}").status_code == 200


def test_a_bound_token_sees_its_own(admin, organisation, hr):
    other = another_organisation(admin)
    assert [one["id"] for one in hr.items("/v1/organisations")] == [organisation]
    assert {one["id"] for one in admin.items("/v1/organisations")} == {organisation, other}
    assert [one["id"] for one in admin.items(f"/v1/organisations?organisation={other}")] == [other]
    problem(hr.request("GET", f"/v1/organisations/{other}"), 404)
    problem(hr.request("PATCH", f"/v1/organisations/{other}", json={"name": "X"}), 404)
    problem(hr.post("/v1/organisations", {"name": "X"}), 403)
    bound = client_with(admin, organisation, "admin")
    problem(bound.post("/v1/organisations", {"name": "X"}), 403)
    problem(client_with(admin, organisation, "read").request("PATCH", f"/v1/organisations/{organisation}",
                                                             json={"name": "X"}), 403)
    problem(Client(admin.daemon).request("GET", "/v1/organisations"), 401)
    problem(admin.request("GET", "/v1/organisations/org_0000000000"), 404)


def test_pages_of_organisations(admin):
    made = {another_organisation(admin, f"O{i}") for i in range(7)}
    page = admin.get("/v1/organisations?limit=3").json()
    assert len(page["items"]) == 3 and "next" in page
    assert {one["id"] for one in admin.items("/v1/organisations?limit=3")} == made


def test_the_same_key_is_the_same_organisation(admin):
    def create(name):
        return admin.post("/v1/organisations", {"name": name}, headers={"Idempotency-Key": "k-1"})
    first = create("Forges")
    assert create("Forges").json()["id"] == first.json()["id"]
    problem(create("Autre"), 422)
    assert len(admin.items("/v1/organisations")) == 1


def test_policies_move_the_duties(admin, organisation, hr):
    person = hire(hr, hire_date="2026-01-05")
    first = hr.get("/v1/duties?kind=first").json()["items"][0]
    assert (first["due"], first["state"]) == ("2027-01-04", "to_plan")
    admin.patch(f"/v1/organisations/{organisation}", {"policies": {"planning_horizon_days": 10}})
    page = hr.get("/v1/duties?kind=first").json()
    assert page["items"][0]["state"] == "upcoming", "computed when read"
    assert page["items"][0]["employee"] == person["id"]


def test_the_configuration_says_what_a_new_one_starts_with(make_daemon):
    made = make_daemon({"defaults": {"locale": "en", "zone": "Indian/Reunion"}})
    token = made.create_token()
    body = Client(made.start(), token).post("/v1/organisations", {"name": "Sous les Tropiques"}, expect=201).json()
    assert (body["locale"], body["zone"]) == ("en", "Indian/Reunion")
