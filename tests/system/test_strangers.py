"""Clients that mean harm, or do not mean anything at all, leave the others served."""
import re
import socket
import time

import pytest

from client import Client, problem
from patience import wait_for


def connect(daemon):
    return socket.create_connection(("127.0.0.1", daemon.port), timeout=60)


def served(daemon):
    """How long an ordinary request takes now."""
    before = time.monotonic()
    Client(daemon).get("/healthz")
    return time.monotonic() - before


@pytest.mark.smoke
def test_a_thousand_idle_connections(daemon):
    idle = [connect(daemon) for _ in range(1000)]
    assert served(daemon) < 5
    for connection in idle:
        connection.close()


def test_a_drip_is_cut_at_the_deadline(make_daemon):
    daemon = make_daemon({"limits": {"header_deadline": "1s"}}).start()
    with connect(daemon) as drip:
        started = time.monotonic()
        answer = b""
        drip.settimeout(0.1)
        for byte in b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: " + b"a" * 1000:
            try:
                drip.sendall(bytes([byte]))
                answer += drip.recv(4096)
            except socket.timeout:
                pass
            except OSError:
                break
            if b"408" in answer:
                break
            assert served(daemon) < 5
        assert b" 408 " in answer.split(b"\r\n")[0]
        assert time.monotonic() - started < 30


def test_a_body_of_100_mib(daemon):
    with connect(daemon) as big:
        big.sendall(b"POST /v1/tokens HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                    b"Content-Length: 104857600\r\n\r\n")
        chunk = b" " * 65536
        try:
            for _ in range(1600):
                big.sendall(chunk)
        except OSError:
            pass  # refused before it was sent whole, as it should
        assert served(daemon) < 5
    with connect(daemon) as big:
        big.sendall(b"POST /v1/tokens HTTP/1.1\r\nHost: x\r\nContent-Length: 104857600\r\n\r\n")
        assert b" 413 " in big.recv(4096).split(b"\r\n")[0]


def begun(daemon, path, size, sent):
    """A request whose body is on its way; what the daemon says to it when it says something at once."""
    held = socket.create_connection(("127.0.0.1", daemon.port))
    held.sendall(f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\nContent-Length: {size}\r\n\r\n".encode())
    held.sendall(b"x" * sent)
    return held


def test_bodies_of_strangers_keep_nobody_else_out(make_daemon):
    daemon = make_daemon({"limits": {"buffered_bytes": "2MiB"}})
    admin = Client(daemon, daemon.create_token())
    daemon.start()
    organisation = admin.post("/v1/organisations", {"name": "Ouverte"}, expect=201).json()["id"]
    mib = 1024 * 1024
    with begun(daemon, "/v1/imports/employees", mib, mib - 100):
        wait_for("the bytes", lambda: int(re.search(r"^entretiend_http_buffered_bytes (\d+)", admin.get("/metrics").text,
                                                    re.M)[1]) == mib - 100)
        for path in ("/v1/imports/employees", "/me/secret", "/hooks/src_x", "/itip"):
            with begun(daemon, path, 40000, 0) as second:
                assert second.recv(100).startswith(b"HTTP/1.1 503"), path
        lines = "".join(f"{number};Ada;Byron;12/01/2020\n" for number in range(30000))
        answer = admin.post(f"/v1/imports/employees?organisation={organisation}&dry_run=true", expect=None,
                            data=("matricule;prénom;nom;date d'entrée\n" + lines).encode(), headers={"Content-Type": "text/csv"})
        assert answer.status_code in (201, 202), answer.text


def test_unknown_paths_and_methods(daemon):
    anyone = Client(daemon)
    problem(anyone.request("GET", "/v1/nothing"), 404)
    answer = anyone.request("DELETE", "/healthz")
    problem(answer, 405)
    assert answer.headers["Allow"] == "GET, HEAD"
    head = anyone.request("HEAD", "/healthz")
    assert head.status_code == 200 and not head.content and int(head.headers["Content-Length"]) > 0
