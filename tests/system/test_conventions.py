"""What holds for all resources alike: validators, preconditions, links to the next page, keys of requests."""
import re
import sqlite3

from client import problem
from people import hire, move_to


def test_every_single_resource_has_a_validator(hr):
    ada = hire(hr)["id"]
    text = "matricule;prénom;nom;date d'entrée\nX9;Ada;Byron;12/01/2020\n"
    made = hr.post("/v1/imports/employees?wait=60", expect=201, data=text.encode(), headers={"Content-Type": "text/csv"})
    imported = made.json()["id"]
    feed = hr.post("/v1/feeds", {"scope": "employee", "subject": ada}, expect=201).json()["id"]
    for path in (f"/v1/imports/{imported}", f"/v1/operations/{imported}", f"/v1/employees/{ada}/duties", "/v1/audit/head",
                 f"/v1/feeds/{feed}"):
        etag = hr.get(path).headers["ETag"]
        hr.get(path, expect=304, headers={"If-None-Match": etag})
    problem(hr.request("DELETE", f"/v1/feeds/{feed}", headers={"If-Match": '"7"'}), 412)
    hr.delete(f"/v1/feeds/{feed}", headers={"If-Match": etag})


def test_a_validator_follows_what_is_computed(hr):
    ada = hire(hr)["id"]
    need = hr.post("/v1/needs", {"employee": ada, "title": "English"}, expect=201).json()["id"]
    hr.post("/v1/plans", {"year": 2027}, expect=201)
    line = {"employee": ada, "year": 2027, "title": "English", "need": need}
    hr.post("/v1/actions", line, expect=201)
    for path in ("/v1/plans/2027", f"/v1/needs/{need}"):
        etag = hr.get(path).headers["ETag"]
        hr.get(path, expect=304, headers={"If-None-Match": etag})
        hr.post("/v1/actions", line, expect=201)
        hr.get(path, expect=200, headers={"If-None-Match": etag})
    hr.patch("/v1/plans/2027", {"notes": "x"}, headers={"If-Match": hr.get("/v1/plans/2027").headers["ETag"]})
    problem(hr.request("PATCH", "/v1/plans/2027", json={"notes": "y"}, headers={"If-Match": '"1"'}), 412)


def test_pages_below_a_resource_link_to_the_next(hr):
    ada = hire(hr)["id"]
    first = hr.get(f"/v1/employees/{ada}/trace?limit=1")
    link = re.fullmatch(r'<(/[^>]*)>; rel="next"', first.headers["Link"]).group(1)
    second = hr.get(link).json()["items"]
    assert len(second) == 1 and second != first.json()["items"]


def test_answers_kept_under_a_key_are_forgotten_after_a_day(daemon, hr):
    for number in range(5):
        hr.post("/v1/feeds", {"scope": "organisation"}, expect=201, headers={"Idempotency-Key": f"key-{number}"})
    move_to(daemon, "2026-11-25")
    hr.post("/v1/feeds", {"scope": "organisation"}, expect=201, headers={"Idempotency-Key": "another"})
    daemon.stop()
    with sqlite3.connect(next(daemon.data.glob("*.db*"))) as store:
        assert store.execute("SELECT key FROM idempotency").fetchall() == [("another",)]
    daemon.start()


def test_a_parameter_that_is_given_twice_is_refused(hr):
    told = problem(hr.get("/v1/employees?limit=1&limit=2", expect=400), 400)
    assert "limit" in told["detail"]
    problem(hr.get("/v1/duties?state=overdue&kind=first&state=overdue", expect=400), 400)
