"""Reviews through the interface: planned, convened, held, proved."""
import hashlib

import pytest

from client import problem
from people import another_organisation, client_with, duties, hire, manager_client, move_to

THEMES = ["skills", "prospects", "training_needs", "wishes", "cpf"]
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
SLOT = {"start": "2027-01-06T09:00:00Z", "end": "2027-01-06T10:00:00Z", "mode": "onsite", "location": "Lyon"}


@pytest.fixture
def grace(hr):
    return hire(hr, given_name="Grace", family_name="Hopper", email="grace@rhone.example")["id"]


@pytest.fixture
def camille(hr, grace):
    return hire(hr, given_name="Camille", family_name="Roche", email="camille@rhone.example", manager=grace,
                hire_date="2026-01-12")["id"]


def plan(client, employee, expect=201, **members):
    return client.post("/v1/reviews", {"employee": employee, **SLOT, **members}, expect=expect)


def duty(client, employee, kind):
    answer = duties(client, employee)
    return [one for one in answer["duties"] + answer["history"] if one["kind"] == kind][0]


def test_from_plan_to_proof(daemon, hr, camille, grace):
    made = plan(hr, camille)
    review = made.json()
    path = made.headers["Location"]
    assert review["state"] == "draft" and review["type"] == "professional" and review["recap"] is False
    assert review["interviewer"] == grace and review["sequence"] == -1
    assert {(one["role"], one["email"], one["partstat"]) for one in review["attendees"]} == {
        ("employee", "camille@rhone.example", "NEEDS-ACTION"), ("interviewer", "grace@rhone.example", "NEEDS-ACTION")}
    assert "invite" in review["allowed"] and "report" not in review["allowed"]
    assert hr.get(path).json() == review and hr.get(path).headers["ETag"] == made.headers["ETag"]
    assert duty(hr, camille, "first")["state"] == "to_plan"

    invited = hr.post(path + "/invite", {}, expect=200).json()
    assert invited["state"] == "invited" and invited["sequence"] == 0 and invited["warnings"] == []
    assert [(one["kind"], one["state"]) for one in invited["duties"]] == [("first", "planned")]
    assert duty(hr, camille, "first")["state"] == "planned"

    move_to(daemon, "2027-01-06", "10:30:00")
    held = hr.post(path + "/hold", {"date": "2027-01-06", "by": grace, "themes": THEMES,
                                    "information": ["vae", "cpf", "cep", "financing"]}, expect=200).json()
    assert held["state"] == "held" and held["held"] == "2027-01-06" and held["missing_themes"] == []
    assert hr.post(path + "/report", {"reference": "CR-2027-001"}, expect=200).json()["state"] == "reported"
    closed = hr.post(path + "/copy", {"date": "2027-01-06", "means": "hand"}, expect=200).json()
    assert closed["state"] == "closed" and closed["copy"] == {"date": "2027-01-06", "means": "hand"}
    assert duty(hr, camille, "first")["state"] == "proved"
    assert duty(hr, camille, "periodic")["due"] == "2031-01-06"

    verbs = [record["verb"] for record in hr.items(f"/v1/audit?subject={review['id']}")]
    assert verbs == ["review.created", "review.invited", "review.held", "review.reported", "review.copied"]
    assert hr.get("/v1/audit/verify").json()["valid"]


@pytest.mark.parametrize("members, pointer", [
    ({"employee": "emp_0123456789_0123456789abcdefghjkmnpqrs"}, "/employee"),
    ({"employee": None}, "/employee"),
    ({"type": "yearly"}, "/type"),
    ({"type": "annual", "recap": True}, "/recap"),
    ({"interviewer": "emp_0123456789_0123456789abcdefghjkmnpqrs"}, "/interviewer"),
    ({"start": "2026-11-20T09:00:00Z", "end": "2026-11-20T10:00:00Z"}, "/start"),
    ({"start": "2027-01-09T09:00:00Z", "end": "2027-01-09T10:00:00Z"}, "/start"),
    ({"start": "2027-05-06T09:00:00Z", "end": "2027-05-06T10:00:00Z"}, "/start"),
    ({"end": "2027-01-06T08:00:00Z"}, "/end"),
    ({"end": None}, "/end"),
    ({"start": None}, "/start"),
    ({"mode": "telepathy"}, "/mode"),
    ({"conference_url": "javascript:alert(1)"}, "/conference_url"),
    ({"report": {"reference": "x"}}, "/report"),
    ({"held": "2026-11-20"}, "/start"),
    ({"state": "held"}, "/state"),
    ({"grade": "A"}, "/grade"),
])
def test_what_is_refused_says_where(hr, camille, members, pointer):
    body = {"employee": camille, **SLOT, **members}
    problem(hr.post("/v1/reviews", {key: value for key, value in body.items() if value is not None}), 422, pointer)
    assert hr.items("/v1/reviews") == []


