"""Platforms that go away while their requests wait for room."""
import json
import re
import socket
import sqlite3

import pytest

import lms
from client import Client
from patience import wait_for


@pytest.fixture
def options():
    return {"store": {"queue": 64}}


def waiting(daemon):
    return int(re.search(r"^entretiend_ingest_waiting (\d+)", Client(daemon).get("/metrics").text, re.M)[1])


def test_who_goes_away_waits_no_more(daemon, hr):
    source = lms.connect(hr)
    assert lms.hook(source, lms.record("e0")).status_code == 200
    store = sqlite3.connect(next(daemon.data.glob("*.db")), isolation_level=None)
    store.execute("BEGIN IMMEDIATE")
    raw = json.dumps(lms.record("e1")).encode()
    fields = "".join(f"{name}: {value}\r\n" for name, value in lms.sign(source, raw).items())
    request = f"POST /hooks/{source['id']} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(raw)}\r\n{fields}\r\n".encode() + raw
    impatient = []
    for _ in range(120):
        impatient.append(socket.create_connection(("127.0.0.1", daemon.port)))
        impatient[-1].sendall(request)
    wait_for("one that waits for room", lambda: waiting(daemon))
    for one in impatient:
        one.close()
    store.execute("ROLLBACK")
    wait_for("an end of their waiting", lambda: waiting(daemon) == 0)
