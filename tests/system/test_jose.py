"""Tokens and keys made by the library jose: rotation without a lost post, and every confusion refused."""
import json
import pathlib
import subprocess
import time

import pytest
import requests

import lms
from moodle import Server
from patience import PATIENCE, wait_for
from people import hire

JS = pathlib.Path(__file__).resolve().parents[1] / "js"
NOW = 1795420800  # the daemon's clock: 2026-11-23T08:00:00Z
NAMES = {"iss": "https://lms.example", "aud": ["https://lms.example/hooks", "entretiend"]}


def jose(**asked):
    assert (JS / "node_modules" / "jose").is_dir(), "run: npm ci --prefix tests/js"
    done = subprocess.run(["node", str(JS / "token.js")], input=json.dumps(asked).encode(), capture_output=True, check=True,
                          timeout=PATIENCE)
    return json.loads(done.stdout)


class Publisher(Server):
    """Publishes a set of keys."""

    def __init__(self, *keys):
        super().__init__()
        self.keys = list(keys)

    def answer(self, handler):
        self.calls.append(handler.path)
        handler.reply(200, {"keys": [key["public"] for key in self.keys]}, kind="application/jwk-set+json")


@pytest.fixture
def options():
    return {"outgoing": {"allow": "127.0.0.1"}}


@pytest.fixture(scope="module")
def keys():
    return jose(make=["a", "b", "c"])


@pytest.fixture
def publisher(keys):
    made = Publisher(keys[0])
    yield made
    made.close()


@pytest.fixture
def source(hr, publisher):
    hire(hr, email="camille@rhone.example")
    made = hr.post("/v1/sources", {"kind": "generic", "name": "Jetons", "mapping": lms.MAPPING, "jwks_url": f"{publisher.url}/jwks",
                                   "signature": {"family": "jwt", "issuer": NAMES["iss"], "audience": "entretiend"}},
                   expect=201).json()
    wait_for("the keys", lambda: hr.get(f"/v1/sources/{made['id']}").json()["jwks"].get("fetched_at"))
    return made


def token(key, event, header=None, **claims):
    return {"key": key["private"] if key and "private" in key else key, "header": {"alg": "RS256", "kid": "a", **(header or {})},
            "claims": {**lms.record(event), **NAMES, "iat": NOW, "exp": NOW + 300, **claims}}


def post(source, text):
    return requests.post(source["hook_url"], data=text, headers={"Content-Type": "application/jwt"}, timeout=PATIENCE)


def test_a_key_that_nobody_knows_is_fetched_at_once(publisher, source, keys):
    first, second, third = jose(sign=[token(keys[0], "e1"), token(keys[1], "e2", {"kid": "b"}), token(keys[2], "e3", {"kid": "c"})])
    assert post(source, first).json()["completions"] == 1
    publisher.keys = [keys[1]]
    fetched = len(publisher.calls)
    # the platform is made to wait for five seconds; on a slow machine the key is there for its next attempt
    wait_for("the second key", lambda: post(source, second).status_code == 200)
    assert len(publisher.calls) == fetched + 1
    publisher.keys = [keys[2]]
    began = time.monotonic()
    assert post(source, third).status_code == 401  # a wish a minute: anybody can name a key
    assert time.monotonic() - began < 30 and len(publisher.calls) == fetched + 1


def test_confusions_are_refused(hr, publisher, source, keys):
    own = {key: value for key, value in keys[1]["private"].items() if key != "kid"}
    wrong = {
        "no signature": token(None, "x"),
        "the public key as a secret": token({"text": keys[0]["pem"]}, "x", {"alg": "HS256"}),
        "the modulus as a secret": token({"text": keys[0]["public"]["n"]}, "x", {"alg": "HS256"}),
        "another algorithm of the key": token({**keys[0]["private"], "alg": "PS256"}, "x", {"alg": "PS256"}),
        "a longer hash": token({**keys[0]["private"], "alg": "RS512"}, "x", {"alg": "RS512"}),
        "another key under the name": token(own, "x"),
        "a key that is in the token": token(own, "x", {"jwk": keys[1]["public"]}),
        "another issuer": token(keys[0], "x", iss="https://evil.example"),
        "no issuer": token(keys[0], "x", iss=None),
        "another audience": token(keys[0], "x", aud="https://other.example"),
        "no audience": token(keys[0], "x", aud=[]),
        "expired": token(keys[0], "x", iat=NOW - 4000, exp=NOW - 3600),
        "not yet": token(keys[0], "x", nbf=NOW + 3600),
        "of the future": token(keys[0], "x", iat=NOW + 3600, exp=NOW + 7200),
    }
    for reason, text in zip(wrong, jose(sign=list(wrong.values()))):
        assert post(source, text).status_code == 401, reason
    assert hr.items("/v1/completions") == []
    good = jose(sign=[token(keys[0], "e1")])[0]
    head, payload, signature = good.split(".")
    for text in (f"{head}.{payload}.", f"{head}..{signature}", f"{head}.{payload}", good + ".", good[:-8] + "AAAAAAAA", "e30.e30.e30"):
        assert post(source, text).status_code == 401, text
    assert post(source, good).json()["completions"] == 1