def test_absences_are_not_told(hr, camille):
    hr.post(f"/v1/employees/{camille}/absences", {"type": "parental", "start": "2027-01-04", "end": "2027-01-08"},
            expect=201)
    body = problem(hr.post("/v1/reviews", {"employee": camille, **SLOT}), 422, "/start")
    assert "parental" not in str(body) and "away" in body["errors"][0]["detail"]


def test_alsace_has_two_more_holidays(hr, organisation, camille):
    slot = {"employee": camille, "start": "2027-03-26T09:00:00Z", "duration": 60}
    hr.post("/v1/reviews", slot, expect=201)
    hr.patch(f"/v1/organisations/{organisation}", {"holidays": "alsace_moselle"})
    problem(hr.post("/v1/reviews", slot), 422, "/start")


def test_short_notice_has_to_be_meant(hr, camille):
    path = plan(hr, camille, start="2026-11-26T09:00:00Z", end="2026-11-26T10:00:00Z").headers["Location"]
    problem(hr.post(path + "/invite"), 422, "/start")
    invited = hr.post(path + "/invite", {"short_notice": True}, expect=200).json()
    assert invited["state"] == "invited" and [one["code"] for one in invited["warnings"]] == ["short_notice"]


def test_rescheduling(hr, camille):
    path = plan(hr, camille).headers["Location"]
    hr.post(path + "/invite", expect=200)
    moved = hr.patch(path, {"start": "2027-01-07T13:30:00Z"}).json()
    assert (moved["start"], moved["end"]) == ("2027-01-07T13:30:00Z", "2027-01-07T14:30:00Z")
    assert moved["sequence"] == 1 and moved["state"] == "invited"
    assert hr.patch(path, {"location": "Villeurbanne"}).json()["sequence"] == 2
    problem(hr.request("PATCH", path, json={"start": "2027-01-09T09:00:00Z"}), 422, "/start")
    hr.post(path + "/cancel", {"reason": "reorganisation"}, expect=200)
    body = problem(hr.request("PATCH", path, json={"start": "2027-01-08T09:00:00Z"}), 409)
    assert "the review is cancelled" in body["detail"] and "possible: nothing" in body["detail"]


def test_versions(hr, camille):
    made = plan(hr, camille)
    path, tag = made.headers["Location"], made.headers["ETag"]
    changed = hr.patch(path, {"location": "B12"}, headers={"If-Match": tag})
    problem(hr.request("PATCH", path, json={"location": "C1"}, headers={"If-Match": tag}), 412)
    problem(hr.post(path + "/invite", {}, headers={"If-Match": tag}), 412)
    assert hr.patch(path, {"location": "B12"}).headers["ETag"] == changed.headers["ETag"]
    assert hr.request("GET", path, headers={"If-None-Match": changed.headers["ETag"]}).status_code == 304


def test_a_repeated_request_plans_once(hr, camille):
    body = {"employee": camille, **SLOT}
    first = hr.post("/v1/reviews", body, expect=201, headers={"Idempotency-Key": "k1"})
    again = hr.post("/v1/reviews", body, expect=201, headers={"Idempotency-Key": "k1"})
    assert first.json() == again.json() and len(hr.items("/v1/reviews")) == 1
    problem(hr.post("/v1/reviews", {**body, "location": "x"}, headers={"Idempotency-Key": "k1"}), 422)
    step = {"headers": {"Idempotency-Key": "k2"}}
    path = first.headers["Location"]
    assert hr.post(path + "/invite", {}, **step).json() == hr.post(path + "/invite", {}, **step).json()
    assert hr.get(path).json()["sequence"] == 0


