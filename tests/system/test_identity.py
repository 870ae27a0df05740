"""Whom a platform means: aliases over time, keys that contradict each other, and what waits until they appear."""
import json

import pytest

from client import problem
from command import Command
from lms import connect, hook
from patience import eventually
from people import hire
from test_completions import MAPPING
from test_statements import Platform, about, statement

KEYS = {**MAPPING, "user": {"email": "/learner/email", "number": "/learner/number", "username": "/learner/login"}}


@pytest.fixture
def source(hr):
    return connect(hr, mapping=KEYS)


def record(event, on="2026-11-20T16:05:00Z", **learner):
    return {"id": event, "status": "completed", "completed_at": on, "learner": learner,
            "course": {"id": "PM-101", "title": "Gestion de projet"}}


def whose(hr, event):
    [one] = [c for c in hr.items("/v1/completions") if c["said"].get("event_id") == event]
    return one["employee"] or one["reason"]


def test_an_alias_holds_on_its_days(hr, source):
    ada, bob = hire(hr)["id"], hire(hr)["id"]
    first = hr.post("/v1/aliases", {"source": source["id"], "kind": "username", "value": "stagiaire", "employee": ada,
                                    "valid_to": "2026-10-31"}, expect=201).json()
    second = {"source": source["id"], "kind": "username", "value": "stagiaire", "employee": bob, "valid_from": "2026-10-15"}
    assert first["id"] in problem(hr.post("/v1/aliases", second), 409)["detail"]
    hr.post("/v1/aliases", {**second, "valid_from": "2026-11-01"}, expect=201)
    for event, on in [("e1", "2026-10-30T10:00:00Z"), ("e2", "2026-11-02T10:00:00Z")]:
        hook(source, record(event, on, login="stagiaire"))
    assert (whose(hr, "e1"), whose(hr, "e2")) == (ada, bob)
    assert [a["employee"] for a in hr.items("/v1/aliases?value=stagiaire")] == [ada, bob]
    problem(hr.patch(f"/v1/aliases/{first['id']}", {"valid_to": "2026-12-31"}, expect=None), 409)
    hr.patch(f"/v1/aliases/{first['id']}", {"valid_to": "2026-06-30"})
    hr.delete(f"/v1/aliases/{first['id']}")
    hr.get(f"/v1/aliases/{first['id']}", expect=404)
    verbs = [r["verb"] for r in hr.items(f"/v1/audit?subject={ada}") if r["verb"].startswith("alias.")]
    assert verbs == ["alias.added", "alias.ended", "alias.withdrawn"]


def test_what_cannot_be_an_alias(hr, source):
    ada = hire(hr)["id"]
    base = {"kind": "username", "value": "ada", "employee": ada}
    for change, pointer in [({"kind": "name"}, "/kind"), ({"value": ""}, "/value"), ({"employee": "emp_x"}, "/employee"),
                            ({"valid_from": "2026-02-01", "valid_to": "2026-01-01"}, "/valid_to"),
                            ({"source": source["id"][:-4] + "zzzz"}, "/source")]:
        problem(hr.post("/v1/aliases", {**base, **change}), 422, pointer)


def test_keys_that_contradict_each_other_are_nobody(hr, source):
    ada, bob = hire(hr, number="7", email="ada@rhone.example"), hire(hr, number="8", email="bob@rhone.example")
    hook(source, record("e1", email="ada@rhone.example", number="8"))
    assert whose(hr, "e1") == "ambiguous_person"
    hook(source, record("e2", email="ada@rhone.example", number="7"))
    assert whose(hr, "e2") == ada["id"]
    hr.patch(f"/v1/employees/{bob['id']}", {"number": "9"})
    assert whose(hr, "e1") == "ambiguous_person"  # it was his number then


def test_a_former_address_goes_on_meaning_the_person(hr, source):
    ada = hire(hr, email="ada.byron@rhone.example")["id"]
    hr.patch(f"/v1/employees/{ada}", {"email": "ada.king@rhone.example"})
    hook(source, record("e1", email="Ada.Byron@rhone.example"))
    hook(source, record("e2", email="ada.king@rhone.example"))
    assert (whose(hr, "e1"), whose(hr, "e2")) == (ada, ada)
    [kept] = hr.items(f"/v1/aliases?employee={ada}")
    assert kept["kind"] == "email" and kept["value"] == "ada.byron@rhone.example" and kept["valid_to"] == "2026-11-23"


def test_what_waits_is_found_when_its_key_appears(hr, source):
    hook(source, record("e1", email="new@rhone.example"))
    hook(source, record("e2", login="nouveau"))
    assert (whose(hr, "e1"), whose(hr, "e2")) == ("unknown_person", "unknown_person")
    ada = hire(hr, email="New@rhone.example")["id"]
    assert (whose(hr, "e1"), whose(hr, "e2")) == (ada, "unknown_person")
    hr.post("/v1/aliases", {"kind": "username", "value": "nouveau", "employee": ada}, expect=201)
    assert whose(hr, "e2") == ada


