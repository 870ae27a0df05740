"""Every secret that is kept is sealed anew with the key that took over, and a rekey that is killed is given again."""
import re
import signal
import sqlite3
import subprocess
import time

import pytest

from client import Client
from daemon import BINARY, PATIENCE, run
from lms import SECRET, connect, hook, record
from patience import wait_for
from test_pull import CLIENT, Pages, connect_pages, ended, rows, serve, swept, zoe  # noqa: F401, used as fixtures

NEW = "fedcba9876543210" * 4


@pytest.fixture
def options():
    return {"outgoing": {"allow": "127.0.0.0/8"}}


def sealed(path):
    """{(table, column): ids of the keys} of whatever in the store looks sealed, wherever it is."""
    found = {}
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as store:
        for (table,) in store.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall():
            for column in [row[1] for row in store.execute(f"PRAGMA table_info({table})")]:
                for (value,) in store.execute(f"SELECT {column} FROM {table} WHERE {column} LIKE 'v1:%:%'"):
                    found.setdefault((table, column), []).append(value.split(":")[1])
    return found


def hand_over(daemon, folder):
    """The new key seals, the old one only opens."""
    key = folder / "new.key"
    key.write_text(NEW)
    key.chmod(0o600)
    daemon.configure({"keys": {"sealing": key, "retired": daemon.data / "sealing.key"}})
    return key


def rekey(daemon):
    done = run(*daemon.arguments(), "rekey")
    assert done.returncode == 0, done.stderr
    return [int(number) for number in re.findall(r"^(\d+) secrets sealed anew, (\d+) were already", done.stdout)[0]]


def test_every_secret_is_sealed_anew_and_still_opens(daemon, hr, folder, serve, zoe):  # noqa: F811
    server = serve(Pages(rows(3)))
    oauth = {"auth": "oauth2", "user": CLIENT[0], "token_url": f"{server.url}/oauth2/token"}
    asked = connect_pages(hr, server, oauth, credential=CLIENT[1])
    swept(hr, asked)
    posts = connect(hr)
    hr.patch(f"/v1/sources/{posts['id']}", {"secret": "f" * 40})
    hr.post("/v1/calendars", {"kind": "store", "name": "x", "url": "http://127.0.0.1:1/", "user": "hr", "password": "hr",
                              "paused": True}, expect=201)
    daemon.stop()
    before = sealed(daemon.data / "entretiend.db")
    columns = {("source", "secret"), ("source", "secret_previous"), ("pull", "credential"), ("pull", "token"), ("calendar", "password")}
    assert columns <= set(before)
    key = hand_over(daemon, folder)
    total = sum(len(ids) for ids in before.values())
    assert rekey(daemon) == [total, 0] and rekey(daemon) == [0, total]
    after = sealed(daemon.data / "entretiend.db")
    assert set(after) == set(before) and not {i for ids in after.values() for i in ids} & {i for ids in before.values() for i in ids}
    daemon.configure({"keys": {"sealing": key, "retired": ""}})
    daemon.start()
    for secret in (SECRET, "f" * 40):
        url = f"{daemon.url}/hooks/{posts['hook_url'].rsplit('/', 1)[1]}"
        assert hook({**posts, "secret": secret}, record("evt-" + secret[:1]), url=url).status_code == 200
    assert ended(hr, hr.post(f"/v1/sources/{asked['id']}/sync", {"sweep": True}, expect=202))["state"] == "done"
    assert server.tokens == ["token-0"]  # the one that was bought before
    server.tokens.append("another")
    assert ended(hr, hr.post(f"/v1/sources/{asked['id']}/sync", {"sweep": True}, expect=202))["state"] == "done"


def test_a_rekey_that_is_killed_is_given_again(daemon, admin, folder):
    sources = []
    for number in range(60):
        made = admin.post("/v1/organisations", {"name": f"O{number}", "organiser": {"email": "rh@rhone.example"}}, expect=201).json()["id"]
        sources.append(connect(admin, f"?organisation={made}"))
    daemon.stop()
    path = daemon.data / "entretiend.db"
    old = sealed(path)["source", "secret"][0]
    key = hand_over(daemon, folder)
    left = len(sources)
    for _ in range(20):
        with subprocess.Popen([BINARY, *daemon.arguments(), "rekey"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL) as process:
            until = time.monotonic() + PATIENCE
            while process.poll() is None and sealed(path)["source", "secret"].count(old) > left - 5:
                assert time.monotonic() < until
            process.send_signal(signal.SIGKILL)
        left = sealed(path)["source", "secret"].count(old)
        if 0 < left < len(sources):
            break
    assert 0 < left < len(sources)
    daemon.start()  # both keys are known: nothing has to be finished first
    for source in sources[::10]:
        assert hook(source, record("evt-1"), url=f"{daemon.url}/hooks/{source['hook_url'].rsplit('/', 1)[1]}").status_code == 200
    daemon.stop()
    assert rekey(daemon) == [left, len(sources) - left]
    daemon.configure({"keys": {"sealing": key, "retired": ""}})
    daemon.start()
    for source in sources:
        assert hook(source, record("evt-2"), url=f"{daemon.url}/hooks/{source['hook_url'].rsplit('/', 1)[1]}").status_code == 200
    wait_for("the chain", lambda: Client(daemon, daemon.token).get("/v1/audit/verify").json()["valid"])
