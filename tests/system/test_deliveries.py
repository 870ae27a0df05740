"""Everything that left or is to leave, as HR sees it; what relays say; what a kill leaves behind."""
import pytest

from client import problem
from outbox import Outbox, calendar, invite, is_invitation, planned, read, staff
from patience import wait_for
from people import another_organisation, client_with


@pytest.fixture
def options(folder):
    return {"mail": {"transport": "file", "directory": folder / "outbox"}}


@pytest.fixture
def outbox(folder):
    return Outbox(folder / "outbox")


def listed(hr, **filters):
    query = "&".join(f"{key}={value}" for key, value in filters.items())
    return hr.items(f"/v1/deliveries?{query}")


def test_held_messages_may_be_read_before_they_leave(hr, organisation, outbox):
    hr.patch(f"/v1/organisations/{organisation}", {"deliveries": "held"})
    review = planned(hr)
    invite(hr, review)
    held = listed(hr, state="held", review=review)
    assert {item["target"] for item in held} == {"camille.roche@rhone.example", "karim.benali@rhone.example"}
    assert {(item["channel"], item["kind"], item["method"], item["attempts"]) for item in held} == {
        ("mail", "invitation", "REQUEST", 0)}
    answer = hr.get(f"/v1/deliveries/{held[0]['id']}", headers={"Accept": "message/rfc822"})
    assert answer.headers["Content-Type"] == "message/rfc822"
    message = read(answer.content)
    assert calendar(message)[1] == "REQUEST" and message["Subject"] == held[0]["title"]
    assert not outbox.mails()
    hr.patch(f"/v1/organisations/{organisation}", {"deliveries": "live"})
    outbox.wait("camille.roche", is_invitation)
    sent = wait_for("the end of both", lambda: listed(hr, state="sent", review=review)[1:] and
                    listed(hr, state="sent", review=review))
    assert {item["id"] for item in sent} == {item["id"] for item in held}
    assert all(item["sent_at"] and item["attempts"] == 1 and item["next_at"] is None for item in sent)
    audit = hr.get(f"/v1/audit?subject={sent[0]['id']}").json()["items"]
    assert [record["verb"] for record in audit] == ["delivery.sent"]
    assert audit[0]["payload"]["message_id"] == sent[0]["message_id"]


@pytest.mark.parametrize("scope", ["read", "admin"])
def test_a_message_is_for_those_who_may_make_links(admin, hr, organisation, scope):
    """It holds the secret of its reader's page, by which one answers and receives the copy."""
    review = planned(hr)
    invite(hr, review)
    client = client_with(admin, organisation, scope)
    [first, *_] = client.items(f"/v1/deliveries?review={review}")
    answer = client.request("GET", f"/v1/deliveries/{first['id']}", headers={"Accept": "message/rfc822"})
    if scope == "read":
        problem(answer, 403)
        assert "/me/" not in answer.text
    else:
        assert answer.status_code == 200 and b"/me/" in answer.content


def test_nothing_is_made_while_deliveries_are_off(hr, organisation, outbox):
    hr.patch(f"/v1/organisations/{organisation}", {"deliveries": "off"})
    review = planned(hr)
    invite(hr, review)
    assert listed(hr) == [] and not outbox.mails()


def test_one_delivery_and_its_etag(hr):
    review = planned(hr)
    invite(hr, review)
    sent = wait_for("one sent", lambda: listed(hr, state="sent", review=review))[0]
    answer = hr.get(f"/v1/deliveries/{sent['id']}")
    assert answer.json() == sent and answer.headers["ETag"]
    again = hr.request("GET", f"/v1/deliveries/{sent['id']}", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_what_was_sent_is_not_sent_again(hr):
    review = planned(hr)
    invite(hr, review)
    sent = wait_for("one sent", lambda: listed(hr, state="sent", review=review))[0]
    problem(hr.post(f"/v1/deliveries/{sent['id']}/retry"), 409)


def test_lists_are_filtered_and_paged(hr):
    review = planned(hr)
    invite(hr, review)
    wait_for("both sent", lambda: listed(hr, state="sent", review=review)[1:])
    every = listed(hr)
    assert [item["id"] for item in every] == sorted((item["id"] for item in every), reverse=True)
    assert listed(hr, limit=1) == every
    assert {item["kind"] for item in listed(hr, kind="invitation", channel="mail")} == {"invitation"}
    assert listed(hr, channel="pigeon") == []
    problem(hr.get("/v1/deliveries?state=lost", expect=422), 422, "/state")


def test_other_organisations_see_nothing(admin, hr):
    review = planned(hr)
    invite(hr, review)
    delivery = listed(hr)[0]["id"]
    stranger = client_with(admin, another_organisation(admin), "hr")
    assert stranger.items("/v1/deliveries") == []
    problem(stranger.get(f"/v1/deliveries/{delivery}", expect=404), 404)
    problem(stranger.post(f"/v1/deliveries/{delivery}/retry"), 404)
    reader = client_with(admin, hr.get("/v1/organisations").json()["items"][0]["id"], "read")
    assert reader.get(f"/v1/deliveries/{delivery}").json()["id"] == delivery
    problem(reader.post(f"/v1/deliveries/{delivery}/retry"), 403)


def test_a_full_outbox_is_tried_again(daemon, hr, folder, outbox):
    """The directory vanishes: an error that passes."""
    manager, employee = staff(hr)
    wait_for("the first digests", lambda: not [item for item in listed(hr) if item["state"] != "sent"])
    for path in (folder / "outbox").iterdir():
        path.unlink()
    (folder / "outbox").rmdir()
    review = hr.post("/v1/reviews", {"employee": employee, "type": "professional", "interviewer": manager,
                                     "start": "2027-01-06T09:00:00Z", "end": "2027-01-06T10:00:00Z"},
                     expect=201).json()["id"]
    invite(hr, review)
    failed = wait_for("two failures", lambda: listed(hr, state="failed", review=review)[1:] and
                      listed(hr, state="failed", review=review))
    assert all("outbox" in item["last_error"] and item["next_at"] > "2026-11-23T08:00" for item in failed)
    (folder / "outbox").mkdir()
    assert hr.post(f"/v1/deliveries/{failed[0]['id']}/retry", expect=200).json()["state"] == "queued"
    outbox.wait(failed[0]["target"], is_invitation)
    assert len(outbox.mails(kind=is_invitation)) == 1
    daemon.set_clock("2026-11-23T08:05:00Z")
    outbox.wait(failed[1]["target"], is_invitation)


def test_what_was_claimed_by_a_daemon_that_died_is_sent_after_the_lease(daemon, hr, outbox):
    review = planned(hr)
    invite(hr, review)
    daemon.kill()
    daemon.start()
    daemon.set_clock("2026-11-23T09:00:00Z")
    for person in ("camille.roche", "karim.benali"):
        outbox.wait(person, is_invitation)
    hr.daemon = daemon
    wait_for("both sent", lambda: listed(hr, state="sent", review=review)[1:])
