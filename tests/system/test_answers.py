"""Answers handed over at /itip: whose count, what they change, what a person decides about the others."""
import pytest

from answers import answer, bounce, letter, mail, proved
from client import problem
from outbox import Outbox, calendar, invite, is_invitation, planned, text
from patience import wait_for

CAMILLE = "camille.roche@rhone.example"
KARIM = "karim.benali@rhone.example"
SERVER = "?authserv_id=mx.rhone.example"


@pytest.fixture
def options(folder):
    return {"mail": {"transport": "file", "directory": folder / "outbox"}}


@pytest.fixture
def outbox(folder):
    return Outbox(folder / "outbox")


@pytest.fixture
def review(hr):
    made = planned(hr)
    invite(hr, made)
    return made


@pytest.fixture
def invitation(outbox, review):
    return calendar(outbox.wait("camille.roche", is_invitation))[0]


def hand(hr, content, query=SERVER, media="message/rfc822", expect=201):
    return hr.post("/itip" + query, data=content, headers={"Content-Type": media}, expect=expect).json()


def partstats(hr, review):
    shown = hr.get(f"/v1/reviews/{review}").json()
    return shown["state"], {one["email"]: one["partstat"] for one in shown["attendees"]}


def test_who_is_proved_to_be_invited_answers(hr, review, invitation):
    for person in (CAMILLE, KARIM):
        taken = hand(hr, mail(answer(invitation, person), person, Authentication_Results=proved(person)))
        assert (taken["state"], taken["verified"], taken["review"]) == ("taken", True, review)
    assert partstats(hr, review) == ("accepted", {CAMILLE: "ACCEPTED", KARIM: "ACCEPTED"})
    kept = hr.items(f"/v1/replies?review={review}")
    assert [reply["attendee"] for reply in kept] == [KARIM, CAMILLE]


@pytest.mark.parametrize("forged", [
    {},  # the mailbox's server says nothing
    {"Authentication_Results": "evil.example; dmarc=pass header.from=rhone.example"},
    {"Authentication_Results": "mx.rhone.example; dmarc=fail header.from=rhone.example"},
    {"Authentication_Results": "mx.rhone.example; dmarc=none; spf=pass; dkim=pass header.d=evil.example"},
])
def test_forged_answers_change_nothing(hr, review, invitation, forged):
    before = hr.get(f"/v1/reviews/{review}")
    kept = hand(hr, mail(answer(invitation, CAMILLE, "DECLINED"), CAMILLE, **forged))
    assert (kept["state"], kept["verified"]) == ("unverified", False)
    after = hr.get(f"/v1/reviews/{review}")
    assert (after.json(), after.headers["ETag"]) == (before.json(), before.headers["ETag"])


def test_a_proved_stranger_answers_for_nobody_else(hr, review, invitation):
    kept = hand(hr, mail(answer(invitation, CAMILLE, "DECLINED"), "eve@evil.example",
                         Authentication_Results=proved("eve@evil.example")))
    assert kept["state"] == "unverified"
    stranger = "eve@evil.example"
    kept = hand(hr, mail(answer(invitation, stranger), stranger, Authentication_Results=proved(stranger)))
    assert kept["state"] == "stranger"
    assert partstats(hr, review)[0] == "invited"


def test_a_person_confirms_what_is_not_proved_once(hr, review, invitation, outbox):
    kept = hand(hr, answer(invitation, CAMILLE).encode(), query="", media="text/calendar")
    assert kept["state"] == "unverified"
    assert "n'est pas prouvé" in text(outbox.wait("rh@rhone", lambda mail: "À décider" in mail["Subject"]))
    confirmed = hr.post(f"/v1/replies/{kept['id']}/confirm", {}, expect=200).json()
    assert (confirmed["state"], confirmed["decided_at"] is not None) == ("taken", True)
    assert partstats(hr, review)[1][CAMILLE] == "ACCEPTED"
    problem(hr.post(f"/v1/replies/{kept['id']}/confirm", {}), 409)


def test_a_person_dismisses_what_is_not_proved(hr, review, invitation):
    kept = hand(hr, answer(invitation, CAMILLE).encode(), query="", media="text/calendar")
    problem(hr.post(f"/v1/replies/{kept['id']}/dismiss", {}), 422, "/reason")
    assert hr.post(f"/v1/replies/{kept['id']}/dismiss", {"reason": "appelée"}, expect=200).json()["state"] == "dismissed"
    problem(hr.post(f"/v1/replies/{kept['id']}/confirm", {}), 409)
    assert partstats(hr, review)[0] == "invited"


def test_the_mail_system_may_name_the_sender_it_has_proved(hr, review, invitation):
    taken = hand(hr, answer(invitation, KARIM, "TENTATIVE").encode(), f"?sender={KARIM}", "text/calendar")
    assert taken["state"] == "taken" and partstats(hr, review)[1][KARIM] == "TENTATIVE"


