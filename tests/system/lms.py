"""A platform that posts completions and signs them, as the tests play it."""
import hashlib
import hmac
import json

import requests

from patience import PATIENCE

SECRET = "0123456789abcdef0123456789abcdef"
MAPPING = {
    "event_id": "/id", "user": {"email": "/learner/email"}, "course": {"id": "/course/id", "title": "/course/title"},
    "occurred": {"at": "/completed_at", "format": "iso"}, "status": {"at": "/status", "completed": ["completed"]}}


def connect(client, query="", **changes):
    """A source; the body of its answer, with the secret."""
    body = {"kind": "generic", "name": "LMS", "secret": SECRET, "mapping": MAPPING,
            "signature": {"family": "hmac_hex", "header": "X-Signature", "prefix": "sha256="}, **changes}
    return {"secret": SECRET, **client.post("/v1/sources" + query, body, expect=201).json()}


def record(event, email="camille@rhone.example"):
    return {"id": event, "status": "completed", "completed_at": "2026-11-20T16:05:00Z", "learner": {"email": email},
            "course": {"id": "PM-101", "title": "Gestion de projet"}}


def sign(source, raw):
    digest = hmac.new(source["secret"].encode(), raw, hashlib.sha256).hexdigest()
    return {"Content-Type": "application/json", "X-Signature": f"sha256={digest}"}


def hook(source, body, url=None, session=requests, **headers):
    """Posts a record, or bytes as they are, to the hook."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return session.post(url or source["hook_url"], data=raw, headers={**sign(source, raw), **headers}, timeout=PATIENCE)
