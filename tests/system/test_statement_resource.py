"""The xAPI Statement resource, requirement by requirement: numbers XAPI-* are those of ADL's conformance requirements for a
learning record store, version 1.0.3, sections of xAPI-Communication and xAPI-Data."""
import base64
import datetime
import email.parser
import email.policy
import hashlib
import itertools
import json
import subprocess
import uuid

import pytest

from client import problem
from test_statements import ADL, Platform, statement

FORM = "application/x-www-form-urlencoded"
OTHER = "https://lms.example/course/other"
BYTES = bytes(range(256)) + b"\r\n--almost\r\n\r\n"


@pytest.fixture
def platform(daemon, hr):
    return Platform(daemon, hr)


def key():
    return str(uuid.uuid4())


# ---- data of attachments

def attachment(data, kind="text/plain", hashed=hashlib.sha256, **changes):
    return {"usageType": "http://example.com/attachment-usage/test", "display": {"en": "A test"}, "contentType": kind,
            "length": len(data), "sha2": hashed(data).hexdigest(), **changes}


def part(data, kind="text/plain", hashed=hashlib.sha256, **changes):
    fields = {"Content-Type": kind, "Content-Transfer-Encoding": "binary", "X-Experience-API-Hash": hashed(data).hexdigest()}
    fields.update({name.replace("_", "-"): value for name, value in changes.items()})
    return "".join(f"{name}: {value}\r\n" for name, value in fields.items() if value is not None).encode() + b"\r\n" + data


def mixed(body, *parts, boundary="abcABC0123'()+_,-./:=?", first="application/json", end="--"):
    pieces = [f"Content-Type: {first}\r\n\r\n".encode() + json.dumps(body).encode(), *parts]
    data = b"".join(b"\r\n--" + boundary.encode() + b"\r\n" + piece for piece in pieces)
    return {"data": data + f"\r\n--{boundary}{end}\r\n".encode(), "headers": {"Content-Type": f'multipart/mixed; boundary="{boundary}"'}}


def taken_apart(answer):
    """The JSON and the data by their hash, read by somebody else's parser."""
    raw = b"Content-Type: " + answer.headers["Content-Type"].encode() + b"\r\n\r\n" + answer.content
    first, *others = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(raw).get_payload()
    assert first["Content-Type"] == "application/json"
    data = {}
    for one in others:
        assert one["Content-Transfer-Encoding"] == "binary"
        start = answer.content.index(one["X-Experience-API-Hash"].encode() + b"\r\n\r\n") + len(one["X-Experience-API-Hash"]) + 4
        boundary = answer.headers["Content-Type"].split("boundary=")[1].encode()
        data[one["X-Experience-API-Hash"]] = answer.content[start:answer.content.index(b"\r\n--" + boundary, start)]
        assert hashlib.new("sha" + str(4 * len(one["X-Experience-API-Hash"])), data[one["X-Experience-API-Hash"]]).hexdigest() \
            == one["X-Experience-API-Hash"]
    return json.loads(first.get_payload()), data


def test_attachments_come_back_as_they_were(platform):
    """Communication 1.5.2, XAPI-00161, XAPI-00167: whatever the bytes, once each, and only to who asks for them."""
    long = hashlib.sha512
    body = [statement(attachments=[attachment(BYTES, "image/png"), attachment(b"", hashed=long)]),
            statement(object={"objectType": "SubStatement", **{name: statement()[name] for name in ("actor", "verb", "object")},
                              "attachments": [attachment(BYTES, "image/png")]}), statement()]
    ids = platform.ask("POST", 200, **mixed(body, part(BYTES, "image/png"), part(b"", hashed=long))).json()
    for number, expected in enumerate([{BYTES, b""}, {BYTES}, set()]):
        one, data = taken_apart(platform.find(statementId=ids[number], attachments="true"))
        assert one["id"] == ids[number] and set(data.values()) == expected
    answer = platform.find(attachments="true", ascending="true")
    page, data = taken_apart(answer)
    assert [one["id"] for one in page["statements"]] == ids and set(data.values()) == {BYTES, b""} and page["more"] == ""
    assert answer.content.count(BYTES) == 1 and b"image/png" in answer.content
    for wanted in [{}, {"attachments": "false"}]:
        answer = platform.find(statementId=ids[0], **wanted)
        assert answer.headers["Content-Type"] == "application/json" and answer.json()["attachments"] == body[0]["attachments"]
    assert taken_apart(platform.find(attachments="true", limit=1))[0]["more"]
    assert platform.ask("HEAD", 200, params={"statementId": ids[0], "attachments": "true"}).content == b""


