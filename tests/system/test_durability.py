"""What was acknowledged is there, once, with its audit record, whatever happens to the process."""
import concurrent.futures
import random
import threading
import uuid

import requests

from client import Client

POSTS = 1000
KILLS = 6


def employee(number):
    return {"number": f"N{number}", "given_name": "Zoé", "family_name": f"Durand {number}", "hire_date": "2024-03-01"}


def post_all(daemon, token, organisation, results, under_way):
    """Posts from eight threads until every number was acknowledged or refused for good."""
    def one(number):
        key = f"key-{number}"
        while True:
            under_way.wait()
            try:
                answer = requests.post(f"{daemon.url}/v1/employees?organisation={organisation}", json=employee(number), timeout=30,
                                       headers={"Authorization": f"Bearer {token}", "Idempotency-Key": key})
            except requests.RequestException:
                continue  # not acknowledged: the client tries again with its key
            if answer.status_code in (201, 409, 422):
                results[number] = answer
                return
            assert answer.status_code in (503, 401), answer.text

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        for done in [pool.submit(one, number) for number in range(POSTS)]:
            done.result()


def test_posts_survive_kill_9(make_daemon):
    daemon = make_daemon()
    token = daemon.create_token()
    daemon.start()
    admin = Client(daemon, token)
    organisation = admin.post("/v1/organisations", {"name": "Durable"}, expect=201).json()["id"]
    results, under_way = {}, threading.Event()
    under_way.set()
    poster = threading.Thread(target=post_all, args=(daemon, token, organisation, results, under_way))
    poster.start()
    dice = random.Random(8470)
    for kill in range(1, KILLS + 1):
        goal = kill * POSTS // (KILLS + 1) + dice.randrange(20)
        while len(results) < goal and poster.is_alive():
            poster.join(0.005)
        under_way.clear()
        daemon.kill()
        daemon.start()
        under_way.set()
    poster.join()

    assert len(results) == POSTS
    assert all(answer.status_code == 201 for answer in results.values())
    acknowledged = {answer.json()["id"] for answer in results.values()}
    assert len(acknowledged) == POSTS
    stored = [e["id"] for e in admin.items(f"/v1/employees?limit=500&organisation={organisation}")]
    assert sorted(stored) == sorted(acknowledged)
    records = admin.items(f"/v1/audit?limit=500&organisation={organisation}")
    assert [r["seq"] for r in records] == list(range(1, len(records) + 1))
    created = [r["subject"] for r in records if r["verb"] == "employee.created"]
    assert sorted(created) == sorted(acknowledged)
    assert admin.get(f"/v1/audit/verify?organisation={organisation}").json()["valid"] is True


def test_statements_survive_kill_9(make_daemon):
    """A platform that sends again what was not acknowledged: nothing is lost, nothing is there twice."""
    daemon = make_daemon()
    token = daemon.create_token()
    daemon.start()
    admin = Client(daemon, token)
    organisation = admin.post("/v1/organisations", {"name": "Durable"}, expect=201).json()["id"]
    employee_id = admin.post(f"/v1/employees?organisation={organisation}", {**employee(1), "email": "zoe@rhone.example"},
                             expect=201).json()["id"]
    source = admin.post(f"/v1/sources?organisation={organisation}", {
        "kind": "xapi", "name": "LMS", "secret": "a secret of some length",
        "signature": {"family": "basic", "user": "lms"}}, expect=201).json()["id"]
    ids = [[str(uuid.UUID(int=batch * 100 + number + 1)) for number in range(30)] for batch in range(40)]
    results, under_way = {}, threading.Event()
    under_way.set()

    def one(batch):
        body = [{"id": key, "actor": {"mbox": "mailto:zoe@rhone.example"},
                 "verb": {"id": "http://adlnet.gov/expapi/verbs/completed"}, "timestamp": "2026-01-05T10:00:00Z",
                 "object": {"id": f"https://lms/{key}", "definition": {
                     "type": "https://w3id.org/xapi/cmi5/activitytype/course"}}} for key in ids[batch]]
        while batch not in results:
            under_way.wait()
            try:
                answer = requests.post(daemon.url + "/xapi/statements", json=body, timeout=30, auth=(
                    source, "a secret of some length"), headers={"X-Experience-API-Version": "1.0.3"})
            except requests.RequestException:
                continue
            if answer.status_code == 200:
                results[batch] = answer.json()
    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        doing = [pool.submit(one, batch) for batch in range(len(ids))]
        for goal in (8, 20):
            while len(results) < goal:
                concurrent.futures.wait(doing, 0.01)
            under_way.clear()
            daemon.kill()
            daemon.start()
            under_way.set()
        for done in doing:
            done.result()
    assert results == dict(enumerate(ids))
    stored = [c["said"]["event_id"] for c in admin.items(f"/v1/completions?limit=500&employee={employee_id}")]
    assert sorted(stored) == sorted(key for batch in ids for key in batch)
    assert admin.get(f"/v1/audit/verify?organisation={organisation}").json()["valid"] is True
