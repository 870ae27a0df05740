"""CalDAV servers of Debian beside the daemon, and people's calendars as their own programs change them."""
import pathlib
import re
import signal
import smtplib
import subprocess

import requests

from patience import wait_for
from ports import free_port

SCRIPT = pathlib.Path(__file__).with_name("calendar-servers.sh")
NAMES = ("hr", "manager", "employee")


class Server:
    """One of the three."""

    def __init__(self, folder, kind):
        self.folder, self.kind, self.port = folder, kind, free_port(2)
        self.url = f"http://127.0.0.1:{self.port}/"
        self.log = open(folder.with_suffix(".log"), "wb")
        self.process = subprocess.Popen([SCRIPT, folder, kind, str(self.port)], stdout=self.log, stderr=self.log,
                                        start_new_session=True)
        wait_for(f"an answer of {kind}", self.answers)
        if kind == "cyrus":
            wait_for("the delivery of Cyrus", self.greets)

    def answers(self):
        assert self.process.poll() is None, self.folder.with_suffix(".log").read_text()
        try:
            return requests.request("OPTIONS", self.url, timeout=5)
        except requests.ConnectionError:
            return None

    def greets(self):
        """A first letter makes a mailbox, a first look its calendars."""
        try:
            for name in NAMES:
                letter = f"From: ci@corp.example\r\nMessage-ID: <{name}@ci>\r\nSubject: hello\r\n\r\nhi\r\n"
                smtplib.LMTP("127.0.0.1", self.port + 1).sendmail("ci@corp.example", [name], letter)
                self.ask(name, "PROPFIND", f"/dav/calendars/user/{name}/", expect=207)
            return True
        except (OSError, smtplib.SMTPException):
            return False

    def ask(self, name, method, path, body=None, expect=None, **headers):
        url = path if path.startswith("http") else self.url.rstrip("/") + path
        answer = requests.request(method, url, data=body, auth=(name, name), timeout=20,
                                  headers={key.replace("_", "-"): value for key, value in headers.items()})
        assert expect is None or answer.status_code == expect, (answer.status_code, answer.text)
        return answer

    def collection(self, name):
        if self.kind == "cyrus":
            return f"/dav/calendars/user/{name}/Default/"
        return f"/{name}/diary/"

    def make_collections(self):
        for name in NAMES[1:]:
            if self.kind == "radicale":
                self.ask(name, "MKCOL", f"/{name}/")
            else:
                self.ask(name, "MKCOL", f"/{name}/")
            self.ask(name, "MKCALENDAR", self.collection(name), expect=201)

    def put(self, name, uid, start, end):
        """A meeting that has nothing to do with reviews."""
        text = (f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:20261101T000000Z\r\n"
                f"DTSTART:{start}\r\nDTEND:{end}\r\nSUMMARY:x\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")
        self.ask(name, "PUT", f"{self.collection(name)}{uid}.ics", text, expect=201, Content_Type="text/calendar")

    def entry(self, name, uid):
        """Path and unfolded text of somebody's entry, None when there is none."""
        listing = self.ask(name, "PROPFIND", self.collection(name), Depth="1").text
        for path in re.findall(r"<[^>]*href>([^<]*\.ics)<", listing):
            text = self.ask(name, "GET", path).text.replace("\r\n ", "")
            if f"UID:{uid}" in text:
                return path, text
        return None

    def change(self, name, uid, *changes):
        """What the person's own program does."""
        path, text = self.entry(name, uid)
        for pattern, by in changes:
            assert re.search(pattern, text), (pattern, text)
            text = re.sub(pattern, by, text)
        answer = self.ask(name, "PUT", path, text.encode(), Content_Type="text/calendar; charset=utf-8")
        assert answer.status_code in (200, 201, 204), answer.text

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()