def test_pages_hold_what_attachments_weigh(platform):
    ids = [platform.ask("POST", 200, **mixed(statement(attachments=[attachment(data)]), part(data))).json()[0]
           for data in (letter * 400_000 for letter in (b"a", b"b", b"c", b"d"))]
    found, url, pages = [], platform.url + "?attachments=true&ascending=true", 0
    while url:
        page, data = taken_apart(platform.ask("GET", 200, url=url))
        assert len(data) == len(page["statements"])
        found += [one["id"] for one in page["statements"]]
        url, pages = page["more"] and platform.url.split("/xapi")[0] + page["more"], pages + 1
    assert found == ids and pages > 1


def test_a_statement_by_itself_in_parts(platform):
    """Communication 1.5.2.s3.b8 and b9: multipart/mixed without data."""
    platform.ask("POST", 200, **mixed(statement()))
    platform.ask("POST", 200, **mixed([statement(attachments=[attachment(BYTES, fileUrl="https://x.example/a")])]))
    put = key()
    platform.ask("PUT", 204, params={"statementId": put}, **mixed(statement(attachments=[attachment(b"1")]), part(b"1")))
    assert taken_apart(platform.find(statementId=put, attachments="true"))[1].popitem()[1] == b"1"
    bare = mixed(statement(attachments=[attachment(b"2")]), part(b"2"), boundary="plain")
    bare["data"] = bare["data"].replace(b"\r\n", b"\n")
    bare["headers"]["Content-Type"] = "Multipart/Mixed;charset=utf-8; BOUNDARY=plain"
    platform.ask("POST", 200, **bare)


ONE = statement(attachments=[attachment(b"x")])
REFUSED_PARTS = [
    ("XAPI-00127", {"data": json.dumps(statement()), "headers": {"Content-Type": "multipart/form-data; boundary=b"}}),
    ("XAPI-00128", mixed(statement(), part(b"x"))),
    ("XAPI-00129", mixed(ONE)),
    ("XAPI-00129", {"json": ONE}),
    ("XAPI-00130", {**mixed(ONE, part(b"x")), "headers": {"Content-Type": "multipart/mixed; boundary=another"}}),
    ("XAPI-00131", {**mixed(ONE, part(b"x")), "headers": {"Content-Type": "multipart/mixed;"}}),
    ("XAPI-00132", mixed(ONE, part(b"x", X_Experience_API_Hash=None))),
    ("XAPI-00132", mixed(ONE, part(b"x", X_Experience_API_Hash="0" * 64))),
    ("XAPI-00132", mixed(ONE, part(b"x", X_Experience_API_Hash="md5"))),
    ("XAPI-00132", mixed(ONE, part(b"y", X_Experience_API_Hash=hashlib.sha256(b"x").hexdigest()))),
    ("XAPI-00133", mixed(statement(), b"Content-Type: application/json\r\n\r\n" + json.dumps(statement()).encode())),
    ("XAPI-00134", mixed(ONE, part(b"x"), first="text/plain")),
    ("XAPI-00135", mixed(ONE, part(b"x", Content_Transfer_Encoding=None))),
    ("XAPI-00135", mixed(ONE, part(b"x", Content_Transfer_Encoding="base64"))),
    ("1.5.2.s2.b2.b7", mixed(ONE, part(b"x", "image/png"))),
    ("2.4.11 length", mixed(statement(attachments=[attachment(b"x", length=2)]), part(b"x"))),
    ("RFC 2046 5.1.1", mixed(ONE, part(b"x"), end="")),
    ("RFC 2046 5.1.1", mixed(ONE, b"a line that is no field\r\n\r\nx")),
    ("a ceiling", mixed(ONE, *[part(b"x")] * 64)),
]


