"""What was missed is acknowledged once: it leaves the lists of what is to do, the breach stays."""
from people import duties, hire


def missed(hr):
    employee = hire(hr, hire_date="2020-01-06", birth_date="1990-05-05")["id"]
    hr.post(f"/v1/employees/{employee}/absences", {"type": "carer", "start": "2026-06-01", "end": "2026-06-30"}, expect=201)
    [duty] = [duty for duty in duties(hr, employee)["duties"] if duty["state"] == "missed"]
    return employee, duty["id"]


def test_a_missed_duty_is_acknowledged_once(hr, daemon):
    employee, duty = missed(hr)
    assert duty in [item["id"] for item in hr.items("/v1/duties")]
    answer = hr.post(f"/v1/duties/{duty}/acknowledge", {"note": "entretien de retour tenu à la place"}, expect=200).json()
    assert answer["state"] == "missed" and answer["acknowledged"]["note"] == "entretien de retour tenu à la place"
    assert answer["acknowledged"]["by"].startswith("tok_") and answer["acknowledged"]["at"].startswith("2026-11-23T")
    assert duty not in [item["id"] for item in hr.items("/v1/duties")]
    [listed] = hr.items("/v1/duties?state=missed")
    assert listed["id"] == duty and listed["acknowledged"] == answer["acknowledged"]
    [shown] = [item for item in duties(hr, employee)["duties"] if item["id"] == duty]
    assert shown["acknowledged"] == answer["acknowledged"]
    assert duties(hr, employee, "?as_of=2026-11-22")["duties"] == []
    again = hr.post(f"/v1/duties/{duty}/acknowledge", expect=409).json()
    assert "already" in again["detail"]
    verbs = [record["verb"] for record in hr.items("/v1/audit") if record["verb"].endswith(("acknowledged", "ment.added"))]
    assert verbs == ["acknowledgement.added", "duty.acknowledged"]
    recap = hr.get(f"/v1/employees/{employee}/recap").json()
    assert recap["reviews"]["verdict"] == "unmet"


def test_only_what_was_missed_is_acknowledged(hr):
    employee, _ = missed(hr)
    open_ones = [duty for duty in duties(hr, employee)["duties"] if duty["state"] != "missed"]
    assert open_ones
    for duty in open_ones:
        answer = hr.post(f"/v1/duties/{duty['id']}/acknowledge", expect=409).json()
        assert duty["state"] in answer["detail"]
    hr.post("/v1/duties/duty_0000000000_01m83pph000dfacczq0dwhe21r/acknowledge", expect=404)