def test_held_elsewhere(hr, camille, grace):
    made = hr.post("/v1/reviews", {"employee": camille, "held": "2026-11-10", "interviewer": grace, "themes": THEMES,
                                   "report": {"reference": "CR-7"}, "copy": {"date": "2026-11-12", "means": "email"}},
                   expect=201).json()
    assert made["state"] == "closed" and made["report"] == {"date": "2026-11-10", "reference": "CR-7"}
    assert duty(hr, camille, "first")["state"] == "proved"
    problem(hr.post("/v1/reviews", {"employee": camille, "held": "2026-11-24"}), 422, "/held")
    problem(hr.post("/v1/reviews", {"employee": camille, "held": "2025-11-24"}), 422, "/held")
    annual = hr.post("/v1/reviews", {"employee": camille, "held": "2026-11-11", "type": "annual"}, expect=201).json()
    assert annual["duties"] == [] and annual["missing_themes"] == []


def test_a_wrong_record_is_corrected_with_a_reason(hr, camille):
    path = hr.post("/v1/reviews", {"employee": camille, "held": "2026-11-10"}, expect=201).headers["Location"]
    problem(hr.request("PATCH", path, json={"held": "2026-11-09"}), 422, "/reason")
    hr.patch(path, {"held": "2026-11-09", "reason": "typing error"})
    assert duty(hr, camille, "periodic")["due"] == "2030-11-09"
    undone = hr.patch(path, {"held": None, "reason": "it was another person's"}).json()
    assert undone["state"] == "draft" and undone["held"] is None
    assert duty(hr, camille, "first")["state"] == "to_plan"
    records = hr.items(f"/v1/audit?subject={undone['id']}")
    assert [one["verb"] for one in records] == ["review.recorded", "review.corrected", "review.corrected"]


def test_no_show_and_refusal_keep_what_proves_them(daemon, hr, camille):
    path = plan(hr, camille, start="2026-12-15T09:00:00Z", end="2026-12-15T10:00:00Z").headers["Location"]
    hr.post(path + "/invite", expect=200)
    assert "not started yet" in problem(hr.post(path + "/absence"), 409)["detail"]
    move_to(daemon, "2026-12-15", "10:30:00")
    missed = hr.post(path + "/absence", {"reason": "train"}, expect=200).json()
    assert missed["state"] == "no_show" and missed["no_shows"] == [{"date": "2026-12-15", "reason": "train"}]
    again = hr.patch(path, {"start": "2027-01-06T09:00:00Z"}).json()
    assert again["state"] == "invited" and again["sequence"] == 1
    problem(hr.post(path + "/refusal", {"date": "2026-12-15"}), 422, "/proof")
    refused = hr.post(path + "/refusal", {"date": "2026-12-15", "proof": "letter"}, expect=200).json()
    assert refused["state"] == "refused" and refused["refusal"]["proof"] == "letter"


@pytest.mark.parametrize("step, body, pointer", [
    ("hold", {}, "/date"),
    ("hold", {"date": "2026-11-24"}, "/date"),
    ("hold", {"date": "2025-11-24"}, "/date"),
    ("hold", {"date": "2026-11-20", "themes": ["skills", "salary"]}, "/themes/1"),
    ("hold", {"date": "2026-11-20", "information": ["lottery"]}, "/information/0"),
    ("hold", {"date": "2026-11-20", "by": "emp_0123456789_0123456789abcdefghjkmnpqrs"}, "/by"),
    ("report", {}, "/reference"),
    ("copy", {"date": "2026-11-20", "means": "pigeon"}, "/means"),
    ("counter", {}, "/accept"),
])
def test_steps_say_what_is_wrong(hr, camille, step, body, pointer):
    path = plan(hr, camille).headers["Location"]
    problem(hr.post(f"{path}/{step}", body), 422, pointer)


def test_refused_steps_name_what_is_allowed(hr, camille):
    path = plan(hr, camille).headers["Location"]
    for step, body in [("report", {"reference": "x"}), ("copy", {"date": "2026-11-20", "means": "hand"}),
                       ("absence", {}), ("close", {"reason": "x"}), ("refusal", {"proof": "x"})]:
        body = problem(hr.post(f"{path}/{step}", body), 409)
        assert "the review is draft" in body["detail"] and "invite" in body["detail"]


