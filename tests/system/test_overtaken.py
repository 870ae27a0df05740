"""Facts change under a review that people were asked to: it stays, is flagged, and the audit says which fact did it."""
from patience import wait_for
from people import duties, hire

SLOT = {"start": "2027-01-06T09:00:00Z", "end": "2027-01-06T10:00:00Z", "mode": "onsite", "location": "Lyon"}


def convened(hr, **members):
    boss = hire(hr, email="boss@rhone.example")["id"]
    employee = hire(hr, email="camille@rhone.example", manager=boss, birth_date="1990-05-05", **members)["id"]
    review = hr.post("/v1/reviews", {"employee": employee, "type": "professional", **SLOT}, expect=201).json()["id"]
    answer = hr.post(f"/v1/reviews/{review}/invite", expect=200).json()
    assert answer["warnings"] == [] and answer["duties"]
    return employee, review


def codes(hr, review):
    return [warning["code"] for warning in hr.get(f"/v1/reviews/{review}").json()["warnings"]]


def flagged(hr, review):
    return [record["payload"] for record in hr.items("/v1/audit")
            if record["verb"] == "review.flagged" and record["subject"] == review]


def test_an_absence_on_the_day_that_was_set(hr):
    employee, review = convened(hr, hire_date="2026-02-02")
    absence = hr.post(f"/v1/employees/{employee}/absences",
                      {"type": "illness", "start": "2026-11-30", "end": "2027-01-10"}, expect=201).json()["id"]
    assert codes(hr, review) == ["during_absence"]
    assert flagged(hr, review) == [{"employee": employee, "reason": "during_absence", "cause": absence}]
    assert hr.get(f"/v1/reviews/{review}").json()["state"] == "invited"
    hr.delete(f"/v1/employees/{employee}/absences/{absence}?reason=erreur")
    assert codes(hr, review) == []


def test_a_date_that_was_wrong_moves_the_duty_away_from_the_review(hr):
    employee, review = convened(hr, hire_date="2026-02-02")
    hr.patch(f"/v1/employees/{employee}", {"hire_date": "2025-11-03"})
    [first] = [duty for duty in duties(hr, employee)["duties"] if duty["kind"] == "first"]
    assert (first["due"], first["planned_by"]) == ("2026-11-02", None)
    assert codes(hr, review) == ["serves_no_duty"]
    [flag] = flagged(hr, review)
    assert flag["reason"] == "serves_no_duty" and flag["cause"].startswith("fact_")
    records = hr.items("/v1/audit")
    moved = [record["payload"]["changed"] for record in records if record["verb"] in ("duty.changed", "duty.withdrawn", "duty.opened")
             and record["payload"].get("cause") == flag["cause"] and record["payload"]["kind"] == "first"]
    assert ["2027-02-01", None] in [change["due"] for change in moved] and [None, "2026-11-02"] in [
        change["due"] for change in moved]


def test_an_agreement_moves_everybody_and_the_audit_names_it(hr, admin, organisation):
    employee = hire(hr, hire_date="2022-03-10", birth_date="1990-05-05")["id"]
    hr.post("/v1/reviews", {"employee": employee, "type": "professional", "held": "2024-03-08"}, expect=201)
    hr.patch(f"/v1/organisations/{organisation}", {"agreements": [
        {"level": "company", "period": "P3Y", "valid_from": "2026-01-01", "reference": "Accord GEPP"}]})
    [change] = wait_for("a change of the rule", lambda: [
        record["payload"] for record in hr.items("/v1/audit") if record["verb"] == "duty.changed"
        and record["payload"]["kind"] == "periodic" and "rule" in record["payload"]["changed"]])
    assert change["changed"]["due"] == ["2028-03-08", "2027-03-08"]
    assert change["changed"]["rule"] == ["T.PERIODIC", "AGR.PERIODIC"]
    assert change["cause"].startswith("fact_")
