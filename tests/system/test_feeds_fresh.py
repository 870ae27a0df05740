"""Feeds after random changes: never stale, 304 when nothing changed and only then, whatever was cached."""
import random

import pytest

from client import Client
from people import hire, move_to

SEEDS = [1, 2, 3]
DAYS = ["2026-11-24", "2026-12-01", "2026-12-15", "2027-01-04", "2027-02-10"]


@pytest.fixture
def options(request):
    """The third company's calendars are sent compressed."""
    return {"feeds": {"gzip": "yes" if getattr(request.node, "callspec", None) and request.node.callspec.params["seed"] == 3 else "no"}}


class Company:
    """People and reviews, changed at random."""

    def __init__(self, daemon, hr, seed):
        self.daemon, self.hr, self.random = daemon, hr, random.Random(seed)
        self.organisation = hr.get("/v1/organisations").json()["items"][0]["id"]
        self.other = hire(hr, given_name="Nadia", family_name="Kaci", email="nadia@rhone.example")["id"]
        self.manager = hire(hr, given_name="Karim", family_name="Benali", email="karim@rhone.example")["id"]
        self.people = [self.hire() for _ in range(3)]
        self.reviews, self.days = [], list(DAYS)
        while not self.reviews:
            self.plan()

    def hire(self):
        return hire(self.hr, manager=self.manager, hire_date="2026-01-12", email=f"p{self.random.random()}@rhone.example")["id"]

    def slot(self):
        day, hour = self.random.randrange(1, 28), self.random.randrange(8, 15)
        return {"start": f"2027-03-{day:02}T{hour:02}:00:00Z", "end": f"2027-03-{day:02}T{hour + 1:02}:00:00Z"}

    def plan(self):
        body = {"employee": self.random.choice(self.people), "type": self.random.choice(["professional", "annual"]), **self.slot()}
        made = self.hr.post("/v1/reviews", body)
        if made.status_code == 201:
            self.reviews.append(made.json()["id"])

    def step(self, verb, body=None):
        self.hr.post(f"/v1/reviews/{self.random.choice(self.reviews)}/{verb}", body or {})

    def invite(self):
        self.step("invite")

    def cancel(self):
        self.step("cancel", {"reason": "essai"})

    def hold(self):
        self.step("hold", {"date": "2026-11-20"})

    def move(self):
        self.hr.request("PATCH", f"/v1/reviews/{self.random.choice(self.reviews)}", json=self.slot())

    def rename(self):
        name = self.random.choice(["Roche", "Éluard", "Nguyễn"])
        self.hr.request("PATCH", f"/v1/employees/{self.random.choice(self.people)}", json={"family_name": name})

    def leave(self):
        self.hr.request("PATCH", f"/v1/employees/{self.random.choice(self.people)}", json={"exit_date": "2026-12-01"})

    def join(self):
        self.people.append(self.hire())

    def settle(self):
        """What all calendars are made with: name, language, zone, mailbox, policies, hours, holidays."""
        self.hr.patch(f"/v1/organisations/{self.organisation}", self.random.choice([
            {"name": f"Ateliers {self.random.random()}"}, {"locale": self.random.choice(["fr", "en"])},
            {"zone": self.random.choice(["Europe/Paris", "America/Cayenne", "Pacific/Noumea"])},
            {"organiser": {"email": f"rh@{self.random.choice(['a', 'b'])}.example", "name": "RH"}},
            {"policies": {"title_older": self.random.choice([True, False])}},
            {"policies": {"planning_horizon_days": self.random.randrange(30, 200)}},
            {"policies": {"periodic_anchor": self.random.choice(["last_held", "hire_anniversary"])}},
            {"working_hours": [{"weekday": 1, "start": "09:00", "end": "12:00"}]},
            {"holidays": self.random.choice(["metropole", "alsace_moselle"])},
            {"agreements": [{"level": "company", "period": "P3Y", "valid_from": "2026-01-01", "reference": "accord"}]},
            {"agreements": []}]))

    def hand_over(self):
        """Another manager, or another one who holds a review."""
        other = self.random.choice([self.manager, self.other])
        if self.random.random() < 0.5:
            self.hr.request("PATCH", f"/v1/employees/{self.random.choice(self.people)}", json={"manager": other})
        else:
            self.hr.request("PATCH", f"/v1/reviews/{self.random.choice(self.reviews)}", json={"interviewer": other})

    def furnish(self):
        body = self.random.choice([{"location": f"Salle {self.random.random()}"}, {"conference_url": "https://visio.example/a"},
                                   {"mode": "remote"}])
        self.hr.request("PATCH", f"/v1/reviews/{self.random.choice(self.reviews)}", json=body)

    def speak(self):
        self.hr.request("PATCH", f"/v1/employees/{self.random.choice(self.people)}", json={"locale": self.random.choice(["fr", "en"])})

    def absent(self):
        self.hr.post(f"/v1/employees/{self.random.choice(self.people)}/absences",
                     {"type": "parental", "start": "2026-02-02", "end": "2026-06-30"})

    def tomorrow(self):
        if self.days:
            move_to(self.daemon, self.days.pop(0))

    def later(self):
        """Some seconds: the last change is in the past."""
        now = Client(self.daemon).get("/healthz").json()["time"]
        second = int(now[17:19]) + 3
        move_to(self.daemon, now[:10], f"{now[11:17]}{second % 60:02}")

    def look(self):
        """Nothing that a calendar shows changes, though something is written."""
        self.hr.post("/v1/feeds", {"scope": "organisation"}, expect=201)

    def change(self):
        self.random.choice([self.plan, self.invite, self.cancel, self.hold, self.move, self.rename, self.leave, self.join,
                            self.absent, self.tomorrow, self.later, self.look, self.settle, self.settle, self.hand_over,
                            self.furnish, self.speak])()