def test_people_without_an_address_cannot_be_convened(hr, grace):
    employee = hire(hr, manager=grace)["id"]
    path = plan(hr, employee).headers["Location"]
    problem(hr.post(path + "/invite"), 422, "/employee")


def test_lists(hr, camille, grace):
    other = hire(hr, email="b@rhone.example")["id"]
    late = plan(hr, camille, start="2027-02-03T09:00:00Z", end="2027-02-03T10:00:00Z").json()["id"]
    early = plan(hr, camille).json()["id"]
    held = hr.post("/v1/reviews", {"employee": other, "held": "2026-11-10", "type": "annual"}, expect=201).json()["id"]
    draft = hr.post("/v1/reviews", {"employee": camille}, expect=201).json()["id"]

    def listed(query):
        return [one["id"] for one in hr.items("/v1/reviews" + query)]
    assert listed("?limit=1") == [draft, held, early, late]
    assert listed(f"?employee={camille}&from=2027-01-01") == [early, late]
    assert listed("?from=2026-11-01&to=2027-01-06") == [held, early]
    assert listed("?type=annual") == [held] and listed("?state=held") == [held]
    assert listed(f"?interviewer={grace}") == [draft, early, late]
    problem(hr.request("GET", "/v1/reviews?state=asleep"), 422, "/state")
    problem(hr.request("GET", "/v1/reviews?colour=red"), 422, "/colour")
    page = hr.get("/v1/reviews?limit=2")
    assert 'rel="next"' in page.headers["Link"]


def test_documents(hr, camille):
    path = hr.post("/v1/reviews", {"employee": camille, "held": "2026-11-10"}, expect=201).headers["Location"]
    document = path + "/documents/report"
    problem(hr.request("GET", document), 404)
    headers = {"Content-Type": "application/pdf"}
    stored = hr.put(document, PDF, expect=201, headers=headers)
    assert stored.json()["sha256"] == hashlib.sha256(PDF).hexdigest() and stored.json()["number"] == 1
    assert hr.put(document, PDF, expect=200, headers=headers).json()["number"] == 1
    read = hr.get(document)
    assert read.content == PDF and read.headers["Content-Type"] == "application/pdf"
    assert read.headers["ETag"] == stored.headers["ETag"]
    assert hr.request("GET", document, headers={"If-None-Match": read.headers["ETag"]}).status_code == 304

    assert hr.put(document, PDF + b"%2", expect=201, headers=headers).json()["number"] == 2
    problem(hr.request("PUT", document, data=PDF, headers={**headers, "If-Match": read.headers["ETag"]}), 412)
    assert hr.get(document).content == PDF + b"%2" and hr.get(document + "?version=1").content == PDF
    problem(hr.request("GET", document + "?version=3"), 404)
    shown = hr.get(path).json()["documents"]
    assert [(one["kind"], one["number"]) for one in shown] == [("report", 2)]
    stored_twice = [one for one in hr.items("/v1/audit") if one["verb"] == "document.stored"]
    assert [one["payload"]["number"] for one in stored_twice] == [1, 2]
    read = hr.get(f"/v1/audit?subject={stored_twice[1]['subject']}").json()["items"]
    assert [one["verb"] for one in read] == ["document.stored", "document.read"] and read[1]["actor"].startswith("tok_")


def test_only_pdf_of_a_decent_size_is_kept(hr, camille):
    path = hr.post("/v1/reviews", {"employee": camille, "held": "2026-11-10"}, expect=201).headers["Location"]
    headers = {"Content-Type": "application/pdf"}
    problem(hr.request("PUT", path + "/documents/report", data=b"PK\x03\x04", headers=headers), 422)
    problem(hr.request("PUT", path + "/documents/report", data=b"", headers=headers), 422)
    problem(hr.request("PUT", path + "/documents/photo", data=PDF, headers=headers), 404)
    problem(hr.request("PUT", path + "/documents/report", data=PDF, headers={"Content-Type": "text/plain"}), 415)
    whole = PDF + b" " * (10 * 1024 * 1024 - len(PDF))
    assert hr.put(path + "/documents/copy", whole, expect=201, headers=headers).json()["size"] == len(whole)
    assert hr.get(path + "/documents/copy").content == whole
    assert hr.request("PUT", path + "/documents/copy", data=whole + b" ", headers=headers).status_code == 413


