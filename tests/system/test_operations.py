"""Long work can be asked about, and waited for."""
import threading
import time

from client import Client, problem

CSV = "matricule;nom;prénom;date d'entrée\n" + "".join(f"{n};Durand;Zoé;01/03/2024\n" for n in range(300))


def test_an_import_is_an_operation(hr):
    answer = hr.post("/v1/imports/employees?wait=0", expect=202, data=CSV.encode(), headers={"Content-Type": "text/csv"})
    operation = hr.get(f"/v1/operations/{answer.json()['id']}?wait=60").json()
    assert operation["kind"] == "import" and operation["state"] == "done"
    assert hr.get(operation["location"]).json()["created"] == 300
    assert hr.get(f"/v1/operations/{answer.json()['id']}?wait=60").json() == operation


def test_a_refused_import_is_a_failed_operation(hr):
    answer = hr.post("/v1/imports/employees?wait=0", expect=202, data=b"matricule;nom\n1;x\n", headers={"Content-Type": "text/csv"})
    assert hr.get(f"/v1/operations/{answer.json()['id']}?wait=60").json()["state"] == "failed"


def test_what_is_no_operation(hr, organisation):
    problem(hr.request("GET", f"/v1/operations/{organisation}"), 404)
    problem(hr.request("GET", "/v1/operations/nothing"), 404)
    problem(hr.request("GET", "/v1/operations/imp_aaaaaaaaaa_00000000000000000000000000?wait=x"), 422, "/wait")


def test_a_stop_answers_those_who_wait(daemon, hr):
    long = "matricule;nom;prénom;date d'entrée\n" + "".join(f"{n};Durand;Zoé;01/03/2024\n" for n in range(20000))
    answers = []

    def wait():
        answers.append(hr.post("/v1/imports/employees?wait=60", data=long.encode(), headers={"Content-Type": "text/csv"}))

    waiting = threading.Thread(target=wait)
    waiting.start()
    other = Client(daemon, hr.session.headers["Authorization"].split()[1])
    while not any(item["state"] == "applying" for item in other.get("/v1/imports").json()["items"]):
        pass
    began = time.monotonic()
    daemon.stop()
    waiting.join()
    assert answers[0].status_code == 202
    assert time.monotonic() - began < 20
    daemon.start()
    assert hr.get(f"/v1/operations/{answers[0].json()['id']}?wait=1").json()["state"] in ("running", "done")
