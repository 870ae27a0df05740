"""Campaigns: the reviews of many people planned together, without a conflict, with a reason for each who has none."""
import collections
import datetime

from client import problem
from people import client_with, hire, move_to

MANAGERS, PEOPLE = 40, 500


def staff(count, managers):
    """As CSV: managers report to the first of them, who reports to nobody."""
    lines = ["matricule;prénom;nom;courriel;responsable;date d'entrée"]
    for i in range(managers):
        lines.append(f"G{i};Manon;Chef{i};g{i}@rhone.example;{'' if i == 0 else 'G0'};20/02/2026")
    for i in range(count - managers):
        lines.append(f"E{i};Camille;Roche{i};e{i}@rhone.example;G{i % managers};{11 + i % 15:02}/01/2026")
    return "\n".join(lines).encode()


def instant(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def conflicts(items):
    """Pairs of times that put one person in two places."""
    by_person = collections.defaultdict(list)
    for one in items:
        for person in {one["employee"], one["interviewer"]}:
            by_person[person].append((instant(one["start"]), instant(one["end"]), one["employee"]))
    found = []
    for times in by_person.values():
        times.sort()
        found += [pair for pair in zip(times, times[1:]) if pair[0][1] > pair[1][0]]
    return found


def test_five_hundred_reviews_for_forty_managers(hr):
    answer = hr.request("POST", "/v1/imports/employees?wait=120", data=staff(PEOPLE, MANAGERS),
                        headers={"Content-Type": "text/csv"})
    assert answer.status_code == 201, answer.text
    made = hr.post("/v1/campaigns?wait=120", {
        "label": "Hiver", "due_before": "2027-03-01", "from": "2026-12-02", "to": "2027-02-26", "per_week": 6},
        expect=201).json()
    assert (made["state"], made["waiting"], made["planned"]) == ("done", 0, 0)
    placed = hr.items(f"/v1/campaigns/{made['id']}/placements")
    assert len(placed) == PEOPLE and made["created"] == PEOPLE - 1
    refused = [one for one in placed if one["state"] == "refused"]
    assert [one["reason"] for one in refused] == ["no_interviewer"]
    created = [one for one in placed if one["state"] == "created"]
    assert conflicts(created) == []
    weeks = collections.Counter((one["interviewer"], instant(one["start"]).isocalendar()[:2]) for one in created)
    assert max(weeks.values()) <= 6
    reviews = hr.items("/v1/reviews?state=draft")
    assert {one["id"]: one["start"] for one in reviews} == {one["review"]: one["start"] for one in created}
    again = hr.post("/v1/campaigns?wait=60", {"due_before": "2027-03-01"}, expect=201).json()
    assert (again["created"], again["refused"]) == (0, 1)
    assert hr.items("/v1/deliveries") == []


def test_a_dry_run_says_what_would_be_done(hr, organisation):
    boss = hire(hr, email="boss@rhone.example")["id"]
    for number in ("a1", "a2"):
        hire(hr, number=number, manager=boss, hire_date="2026-01-05", email=f"{number}@rhone.example")
    ask = {"due_before": "2027-02-01", "from": "2026-12-07", "to": "2026-12-18", "manager": boss}
    dry = hr.post("/v1/campaigns", {**ask, "dry_run": True}, expect=201).json()
    assert (dry["state"], dry["planned"], dry["created"]) == ("done", 2, 0) and hr.items("/v1/reviews") == []
    real = hr.post("/v1/campaigns", {**ask, "propose": True}, expect=201)
    would = hr.items(f"/v1/campaigns/{dry['id']}/placements")
    did = hr.items(real.headers["Location"] + "/placements?state=created")
    assert [one["start"] for one in would] == [one["start"] for one in did] and conflicts(did) == []
    assert {one["state"] for one in hr.items("/v1/reviews")} == {"proposed"}
    assert hr.get(f"/v1/operations/{dry['id']}").json()["state"] == "done"
    audit = [one["verb"] for one in hr.items("/v1/audit?limit=500")]
    assert audit.count("campaign.started") == 2 and audit.count("campaign.done") == 2


def test_whoever_has_no_time_learns_why(hr):
    boss = hire(hr, email="boss@rhone.example")["id"]
    away = hire(hr, manager=boss, hire_date="2026-01-05")["id"]
    late = hire(hr, manager=boss, hire_date="2026-01-06")["id"]
    hr.post(f"/v1/employees/{away}/absences", {"type": "illness", "start": "2026-11-30", "end": "2026-12-31"}, expect=201)
    made = hr.post("/v1/campaigns", {"due_before": "2027-02-01", "from": "2026-12-07", "to": "2026-12-11",
                                     "manager": boss, "duration": 90}, expect=201).json()
    placed = {one["employee"]: one for one in hr.items(f"/v1/campaigns/{made['id']}/placements")}
    assert placed[late]["state"] == "created"
    assert (placed[away]["state"], placed[away]["reason"]) == ("refused", "employee_away")
    assert placed[away]["explanation"].endswith("50 créneaux où la personne est absente")


def small(hr, count=3):
    """A campaign of some people of one manager, done; its path."""
    boss = hire(hr, email="boss@rhone.example")["id"]
    people = [hire(hr, number=f"a{i}", manager=boss, hire_date="2026-01-05", email=f"a{i}@rhone.example")["id"]
              for i in range(count)]
    made = hr.post("/v1/campaigns", {"due_before": "2027-02-01", "from": "2026-12-07", "to": "2026-12-18", "manager": boss},
                   expect=201)
    return made.headers["Location"], people


def counts(campaign):
    return {name: campaign[name] for name in ("created", "refused", "invited", "discarded")}


def states(hr):
    return collections.Counter(one["state"] for one in hr.items("/v1/reviews"))


def test_all_are_invited(hr):
    path, people = small(hr)
    hr.patch(f"/v1/employees/{people[0]}", {"email": None})
    by_hand = hr.items(path + "/placements")[1]["review"]
    hr.post(f"/v1/reviews/{by_hand}/invite", {}, expect=200)
    done = hr.post(path + "/invite?wait=60", expect=200).json()
    assert (done["state"], counts(done)) == ("done", {"created": 1, "refused": 0, "invited": 2, "discarded": 0})
    left = hr.items(path + "/placements?state=created")
    assert [(one["employee"], one["reason"]) for one in left] == [(people[0], "not_invited")] and "address" in left[0]["explanation"]
    assert states(hr) == {"invited": 2, "draft": 1}
    mails = [one for one in hr.items("/v1/deliveries?limit=100") if one["kind"] == "invitation"]
    assert len(mails) == 4
    # What is mended goes on; nobody is invited twice.
    hr.patch(f"/v1/employees/{people[0]}", {"email": "a0@rhone.example"})
    assert counts(hr.post(path + "/invite", expect=200).json()) == {"created": 0, "refused": 0, "invited": 3, "discarded": 0}
    assert len([one for one in hr.items("/v1/deliveries?limit=100") if one["kind"] == "invitation"]) == 6
    assert hr.items("/v1/campaigns")[0] == hr.get(path).json()
    assert [one["verb"] for one in hr.items("/v1/audit?limit=500")].count("campaign.invited") == 2


def test_what_nobody_was_invited_to_is_discarded(hr):
    path, _ = small(hr)
    by_hand = hr.items(path + "/placements")[0]["review"]
    hr.post(f"/v1/reviews/{by_hand}/invite", {}, expect=200)
    done = hr.post(path + "/discard", expect=200).json()
    assert (done["state"], counts(done)) == ("done", {"created": 0, "refused": 0, "invited": 1, "discarded": 2})
    assert states(hr) == {"invited": 1, "cancelled": 2}
    assert hr.get(f"/v1/reviews/{by_hand}").json()["state"] == "invited"
    assert not [one for one in hr.items("/v1/deliveries") if one["kind"] == "cancellation"]
    # Their duties are to plan again.
    again = hr.post("/v1/campaigns", {"due_before": "2027-02-01", "from": "2026-12-07", "to": "2026-12-18", "dry_run": True},
                    expect=201)
    assert again.json()["planned"] == 2
    problem(hr.post(again.headers["Location"] + "/invite"), 409)
    assert counts(hr.post(again.headers["Location"] + "/discard", expect=200).json())["discarded"] == 2


def test_short_notice_is_insisted_on(daemon, hr):
    path, _ = small(hr, count=1)
    move_to(daemon, "2026-12-05")
    left = hr.post(path + "/invite", expect=200).json()
    assert counts(left) == {"created": 1, "refused": 0, "invited": 0, "discarded": 0}
    assert "notice" in hr.items(path + "/placements")[0]["explanation"]
    assert hr.post(path + "/invite", {"short_notice": True}, expect=200).json()["invited"] == 1
    assert hr.items("/v1/reviews")[0]["short_notice"] is True


def test_what_is_asked_is_checked(admin, hr, organisation):
    problem(hr.post("/v1/campaigns", {"from": "2027-02-01", "to": "2027-01-01"}), 422, "/to")
    problem(hr.post("/v1/campaigns", {"to": "2029-02-01"}), 422, "/to")
    problem(hr.post("/v1/campaigns", {"mode": "remote"}), 422, "/conference_url")
    problem(hr.post("/v1/campaigns", {"per_week": 0}), 422, "/per_week")
    problem(client_with(admin, organisation, "read").post("/v1/campaigns", {}), 403)
    path = hr.post("/v1/campaigns", expect=201).headers["Location"]
    problem(client_with(admin, organisation, "read").post(path + "/invite"), 403)
    problem(hr.post(path + "/invite", {"who": "x"}), 422, "/who")
    problem(hr.post(path[:-1] + "!/discard"), 404)
    assert hr.post("/v1/campaigns", expect=201).json()["state"] == "done"
