"""Platforms are asked for completions: a Moodle and pages of records, interrupted anywhere, and what the operator is told."""
import datetime
import json
import pathlib

import pytest
import requests

import lms
from client import problem
from moodle import CLIENT, DONE_AT, TOKEN, Moodle, Pages, recorded
from patience import PATIENCE, eventually, wait_for
from people import hire

XAPI = pathlib.Path(__file__).resolve().parents[1] / "data" / "samples" / "xapi"
SIGNED = {"secret": lms.SECRET, "signature": {"family": "hmac_hex", "header": "X-Signature", "prefix": "sha256="}}


@pytest.fixture
def options():
    return {"outgoing": {"allow": "127.0.0.1"}}


@pytest.fixture
def serve():
    """Makes servers, which end with the test."""
    made = []

    def make(server):
        made.append(server)
        return server
    yield make
    for server in made:
        server.close()


@pytest.fixture
def moodle(serve, hr):
    """With all of its people but the last known as employees."""
    made = serve(Moodle())
    for person in made.people[:-1]:
        hire(hr, number=person["idnumber"], email=person["email"])
    return made


def connect(hr, server, **changes):
    body = {"kind": "moodle", "name": "Moodle", "url": server.url, "credential": TOKEN,
            "signature": {"family": "bearer"}, **changes}
    return hr.post("/v1/sources", body, expect=201).json()


def connect_pages(hr, server, pull=None, **changes):
    return connect(hr, server, **{"kind": "generic", "mapping": {**lms.MAPPING, "items": ["/items"]},
                                  "pull": {"path": "/list", **(pull or {})}, **changes})


def sync_of(hr, source):
    return hr.get(f"/v1/sources/{source['id']}").json()["sync"]


def swept(hr, source):
    """When the first sweep has ended."""
    return wait_for("a sweep", lambda: (lambda now: now if now.get("last_sweep") else None)(sync_of(hr, source)))


def failed(hr, source):
    return wait_for("a failure", lambda: (lambda now: now if now.get("last_error") else None)(sync_of(hr, source)))


def ended(hr, answer):
    return hr.get(f"{answer.headers['Location']}?wait=60").json()


def sweep_at(daemon, hr, source, moment):
    """A whole sweep that began no sooner: the daemon looks at its clock now and then."""
    daemon.set_clock(moment)

    def sweep():
        assert ended(hr, hr.post(f"/v1/sources/{source['id']}/sync", {"sweep": True}, expect=202))["state"] == "done"
        return sync_of(hr, source)["last_sweep"] >= moment or None
    wait_for("a sweep from then on", sweep)


def completions(hr):
    """What is known, without the ids that differ from one store to the next."""
    return sorted((row["state"], row.get("reason"), row["said"]["event_id"], row["occurred_at"], row["said"].get("score"))
                  for row in hr.items("/v1/completions?limit=500"))


def wanted(moodle):
    """The events that a whole sweep finds."""
    badges = {f"badge:{badge['uniquehash']}" for badge in recorded("badges_alice")["badges"]}
    return {f"completion:{course}:{user}:{at}" for (course, user), at in moodle.completed.items()} | badges


def events(hr):
    return {row[2] for row in completions(hr)}


def test_a_sweep_finds_everything_once(hr, moodle):
    source = connect(hr, moodle)
    now = swept(hr, source)
    assert events(hr) == wanted(moodle)
    assert now["state"] == "idle" and now["failures"] == 0 and "last_error" not in now
    assert now["progress"]["done"] == now["progress"]["total"] == 3 and now["progress"]["unit"] == "courses"
    last = moodle.people[-1]["id"]
    unknown = [row for row in completions(hr) if row[0] == "quarantined"]
    assert {row[2].split(":")[2] for row in unknown} == {str(last)} and {row[1] for row in unknown} == {"unknown_person"}
    assert all(row[4] == "82.5/100" for row in completions(hr) if row[2].startswith("completion:"))
    before = completions(hr)
    operation = ended(hr, hr.post(f"/v1/sources/{source['id']}/sync", {"sweep": True}, expect=202))
    assert operation["state"] == "done" and operation["result"]["completions"] == 0
    assert operation["result"]["duplicates"] == len(before) and operation["subject"] == source["id"]
    assert completions(hr) == before
    assert moodle.most <= 2
    assert "source.swept" in {entry["verb"] for entry in hr.items("/v1/audit")}


