"""Organisations and teams stay apart: ids that name somebody else's people are refused, and lists tell nothing of them."""
import base64

import pytest

from client import Client, problem
from patience import eventually
from people import another_organisation, client_with, hire, manager_client
from test_completions import make_source, post, record


@pytest.fixture
def elsewhere(admin):
    """Somebody of another organisation."""
    return hire(admin, organisation=another_organisation(admin), given_name="Zoé", family_name="Ailleurs")["id"]


def test_a_completion_is_not_given_to_somebody_elsewhere(daemon, hr, elsewhere):
    post.client = Client(daemon)
    source = make_source(hr)
    assert post(source, record("e1", email="nobody@rhone.example")).json()["quarantined"] == 1
    [completion] = hr.items("/v1/completions")
    answer = hr.post(f"/v1/completions/{completion['id']}/assign", {"employee": elsewhere})
    problem(answer, 422, "/employee")
    [completion] = hr.items("/v1/completions")
    assert completion["state"] == "quarantined"


def test_a_feed_is_not_of_somebody_elsewhere(hr, elsewhere):
    problem(hr.post("/v1/feeds", {"scope": "employee", "subject": elsewhere}), 422, "/subject")
    assert hr.items("/v1/feeds") == []


def test_a_manager_token_is_of_somebody_of_its_organisation(admin, organisation, elsewhere):
    for employee in (elsewhere, f"emp_{organisation[4:]}_{26 * '0'}"):
        body = {"scopes": ["manager"], "employee": employee}
        problem(admin.post(f"/v1/tokens?organisation={organisation}", body), 422, "/employee")


def test_a_trace_names_nobody_elsewhere(hr, elsewhere):
    ada = hire(hr)["id"]
    hr.post("/v1/needs", {"employee": ada, "title": elsewhere}, expect=201)
    page = hr.get(f"/v1/employees/{ada}/trace?format=html").text
    assert elsewhere in page and "Ailleurs" not in page


@pytest.mark.parametrize("path", ["/v1/employees", "/v1/duties"])
def test_a_page_of_another_team_tells_a_manager_nothing(admin, hr, organisation, path):
    ada, eve = hire(hr, family_name="Ada")["id"], hire(hr, family_name="Eve")["id"]
    for name in ("Secret", "Tertre", "Uzan"):
        hire(hr, family_name=name, manager=eve)
    manager = manager_client(admin, organisation, ada)
    page = manager.get(f"{path}?manager={eve}&limit=1").json()
    assert page["items"] == []
    assert "next" not in page, base64.urlsafe_b64decode(page["next"] + "==")


def test_the_token_of_a_manager_ends_with_the_person(admin, hr, organisation):
    ada = hire(hr)["id"]
    manager = manager_client(admin, organisation, ada)
    manager.get("/v1/employees")
    hr.delete(f"/v1/employees/{ada}")
    problem(manager.request("GET", "/v1/employees"), 401)


def test_the_last_use_of_every_token_is_noted(admin, organisation):
    client_with(admin, organisation, "read").get("/v1/employees")
    path = f"/v1/tokens?organisation={organisation}"
    eventually(lambda: [(token["last_used"] or "never")[:16] for token in admin.items(path)], ["2026-11-23T08:00"])
