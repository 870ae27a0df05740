"""Keys of platforms that post signed tokens: fetched when the source is saved, rotated, refused where they must be."""
import base64
import json
import subprocess

import pytest
import requests

import lms
from client import problem
from moodle import Server
from patience import PATIENCE, wait_for
from people import hire, move_to


def base64url(raw):
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def openssl(*arguments, data=None):
    return subprocess.run(["openssl", *arguments], input=data, capture_output=True, check=True).stdout


class Key:
    """An RSA key made and used with OpenSSL."""

    def __init__(self, folder, kid):
        self.kid = kid
        self.path = str(folder / f"{kid}.pem")
        openssl("genrsa", "-out", self.path, "2048")

    def public(self):
        modulus = openssl("rsa", "-in", self.path, "-noout", "-modulus").decode().strip().split("=")[1]
        return {"kty": "RSA", "use": "sig", "alg": "RS256", "kid": self.kid, "e": "AQAB", "n": base64url(bytes.fromhex(modulus))}

    def sign(self, body):
        text = ".".join(base64url(json.dumps(part).encode()) for part in ({"alg": "RS256", "kid": self.kid}, body))
        return f"{text}.{base64url(openssl('dgst', '-sha256', '-sign', self.path, '-binary', data=text.encode()))}"


class Publisher(Server):
    """Publishes a set of keys."""

    def __init__(self, *keys):
        super().__init__()
        self.keys = list(keys)

    def answer(self, handler):
        self.calls.append(handler.path)
        handler.reply(200, {"keys": [key.public() for key in self.keys]}, kind="application/jwk-set+json")


@pytest.fixture
def options():
    return {"outgoing": {"allow": "127.0.0.1"}}


@pytest.fixture
def keys(folder):
    return [Key(folder, kid) for kid in "ab"]


@pytest.fixture
def publisher(keys):
    made = Publisher(keys[0])
    yield made
    made.close()


def connect(hr, publisher):
    return hr.post("/v1/sources", {"kind": "generic", "name": "Jetons", "mapping": lms.MAPPING, "signature": {"family": "jwt"},
                                   "jwks_url": f"{publisher.url}/jwks"}, expect=201).json()


def fetched(hr, source, after=""):
    def look():
        now = hr.get(f"/v1/sources/{source['id']}").json()["jwks"]
        return now if now.get("fetched_at", "") > after else None
    return wait_for("the keys", look)


def post(source, key, event):
    return requests.post(source["hook_url"], data=key.sign(lms.record(event)), headers={"Content-Type": "application/jwt"},
                         timeout=PATIENCE)


def test_keys_are_fetched_and_rotate(daemon, hr, publisher, keys):
    hire(hr, email="camille@rhone.example")
    source = connect(hr, publisher)
    fetched(hr, source)
    assert post(source, keys[0], "e1").json()["completions"] == 1
    assert post(source, keys[1], "e2").status_code == 401
    publisher.keys = [keys[1]]
    daemon.set_clock("2026-11-23T15:00:00Z")
    fetched(hr, source, after="2026-11-23T14:00:00Z")
    hr.patch(f"/v1/sources/{source['id']}", {"name": "Jetons neufs"})  # forgets what is remembered of the source
    assert post(source, keys[1], "e2").json()["completions"] == 1
    assert post(source, keys[0], "e3").json()["completions"] == 1
    move_to(daemon, "2026-11-24", "15:30:00")
    hr.patch(f"/v1/sources/{source['id']}", {"name": "Jetons"})
    assert post(source, keys[0], "e4").status_code == 401
    assert post(source, keys[1], "e4").json()["completions"] == 1


def test_what_is_no_set_keeps_the_keys(daemon, hr, publisher, keys):
    hire(hr, email="camille@rhone.example")
    source = connect(hr, publisher)
    fetched(hr, source)
    publisher.trouble = (200, "<html>", {"kind": "text/html"})
    daemon.set_clock("2026-11-23T15:00:00Z")
    wait_for("the complaint", lambda: hr.get(f"/v1/sources/{source['id']}").json()["jwks"].get("last_error"))
    assert post(source, keys[0], "e1").json()["completions"] == 1


def test_a_source_of_tokens_needs_an_address(hr):
    body = {"kind": "generic", "name": "x", "mapping": lms.MAPPING, "signature": {"family": "jwt"}}
    problem(hr.request("POST", "/v1/sources", json=body), 422, "/jwks_url")
    body = {**body, "signature": {"family": "bearer"}, "jwks_url": "https://lms.example/jwks"}
    problem(hr.request("POST", "/v1/sources", json=body), 422, "/jwks_url")


class TestGuarded:
    """Without a word of the operator, nothing of the own network is asked."""

    @pytest.fixture
    def options(self):
        return {}

    def test_keys_at_a_private_address_are_not_fetched(self, hr, publisher):
        source = connect(hr, publisher)
        told = wait_for("the complaint", lambda: hr.get(f"/v1/sources/{source['id']}").json()["jwks"].get("last_error"))
        assert "outgoing.allow" in told and publisher.calls == []