def test_what_moodle_says_is_not_so_is_taken_back(daemon, hr, moodle):
    (course, person), done = min(moodle.completed.items())
    [employee] = [row["id"] for row in hr.items("/v1/employees")
                  if row["number"] == next(one["idnumber"] for one in moodle.people if one["id"] == person)]
    action = hr.post("/v1/actions", {"employee": employee, "title": "Cours", "year": 2026, "nature": "training",
                                     "course": f"{moodle.url}/course/view.php?id={course}"}, expect=201).json()["id"]
    source = connect(hr, moodle)
    swept(hr, source)
    others = len(completions(hr))

    def now():
        rows = [row for row in hr.items(f"/v1/completions?employee={employee}")
                if row["said"]["event_id"].startswith(f"completion:{course}:{person}")]
        return hr.get(f"/v1/actions/{action}").json()["state"], sorted(row["state"] for row in rows)
    assert now() == ("done", ["completed"])
    del moodle.completed[course, person]
    sweep_at(daemon, hr, source, "2026-11-24T09:00:00Z")
    assert now() == ("in_progress", ["completed", "undone"]) and len(completions(hr)) == others + 1
    gone = hr.items(f"/v1/sources/{source['id']}/differences?kind=gone")
    assert [one["employee"] for one in gone] == [employee]
    read_again(hr, source)
    sweep_at(daemon, hr, source, "2026-11-24T10:00:00Z")
    assert now() == ("in_progress", ["completed", "undone"])
    moodle.completed[course, person] = done
    sweep_at(daemon, hr, source, "2026-11-24T11:00:00Z")
    read_again(hr, source)
    assert now() == ("done", ["completed", "other"])
    del moodle.completed[course, person]
    sweep_at(daemon, hr, source, "2026-11-24T12:00:00Z")
    assert now() == ("in_progress", ["completed", "undone"]) and len(completions(hr)) == others + 1


def test_what_is_recent_comes_by_the_report(daemon, hr, moodle):
    source = connect(hr, moodle, pull={"report": 1, "every": 5})
    swept(hr, source)
    moodle.calls.clear()
    course = moodle.courses[0]["id"]
    person = next(person["id"] for person in moodle.people[:-1] if (course, person["id"]) not in moodle.completed)
    moodle.completed[course, person] = DONE_AT + 36000
    daemon.set_clock("2026-11-23T11:00:00Z")
    wait_for("the completion", lambda: f"completion:{course}:{person}:{DONE_AT + 36000}" in events(hr))
    assert "core_reportbuilder_retrieve_report" in moodle.calls and "core_enrol_get_enrolled_users" not in moodle.calls
    assert events(hr) == wanted(moodle)


@pytest.mark.parametrize("answers", [1, 9, 25])
def test_a_sweep_that_is_killed_goes_on(daemon, hr, moodle, answers):
    moodle.cut_after = answers
    source = connect(hr, moodle)
    wait_for("a cut", lambda: moodle.cut_after < 0)
    daemon.kill()
    moodle.cut_after = None
    moodle.backwards = True
    daemon.start()
    daemon.set_clock("2026-11-23T08:10:00Z")
    swept(hr, source)
    assert events(hr) == wanted(moodle)
    assert len(completions(hr)) == len(wanted(moodle))


def test_a_page_that_is_cut_is_asked_for_again(daemon, hr, moodle):
    moodle.cut_after = 9
    source = connect(hr, moodle)
    now = failed(hr, source)
    assert now["state"] == "sweep" and now["failures"] == 1
    moodle.cut_after = None
    daemon.set_clock(now["next_run"])
    swept(hr, source)
    assert events(hr) == wanted(moodle)


def test_maintenance_is_waited_for(daemon, hr, moodle):
    moodle.trouble = (503, "<html>maintenance</html>", {"kind": "text/html", "Retry_After": "7200"})
    source = connect(hr, moodle)
    now = failed(hr, source)
    assert "503" in now["last_error"] and now["next_run"] == "2026-11-23T10:00:00Z"
    moodle.trouble = None
    daemon.set_clock("2026-11-23T10:00:00Z")
    swept(hr, source)
    assert events(hr) == wanted(moodle)


def test_a_suspended_user_costs_nobody_else(hr, moodle):
    moodle.suspended.add(4)
    swept(hr, connect(hr, moodle))
    assert events(hr) == {event for event in wanted(moodle) if event.split(":")[2:3] != ["4"]}


@pytest.mark.parametrize("credential, expected", [("x" * 32, "invalidtoken"), (TOKEN, None)])
def test_the_connection_is_tried(hr, moodle, credential, expected):
    moodle.info["functions"] = [row for row in moodle.info["functions"] if row["name"] != "core_badges_get_user_badges"]
    source = connect(hr, moodle, credential=credential, paused=True)
    operation = ended(hr, hr.request("POST", f"/v1/sources/{source['id']}/test"))
    if expected:
        assert operation["state"] == "failed" and expected in operation["result"]["problem"]
    else:
        assert operation["state"] == "done" and operation["result"]["platform"]["release"].startswith("4.3")
        assert operation["result"]["platform"]["missing"] == ["core_badges_get_user_badges"]
        assert "badges and their expiry" in operation["result"]["warnings"][0]
    assert moodle.calls == ["core_webservice_get_site_info"] and completions(hr) == []


