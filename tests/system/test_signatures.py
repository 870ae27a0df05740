"""Signatures made by programs that are not ours: the library of Standard Webhooks, openssl."""
import base64
import json
import pathlib
import subprocess

import pytest
import requests

from client import problem
from patience import PATIENCE
from lms import connect, record
from people import hire

JS = pathlib.Path(__file__).resolve().parents[1] / "js"
NOW = 1795420800  # the daemon's clock: 2026-11-23T08:00:00Z


def run(*words, data=b""):
    return subprocess.run(words, input=data, capture_output=True, check=True, timeout=PATIENCE).stdout


def send(source, raw, **headers):
    return requests.post(source["hook_url"], data=raw, headers={"Content-Type": "application/json", **headers},
                         timeout=PATIENCE)


@pytest.fixture
def body(hr):
    hire(hr, email="camille@rhone.example")
    return json.dumps({**record("e1"), "text": "Zoé ✓"}, ensure_ascii=False).encode()


def test_the_library_of_standard_webhooks(hr, body):
    assert (JS / "node_modules" / "standardwebhooks").is_dir(), "run: npm ci --prefix tests/js"
    secret = "whsec_" + base64.b64encode(bytes(range(24))).decode()
    source = connect(hr, signature={"family": "standard_webhooks"}, secret=secret)

    def headers(at, event="msg_1"):
        return json.loads(run("node", str(JS / "webhook.js"), data=json.dumps(
            {"secret": secret, "id": event, "at": at, "body": body.decode()}).encode()))
    problem(send(source, body, **headers(NOW - 400)), 401)
    problem(send(source, body + b" ", **headers(NOW)), 401)
    both = headers(NOW)
    both["webhook-signature"] = "v1,AAAA v2,xyz " + both["webhook-signature"]
    assert send(source, body, **both).json()["completions"] == 1
    assert send(source, body, **headers(NOW - 200)).json()["duplicates"] == 1


@pytest.mark.parametrize("family", ["hmac_hex", "hmac_base64"])
def test_openssl(hr, body, family):
    key = bytes(range(32))
    secret = key.hex() if family == "hmac_hex" else base64.b64encode(key).decode()
    keyed = secret.encode().hex() if family == "hmac_hex" else key.hex()
    source = connect(hr, signature={"family": family, "header": "X-Sig"}, secret=secret)
    digest = run("openssl", "dgst", "-sha256", "-mac", "HMAC", "-macopt", f"hexkey:{keyed}", "-binary", data=body)
    shown = digest.hex() if family == "hmac_hex" else base64.b64encode(digest).decode()
    problem(send(source, body + b"\n", **{"X-Sig": shown}), 401)
    assert send(source, body, **{"X-Sig": shown}).json()["completions"] == 1


@pytest.mark.parametrize("family, fields", [
    ({"family": "header", "header": "X-Key"}, {"X-Key": "a secret of some length"}),
    ({"family": "header", "header": "X-Key", "prefix": "Token "}, {"X-Key": "Token a secret of some length"}),
    ({"family": "basic", "user": "lms"},
     {"Authorization": "Basic " + base64.b64encode(b"lms:a secret of some length").decode()}),
    ({"family": "bearer"}, {"Authorization": "Bearer a secret of some length"})])
def test_secrets_that_are_sent(hr, body, family, fields):
    source = connect(hr, signature=family, secret="a secret of some length")
    name, value = next(iter(fields.items()))
    for wrong in ({}, {name: value + "x"}, {name: value[:-1]}, {name: value.upper()}):
        problem(send(source, body, **wrong), 401)
    assert send(source, body, **fields).json()["completions"] == 1
    hr.patch(f"/v1/sources/{source['id']}", {"secret": "another one of some length"})
    assert send(source, body, **fields).json()["duplicates"] == 1  # both are good during a rotation
