"""Clients that mean harm, or do not mean anything at all, leave the others served."""
import socket
import time

import pytest

from client import Client, problem


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


def test_unknown_paths_and_methods(daemon):
    anyone = Client(daemon)
    problem(anyone.request("GET", "/v1/nothing"), 404)
    answer = anyone.request("DELETE", "/healthz")
    problem(answer, 405)
    assert answer.headers["Allow"] == "GET, HEAD"
    head = anyone.request("HEAD", "/healthz")
    assert head.status_code == 200 and not head.content and int(head.headers["Content-Length"]) > 0
