"""Completions asked for page by page, each on disk before the next page is."""
import http.server
import json
import subprocess
import threading
import time

import lms
import sides

RECORDS = 100_000
SIZE = 500
PEOPLE = 1000


class Pages(http.server.BaseHTTPRequestHandler):
    """The same pages for both sides, made before."""
    protocol_version = "HTTP/1.1"
    pages = []

    def log_message(self, *arguments):
        pass

    def do_GET(self):
        body = self.pages[int(self.path.rpartition("/")[2]) - 1]
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def made():
    """The last page is empty: it ends the run."""
    records = [lms.record(f"event-{number:08}", f"n{number % PEOPLE}@mesures.example") for number in range(RECORDS)]
    return [json.dumps({"items": records[start:start + SIZE]}).encode() for start in range(0, RECORDS + 1, SIZE)]


def pull(admin, organisation, url):
    """Completions a second, of a source that is new each time."""
    body = {"kind": "generic", "name": "Pages", "url": url, "signature": {"family": "bearer"}, "paused": True,
            "mapping": {**lms.MAPPING, "items": ["/items"]},
            "pull": {"auth": "none", "path": "/pages/{page}", "paging": "page", "page_size": SIZE}}
    source = admin.post(f"/v1/sources?organisation={organisation}", body, expect=201).json()["id"]
    began = time.monotonic()
    admin.patch(f"/v1/sources/{source}", {"paused": False})
    operation = admin.post(f"/v1/sources/{source}/sync", {}, expect=202).json()
    while operation["state"] == "running":
        operation = admin.get(f"/v1/operations/{operation['id']}?wait=20").json()
    taken = time.monotonic() - began
    assert operation["result"]["completions"] == RECORDS, operation
    return RECORDS / taken


def curl(url):
    """The same pages to nowhere, one after the other on one connection."""
    began = time.monotonic()
    subprocess.run(["curl", "-sf", "-o", "/dev/null", f"{url}/pages/[1-{len(Pages.pages)}]"], check=True)
    return RECORDS / (time.monotonic() - began)


def against_curl(rounds):
    Pages.pages = made()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}"
    try:
        with sides.folder() as place, sides.running(place / "ours", {"outgoing": {"allow": "127.0.0.1"}}) as running:
            _daemon, admin, organisation = running
            sides.bring(admin, organisation, "employees", sides.staff(PEOPLE))
            return sides.ratio(rounds, lambda: pull(admin, organisation, url), lambda: curl(url))
    finally:
        server.shutdown()