def test_an_administrator_is_refused(hr, moodle):
    moodle.info["userissiteadmin"] = True
    source = connect(hr, moodle)
    assert "administrator" in failed(hr, source)["last_error"]
    operation = ended(hr, hr.post(f"/v1/sources/{source['id']}/sync", {}, expect=202))
    assert operation["state"] == "failed" and "administrator" in operation["result"]["problem"]
    assert set(moodle.calls) == {"core_webservice_get_site_info"}


def test_a_missing_capability_is_named(hr, moodle):
    denied = {"exception": "required_capability_exception", "errorcode": "nopermissions", "message": "Sorry"}
    moodle.errors["gradereport_user_get_grade_items"] = denied
    now = swept(hr, connect(hr, moodle))
    assert any("moodle/grade:viewall" in warning for warning in now["progress"]["warnings"])
    assert events(hr) == wanted(moodle)


def rows(count):
    return [{"id": f"e{number}", "status": "completed", "completed_at": "2026-11-20T16:05:00Z",
             "learner": {"email": "zoe@rhone.example"}, "course": {"id": f"C{number}", "title": f"Cours {number}"}}
            for number in range(count)]


@pytest.fixture
def zoe(hr):
    return hire(hr, email="zoe@rhone.example")["id"]


def test_pages_are_read_to_the_end_and_limits_honoured(hr, serve, zoe):
    server = serve(Pages(rows(250)))
    server.busy = 1
    source = connect_pages(hr, server)
    assert swept(hr, source)["progress"]["completions"] == 250
    assert len(hr.items(f"/v1/completions?employee={zoe}&limit=500")) == 250
    assert len(server.calls) == 4


def test_tokens_are_bought_and_renewed(hr, serve, zoe):
    server = serve(Pages(rows(250)))
    oauth = {"auth": "oauth2", "user": CLIENT[0], "token_url": f"{server.url}/oauth2/token"}
    source = connect_pages(hr, server, oauth, credential=CLIENT[1])
    assert swept(hr, source)["progress"]["completions"] == 250
    assert server.tokens == ["token-0"]
    server.tokens.append("another")  # the old one is not good any more
    assert ended(hr, hr.post(f"/v1/sources/{source['id']}/sync", {"sweep": True}, expect=202))["state"] == "done"
    assert server.tokens[-1] == "token-2"


def test_wrong_client_credentials_are_told(hr, serve):
    server = serve(Pages([]))
    oauth = {"auth": "oauth2", "user": CLIENT[0], "token_url": f"{server.url}/oauth2/token"}
    assert "invalid_client" in failed(hr, connect_pages(hr, server, oauth, credential="wrong"))["last_error"]


@pytest.mark.parametrize("link", ["http://169.254.169.254/latest", "//evil.example/x", "http://127.0.0.1:1/list"])
def test_a_link_to_elsewhere_is_not_followed(hr, serve, zoe, link):
    server = serve(Pages(rows(150)))
    server.next = link
    assert "not on the same host" in failed(hr, connect_pages(hr, server))["last_error"]
    assert len(server.calls) == 1


def test_the_same_completion_by_push_and_pull(hr, serve, zoe):
    server = serve(Pages(rows(1)))
    source = connect_pages(hr, server, **SIGNED)
    swept(hr, source)
    answer = lms.hook({**source, "secret": lms.SECRET}, rows(1)[0])
    assert answer.status_code == 200 and answer.json()["duplicates"] == 1
    assert len(hr.items(f"/v1/completions?employee={zoe}")) == 1


def refuse(hr, source, record):
    """A post while the source is paused, as the source shows it."""
    before = hr.get(f"/v1/sources/{source['id']}").json()["counts"]["refused"]
    hr.patch(f"/v1/sources/{source['id']}", {"paused": True})
    assert lms.hook({**source, "secret": lms.SECRET}, record).status_code == 503
    wait_for("the count", lambda: hr.get(f"/v1/sources/{source['id']}").json()["counts"]["refused"] > before or None)