def test_parts_that_are_refused(platform):
    """All or nothing: what is refused leaves neither statements nor data."""
    for requirement, sent in REFUSED_PARTS:
        answer = platform.ask("POST", **sent)
        assert answer.status_code == 400 and problem(answer, 400)["detail"], requirement
    assert platform.ids() == []


# ---- signed statements

@pytest.fixture(scope="module")
def signer(tmp_path_factory):
    """A key and its certificate, made by openssl, which signs too."""
    home = tmp_path_factory.mktemp("signer")

    def run(*words, data=None):
        return subprocess.run(["openssl", *words], check=True, capture_output=True, cwd=home, input=data).stdout
    for name in ("one", "two"):
        run("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=signer", "-keyout", f"{name}.key", "-out", f"{name}.pem")
    run("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=e", "-keyout", "ec.key",
        "-out", "ec.pem")

    def sign(body, algorithm="RS256", certificate=None, text=None):
        header = {"alg": algorithm}
        if certificate:
            header["x5c"] = [base64.b64encode(run("x509", "-in", f"{certificate}.pem", "-outform", "DER")).decode()]
        signing = b".".join(base64.urlsafe_b64encode(piece).rstrip(b"=") for piece in (
            json.dumps(header).encode(), json.dumps(body).encode() if text is None else text))
        digest = "-sha" + (algorithm[2:] if algorithm[2:].isdigit() else "256")
        return signing + b"." + base64.urlsafe_b64encode(run("dgst", digest, "-sign", "one.key", data=signing)).rstrip(b"=")
    return sign


OCTETS = "application/octet-stream"


def signed(body, signature, kind=OCTETS, **changes):
    usage = {"usageType": "http://adlnet.gov/expapi/attachments/signature"}
    all_of_them = [*body.get("attachments", []), attachment(signature, kind, **usage, **changes)]
    return {**body, "attachments": all_of_them}


def test_signed_statements(platform, signer):
    """Data 2.6.s4: kept with their signature, whoever signed and how."""
    body = statement(id=key(), attachments=[attachment(b"x", fileUrl="https://x.example/a")])
    for algorithm, certificate in itertools.product(["RS256", "RS384", "RS512"], [None, "one"]):
        signature = signer(body, algorithm, certificate)
        platform.ask("POST", 200, **mixed(signed(body, signature), part(signature, OCTETS)))
        assert signature in taken_apart(platform.find(statementId=body["id"], attachments="true"))[1].values()
        body = statement(id=key())


def test_signatures_that_are_refused(platform, signer):
    body = statement(id=key())
    good, other = signer(body), statement(id=body["id"], verb={"id": ADL + "failed"})
    spoiled = good[:-6] + (b"AAAAAA" if not good.endswith(b"AAAAAA") else b"BBBBBB")
    certified = signer(body, certificate="one")
    rows = [(good, {"kind": "text/plain"}), (signer(body, "HS256"), {}), (signer(body, text=b"{"), {}), (signer(other), {}),
            (signer({**body, "id": key()}), {}), (b"no.signature", {}), (b"a.b.c.d", {}), (signer(body, certificate="two"), {}),
            (signer(body, certificate="ec"), {}), (certified[:-6] + spoiled[-6:], {})]
    for signature, changes in rows:
        sent = mixed(signed(body, signature, **changes), part(signature, changes.get("kind", OCTETS)))
        problem(platform.ask("POST", 400, **sent), 400, "/attachments/0")
    problem(platform.post(signed(body, good, fileUrl="https://x.example/s"), expect=400), 400, "/attachments/0")
    assert platform.ids() == []
    many = [signed({**body, "id": key()}, good)] * 400
    platform.ask("POST", 400, **mixed(many, part(good, OCTETS)))


