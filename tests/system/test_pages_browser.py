"""Personal pages in Chromium: at 360 px, with and without script, looked at by axe-core."""
import json
import pathlib
import subprocess

import pytest

import outbox
from pages import holder_link, own_link
from people import move_to

JS = pathlib.Path(__file__).resolve().parents[1] / "js"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def look(tasks):
    assert (JS / "node_modules").is_dir(), "run: npm ci --prefix tests/js"
    ran = subprocess.run(["node", JS / "look.mjs", json.dumps(tasks)], capture_output=True, text=True, timeout=180)
    assert ran.returncode == 0, ran.stderr[-3000:]
    return json.loads(ran.stdout)


@pytest.fixture
def pages(daemon, hr):
    """The employee's and the interviewer's, while a review is to come and another is to be acknowledged."""
    review = outbox.planned(hr)
    row = outbox.invite(hr, review)
    hr.patch(f"/v1/reviews/{review}", {"mode": "remote", "conference_url": "https://visio.example/1"})
    camille, karim = row["employee"], row["interviewer"]
    past = hr.post("/v1/reviews", {"employee": camille, "type": "professional", "held": "2026-11-10", "interviewer": karim},
                   expect=201).json()["id"]
    hr.put(f"/v1/reviews/{past}/documents/report", PDF, expect=201, headers={"Content-Type": "application/pdf"})
    hr.post(f"/v1/reviews/{past}/report", {"reference": "CR"}, expect=200)
    empty = hr.post("/v1/reviews", {"employee": camille, "type": "professional", "interviewer": karim}, expect=201).json()["id"]
    return {"mine": own_link(hr, camille)["url"], "his": holder_link(hr, karim, review)["url"],
            "report": holder_link(hr, karim, past)["url"], "choose": holder_link(hr, karim, empty)["url"], "review": review}


def check(found):
    for one in found:
        assert one["status"] == 200 and not one["said"], one
        grave = [line for line in one.get("violations", []) if line.startswith(("serious", "critical"))]
        assert not grave and one.get("overflow", 0) <= 0 and not one.get("small"), one


def test_they_are_accessible_and_work_without_script(hr, pages):
    found = look([{"url": pages["mine"], "plain": "accept"}, {"url": pages["mine"] + "?lang=en"},
                  {"url": pages["mine"] + "/data?format=html"}, {"url": pages["his"], "plain": "accept"},
                  {"url": pages["report"]}, {"url": pages["choose"]}])
    check(found)
    answered = [one["after"] for one in found if "after" in one]
    assert answered == 2 * ["Votre accord est enregistré."]
    assert hr.get(f"/v1/reviews/{pages['review']}").json()["state"] == "accepted"


def test_what_hr_reads_and_prints_fits_a_phone(hr, pages):
    person = hr.get(f"/v1/reviews/{pages['review']}").json()["employee"]
    headers = {"Authorization": hr.session.headers["Authorization"], "Accept": "text/html"}
    check(look([{"url": f"{hr.daemon.url}/v1/employees/{person}/{what}?format=html", "headers": headers}
                for what in ("trace", "recap")]))


def test_after_the_review(daemon, pages):
    move_to(daemon, "2027-01-06", "10:30:00")
    check(look([{"url": pages["his"]}, {"url": pages["mine"]}]))
