"""A bad day: the network cut and the daemon killed while pages come, a whole day sent again, clocks that disagree. No loss, no double."""
import concurrent.futures
import random
import urllib.parse

import pytest
import requests

import lms
from moodle import Pages
from patience import PATIENCE, wait_for
from people import hire, move_to
from test_pull import SIGNED, connect_pages, ended, events, options, rows, serve, sweep_at, swept, sync_of  # noqa: F401

MOODLE = "https://w3id.org/xapi/cmi5/activitytype/course"


@pytest.fixture
def zoe(hr):
    return hire(hr, email="zoe@rhone.example")["id"]


def known(hr):
    """The events of all completions, repeats included."""
    return sorted(row["said"]["event_id"] for row in hr.items("/v1/completions?limit=500"))


def test_a_page_that_hangs_when_the_daemon_is_killed(daemon, hr, serve, zoe):
    server = serve(Pages(rows(250)))
    server.hold_at = 100
    connect_pages(hr, server)
    wait_for("the page", lambda: not server.gate.is_set() or None)
    daemon.kill()
    server.gate.set()
    daemon.start()
    daemon.set_clock("2026-11-23T08:10:00Z")
    wait_for("all of it", lambda: len(known(hr)) == 250 or None)
    assert known(hr) == sorted(f"e{number}" for number in range(250))


def test_the_network_is_cut_in_mid_page(daemon, hr, serve, zoe):
    server = serve(Pages(rows(250)))
    server.cut_after = 1
    source = connect_pages(hr, server)
    rest = wait_for("the cut", lambda: (lambda now: now if now.get("last_error") else None)(sync_of(hr, source)))
    assert len(known(hr)) == 100
    server.cut_after = None
    daemon.set_clock(rest["next_run"])
    swept(hr, source)
    assert known(hr) == sorted(f"e{number}" for number in range(250))
    assert sync_of(hr, source)["progress"]["completions"] == 250


def statement(number):
    return {"actor": {"mbox": "mailto:zoe@rhone.example"}, "verb": {"id": "http://adlnet.gov/expapi/verbs/completed"},
            "object": {"id": f"https://lms.example/course/view.php?id={number}",
                       "definition": {"type": MOODLE, "name": {"en": f"Cours {number}"}}},
            "timestamp": f"2026-11-20T10:{number % 60:02}:00Z"}


def test_a_whole_day_comes_again(daemon, hr, serve, zoe):
    """By hooks in another order and at the same time, by statements without ids, by a sweep; then once more after a kill."""
    server = serve(Pages(rows(60)))
    source = connect_pages(hr, server, **SIGNED)
    swept(hr, source)
    posting = {**source, "secret": lms.SECRET}
    talking = lms.connect(hr, kind="xapi", mapping=None, signature={"family": "basic", "user": "lms"})
    batches = [[statement(number) for number in range(start, start + 10)] for start in range(0, 40, 10)]

    def day(seed):
        order = list(range(120))
        random.Random(seed).shuffle(order)
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda number: lms.hook(posting, rows(number + 1)[number]).status_code, order))
            answers += list(pool.map(lambda batch: requests.post(
                f"{daemon.url}/xapi/statements", json=batch, auth=(talking["id"], lms.SECRET), timeout=PATIENCE,
                headers={"X-Experience-API-Version": "1.0.3"}).status_code, batches))
        assert set(answers) == {200}
        return len(hr.items("/v1/completions?limit=500"))
    assert day(1) == 120 + 40
    before = known_all(hr)
    assert day(2) == 120 + 40
    daemon.kill()
    daemon.start()
    posting["hook_url"] = f"{daemon.url}/hooks/{source['id']}"
    assert day(3) == 120 + 40
    sweep_at(daemon, hr, source, "2026-11-23T09:00:00Z")
    assert known_all(hr) == before
    assert hr.get("/v1/audit/verify").status_code == 200


def known_all(hr):
    return sorted((row["id"], row["state"], row["employee"]) for row in hr.items("/v1/completions?limit=500"))


def test_clocks_disagree(daemon, hr, serve, zoe):
    """The platform's clock is three hours behind: what it dates before our last look is asked for all the same. Ours jumps back: it
    goes on, and a record of the near future is taken, one of the far future waits for a person."""
    server = serve(Pages(rows(1)))
    source = connect_pages(hr, server, {"path": "/list?since={since}"}, **SIGNED)
    swept(hr, source)
    late = {**rows(2)[1], "completed_at": "2026-11-23T05:10:00Z"}
    server.records = [rows(1)[0], late]
    server.calls.clear()
    daemon.set_clock("2026-11-23T08:20:00Z")
    wait_for("the recent one", lambda: events(hr) == {"e0", "e1"} or None)
    [since] = urllib.parse.parse_qs(urllib.parse.urlsplit(server.calls[0]).query)["since"]
    assert "2026-11-22T07:59" < since <= "2026-11-22T08:20"
    move_to(daemon, "2026-11-23", "06:00:00")
    posting = {**source, "secret": lms.SECRET}
    assert lms.hook(posting, {**rows(3)[2], "completed_at": "2026-11-23T20:00:00Z"}).json()["completions"] == 1
    assert lms.hook(posting, {**rows(4)[3], "completed_at": "2026-11-29T20:00:00Z"}).json()["quarantined"] == 1
    server.records.append(rows(5)[4])
    assert ended(hr, hr.post(f"/v1/sources/{source['id']}/sync", {"sweep": True}, expect=202))["state"] == "done"
    assert known(hr) == ["e0", "e1", "e2", "e3", "e4"]