def test_what_a_paused_source_refused_is_swept_when_it_runs_again(hr, serve, zoe):
    server = serve(Pages(rows(1)))
    source = connect_pages(hr, server, **SIGNED)
    swept(hr, source)
    refuse(hr, source, rows(2)[1])
    server.records = rows(2)
    calls = len(server.calls)
    assert events(hr) == {"e0"} and len(server.calls) == calls
    hr.patch(f"/v1/sources/{source['id']}", {"paused": False})
    wait_for("the sweep", lambda: events(hr) == {"e0", "e1"} or None)
    assert len(server.calls) == calls + 1


def test_a_sweep_stands_still_while_its_source_is_paused(hr, serve, zoe):
    server = serve(Pages(rows(350)))
    server.hold_at = 100
    source = connect_pages(hr, server)
    wait_for("the second page", lambda: not server.gate.is_set() or None)
    hr.patch(f"/v1/sources/{source['id']}", {"paused": True})
    server.gate.set()
    now = wait_for("the page", lambda: (lambda now: now if now["progress"]["done"] == 2 else None)(sync_of(hr, source)))
    assert now["state"] == "sweep" and len(server.calls) == 2
    hr.patch(f"/v1/sources/{source['id']}", {"paused": False})
    assert swept(hr, source)["progress"]["completions"] == 350 and len(server.calls) == 4


def test_what_is_refused_during_a_sweep_takes_another(hr, serve, zoe):
    server = serve(Pages(rows(150)))
    server.hold_at = 100
    source = connect_pages(hr, server, **SIGNED)
    wait_for("the second page", lambda: not server.gate.is_set() or None)
    late = rows(200)[199]
    refuse(hr, source, late)
    server.records = [late, *server.records]  # on a page that this sweep has behind it
    server.gate.set()
    first = swept(hr, source)
    assert "e199" not in events(hr) and first["state"] == "idle"
    hr.patch(f"/v1/sources/{source['id']}", {"paused": False})
    wait_for("the sweep", lambda: "e199" in events(hr) or None)
    wait_for("the end", lambda: sync_of(hr, source)["state"] == "idle" or None)
    calls = len(server.calls)
    assert calls == 4 and sync_of(hr, source)["next_run"] > "2026-11-23T08:10"


def read_again(hr, source):
    assert hr.post(f"/v1/sources/{source['id']}/replay", expect=202).json()["replaying"]
    wait_for("the replay", lambda: not hr.get(f"/v1/sources/{source['id']}").json()["replaying"] or None)


def test_answers_are_read_again_as_answers(hr, serve, zoe):
    """What a hook posts and what a page holds are not of one form: each is read again by the reader it came with."""
    page = [{"key": f"p{number}", "mail": "zoe@rhone.example", "title": f"Page {number}", "done": "2026-11-19", "signed": "2026-11-18"}
            for number in range(3)]
    mapping = {"items": ["/items"], "event_id": "/key", "user": {"email": "/mail"}, "course": {"title": "/title"},
               "occurred": {"at": "/done"}, "always": True}
    server = serve(Pages(page))
    source = connect_pages(hr, server, {"mapping": mapping}, **SIGNED)
    swept(hr, source)
    assert lms.hook({**source, "secret": lms.SECRET}, rows(1)[0]).json()["completions"] == 1
    before = completions(hr)
    assert {row[0] for row in before} == {"completed"} and len(before) == 4
    read_again(hr, source)
    assert completions(hr) == before
    hr.patch(f"/v1/sources/{source['id']}", {"pull": {"path": "/list", "mapping": {**mapping, "occurred": {"at": "/signed"}}}})
    read_again(hr, source)
    assert [row[3][:10] for row in completions(hr)] == ["2026-11-20"] + ["2026-11-18"] * 3
    hr.patch(f"/v1/sources/{source['id']}", {"url": None, "pull": None})
    before = completions(hr)
    read_again(hr, source)
    assert completions(hr) == before


def test_a_sweep_of_moodle_is_read_again(hr, moodle):
    source = connect(hr, moodle)
    swept(hr, source)
    before = completions(hr)
    read_again(hr, source)
    assert completions(hr) == before and "completion.reread" not in {entry["verb"] for entry in hr.items("/v1/audit")}


def test_what_push_and_pull_do_not_say_alike_is_listed(daemon, hr, serve, zoe):
    server = serve(Pages(rows(3)))
    source = connect_pages(hr, server, **SIGNED)
    swept(hr, source)
    assert lms.hook({**source, "secret": lms.SECRET}, {**rows(9)[8]}).json()["completions"] == 1
    del server.records[0]
    sweep_at(daemon, hr, source, "2026-11-23T09:00:00Z")

    def different(query=""):
        listed = hr.items(f"/v1/sources/{source['id']}/differences{query}")
        return [hr.get(f"/v1/completions/{one['completion']}").json()["said"]["event_id"] for one in listed]
    assert different() == ["e8"] and different("?kind=gone") == ["e0"]
    assert different("?kind=only_pulled") == ["e0", "e1", "e2"]


