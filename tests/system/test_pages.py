"""Personal pages: what people see and do by a link, without an account and without script."""
import base64
import hashlib
import re

import pytest
import requests

import outbox
from client import Client, problem
from pages import holder_link, own_link, see
from people import another_organisation, hire, move_to

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@pytest.fixture
def options(folder):
    return {"mail": {"transport": "file", "directory": folder / "outbox"}}


@pytest.fixture
def box(folder):
    return outbox.Outbox(folder / "outbox")


@pytest.fixture
def team(hr):
    """Karim is to hold Camille's review, who is convened."""
    review = outbox.planned(hr)
    row = outbox.invite(hr, review)
    return {"review": review, "camille": row["employee"], "karim": row["interviewer"]}


@pytest.fixture
def mine(hr, team):
    return own_link(hr, team["camille"])["url"]


@pytest.fixture
def his(hr, team):
    return holder_link(hr, team["karim"], team["review"])["url"]


def review_of(hr, team):
    return hr.get(f"/v1/reviews/{team['review']}").json()


def partstats(hr, team):
    return {one["role"]: one["partstat"] for one in review_of(hr, team)["attendees"]}


# ---- the link

def test_the_page_is_strict_about_itself(mine):
    page = see(mine)
    headers = page.answer.headers
    policy = headers["Content-Security-Policy"]
    style = re.search("<style>(.*?)</style>", page.answer.text, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy.startswith("default-src 'none'") and f"'sha256-{digest}'" in policy and "unsafe" not in policy
    assert headers["Referrer-Policy"] == "no-referrer" and headers["Cache-Control"] == "no-store"
    assert "<script" not in page.answer.text and " style=" not in page.answer.text
    assert '<html lang="fr">' in page.answer.text and '<html lang="en">' in see(mine + "?lang=en").answer.text


def test_forged_expired_and_revoked_links_open_nothing(daemon, hr, team, mine):
    forged = mine[:-1] + ("A" if mine[-1] != "A" else "B")
    assert "plus valable" in see(forged, 404).text
    see(mine + "A", 404)
    requests.post(forged, data={"act": "accept"}, timeout=60)
    link = own_link(hr, team["camille"])
    hr.delete(f"/v1/links/{link['id']}")
    assert "no longer valid" in see(link["url"], 410).text
    move_to(daemon, "2027-06-01")
    see(mine, 410)


def test_a_link_is_known_by_its_hash_alone(daemon, hr, team, mine):
    secret = mine.rsplit("/", 1)[1]
    see(mine)
    assert len(base64.urlsafe_b64decode(secret)) == 42
    assert secret not in daemon.log() and secret not in hr.get("/v1/links").text and secret not in hr.get("/v1/audit").text
    assert secret.encode() not in b"".join(f.read_bytes() for f in daemon.data.iterdir() if f.is_file())


@pytest.mark.parametrize("body, pointer", [
    ({}, "/kind"), ({"kind": "employee"}, "/person"), ({"kind": "employee", "person": "{camille}", "review": "{review}"}, "/review"),
    ({"kind": "interviewer", "person": "{karim}"}, "/review"),
    ({"kind": "interviewer", "person": "{camille}", "review": "{review}"}, "/person"),
    ({"kind": "employee", "person": "{camille}", "expires_at": "2030-01-01T00:00:00Z"}, "/expires_at")])
def test_what_hr_cannot_ask_for(hr, team, body, pointer):
    problem(hr.post("/v1/links", {key: value.format(**team) for key, value in body.items()}), 422, pointer)


def test_a_link_is_not_of_somebody_elsewhere(admin, hr):
    other = hire(admin, organisation=another_organisation(admin))["id"]
    problem(hr.post("/v1/links", {"kind": "employee", "person": other}), 422, "/person")


def test_a_link_ends_with_the_address_it_was_sent_to(hr, team, mine):
    hr.patch(f"/v1/employees/{team['camille']}", {"email": "camille@elsewhere.example"})
    see(mine, 410)


def test_who_no_longer_holds_the_review_sees_nothing(hr, team, his):
    see(his)
    other = hire(hr, email="other@rhone.example")["id"]
    hr.patch(f"/v1/reviews/{team['review']}", {"interviewer": other})
    see(his, 410)


def test_who_has_left_sees_the_own_page_alone(daemon, hr, team, his):
    own = own_link(hr, team["karim"])["url"]
    hr.patch(f"/v1/employees/{team['karim']}", {"exit_date": "2027-02-01"})
    see(his)
    move_to(daemon, "2027-02-01")
    see(his, 410)
    see(own)


# ---- letters

def links_of(mail):
    return re.findall(r"https?://[^\s<>\"]+", outbox.text(mail))


def test_each_letter_carries_the_page_of_its_reader(box, hr, team):
    to_camille, to_karim = (box.wait(to=to, kind=outbox.is_invitation) for to in ("camille", "karim"))
    [hers], [his] = ([link for link in links_of(mail) if "/me/" in link] for mail in (to_camille, to_karim))
    assert see(hers).text.count("Camille Roche") and "Ma page" in see(hers).text
    assert "Entretien de Camille Roche" in see(his).text
    assert "/me/" not in str(outbox.calendar(to_camille)[0].walk("VEVENT")[0].get("DESCRIPTION"))


def told(hr):
    """What anybody but the daemon itself has done, and how the reviews are: reminders may be due meanwhile."""
    return [record for record in hr.items("/v1/audit") if record["actor"] != "system"], hr.items("/v1/reviews")


def test_following_every_link_changes_nothing(daemon, box, hr, team, mine, his):
    past = hr.post("/v1/reviews", {"employee": team["camille"], "type": "professional", "held": "2026-11-10"}, expect=201)
    hr.put(f"/v1/reviews/{past.json()['id']}/documents/report", PDF, expect=201, headers={"Content-Type": "application/pdf"})
    mails = [box.wait(to=to, kind=outbox.is_invitation) for to in ("camille", "karim")]
    outbox.wait_for("quiet", lambda: all(one["state"] == "sent" for one in hr.items("/v1/deliveries")))
    before, links, deliveries = told(hr), hr.items("/v1/links"), hr.items("/v1/deliveries")
    waiting, seen = [mine, his, *(link for mail in mails for link in links_of(mail))], set()
    while waiting:
        url = waiting.pop()
        if url in seen or not url.startswith(daemon.url):
            continue
        seen.add(url)
        answer = requests.get(url, timeout=60)
        assert answer.status_code == 200, url
        requests.head(url, timeout=60)
        if answer.headers["Content-Type"].startswith("text/html"):
            waiting += see(url).links
    assert len(seen) > 10 and any("/documents/" in url for url in seen) and any("/data" in url for url in seen)
    assert told(hr) == before
    after = hr.items("/v1/links"), hr.items("/v1/deliveries")  # a letter of the daemon's own may have come, none has changed
    assert all(link in after[0] for link in links) and all(delivery in after[1] for delivery in deliveries)
    assert links and deliveries


# ---- answers

def test_accept_decline_and_accept_again(hr, team, mine):
    page = see(mine).send("accept")
    assert "Votre accord est enregistré" in page.text and "accept" not in page.acts()
    assert partstats(hr, team)["employee"] == "ACCEPTED"
    page = page.send("decline")
    assert partstats(hr, team)["employee"] == "DECLINED" and review_of(hr, team)["state"] == "declined"
    page.send("accept")
    assert partstats(hr, team) == {"employee": "ACCEPTED", "interviewer": "NEEDS-ACTION"}


def test_another_time_is_proposed_and_taken(hr, team, mine, his):
    page = see(mine).send("counter", day="2027-01-12", time="14:00", until="15:30")
    assert "Vous proposez mardi 12 janvier 2027 de 14 h à 15 h 30" in page.text
    assert review_of(hr, team)["state"] == "countered"
    page = see(his)
    assert "propose un autre moment : mardi 12 janvier 2027" in page.text
    page = page.send("take_counter")
    assert page.answer.status_code == 200 and review_of(hr, team)["start"] == "2027-01-12T13:00:00Z"


def test_a_time_that_cannot_be_is_refused_with_what_was_said(hr, team, mine):
    page = see(mine).send("counter", day="2026-11-01", time="14:00", until="15:00")
    assert page.answer.status_code == 422 and "pas possible" in page.text
    assert page.form("counter")["fields"]["day"] == "2026-11-01"
    page = see(mine).send("counter", day="2027-01-12", time="14:00", until="13:00")
    assert "La fin doit venir après le début" in page.text
    assert review_of(hr, team)["state"] == "invited"


def test_an_answer_to_a_time_that_has_changed_is_not_taken(hr, team, mine):
    page = see(mine)
    hr.patch(f"/v1/reviews/{team['review']}", {"start": "2027-01-13T09:00:00Z", "end": "2027-01-13T10:00:00Z"})
    page = page.send("accept")
    assert page.answer.status_code == 412 and "mercredi 13 janvier 2027" in page.text
    assert partstats(hr, team)["employee"] == "NEEDS-ACTION"


def test_a_slot_that_is_only_offered(hr):
    review = outbox.planned(hr)
    hr.post(f"/v1/reviews/{review}/propose", {}, expect=200)
    row = hr.get(f"/v1/reviews/{review}").json()
    page = see(own_link(hr, row["employee"])["url"])
    assert "pas encore une convocation" in page.text
    page.send("suits")
    row = hr.get(f"/v1/reviews/{review}").json()
    assert {one["role"]: one["partstat"] for one in row["attendees"]} == {"employee": "ACCEPTED", "interviewer": "NEEDS-ACTION"}


def test_forms_are_of_their_page_and_of_their_day(daemon, hr, team, mine, his):
    stranger = dict(see(his).form("accept")["fields"])
    form = see(mine).form("accept")["fields"]
    for token in ("", "x" * 24, stranger["token"]):
        answer = requests.post(mine, data={**form, "token": token}, timeout=60)
        assert answer.status_code == 403 and "trop longtemps" in answer.text
    move_to(daemon, "2026-11-24")
    assert requests.post(mine, data=form, timeout=60).status_code == 403
    assert partstats(hr, team)["employee"] == "NEEDS-ACTION"


@pytest.mark.parametrize("fields, status", [
    ({"act": "held"}, 400), ({"act": "report"}, 400), ({"act": ""}, 400), ({"review": ""}, 400),
    ({"review": "rev_0000000000_00000000000000000000000000"}, 404)])
def test_a_page_does_only_what_is_its_own(hr, team, mine, fields, status):
    form = {**see(mine).form("accept")["fields"], **fields}
    assert requests.post(mine, data=form, timeout=60).status_code == status
    assert review_of(hr, team)["state"] == "invited"


def test_the_review_of_somebody_else_is_not_reached(hr, team, mine):
    other = hire(hr, email="other@rhone.example", manager=team["karim"])["id"]
    theirs = hr.post("/v1/reviews", {"employee": other, "type": "professional", "start": "2027-01-07T09:00:00Z",
                                     "end": "2027-01-07T10:00:00Z"}, expect=201).json()["id"]
    hr.post(f"/v1/reviews/{theirs}/invite", {}, expect=200)
    hr.put(f"/v1/reviews/{theirs}/documents/report", PDF, expect=201, headers={"Content-Type": "application/pdf"})
    form = {**see(mine).form("accept")["fields"], "review": theirs}
    assert requests.post(mine, data=form, timeout=60).status_code == 404
    see(f"{mine}/documents/{theirs}/report", 404)


# ---- preparation

def test_the_preparation_is_seen_when_it_is_handed_in(hr, team, mine, his):
    page = see(mine).send("prepare", portfolio="true", badges_url="https://badges.example/camille",
                          wishes="Devenir cheffe de projet,\r\nà Lyon <b>si possible</b>", needs="Anglais 🇬🇧")
    assert "Vous seul le voyez" in page.text
    assert "cheffe de projet" in page.form("prepare")["fields"]["wishes"]
    assert "cheffe" not in see(his).text and "Rien n'est transmis" in see(his).text
    page = page.send("prepare", hand_in="true")
    assert "transmise" in page.text
    seen = see(his)
    assert "cheffe de projet, à Lyon <b>si possible</b>" in seen.text and "https://badges.example/camille" in seen.links
    assert "Mon portfolio" in seen.text and "fiche de poste" not in seen.text
    page = page.send("prepare", wishes="Autre chose")
    assert "Autre chose" not in see(his).text and "cheffe" in see(his).text
    page.send("take_back")
    assert "cheffe" not in see(his).text
    verbs = [record["verb"] for record in hr.items("/v1/audit") if record["subject"] == team["review"]]
    assert verbs[-4:] == ["preparation.saved", "preparation.handed_in", "preparation.saved", "preparation.taken_back"]


def test_what_is_wrong_with_a_preparation_is_said_and_kept(mine):
    page = see(mine).send("prepare", wishes="Voyager", badges_url="javascript:alert(1)", portfolio="true")
    assert page.answer.status_code == 422 and "https://" in page.text
    fields = page.form("prepare")["fields"]
    assert fields["wishes"] == "Voyager" and fields["portfolio"] == "true"
    assert see(mine).form("prepare")["fields"]["wishes"] == ""


def test_the_equipment_is_asked_for_at_a_distance_only(hr, team, mine):
    assert "camera" not in see(mine).form("prepare")["names"]
    hr.patch(f"/v1/reviews/{team['review']}", {"mode": "remote", "conference_url": "https://visio.example/1"})
    page = see(mine)
    assert {"camera", "microphone", "connection"} <= page.form("prepare")["names"] and "https://visio.example/1" in page.links


# ---- from the review to the copy

def test_held_reported_and_acknowledged(daemon, hr, team, mine, his):
    assert "held" not in see(his).acts()
    move_to(daemon, "2027-01-06", "10:30:00")
    page = see(his).send("held", themes=["skills", "prospects", "training_needs", "wishes", "cpf"], information=["vae", "cep"])
    assert review_of(hr, team)["state"] == "held" and review_of(hr, team)["missing_themes"] == []
    page = page.send("report", files={"file": ("notes.txt", b"not a PDF", "application/pdf")})
    assert page.answer.status_code == 422 and "fichier PDF" in page.text
    page = page.send("report", files={"file": ("Compte rendu é.pdf", PDF, "application/pdf")}, reference="CR-1")
    assert "Le compte rendu est déposé" in page.text
    row = review_of(hr, team)
    assert row["state"] == "reported" and row["report"]["sha256"] == hashlib.sha256(PDF).hexdigest()

    page = see(mine)
    [document] = [link for link in page.links if "/documents/" in link]
    answer = requests.get(document, timeout=60)
    assert answer.content == PDF and answer.headers["Content-Disposition"].startswith("attachment")
    refused = page.send("acknowledge")
    assert refused.answer.status_code == 422 and review_of(hr, team)["state"] == "reported"
    page = page.send("acknowledge", received="true")
    row = review_of(hr, team)
    assert row["state"] == "closed" and row["copy"]["means"] == "portal" and row["copy"]["date"] == "2027-01-06"
    assert hashlib.sha256(PDF).hexdigest() in row["copy"]["proof"] and "link_" in row["copy"]["proof"]
    assert "acknowledge" not in page.acts() and "Copie remise le 6 janvier 2027" in page.text


def is_copy(mail):
    return mail["Subject"].startswith("Compte rendu disponible")


def test_each_copy_is_told_of_once(daemon, hr, box, team):
    """Whichever comes first, the document or the step; the same bytes again are no news, another version is."""
    move_to(daemon, "2027-01-06", "10:30:00")
    at = f"/v1/reviews/{team['review']}"

    def put(kind, content, expect=201):
        hr.put(f"{at}/documents/{kind}", content, expect=expect, headers={"Content-Type": "application/pdf"})

    def told():
        return [one["about"] for one in hr.items(f"/v1/deliveries?review={team['review']}&kind=copy_ready")]
    put("report", PDF)
    hr.post(at + "/hold", {"date": "2027-01-06"}, expect=200)
    assert told() == []
    hr.post(at + "/report", {"reference": "CR"}, expect=200)
    page = see(next(link for link in links_of(box.wait("camille.roche", is_copy)) if "/me/" in link))
    assert "acknowledge" in page.acts() and "votre page" in outbox.text(box.wait("camille.roche", is_copy))
    put("report", PDF, expect=200)
    put("copy", PDF)
    hr.post(at + "/report", {"reference": "CR, signé"}, expect=200)
    assert len(told()) == 1
    put("copy", PDF + b"%")
    box.wait("camille.roche", is_copy, 2)
    assert len(set(told())) == 2 and not box.mails("karim.benali", is_copy) and not box.mails("rh@", is_copy)
    see(page.url).send("acknowledge", received="true")
    put("copy", PDF + b"%%")
    assert len(told()) == 2


def test_another_version_of_the_document_is_not_acknowledged(daemon, hr, team, mine):
    move_to(daemon, "2027-01-06", "10:30:00")
    at = f"/v1/reviews/{team['review']}"
    hr.post(at + "/hold", {"date": "2027-01-06"}, expect=200)
    hr.put(at + "/documents/report", PDF, expect=201, headers={"Content-Type": "application/pdf"})
    hr.post(at + "/report", {"reference": "CR"}, expect=200)
    page = see(mine)
    hr.put(at + "/documents/copy", PDF + b"%", expect=201, headers={"Content-Type": "application/pdf"})
    assert page.send("acknowledge", received="true").answer.status_code == 412
    assert review_of(hr, team)["state"] == "reported"


def test_absent_then_another_time(daemon, hr, team, his):
    move_to(daemon, "2027-01-06", "10:30:00")
    page = see(his).send("absent", reason="malade")
    assert review_of(hr, team)["state"] == "no_show"
    start = re.search(r'name="start" value="([^"]+)"', page.answer.text)[1]
    page.send("choose", start=start)
    row = review_of(hr, team)
    assert row["state"] == "invited" and row["start"][:16] == start[:16]


def test_the_copy_by_other_means(daemon, hr, team, his):
    move_to(daemon, "2027-01-06", "10:30:00")
    page = see(his).send("held").send("report", files={"file": ("cr.pdf", PDF, "application/pdf")})
    assert page.answer.status_code == 200, page.text
    page.send("copy", means="registered_post", proof="1A 234")
    assert review_of(hr, team)["copy"] == {"date": "2027-01-06", "means": "registered_post", "proof": "1A 234"}


def test_a_time_is_chosen_by_one_click(hr):
    review = outbox.planned(hr, start=None, end=None)
    row = hr.get(f"/v1/reviews/{review}").json()
    link = holder_link(hr, row["interviewer"], review)["url"]
    [slot] = hr.get(f"/v1/reviews/{review}/slots?limit=1").json()["items"]
    page = see(f"{link}?slot={slot['start']}")
    assert page.form("choose")["fields"]["start"][:16] == slot["start"][:16]
    page.send("choose")
    row = hr.get(f"/v1/reviews/{review}").json()
    assert row["state"] == "invited" and row["start"][:16] == slot["start"][:16]


def test_the_themes_say_no_reason(daemon, hr, team, his):
    text = see(his).text
    assert "compétences et qualifications" in text and "retour" not in text.lower()
    for word in ("mi-carrière", "60 ans", "congé", "échéance"):
        assert word not in text


# ---- dates and data

def test_my_dates_and_why(hr, team, mine):
    text = see(mine).text
    assert "Au plus tard le 10 janvier 2027" in text and "L6315-1" in text and "Pourquoi" in text


def test_all_my_data(hr, team, mine, his):
    hr.post(f"/v1/employees/{team['camille']}/absences", {"type": "parental", "start": "2026-02-02", "end": "2026-03-01"}, expect=201)
    see(mine).send("prepare", wishes="Voyager")
    data = requests.get(mine + "/data", timeout=60).json()
    assert data["employee"]["family_name"] == "Roche" and data["absences"][0]["type"] == "parental"
    assert data["reviews"][0]["preparation"]["wishes"] == "Voyager" and data["duties"] and data["history"]
    assert mine.rsplit("/", 1)[1] not in str(data)
    page = see(mine + "/data?format=html")
    assert "Voyager" in page.text and "Historique" in page.text and "parental" in page.text.lower()
    see(his + "/data", 404)


# ---- hostile forms

@pytest.mark.parametrize("content, kind", [
    (b"", "multipart/form-data"), (b"x", "multipart/form-data; boundary=b"), (b"--b\r\n\r\nx\r\n--b--", "multipart/form-data; boundary=b"),
    (b"--b\r\n" * 5000, "multipart/form-data; boundary=b"), (b"act=%ff", "application/x-www-form-urlencoded"),
    (b"act=a%00b", "application/x-www-form-urlencoded"), (b"a=1&" * 70, "application/x-www-form-urlencoded"),
    (b"--b\r\nContent-Disposition: form-data; name=\"act\"\r\n\r\n" + b"x" * 20000 + b"\r\n--b--\r\n", "multipart/form-data; boundary=b"),
    (b"{}", "application/json")],
    ids=["empty", "no-parts", "no-head", "many-parts", "half-escape", "nul", "many-fields", "long-field", "json"])
def test_hostile_forms_change_nothing(hr, team, mine, content, kind):
    answer = requests.post(mine, data=content, headers={"Content-Type": kind}, timeout=60)
    assert answer.status_code in (400, 403, 415) and answer.headers["Content-Type"].startswith("text/html")
    assert review_of(hr, team)["state"] == "invited"
