"""JSON over HTTP with a token, as a program of a user would."""
import requests
from requests.adapters import HTTPAdapter


class From(HTTPAdapter):
    """Connects from an address of this host."""

    def __init__(self, address):
        self.address = address
        super().__init__()

    def init_poolmanager(self, *arguments, **options):
        super().init_poolmanager(*arguments, source_address=(self.address, 0), **options)


class Client:
    def __init__(self, daemon, token=None, address=None):
        self.daemon = daemon
        self.session = requests.Session()
        if address:
            self.session.mount("http://", From(address))
        if token:
            self.session.headers["Authorization"] = f"Bearer {token}"

    def request(self, method, path, expect=None, **options):
        url = path if path.startswith("http") else self.daemon.url + path
        answer = self.session.request(method, url, timeout=60, **options)
        if expect is not None:
            assert answer.status_code == expect, f"{method} {path}: {answer.status_code} {answer.text[:3000]}"
        return answer

    def get(self, path, expect=200, **options):
        return self.request("GET", path, expect, **options)

    def post(self, path, body=None, expect=None, **options):
        if body is not None:
            options["json"] = body
        return self.request("POST", path, expect, **options)

    def patch(self, path, body, expect=200, **options):
        return self.request("PATCH", path, expect, json=body, **options)

    def put(self, path, content, expect=None, **options):
        return self.request("PUT", path, expect, data=content, **options)

    def delete(self, path, expect=204, **options):
        return self.request("DELETE", path, expect, **options)

    def items(self, path):
        """All items of a list, page after page."""
        found, cursor = [], ""
        while True:
            page = self.get(path + cursor).json()
            found += page["items"]
            if "next" not in page:
                return found
            cursor = ("&" if "?" in path else "?") + "cursor=" + page["next"]


def problem(answer, status, pointer=None):
    """Checks that an answer is problem+json and, when asked, that it names the field."""
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == status and body["title"] and body["detail"] and body["request_id"]
    if pointer is not None:
        assert pointer in [error["pointer"] for error in body.get("errors", [])], body
    return body