def test_what_cannot_be_asked_is_refused(hr, serve):
    server = serve(Pages([]))
    base = {"kind": "generic", "name": "x", "mapping": {**lms.MAPPING, "items": ["/items"]}, "signature": {"family": "bearer"}}
    for body, pointer in (({"url": server.url}, "/pull/path"), ({"pull": {"path": "/l"}}, "/url"),
                          ({"credential": "secret"}, "/url"), ({"url": server.url, "pull": {"path": "//x/"}}, "/pull/path")):
        assert pointer in [error["pointer"] for error in problem(hr.request("POST", "/v1/sources", json={**base, **body}),
                                                                 422)["errors"]]
    source = hr.post("/v1/sources", base, expect=201).json()
    problem(hr.request("POST", f"/v1/sources/{source['id']}/sync", json={}), 409)
    changed = hr.patch(f"/v1/sources/{source['id']}", {"url": server.url, "credential": TOKEN, "pull": {"path": "/list"}}).json()
    assert changed["url"] == server.url and "credential" not in changed
    assert TOKEN not in hr.get("/v1/audit").text
    swept(hr, source)
    path = f"/v1/sources/{source['id']}"
    bought = {"path": "/list", "auth": "oauth2", "user": "x", "token_url": "https://thief.example/token"}
    for elsewhere in ({"url": "https://thief.example/"}, {"url": server.url.replace("127.0.0.1", "127.0.0.2")}, {"pull": bought}):
        problem(hr.request("PATCH", path, json=elsewhere), 422, "/credential")
    assert hr.patch(path, {"url": server.url + "/below"}).json()["url"] == server.url + "/below"
    moved = {"url": "https://other.example/", "credential": "its own"}
    assert hr.patch(path, moved).json()["url"] == moved["url"]
    assert "url" not in hr.patch(path, {"url": None, "pull": None}).json()


class TestGuarded:
    """Without a word of the operator, nothing of the own network is asked."""

    @pytest.fixture
    def options(self):
        return {}

    def test_a_private_address_is_refused(self, hr, serve):
        server = serve(Pages(rows(1)))
        assert "outgoing.allow" in failed(hr, connect_pages(hr, server))["last_error"]
        assert server.calls == []


@pytest.mark.parametrize("sweep_first", [True, False])
def test_what_moodle_posted_is_what_it_answers(daemon, hr, moodle, sweep_first):
    """logstore_xapi's statements and the answers of REST, both as recorded: one completion each, proved twice."""
    posted = [json.loads((XAPI / f"logstore_xapi_00{n}.json").read_text(encoding="utf-8").replace("http://127.0.0.1:8088", moodle.url))
              for n in (1, 2)]
    moodle.people[2]["id"] = 5  # whom the second one names by her account
    told = {}
    for one in (one for batch in posted for one in batch if "course/view.php" in one["object"]["id"]):
        course = int(one["object"]["id"].rsplit("=", 1)[1])
        actor = one["actor"].get("mbox", "mailto:").removeprefix("mailto:") or one["actor"]["account"]["name"]
        [person] = [who["id"] for who in moodle.people if actor in (who["email"], str(who["id"]))]
        told[course, person] = int(datetime.datetime.fromisoformat(one["timestamp"]).timestamp())
    moodle.completed = {pair: at + 2 for pair, at in told.items()}  # the event is logged before the row is written
    source = connect(hr, moodle, **{"signature": {"family": "basic", "user": "moodle"}, "secret": lms.SECRET})
    post = [lambda batch=batch: requests.post(source["hook_url"], json=batch, auth=("moodle", lms.SECRET), timeout=PATIENCE)
            for batch in posted]
    steps = [lambda: swept(hr, source), *post] if sweep_first else [*post, lambda: swept(hr, source)]
    for step in steps:
        step()

    def known():
        rows = [row for row in hr.items("/v1/completions") if "/course/view.php" in row["said"]["course_id"]]
        return sorted((row["state"], len(hr.get(f"/v1/completions/{row['id']}").json()["evidence"])) for row in rows)
    eventually(lambda: [row for row in known() if row[0] != "other"], [("completed", 2)] * 2)
    assert len(moodle.completed) == 2
    people = {row["employee"] for row in hr.items("/v1/completions?state=completed") if "/course/" in row["said"]["course_id"]}
    assert len(people) == 2 and None not in people
    assert "5" in {alias["value"] for alias in hr.items("/v1/aliases")}