def test_many_that_wait_for_one_key_are_found_by_and_by(hr, source):
    for number in range(60):
        hook(source, record(f"e{number}", email="late@rhone.example"))
    ada = hire(hr, email="late@rhone.example")["id"]
    eventually(lambda: len(hr.items(f"/v1/completions?employee={ada}")), 60)


def test_a_better_mapping_reads_what_waits(hr):
    wrong = connect(hr, mapping={**KEYS, "occurred": {"at": "/finished", "format": "iso"}})
    ada = hire(hr, email="ada@rhone.example")["id"]
    hook(wrong, record("e1", email="ada@rhone.example"))
    assert whose(hr, "e1") == "thin"
    hr.patch(f"/v1/sources/{wrong['id']}", {"mapping": KEYS})
    eventually(lambda: whose(hr, "e1"), ada)


def plan(hr, employee):
    return hr.post("/v1/actions", {"employee": employee, "title": "Projet", "year": 2026, "nature": "training",
                                   "course": "PM-101"}, expect=201).json()["id"]


def state(hr, action):
    return hr.get(f"/v1/actions/{action}").json()["state"]


def test_two_employees_turn_out_to_be_one(daemon, hr, source):
    twice, ada = (hire(hr, number="17", email="a.byron@rhone.example"), hire(hr, number="8", email="ada@rhone.example"))
    before, after = plan(hr, twice["id"]), plan(hr, ada["id"])
    hr.post("/v1/aliases", {"source": source["id"], "kind": "username", "value": "abyron", "employee": twice["id"]}, expect=201)
    hook(source, record("e1", email="a.byron@rhone.example"))
    hook(source, record("e2", login="abyron"))
    assert (whose(hr, "e1"), whose(hr, "e2"), state(hr, before), state(hr, after)) == (twice["id"], twice["id"], "done", "requested")
    command = Command(daemon.url, hr.session.headers["Authorization"].split()[1])
    shown = command.run("identity", "merge", "17", "8").out
    assert "completions" in shown and "2" in shown
    assert (whose(hr, "e1"), whose(hr, "e2"), state(hr, before), state(hr, after)) == (ada["id"], ada["id"], "in_progress", "done")
    for event, learner in (("e3", {"number": "17"}), ("e4", {"email": "A.Byron@rhone.example"}), ("e5", {"login": "abyron"})):
        hook(source, record(event, **learner))
        assert whose(hr, event) == ada["id"]
    again = hr.post("/v1/identities/merge", {"employee": twice["id"], "into": ada["id"]}, expect=200).json()
    assert (again["keys"], again["completions"]) == (0, 0)
    [one] = [c for c in hr.items("/v1/completions") if c["said"].get("event_id") == "e2"]
    assert [r["verb"] for r in hr.items(f"/v1/audit?subject={one['id']}")] == ["completion.received", "completion.reassigned"]
    assert "identity.merged" in {r["verb"] for r in hr.items(f"/v1/audit?subject={twice['id']}")}
    assert len(hr.get(f"/v1/completions/{one['id']}").json()["evidence"]) == 1


def test_a_key_turns_out_to_mean_somebody_else(hr, source):
    ada, bob = hire(hr, email="ada@rhone.example")["id"], hire(hr)["id"]
    hr.post("/v1/aliases", {"source": source["id"], "kind": "username", "value": "stage1", "employee": ada}, expect=201)
    for event, on, learner in (("e1", "2026-10-10T10:00:00Z", {"login": "stage1"}), ("e2", "2026-11-10T10:00:00Z", {"login": "stage1"}),
                               ("e3", "2026-11-11T10:00:00Z", {"login": "stage1", "email": "ada@rhone.example"}),
                               ("e4", "2026-11-12T10:00:00Z", {"email": "ada@rhone.example"})):
        hook(source, record(event, on, **learner))
        assert whose(hr, event) == ada
    key = {"employee": ada, "into": bob, "source": source["id"], "kind": "username", "value": "stage1", "from": "2026-11-01"}
    done = hr.post("/v1/identities/split", key, expect=200).json()
    assert (done["keys"], done["completions"], done["ambiguous"]) == (1, 1, 1)
    assert [whose(hr, event) for event in ("e1", "e2", "e3", "e4")] == [ada, bob, "ambiguous_person", ada]
    assert [(a["employee"], a["valid_from"], a["valid_to"]) for a in hr.items("/v1/aliases?value=stage1")] == [
        (ada, None, "2026-10-31"), (bob, "2026-11-01", None)]
    hook(source, record("e5", "2026-11-15T10:00:00Z", login="stage1"))
    assert whose(hr, "e5") == bob
    back = hr.post("/v1/identities/split", {**key, "employee": bob, "into": ada, "from": None}, expect=200).json()
    assert (back["keys"], back["completions"]) == (1, 2)
    assert [whose(hr, event) for event in ("e1", "e2", "e5")] == [ada] * 3
    problem(hr.post("/v1/identities/split", {**key, "into": ada}), 422, "/into")
    problem(hr.post("/v1/identities/split", {**key, "source": "src_x"}), 422, "/source")
    problem(hr.post("/v1/identities/merge", {"employee": "emp_x", "into": bob}), 422, "/employee")


