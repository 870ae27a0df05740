"""Tokens: scopes, organisations, expiry, revocation; what they may not do says so."""
import pytest

from client import Client, problem
from people import hire, manager_client, move_to

ROUTE_ANSWERS = (200, 201, 202, 204, 404, 409, 415, 422)


def test_without_and_with_wrong_credentials(daemon, admin):
    answer = Client(daemon).request("GET", "/v1/tokens")
    problem(answer, 401)
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    problem(Client(daemon, "ent_wrong").request("GET", "/v1/tokens"), 401)
    admin.get("/v1/tokens")


def test_a_token_is_shown_once_and_hashed(daemon, admin):
    made = admin.post("/v1/tokens", {"scopes": ["audit"], "label": "inspector"}, expect=201).json()
    secret = made["token"]
    assert all("token" not in token for token in admin.items("/v1/tokens"))
    assert secret.encode() not in b"".join(f.read_bytes() for f in daemon.data.iterdir() if f.is_file())
    assert secret not in daemon.log()
    Client(daemon, secret).get("/v1/audit")
    problem(Client(daemon, secret).request("GET", "/v1/tokens"), 403)
    admin.delete(f"/v1/tokens/{made['id']}")
    problem(Client(daemon, secret).request("GET", "/v1/audit"), 401)
    verbs = [r["verb"] for r in admin.items("/v1/audit")]
    assert verbs.count("token.created") >= 1 and verbs.count("token.revoked") == 1


@pytest.mark.parametrize("body, pointer", [
    ({}, "/scopes"),
    ({"scopes": []}, "/scopes"),
    ({"scopes": ["root"]}, "/scopes"),
    ({"scopes": "admin"}, "/scopes"),
    ({"scopes": ["manager"]}, "/employee"),
    ({"scopes": ["hr"], "expires_at": "yesterday"}, "/expires_at"),
    ({"scopes": ["hr"], "expires_at": "2001-01-01T00:00:00Z"}, "/expires_at"),
    ({"scopes": ["hr"], "nonsense": 1}, "/nonsense"),
    ({"scopes": ["hr"], "token": "mine"}, "/token"),
])
def test_a_refusal_names_the_field(admin, body, pointer):
    problem(admin.post("/v1/tokens", body), 422, pointer)


def test_a_body_that_is_not_json(admin):
    problem(admin.request("POST", "/v1/tokens", data="{", headers={"Content-Type": "application/json"}), 400)
    problem(admin.request("POST", "/v1/tokens", data="x=1", headers={"Content-Type": "text/plain"}), 415)
    problem(admin.request("GET", "/v1/tokens?colour=red"), 422, "/colour")


def test_tokens_of_one_organisation_see_nothing_of_another(daemon, admin):
    orgs = [admin.post("/v1/organisations", {"name": name}, expect=201).json()["id"] for name in ("A", "B")]
    tokens = [admin.post(f"/v1/tokens?organisation={org}", {"scopes": ["admin"]}, expect=201).json() for org in orgs]
    a = Client(daemon, tokens[0]["token"])
    assert [t["id"] for t in a.items("/v1/tokens")] == [tokens[0]["id"]]
    problem(a.request("GET", f"/v1/tokens?organisation={orgs[1]}"), 404)
    problem(a.request("DELETE", f"/v1/tokens/{tokens[1]['id']}"), 404)
    problem(a.request("GET", f"/v1/organisations/{orgs[1]}"), 404)
    assert [o["id"] for o in a.items("/v1/organisations")] == [orgs[0]]


def test_idempotency_keys(daemon, admin):
    key = {"Idempotency-Key": "one"}
    organisation = admin.post("/v1/organisations", {"name": "Once"}, expect=201, headers=key)
    again = admin.post("/v1/organisations", {"name": "Once"}, expect=201, headers=key)
    assert again.json() == organisation.json() and again.headers["Idempotent-Replayed"] == "true"
    assert again.headers["ETag"] == organisation.headers["ETag"]
    problem(admin.post("/v1/organisations", {"name": "Twice"}, headers=key), 422)
    assert len(admin.items("/v1/organisations")) == 1
    made = admin.post("/v1/tokens", {"scopes": ["read"]}, expect=201, headers={"Idempotency-Key": "two"}).json()
    again = admin.post("/v1/tokens", {"scopes": ["read"]}, expect=201, headers={"Idempotency-Key": "two"})
    assert made["token"] not in again.text


def test_a_managers_token_ends_with_the_day_the_manager_is_gone(daemon, admin, hr, organisation):
    boss = hire(hr, exit_date="2026-11-30")["id"]
    manager = manager_client(admin, organisation, boss)
    manager.get("/v1/employees")
    move_to(daemon, "2026-11-29", "22:59:59")
    manager.get("/v1/employees")
    move_to(daemon, "2026-11-29", "23:00:00")  # midnight in Paris
    problem(manager.get("/v1/employees", expect=401), 401)
    hr.patch(f"/v1/employees/{boss}", {"exit_date": None})
    manager.get("/v1/employees")
    hr.patch(f"/v1/employees/{boss}", {"exit_date": "2026-11-15"})
    problem(manager.get("/v1/employees", expect=401), 401)