class Reader:
    """A calendar program that subscribed, beside one that has just done so."""

    def __init__(self, company, scope, subject):
        self.hr, self.body = company.hr, {"scope": scope, **({"subject": subject} if subject else {})}
        self.url = self.subscribe()
        self.client, self.last = Client(company.daemon), None

    def subscribe(self):
        return self.hr.post("/v1/feeds", self.body, expect=201).json()["url"]

    def get(self, url=None, **headers):
        return self.client.request("GET", url or self.url, headers=headers)

    def fresh(self):
        return self.get(self.subscribe()).text

    def observe(self):
        """Answers to what the program knows, by tag and by date, and three plain ones."""
        known = self.last.headers if self.last is not None else {}
        by_tag = self.get(**{"If-None-Match": known["ETag"]}) if known else None
        by_date = self.get(**{"If-Modified-Since": known["Last-Modified"]}) if "Last-Modified" in known else None
        return by_tag, by_date, [self.get() for _ in range(3)]

    def check(self):
        right = None
        while right != (again := self.fresh()):  # the daemon may be at work by itself, for the duties of a new day
            right = again
            by_tag, by_date, answers = self.observe()
        if by_tag is not None:
            assert by_tag.status_code == (304 if self.last.text == right else 200)
        if by_date is not None:
            assert by_date.status_code == 200 or self.last.text == right, "a false 304"
        for answer in answers:
            assert answer.status_code == 200 and answer.text == right
        self.last = answers[-1]


@pytest.mark.parametrize("seed", SEEDS)
def test_never_stale(daemon, hr, seed):
    company = Company(daemon, hr, seed)
    readers = [Reader(company, "organisation", None), Reader(company, "manager", company.manager),
               Reader(company, "employee", company.people[0])]
    for _ in range(25):
        company.change()
        for reader in readers:
            reader.check()


def test_the_same_second_is_not_vouched_for(daemon, hr):
    """A second that is not over gives no date: more may change in it."""
    company = Company(daemon, hr, 3)
    reader = Reader(company, "organisation", None)
    assert "Last-Modified" not in reader.get().headers
    company.later()
    answer = reader.get()
    assert reader.get(**{"If-Modified-Since": answer.headers["Last-Modified"]}).status_code == 304
    assert reader.get(**{"If-Modified-Since": "Mon, 23 Nov 2026 07:00:00 GMT"}).status_code == 200