def test_slots(hr, camille, grace):
    path = hr.post("/v1/reviews", {"employee": camille}, expect=201).headers["Location"]

    def starts(query=""):
        return [one["start"] for one in hr.items(path + "/slots" + query)]
    free = hr.items(path + "/slots")
    assert len(free) == 20 and free[0]["employee"] == "unknown" and free[0]["interviewer"] == "unknown"
    assert min(starts()) >= "2026-12-23" and max(starts()) <= "2027-01-12"
    days = {one[:10] for one in starts("?from=2026-12-24&to=2026-12-28")}
    assert days == {"2026-12-24", "2026-12-28"}
    assert starts("?from=2027-01-06&to=2027-01-06") == [
        "2027-01-06T08:00:00Z", "2027-01-06T10:00:00Z", "2027-01-06T14:00:00Z"]
    plan(hr, hire(hr)["id"], interviewer=grace, start="2027-01-06T08:00:00Z", end="2027-01-06T11:30:00Z")
    assert starts("?from=2027-01-06&to=2027-01-06")[0] == "2027-01-06T13:00:00Z"
    hr.post(f"/v1/employees/{grace}/absences", {"type": "illness", "start": "2027-01-06", "end": "2027-01-06"},
            expect=201)
    assert starts("?from=2027-01-06&to=2027-01-06") == []
    none = hr.get(path + "/slots?from=2027-01-06&to=2027-01-06").json()
    assert none == {"from": "2027-01-06", "to": "2027-01-06", "items": [],
                    "employee_calendar": {"as_of": None}, "interviewer_calendar": {"as_of": None},
                    "explanation": "aucun créneau du 6 janvier 2027 au 6 janvier 2027 : "
                                   "12 créneaux où la personne qui mène l'entretien est absente"}
    assert len(starts("?from=2027-01-07&to=2027-03-31&limit=7&duration=90")) == 7
    assert hr.post("/v1/reviews", {"employee": camille, "start": starts()[0], "duration": 60}, expect=201)
    problem(hr.request("GET", path + "/slots?from=2027-01-07&to=2027-01-06"), 422, "/to")
    problem(hr.request("GET", path + "/slots?from=2027-01-07&to=2028-01-06"), 422, "/to")


def test_other_organisations_see_nothing(admin, hr, camille):
    path = plan(hr, camille).headers["Location"]
    stranger = client_with(admin, another_organisation(admin), "hr")
    problem(stranger.request("GET", path), 404)
    problem(stranger.request("PATCH", path, json={"location": "x"}), 404)
    problem(stranger.post(path + "/invite"), 404)
    problem(stranger.request("GET", path + "/documents/report"), 404)
    assert stranger.items("/v1/reviews") == []
    problem(stranger.post("/v1/reviews", {"employee": camille, **SLOT}), 422, "/employee")
    theirs = hire(stranger)["id"]
    problem(hr.post("/v1/reviews", {"employee": camille, **SLOT, "interviewer": theirs}), 422, "/interviewer")
    assert admin.post("/v1/reviews", {"employee": camille, **SLOT}, expect=201).json()["employee"] == camille


def test_managers_hold_the_reviews_of_their_team(admin, hr, organisation, camille, grace):
    boss = manager_client(admin, organisation, grace)
    elsewhere = hire(hr)["id"]
    path = plan(hr, camille).headers["Location"]
    foreign = plan(hr, elsewhere).headers["Location"]
    assert [one["employee"] for one in boss.items("/v1/reviews")] == [camille]
    problem(boss.request("GET", foreign), 404)
    problem(boss.post(foreign + "/hold", {"date": "2026-11-20"}), 404)
    assert boss.post(path + "/hold", {"date": "2026-11-20", "themes": THEMES}, expect=200).json()["held_by"] == grace
    problem(boss.request("PATCH", path, json={"location": "x"}), 403)
    reader = client_with(admin, organisation, "read")
    assert len(reader.items("/v1/reviews")) == 2
    problem(reader.post(path + "/report", {"reference": "x"}), 403)
