"""Employees through the interface."""
import pytest

from client import problem
from people import another_organisation, client_with, hire, manager_client

WHOLE = {"number": "A-17", "given_name": "Éloïse", "family_name": "d'Aubigné", "email": "eloise@rhone.example",
         "manager": None, "establishment": "Lyon", "category": "cadre", "contract": "cdd", "hire_date": "2025-11-03",
         "seniority_date": "2020-01-06", "birth_date": "1985-02-28", "contract_end": "2027-11-02", "exit_date": None,
         "locale": "en", "calendar_url": "https://dav.rhone.example/eloise/", "external_ids": {"moodle": "417"}}


def test_everything_given_comes_back(hr, organisation):
    made = hr.post("/v1/employees", WHOLE, expect=201)
    body = made.json()
    assert {key: body[key] for key in WHOLE} == WHOLE
    assert body["organisation"] == organisation
    assert made.headers["Location"] == f"/v1/employees/{body['id']}"
    again = hr.get(made.headers["Location"])
    assert again.json() == body and again.headers["ETag"] == made.headers["ETag"]


@pytest.mark.parametrize("members, pointer", [
    ({"number": ""}, "/number"),
    ({"given_name": None}, "/given_name"),
    ({"hire_date": "2025-02-30"}, "/hire_date"),
    ({"hire_date": None}, "/hire_date"),
    ({"exit_date": "2025-11-02"}, "/exit_date"),
    ({"birth_date": "2011-01-01"}, "/birth_date"),
    ({"contract_end": "2025-11-02"}, "/contract_end"),
    ({"contract": "permanent"}, "/contract"),
    ({"email": "nobody"}, "/email"),
    ({"calendar_url": "ftp://x"}, "/calendar_url"),
    ({"manager": "emp_0123456789_0123456789abcdefghjkmnpqrs"}, "/manager"),
    ({"manager": "boss"}, "/manager"),
    ({"external_ids": {"moodle": 417}}, "/external_ids"),
    ({"locale": "de"}, "/locale"),
    ({"salary": 1}, "/salary"),
])
def test_what_is_refused_says_where(hr, members, pointer):
    problem(hr.post("/v1/employees", {**WHOLE, **members}), 422, pointer)
    assert hr.items("/v1/employees") == []


def test_all_faults_at_once(hr):
    body = problem(hr.post("/v1/employees", {"number": 7, "hire_date": "soon"}), 422)
    assert {error["pointer"] for error in body["errors"]} == {"/number", "/given_name", "/family_name", "/hire_date"}


def test_numbers_are_unique(hr, admin):
    hire(hr, number="m1")
    problem(hr.post("/v1/employees", {**WHOLE, "number": "M1"}), 409, "/number")
    other = another_organisation(admin)
    hire(admin, number="M1", organisation=other)


def test_changing(hr):
    made = hr.post("/v1/employees", WHOLE, expect=201)
    path, tag = made.headers["Location"], made.headers["ETag"]
    changed = hr.patch(path, {"email": None, "category": "agent de maîtrise"}, headers={"If-Match": tag})
    assert changed.json()["email"] is None and changed.json()["category"] == "agent de maîtrise"
    assert changed.json()["given_name"] == "Éloïse"
    problem(hr.request("PATCH", path, json={"email": "x@y.example"}, headers={"If-Match": tag}), 412)
    problem(hr.request("PATCH", path, json={"family_name": None}), 422, "/family_name")
    problem(hr.request("PATCH", path, json={"exit_date": "2024-01-01"}), 422, "/exit_date")
    assert hr.patch(path, {"category": "agent de maîtrise"}).headers["ETag"] == changed.headers["ETag"]
    problem(hr.request("PATCH", path, data="[]", headers={"Content-Type": "application/json"}), 422)
    problem(hr.request("PATCH", path, data="{", headers={"Content-Type": "application/json"}), 400)
    problem(hr.request("PATCH", path, data="{}", headers={"Content-Type": "text/plain"}), 415)


def test_managers_make_no_circle(hr):
    top = hire(hr)
    middle = hire(hr, manager=top["id"])
    low = hire(hr, manager=middle["id"])
    problem(hr.request("PATCH", f"/v1/employees/{top['id']}", json={"manager": low["id"]}), 422, "/manager")
    problem(hr.request("PATCH", f"/v1/employees/{top['id']}", json={"manager": top["id"]}), 422, "/manager")
    hr.patch(f"/v1/employees/{low['id']}", {"manager": top["id"]})


def test_finding_people(hr):
    boss = hire(hr, number="B1", given_name="Anne", family_name="Zola", email="anne@rhone.example")
    one = hire(hr, number="E1", given_name="Éloïse", family_name="d’Aubigné", manager=boss["id"], establishment="Lyon",
               email="Eloise@rhone.example")
    two = hire(hr, number="E2", given_name="Jean", family_name="Dupont", manager=boss["id"], exit_date="2026-11-23")
    three = hire(hr, number="E3", given_name="Paul", family_name="Durand", hire_date="2026-12-01", establishment="Lyon")

    def found(query):
        return [person["number"] for person in hr.items("/v1/employees" + query)]
    assert found("") == ["E1", "E2", "E3", "B1"], "by family name, accents and case do not count"
    assert found(f"?manager={boss['id']}") == ["E1", "E2"]
    assert found("?establishment=Lyon") == ["E1", "E3"]
    assert found("?q=daub") == [] and found("?q=D%27AUB") == ["E1"] and found("?q=du") == ["E2", "E3"]
    assert found("?q=e2") == ["E2"] and found("?q=anne@") == ["B1"]
    assert found("?number=e3") == ["E3"] and found("?number=none") == []
    assert found("?email=eloise@rhone.example") == ["E1"]
    assert found(f"?number=E2&manager={one['id']}") == []
    assert found("?active=true") == ["E1", "B1"] and found("?active=false") == ["E2"]
    problem(hr.request("GET", "/v1/employees?q=x&number=E1"), 422, "/q")
    problem(hr.request("GET", "/v1/employees?colour=blue"), 422, "/colour")
    problem(hr.request("GET", "/v1/employees?limit=501"), 422, "/limit")
    problem(hr.request("GET", "/v1/employees?cursor=nonsense"), 422, "/cursor")
    assert two["id"] != three["id"]


