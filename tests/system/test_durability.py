"""What was acknowledged is there, once, with its audit record, whatever happens to the process."""
import concurrent.futures
import random
import threading

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