def test_the_same_bytes_again_change_nothing(hr, review, invitation):
    yes = mail(answer(invitation, CAMILLE), CAMILLE, Authentication_Results=proved(CAMILLE))
    no = mail(answer(invitation, CAMILLE, "DECLINED", stamp="20261124T090000Z"), CAMILLE,
              Authentication_Results=proved(CAMILLE))
    first = hand(hr, yes)
    hand(hr, no)
    assert hand(hr, yes)["id"] == first["id"]
    assert partstats(hr, review)[1][CAMILLE] == "DECLINED"


def test_what_came_in_is_kept_byte_for_byte(hr, invitation):
    content = mail(answer(invitation, CAMILLE), CAMILLE, Authentication_Results=proved(CAMILLE))
    kept = hand(hr, content)
    raw = hr.get(f"/v1/replies/{kept['id']}", headers={"Accept": "message/rfc822"})
    assert raw.content == content and raw.headers["Content-Type"] == "message/rfc822"
    hr.get(f"/v1/replies/{kept['id']}")  # what is shown of it in lists is no reading of the mail
    record = hr.get(f"/v1/audit?subject={kept['id']}").json()["items"]
    assert [entry["verb"] for entry in record] == ["reply.received", "reply.read"]
    assert record[1]["actor"].startswith("tok_")


def test_what_belongs_to_no_invitation_is_kept_apart(admin, hr, invitation, review):
    foreign = mail(answer(invitation, CAMILLE, UID="someone-else@example.org"), CAMILLE)
    kept = admin.post("/itip", data=foreign, headers={"Content-Type": "message/rfc822"}, expect=201).json()
    assert (kept["state"], kept["organisation"], kept["review"]) == ("unmatched", "org_system", None)
    assert [reply["id"] for reply in admin.items("/v1/replies")] == [kept["id"]]
    assert not hr.items(f"/v1/replies?review={review}")
    hr.get(f"/v1/replies/{kept['id']}", expect=404)


def test_a_token_for_all_finds_the_organisation_in_the_answer(admin, organisation, invitation):
    kept = admin.post("/itip?sender=" + CAMILLE, data=answer(invitation, CAMILLE).encode(),
                      headers={"Content-Type": "text/calendar"}, expect=201).json()
    assert (kept["state"], kept["organisation"]) == ("taken", organisation)


def test_a_letter_in_return_is_shown_to_a_person(hr, review, outbox):
    ours = outbox.wait("camille.roche", is_invitation)
    kept = hand(hr, letter(CAMILLE, text="Je ne peux pas ce jour-là.\n", In_Reply_To=ours["Message-ID"]).as_bytes())
    assert (kept["state"], kept["review"], kept["sender"]) == ("written", review, CAMILLE)
    assert "pas ce jour-là" in kept["text"] and partstats(hr, review)[0] == "invited"


def test_a_bounce_marks_the_address_and_tells_hr(hr, review, outbox):
    ours = outbox.wait("camille.roche", is_invitation)
    kept = hand(hr, bounce(ours, CAMILLE))
    assert (kept["state"], kept["attendee"]) == ("bounced", CAMILLE)
    told = text(outbox.wait("rh@rhone", lambda mail: "non remis" in mail["Subject"]))
    assert CAMILLE in told and "no such user" in told
    warnings = [one["code"] for one in hr.get(f"/v1/reviews/{review}").json()["warnings"]]
    assert "address_failing" in warnings
    sent = hr.items(f"/v1/deliveries?review={review}&kind=invitation")
    assert any("no such user" in (one["last_error"] or "") for one in sent)
    hand(hr, mail(answer(calendar(ours)[0], CAMILLE), CAMILLE, Authentication_Results=proved(CAMILLE)))
    assert not hr.get(f"/v1/reviews/{review}").json()["warnings"]


@pytest.mark.parametrize("wrong", [{"recipient": "someone@else.example"}, {"recipient": CAMILLE, "action": "delayed"}])
def test_bounces_of_nothing_we_sent_mark_nobody(hr, review, outbox, wrong):
    ours = outbox.wait("camille.roche", is_invitation)
    assert hand(hr, bounce(ours, **wrong))["state"] == "unusable"
    forged = {"Message-ID": "<dlv_0000000000_01ARZ3NDEKTSV4RRFFQ69G5FAV@rhone.example>"}
    assert hand(hr, bounce(forged, CAMILLE))["state"] in ("unmatched", "unusable")
    assert not hr.get(f"/v1/reviews/{review}").json()["warnings"]


