"""What goes on all the time: each worker remembers what was acknowledged to it, and asks again what was not."""
import itertools
import threading

import requests

import lms
from moodle import TOKEN
from people import hire, tuesday

PEOPLE = 12
TIMEOUT = 20


class Worker(threading.Thread):
    """Does one thing after another until it is told to stop; a cut connection is no answer, nor is "later" (409: the same request
    is under way)."""

    def __init__(self, town):
        super().__init__(daemon=True)
        self.town, self.ending, self.failure = town, threading.Event(), None
        self.done, self.refused = 0, 0
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {town.token}"

    def run(self):
        try:
            for number in itertools.count():
                if self.ending.is_set():
                    return
                self.one(number)
                self.done += 1
        except Exception as failure:  # pylint: disable=broad-except
            self.failure = failure

    def ask(self, method, path, good, **options):
        """Until it is answered with one of `good`, however often the daemon is away; None once all is over."""
        while True:
            self.town.open.wait()
            try:
                answer = self.session.request(method, self.town.daemon.url + path, timeout=TIMEOUT, **options)
            except requests.RequestException:
                answer = None
            if answer is not None and answer.status_code in good:
                return answer
            if answer is not None and answer.status_code not in (409, 429, 503, 507):
                raise AssertionError(f"{method} {path}: {answer.status_code} {answer.text[:500]}")
            self.refused += 1
            if self.ending.wait(0.02) and not self.town.finishing:
                return None

    def stop(self):
        self.ending.set()
        self.join(120)
        assert not self.is_alive(), f"{self.name} never came back"
        if self.failure:
            raise self.failure


class Platform(Worker):
    """Posts completions, signed; repeats what was not acknowledged, and now and then what was."""

    def __init__(self, town):
        super().__init__(town)
        self.acknowledged = set()

    def one(self, number):
        event = f"event-{self.name}-{number}"
        raw = lms.json.dumps(lms.record(event, f"n{number % PEOPLE}@rhone.example")).encode()
        path = "/hooks/" + self.town.source["hook_url"].rpartition("/hooks/")[2]
        for _ in range(2 if number % 10 == 0 else 1):
            answer = self.ask("POST", path, (200,), data=raw, headers=lms.sign(self.town.source, raw))
            if answer is not None:
                self.acknowledged.add(event)


class Clerk(Worker):
    """Creates employees with a key, and imports small files."""

    def __init__(self, town):
        super().__init__(town)
        self.acknowledged = set()

    def one(self, number):
        body = {"number": f"C{number}", "given_name": "Zoé", "family_name": f"Durand {number}", "hire_date": "2026-03-01"}
        answer = self.ask("POST", f"/v1/employees?organisation={self.town.organisation}", (201,), json=body,
                          headers={"Idempotency-Key": f"clerk-{number}"})
        if answer is not None:
            self.acknowledged.add(f"C{number}")
        if number % 5 == 0:
            self.bring(number)

    def bring(self, number):
        rows = "".join(f"I{number}-{row};Ada;Byron;2026-02-0{1 + row % 9}\n" for row in range(20))
        answer = self.ask("POST", f"/v1/imports/employees?organisation={self.town.organisation}", (201, 202),
                          data="number;given_name;family_name;hire_date\n" + rows,
                          headers={"Content-Type": "text/csv", "Idempotency-Key": f"import-{number}"})
        if answer is not None:
            self.acknowledged.update(f"I{number}-{row}" for row in range(20))


class Organiser(Worker):
    """Plans reviews and invites to them."""

    def __init__(self, town):
        super().__init__(town)
        self.invited = {}  # review -> uid

    def one(self, number):
        start = tuesday(number)
        body = {"employee": self.town.people[1 + number % (PEOPLE - 1)], "interviewer": self.town.people[0],
                "type": "professional", "start": f"{start}:00:00Z", "end": f"{start}:45:00Z", "mode": "onsite",
                "location": "Salle 2"}
        made = self.ask("POST", f"/v1/reviews?organisation={self.town.organisation}", (201,), json=body,
                        headers={"Idempotency-Key": f"review-{number}"})
        if made is None:
            return
        review = made.json()["id"]
        answer = self.ask("POST", f"/v1/reviews/{review}/invite", (200,), json={"short_notice": True},
                          headers={"Idempotency-Key": f"invite-{number}"})
        if answer is not None:
            self.invited[review] = made.json().get("uid")


class Asker(Worker):
    """Has a platform asked for its records, which become more and more."""

    def __init__(self, town):
        super().__init__(town)
        self.acknowledged = set()

    def one(self, number):
        self.town.pages.records.append({**lms.record(f"pulled-{number}", f"n{number % PEOPLE}@rhone.example")})
        self.acknowledged.add(f"pulled-{number}")
        self.ending.wait(0.05)
        if number % 10 == 0:
            self.ask("POST", f"/v1/sources/{self.town.asked['id']}/sync", (202, 409), json={})


class Reader(Worker):
    """Reads what people read."""

    def one(self, number):
        paths = ("/v1/duties", "/v1/employees", "/v1/reviews", "/v1/deliveries", "/v1/completions")
        self.ask("GET", f"{paths[number % len(paths)]}?limit=50&organisation={self.town.organisation}", (200,))


def settle(town, admin):
    """People, a platform and a mailbox, before the first blow."""
    town.people = [hire(admin, organisation=town.organisation, number=f"P{n}", email=f"n{n}@rhone.example",
                        hire_date="2026-01-05")["id"] for n in range(PEOPLE)]
    query = f"?organisation={town.organisation}"
    town.source = lms.connect(admin, query)
    body = {"kind": "generic", "name": "Pages", "url": town.pages.url, "credential": TOKEN, "signature": {"family": "bearer"},
            "mapping": {**lms.MAPPING, "items": ["/items"]}, "pull": {"path": "/list"}}
    town.asked = admin.post("/v1/sources" + query, body, expect=201).json()