def test_an_address_that_two_shared_is_split(hr, source):
    ada, bob = hire(hr, email="accueil@rhone.example")["id"], hire(hr)["id"]
    hook(source, record("e1", email="accueil@rhone.example"))
    done = hr.post("/v1/identities/split", {"employee": ada, "into": bob, "kind": "email", "value": "Accueil@rhone.example"},
                   expect=200).json()
    assert (done["keys"], done["completions"]) == (1, 1) and whose(hr, "e1") == bob


def test_many_completions_go_over_in_slices(daemon, hr):
    """Broken off in the middle, the same request goes on where it was."""
    platform = Platform(daemon, hr)
    twice, ada = hire(hr, number="17", email="zoe@rhone.example")["id"], hire(hr, number="8")["id"]
    platform.post([statement(**about(number)) for number in range(450)])
    order = {"employee": twice, "into": ada}
    first = hr.post("/v1/identities/merge", order, expect=200).json()
    assert (first["completions"], first["more"], first["keys"]) == (200, True, 2)
    platform.post([statement(**about(450))])  # meanwhile: by its key, which went over already
    daemon.kill()
    daemon.start()
    assert len(hr.items(f"/v1/completions?employee={ada}")) == 201 and len(hr.items(f"/v1/completions?employee={twice}")) == 250
    command = Command(daemon.url, hr.session.headers["Authorization"].split()[1])
    assert json.loads(command.run("identity", "merge", "17", "8", "--json").out)["completions"] == 250
    assert len(hr.items(f"/v1/completions?employee={ada}")) == 451 and hr.items(f"/v1/completions?employee={twice}") == []
    again = hr.post("/v1/identities/merge", order, expect=200).json()
    assert (again["completions"], again["more"], again["keys"]) == (0, False, 0)
    assert hr.get("/v1/audit/verify").json()["valid"] is True


def test_what_waits_is_assigned_by_a_file(daemon, hr, source):
    """A person in HR lists what waits, fills in whose it is, and has all of it attributed."""
    ada, bob = hire(hr, number="8")["id"], hire(hr, number="9")["id"]
    for event, learner in (("e1", {"login": "abyron"}), ("e2", {"login": "abyron"}), ("e3", {"email": "B.Martin@perso.example"}),
                           ("e4", {"login": "nobody"})):
        hook(source, record(event, **learner))
    command = Command(daemon.url, hr.session.headers["Authorization"].split()[1])
    waiting = [(row[3], row[-1]) for row in command.run("completions", "--quarantined").rows]
    assert {reason for reason, key in waiting} == {"unknown_person"}
    assert sorted(key for reason, key in waiting) == ["abyron", "abyron", "b.martin@perso.example", "nobody"]

    def bulk(lines, expect=201, query=""):
        return hr.post(f"/v1/imports/aliases?wait=60{query}", expect=expect, headers={"Content-Type": "text/csv"},
                       data=("matricule;type de clé;valeur;plateforme;du\n" + lines).encode()).json()
    lines = f"8;identifiant;abyron;{source['name']};\n9;courriel;B.MARTIN@perso.example;;01/01/2026\n"
    assert bulk(lines, query="&dry_run=true")["created"] == 2 and hr.items("/v1/aliases") == []
    assert bulk(lines)["created"] == 2
    assert [whose(hr, event) for event in ("e1", "e2", "e3", "e4")] == [ada, ada, bob, "unknown_person"]
    again = bulk(lines)
    assert (again["created"], again["unchanged"]) == (0, 2)
    for line, column in [("9;identifiant;abyron;" + source["id"] + ";\n", "valeur"), ("8;identifiant;x;Nulle part;\n", "plateforme"),
                         ("77;identifiant;x;;\n", "matricule"), ("8;nom;x;;\n", "type de clé"), ("8;login;;;\n", "valeur")]:
        refused = bulk(line, expect=422)
        assert [one["column"] for one in refused["refusals"]] == [column], refused["refusals"]


def test_an_address_is_an_alias_in_whatever_case(hr, source):
    ada = hire(hr)["id"]
    made = hr.post("/v1/aliases", {"kind": "email", "value": "Ada.Byron@Perso.example", "employee": ada}, expect=201).json()
    assert made["value"] == "ada.byron@perso.example"
    hook(source, record("e1", email="ADA.byron@perso.EXAMPLE"))
    assert whose(hr, "e1") == ada
