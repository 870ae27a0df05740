"""The command-line client against servers that are broken, hostile, or none of ours."""
import json
import re
import signal
import socket
import subprocess
import threading

import pytest

from command import PROGRAM, Command
from patience import PATIENCE


class Stranger:
    """Answers each connection with the next bytes of a list, whatever is asked, and closes it."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.asked = []
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.listening.getsockname()[1]}"

    def serve(self):
        for answer in self.answers:
            try:
                connection, _ = self.listening.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(PATIENCE)
                self.asked.append(self.read(connection))
                try:
                    for piece in [answer] if isinstance(answer, bytes) else answer:
                        connection.sendall(piece)
                except OSError:
                    pass

    @staticmethod
    def read(connection):
        request = b""
        while b"\r\n\r\n" not in request:
            piece = connection.recv(65536)
            if not piece:
                return request
            request += piece
        length = re.search(rb"(?i)\r\ncontent-length: (\d+)", request)
        head, body = request.split(b"\r\n\r\n", 1)
        while length and len(body) < int(length.group(1)):
            body += connection.recv(65536)
        return head + b"\r\n\r\n" + body

    def close(self):
        self.listening.shutdown(socket.SHUT_RDWR)
        self.listening.close()
        self.thread.join(PATIENCE)


def answer(body, status="200 OK", kind="application/json", more=""):
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(content)}\r\n{more}Connection: close\r\n\r\n"
    return head.encode() + content


@pytest.fixture
def stranger():
    made = []

    def make(*answers):
        made.append(Stranger(*answers))
        return made[-1]

    yield make
    for server in made:
        server.close()


def ask(server, *words, code=3, token="ent_secret", **environment):
    return Command(server.url, token, **environment).run(*words, code=code)


EMPLOYEES = ("employees",)


@pytest.mark.parametrize("bytes_sent, said", [
    (b"", "http"),
    (b"SSH-2.0-OpenSSH_9.2\r\n", "http"),
    (b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{", "http"),
    (answer(b"<html>Bad gateway", "502 Bad Gateway", "text/html"), "answers 502 without saying why: is it an entretiend?"),
    (answer(b"{]"), "is not JSON: line 1, column 2"),
    (answer(b"[" * 5000), "is not JSON"),
    (answer({"items": {}}), "is not a list"),
    (answer([1, 2]), "is not a list"),
    (answer(b""), "is not a list"),
    (answer(b"[1", "422 Unprocessable Content", "application/problem+json"), "answers 422 without saying why"),
    (answer(b"", "302 Found", more="Location: http://127.0.0.1:1/steal\r\n"),
     "answers with a redirection (302) to http://127.0.0.1:1/steal, which is not followed"),
    (b"HTTP/1.1 200 OK\r\n" + b"X-Filler: " + b"x" * 90000 + b"\r\n" * 1 + (b"Y: " + b"y" * 90000 + b"\r\n") * 3 + b"\r\n{}",
     "the header of"),
])
def test_what_is_no_answer(stranger, bytes_sent, said):
    server = stranger(bytes_sent, bytes_sent)
    done = ask(server, *EMPLOYEES)
    assert done.out == "" and said in done.said
    assert done.said.startswith("error: ") and done.said.count("\n") == 1


def test_an_answer_without_end(stranger):
    def endless():
        yield b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{\"items\": ["
        for _ in range(66):
            yield b" " * (1 << 20)
    assert "is over 64 MiB" in ask(stranger(endless()), *EMPLOYEES).said


def test_a_list_without_end(stranger):
    page = answer({"items": [{"number": "7"}], "next": "again"})
    done = ask(stranger(page, page, page), *EMPLOYEES)
    assert "does not end" in done.said
    done = ask(stranger(answer({"items": [], "next": "x" * 5000})), *EMPLOYEES)
    assert "does not end" in done.said


HOSTILE = "\x1b]0;owned\x07\x1b[2J\u009b31m\u202eevil\u2028\n\tMALLORY"


def test_nothing_reaches_the_terminal(stranger):
    item = {"number": "7", "family_name": HOSTILE, "given_name": "\u0001", "email": "e" * 500}
    for words in (("employees",), ("employees", "--json"), ("employees", "--field", "family_name"), ("api", "GET", "/x"),
                  ("employee", "show", "emp_0123456789_01m83nrdhr6wk53x9q58z2x5qd")):
        body = item if words[:2] == ("employee", "show") else {"items": [item]}
        server = stranger(answer(json.dumps(body, ensure_ascii=False).encode()))
        shown = Command(server.url, "x").on_terminal(*words)
        assert "MALLORY" in shown or "\u2026" in shown
        assert not set(shown) & {"\x1b", "\x07", "\x01", "\u009b", "\u202e", "\u2028"}, repr(shown)
    raw = answer(HOSTILE.encode(), "200 OK", "text/plain")
    assert "\x1b" not in Command(stranger(raw).url, "x").on_terminal("api", "GET", "/x")


def test_refusals_are_escaped(stranger):
    problem = {"title": "no", "status": 422, "detail": HOSTILE,
               "errors": [{"pointer": "/" + HOSTILE, "detail": HOSTILE}] * 100}
    done = ask(stranger(answer(problem, "422 Unprocessable Content", "application/problem+json")), *EMPLOYEES, code=1)
    assert done.said.startswith("error: \\u001b]0;owned\\u0007")
    assert "\x1b" not in done.said and done.said.count("\n") == 17


def test_values_stay_on_their_line(stranger):
    done = ask(stranger(answer({"items": [{"number": "7\n8", "family_name": "a\tb\\"}]})), *EMPLOYEES, code=0)
    assert done.out == "7\\n8\ta\\tb\\\\\t\t\t\t\t\t\t\n"


def test_a_busy_server(stranger):
    problem = {"title": "Service Unavailable", "status": 503, "detail": "the queue is full"}
    done = ask(stranger(answer(problem, "503 Service Unavailable", "application/problem+json",
                               "Retry-After: 7\r\nX-Request-Id: req_1\r\n")), *EMPLOYEES, code=1)
    assert done.said == "error: the queue is full\n  try again in 7 s\n  request req_1\n"


def test_a_lost_answer_is_asked_for_again_with_the_same_key(stranger):
    server = stranger(b"", answer({"id": "need_1", "title": "Anglais"}, "201 Created"))
    done = ask(server, "need", "add", "emp_0123456789_01m83nrdhr6wk53x9q58z2x5qd", "Anglais", code=0, token="ent_secret")
    assert "Anglais" in done.out
    keys = [re.search(rb"(?i)\r\nidempotency-key: (\S+)", asked).group(1) for asked in server.asked]
    assert len(keys) == 2 and keys[0] == keys[1] and len(keys[0]) > 16


def test_a_change_is_never_sent_twice(stranger):
    server = stranger(b"", answer({}))
    ask(server, "employee", "set", "emp_0123456789_01m83nrdhr6wk53x9q58z2x5qd", "--email", "a@b.example")
    assert len(server.asked) == 1


def test_what_is_sent(stranger):
    server = stranger(answer({"items": []}), answer({"items": []}))
    ask(server, "employees", "--q", "d'Aubigné & fils/?#", "--organisation", "org_0123456789", code=0)
    head = server.asked[0].decode()
    assert head.startswith("GET /v1/employees?organisation=org_0123456789&q=d%27Aubign%C3%A9%20%26%20fils%2F%3F%23&limit=500 HTTP/1.1\r\n")
    assert "\r\nAuthorization: Bearer ent_secret\r\n" in head
    assert "\r\nAccept: application/json, application/problem+json\r\n" in head
    ask(server, "employees", code=0, token=None)
    assert "uthorization" not in server.asked[1].decode()


def test_no_proxy_for_the_own_machine(stranger):
    proxies = {name: "http://127.0.0.1:1" for name in ("http_proxy", "https_proxy", "all_proxy", "ALL_PROXY")}
    ask(stranger(answer({"items": []})), *EMPLOYEES, code=0, **proxies)


def test_a_token_in_clear_text_is_told(stranger):
    done = Command("http://entretiend.invalid", "ent_secret").run("employees", code=3)
    assert done.said.startswith("warning: the token goes to http://entretiend.invalid in clear text\n")
    assert "ent_secret" not in done.said


def test_who_interrupts_an_import_is_told_that_it_goes_on(folder):
    path = folder / "employees.csv"
    path.write_text("matricule\n1\n")
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(PATIENCE)
        user = Command(f"http://127.0.0.1:{listening.getsockname()[1]}", "ent_secret")
        with subprocess.Popen([PROGRAM, "import", str(path)], env=user.environment, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
            sent, _ = listening.accept()
            with sent:
                Stranger.read(sent)
                sent.sendall(answer({"id": "imp_1", "state": "applying"}, "202 Accepted"))
            asked, _ = listening.accept()
            with asked:
                assert b"/v1/operations/imp_1" in Stranger.read(asked)
                process.send_signal(signal.SIGINT)
                out, said = process.communicate(timeout=PATIENCE)
    assert (process.returncode, out) == (-signal.SIGINT, "") and "`entretienctl import show imp_1`" in said