def test_pages_of_five_hundred(hr):
    made = {hire(hr, number=f"P{i:03}", family_name=f"N{i % 7}", given_name=f"G{i % 3}")["id"] for i in range(500)}
    listed = hr.items("/v1/employees?limit=37")
    assert len(listed) == 500 and {person["id"] for person in listed} == made
    names = [(person["family_name"], person["given_name"]) for person in listed]
    assert names == sorted(names)
    whole = hr.get("/v1/employees?limit=500").json()
    assert len(whole["items"]) == 500 and "next" not in whole
    page = hr.get("/v1/employees?limit=10&q=p0")
    assert 'rel="next"' in page.headers["Link"]
    link = page.headers["Link"].split(";")[0].strip("<>")
    assert len(hr.get(link).json()["items"]) == 10


def test_only_a_mistake_is_removed(hr):
    boss = hire(hr)
    person = hire(hr, manager=boss["id"])
    path = f"/v1/employees/{person['id']}"
    assert "reports to" in problem(hr.request("DELETE", f"/v1/employees/{boss['id']}"), 409)["detail"]
    hr.post(path + "/absences", {"type": "illness", "start": "2026-01-05"}, expect=201)
    assert "exit_date" in problem(hr.request("DELETE", path), 409)["detail"]
    hr.patch(path, {"manager": None})
    tag = hr.get(f"/v1/employees/{boss['id']}").headers["ETag"]
    problem(hr.request("DELETE", f"/v1/employees/{boss['id']}", headers={"If-Match": '"99"'}), 412)
    hr.delete(f"/v1/employees/{boss['id']}", headers={"If-Match": tag})
    problem(hr.request("GET", f"/v1/employees/{boss['id']}"), 404)
    assert hr.get("/v1/audit/verify").status_code == 200


def test_nobody_sees_another_organisation(hr, admin):
    other = another_organisation(admin)
    stranger = hire(admin, organisation=other)
    path = f"/v1/employees/{stranger['id']}"
    for method, where, body in (("GET", path, None), ("PATCH", path, {"email": None}), ("DELETE", path, None),
                                ("GET", path + "/absences", None), ("GET", path + "/duties", None),
                                ("POST", path + "/absences", {"type": "illness", "start": "2026-01-05"})):
        problem(hr.request(method, where, json=body), 404)
    problem(hr.request("GET", f"/v1/employees?organisation={other}"), 404)
    assert hr.items("/v1/employees") == [] and hr.items("/v1/duties") == []
    problem(admin.request("GET", "/v1/employees"), 422, "/organisation")
    assert len(admin.items(f"/v1/employees?organisation={other}")) == 1
    problem(hr.request("PATCH", f"/v1/employees/{hire(hr)['id']}", json={"manager": stranger["id"]}), 422, "/manager")


def test_managers_see_their_team(hr, admin, organisation):
    boss = hire(hr)
    mine = hire(hr, manager=boss["id"], birth_date="1980-01-01")
    other = hire(hr)
    manager = manager_client(admin, organisation, boss["id"])
    listed = manager.items("/v1/employees")
    assert [person["id"] for person in listed] == [mine["id"]]
    assert listed[0]["birth_date"] is None
    assert manager.get(f"/v1/employees/{mine['id']}").json()["birth_date"] is None
    problem(manager.request("GET", f"/v1/employees/{other['id']}"), 404)
    problem(manager.request("GET", f"/v1/employees/{boss['id']}"), 404)
    problem(manager.request("GET", f"/v1/employees/{other['id']}/duties"), 404)
    assert manager.items(f"/v1/employees?number={other['number']}") == []
    assert {duty["employee"] for duty in manager.items("/v1/duties")} == {mine["id"]}
    assert manager.items(f"/v1/duties?employee={other['id']}") == []
    problem(manager.request("PATCH", f"/v1/employees/{mine['id']}", json={"email": None}), 403)
    problem(manager.post("/v1/employees", WHOLE), 403)
    reader = client_with(admin, organisation, "read")
    assert reader.get(f"/v1/employees/{mine['id']}").json()["birth_date"] == "1980-01-01"
    problem(reader.post("/v1/employees", WHOLE), 403)
    client_with(admin, organisation, "provision").post("/v1/employees", WHOLE, expect=201)


def test_the_same_key_is_the_same_person(hr):
    def create(number):
        return hr.post("/v1/employees", {**WHOLE, "number": number}, headers={"Idempotency-Key": "abc"})
    first = create("K1")
    second = create("K1")
    assert first.status_code == second.status_code == 201 and first.json() == second.json()
    assert second.headers["Location"] == first.headers["Location"]
    problem(create("K2"), 422)
    assert len(hr.items("/v1/employees")) == 1


def test_who_changed_what(hr):
    person = hire(hr)
    hr.patch(f"/v1/employees/{person['id']}", {"email": "ada@rhone.example"})
    records = hr.items(f"/v1/audit?subject={person['id']}")
    assert [r["verb"] for r in records] == ["employee.created", "duty.opened", "duty.opened", "employee.changed"]
    assert records[3]["payload"] == {"changed": {"email": [None, "ada@rhone.example"]}}
    assert records[0]["actor"].startswith("tok_")