# ---- the alternate request syntax

def asked(platform, method, form, expect, **options):
    return platform.ask("POST", expect, params={"method": method}, data=form, **options)


def test_the_alternate_request_syntax(platform):
    """Communication 1.3, XAPI-00336, XAPI-00148: a POST in place of each method."""
    put = key()
    asked(platform, "PUT", {"statementId": put, "content": json.dumps(statement())}, 204)
    [posted] = asked(platform, "POST", {"content": json.dumps(statement(object={"id": OTHER}))}, 200).json()
    assert asked(platform, "GET", {"statementId": put}, 200).json()["id"] == put
    page = asked(platform, "GET", {"limit": 1, "activity": OTHER}, 200).json()
    assert [one["id"] for one in page["statements"]] == [posted]
    page = asked(platform, "GET", {"limit": 1, "ascending": "true"}, 200).json()
    assert platform.ask("GET", 200, url=platform.url.split("/xapi")[0] + page["more"]).json()["statements"][0]["id"] == posted


def test_credentials_and_version_in_the_form(platform):
    """1.3.s3.b7: the form's header fields are header fields."""
    basic = "Basic " + base64.b64encode(":".join(platform.session.auth).encode()).decode()
    url, platform.session.auth = platform.url + "?method=GET", None
    form = {"Authorization": basic, "X-Experience-API-Version": "1.0.3", "limit": "1", "Content-Length": "0"}
    answer = platform.session.post(url, data=form)
    assert answer.status_code == 200 and answer.json() == {"statements": [], "more": ""}
    assert platform.session.post(url, data={**form, "X-Experience-API-Version": "0.9"}).status_code == 400
    assert platform.session.post(url, data={**form, "X-Experience-API-Version": "2.0.0"}).status_code == 400
    assert platform.session.post(url, data={**form, "Authorization": basic[:-4] + "AAA="}).status_code == 401
    assert platform.session.post(url, data={"X-Experience-API-Version": "1.0.3"}).status_code == 401


def test_alternate_requests_that_are_refused(platform):
    body = {"statementId": key(), "content": json.dumps(statement())}
    problem(platform.ask("GET", 400, params={"method": "POST"}), 400, "/method")
    problem(platform.ask("PUT", 400, params={"method": "POST", "statementId": key()}, json=statement()), 400, "/method")
    problem(asked(platform, "DELETE", body, 400), 400, "/method")
    problem(platform.ask("POST", 400, params={"method": "PUT", "statementId": body["statementId"]}, data=body), 400)
    problem(asked(platform, "PUT", {"statementId": key()}, 400), 400, "/content")
    problem(asked(platform, "PUT", [*body.items(), ("content", "{}")], 400), 400, "/content")
    problem(asked(platform, "PUT", json.dumps(body), 400, headers={"Content-Type": FORM}), 400)
    problem(asked(platform, "PUT", body, 400, headers={"Content-Type": "application/json"}), 400, "/Content-Type")
    problem(asked(platform, "GET", {"unknown": "1"}, 400), 400, "/unknown")
    problem(asked(platform, "GET", {}, 400, version="2.0.0"), 400)
    assert platform.ids() == []


# ---- what each answer carries

def test_consistent_through_and_validators(platform):
    """XAPI-00152, XAPI-00153, XAPI-00160; Communication 2.1.3.s2.b8."""
    [one] = platform.post(statement()).json()
    answer = platform.find(statementId=one)
    through = datetime.datetime.fromisoformat(answer.headers["X-Experience-API-Consistent-Through"])
    assert through >= datetime.datetime.fromisoformat(answer.json()["stored"])
    again = {"headers": {"If-None-Match": answer.headers["ETag"]}, "params": {"statementId": one}}
    assert platform.ask("GET", 304, **again).content == b""
    for query in [{}, {"statementId": key()}, {"statementId": "none"}]:
        assert platform.ask("GET", params=query).headers["X-Experience-API-Consistent-Through"]