@pytest.mark.parametrize("media, content", [
    ("text/calendar", b""), ("text/calendar", b"\x00\xff" * 500), ("text/calendar", b"BEGIN:VCALENDAR\r\n" * 1000),
    ("message/rfc822", b"\x00" * 1000), ("message/rfc822", b"no header at all"),
    ("text/calendar", b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:" + b"x" * 200000 + b"\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"),
    ("message/rfc822", b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 5000),
], ids=["nothing", "bytes", "nested", "zeros", "no-header", "long-line", "many-parts"])
def test_rubbish_is_kept_or_refused_and_changes_nothing(hr, review, media, content):
    before = hr.get(f"/v1/reviews/{review}").json()
    made = hr.post("/itip", data=content, headers={"Content-Type": media})
    assert made.status_code in (201, 400, 422) and made.status_code < 500
    if made.status_code == 201:
        assert made.json()["state"] in ("unreadable", "unusable", "unmatched")
    assert hr.get(f"/v1/reviews/{review}").json() == before


def test_other_media_and_other_scopes_are_refused(admin, organisation, daemon, hr):
    problem(hr.post("/itip", data=b"x", headers={"Content-Type": "text/plain"}), 415)
    made = admin.post(f"/v1/tokens?organisation={organisation}", {"scopes": ["read"]}, expect=201).json()["token"]
    answer_to_reader = hr.session.post(daemon.url + "/itip", data=b"x", headers={
        "Content-Type": "text/calendar", "Authorization": f"Bearer {made}"}, timeout=60)
    assert answer_to_reader.status_code == 403


def test_a_refresh_sends_the_invitation_again(hr, review, invitation, outbox):
    asked = answer(invitation, CAMILLE, method="REFRESH")
    assert hand(hr, asked.encode(), f"?sender={CAMILLE}", "text/calendar")["state"] == "taken"
    again = calendar(outbox.wait("camille.roche", is_invitation, 2))[0].walk("VEVENT")[0]
    assert again["SEQUENCE"] == 0 and again["UID"] == invitation.walk("VEVENT")[0]["UID"]


def test_a_delegation_is_a_refusal_with_a_note(hr, review, invitation):
    kept = hand(hr, answer(invitation, KARIM, "DELEGATED").encode(), f"?sender={KARIM}", "text/calendar")
    assert kept["state"] == "taken" and "delegated" in kept["reason"]
    assert partstats(hr, review) == ("declined", {CAMILLE: "NEEDS-ACTION", KARIM: "DECLINED"})


def counter(hr, invitation, start="20270113T090000Z", end="20270113T100000Z"):
    proposal = answer(invitation, CAMILLE, "TENTATIVE", "COUNTER", DTSTART=start, DTEND=end)
    return hand(hr, proposal.encode(), f"?sender={CAMILLE}", "text/calendar")


def test_another_time_is_proposed_and_taken(hr, review, invitation, outbox):
    kept = counter(hr, invitation)
    assert (kept["state"], kept["proposed_start"]) == ("taken", "2027-01-13T09:00:00Z")
    told = text(outbox.wait("karim.benali", lambda mail: "À décider" in mail["Subject"]))
    assert "mercredi 13 janvier 2027 de 10 h à 11 h" in told
    hr.post(f"/v1/reviews/{review}/counter", {"accept": True}, expect=200)
    moved = calendar(outbox.wait("camille.roche", is_invitation, 2))[0].walk("VEVENT")[0]
    assert moved["SEQUENCE"] == 1 and moved["DTSTART"].dt.isoformat() == "2027-01-13T09:00:00+00:00"
    assert partstats(hr, review) == ("invited", {CAMILLE: "NEEDS-ACTION", KARIM: "NEEDS-ACTION"})
    late = hand(hr, answer(invitation, KARIM).encode(), f"?sender={KARIM}", "text/calendar")
    assert late["state"] == "outdated"


def test_another_time_is_proposed_and_refused(hr, review, invitation, outbox):
    counter(hr, invitation)
    hr.post(f"/v1/reviews/{review}/counter", {"accept": False}, expect=200)
    refused = wait_for("a DECLINECOUNTER", lambda: [
        one for one in outbox.mails("camille.roche", is_invitation) if calendar(one)[1] == "DECLINECOUNTER"])[0]
    assert calendar(refused)[0].walk("VEVENT")[0]["SEQUENCE"] == 0


def test_a_refusal_reopens_planning(hr, review, invitation, outbox):
    employee = hr.get(f"/v1/reviews/{review}").json()["employee"]

    def states():
        return {duty["state"] for duty in hr.get(f"/v1/employees/{employee}/duties").json()["items"]}
    assert "planned" in states()
    hand(hr, answer(invitation, CAMILLE, "DECLINED").encode(), f"?sender={CAMILLE}", "text/calendar")
    assert "planned" not in states() and "to_plan" in states()
    outbox.wait("karim.benali", lambda mail: "À décider" in mail["Subject"])
    outbox.wait("rh@rhone", lambda mail: "À décider" in mail["Subject"])
    later = answer(invitation, CAMILLE, "ACCEPTED", stamp="20261124T100000Z")
    hand(hr, later.encode(), f"?sender={CAMILLE}", "text/calendar")
    assert "planned" in states()
