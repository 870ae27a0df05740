"""The command-line client against a real daemon."""
import email
import email.policy
import json
import subprocess

import pytest

from client import Client
from command import PROGRAM, Command
from people import client_with, hire


@pytest.fixture
def ctl(daemon, hr, folder):
    """The program as HR uses it."""
    return Command(daemon.url, hr.session.headers["Authorization"].removeprefix("Bearer "), folder)


@pytest.fixture
def owner(daemon, folder):
    """The program with the first token, which may do everything."""
    return Command(daemon.url, daemon.token, folder)


# ---- without a server

def test_help_names_every_command():
    nobody = Command(None)
    told = nobody.run("help").out
    for name in ("status", "organisation set", "employee list", "duty show", "review hold", "simulate", "trace", "api",
                 "--token-file", "ENTRETIENCTL_URL", "Exit code"):
        assert name in told
    assert nobody.run("--help").out == told
    hold = nobody.run("help", "review", "hold").out
    assert hold == nobody.run("review", "hold", "--help").out
    assert hold.startswith("usage: entretienctl review hold REVIEW --date DATE [FLAG...]\n\nRecords that it took place.\n")
    assert "--themes A,B,..." in hold and "Columns: number, name," in hold
    assert "review invite" in nobody.run("help", "review").out
    assert nobody.run("--version").out.startswith("entretienctl ")


@pytest.mark.parametrize("words, said", [
    ([], "error: no command given; `entretienctl help` lists them\n"),
    (["nonsense"], "error: unknown command nonsense; `entretienctl help` lists the commands\n"),
    (["review"], "error: review: which command of it?; `entretienctl help` lists the commands\n"),
    (["review", "hold", "7"], "error: review hold needs --date; `entretienctl help review hold` says what it takes\n"),
    (["duties", "--before", "soon"],
     'error: --before: "soon" is not a date (2026-11-22); `entretienctl help duty list` says what it takes\n'),
    (["duties", "--limit", "0"], "error: --limit: expected a number from 1\n"),
    (["--url", "nowhere", "status"], 'error: "nowhere" is not the URL of a server: https://host[:port]\n'),
    (["simulate", "/nonexistent/case.json"],
     "error: cannot open /nonexistent/case.json: No such file or directory\n"),
    (["api", "GET", "v1/duties"],
     "error: PATH: expected a path like /v1/duties?state=overdue, percent-encoded\n"),
])
def test_misuse_is_told_in_one_line(words, said):
    assert Command("http://127.0.0.1:9").fail(*words, code=2) == said


def test_nobody_answers():
    said = Command("http://127.0.0.1:9", "ent_x").fail("duties", code=3)
    assert said.startswith("error: http://127.0.0.1:9: ") and said.count("\n") == 1


# ---- who asks

def test_settings_come_from_a_file(daemon, hr, folder):
    token = hr.session.headers["Authorization"].removeprefix("Bearer ")
    settings = folder / ".config" / "entretienctl.conf"
    settings.parent.mkdir()
    settings.write_text(f"# mine\nurl = {daemon.url}/\ntoken = \"{token}\"\n")
    settings.chmod(0o600)
    assert "Ateliers du Rhône" in Command(None, home=folder).run("status").out
    settings.chmod(0o644)
    said = Command(None, home=folder).fail("status", code=2)
    assert said == f"error: {settings} may be read or written by everyone (chmod o-rw)\n"
    secret = folder / "token"
    secret.write_text(token + "\n")
    secret.chmod(0o400)
    assert Command(daemon.url).run("--token-file", str(secret), "organisations").rows[0][1] == "Ateliers du Rhône"


def test_without_a_token(daemon):
    said = Command(daemon.url).fail("duties")
    assert said.startswith("error: ") and "no token was sent: use --token-file" in said
    assert "Bearer" not in Command(daemon.url, "ent_wrong").fail("duties")


def test_status(ctl, daemon):
    shown = dict(ctl.run("status").rows)
    assert shown["server"] == daemon.url
    assert (shown["status"], shown["time"]) == ("ready", "2026-11-23T08:00:00Z")
    assert shown["organisation"].startswith("Ateliers du Rhône (org_")
    assert "2026-11-23 09:00" in ctl.on_terminal("status")  # the time in Paris
    assert json.loads(ctl.run("status", "--json").out)["status"] == "ok"


def test_tokens(owner, daemon, organisation):
    made = owner.run("token", "create", "--organisation", organisation, "--scope", "hr,read", "--scope", "audit",
                     "--label", "paie", "--expires", "2027-01-01T00:00", "--json")
    body = json.loads(made.out)
    assert body["scopes"] == ["hr", "read", "audit"] and body["expires_at"] == "2026-12-31T23:00:00Z"
    user = Command(daemon.url, body["token"])
    assert user.run("organisations", "--field", "id").out == organisation + "\n"
    assert [row[:3] for row in owner.run("tokens", "--organisation", organisation).rows if row[0] == body["id"]] \
        == [[body["id"], "paie", "hr, read, audit"]]
    bare = owner.run("token", "create", "--organisation", "Ateliers du Rhone", "--scope", "read", "--field", "token").out
    assert bare.startswith("ent_") and bare.count("\n") == 1
    assert owner.run("token", "revoke", body["id"]).out == ""
    assert user.fail("employees").startswith("error: ")
    said = owner.fail("token", "create", "--scope", "king")
    assert "\n  --scope: expected some of admin" in said


def test_a_token_for_several_organisations(owner, admin, organisation):
    owner.run("employee", "create", "7", "Ada", "Byron", "--hired", "2024-03-01")  # there is only one
    admin.post("/v1/organisations", {"name": "Autre", "siren": "552100554"}, expect=201)
    said = owner.fail("employees")
    assert "  --organisation: the token sees several organisations" in said
    for name in (organisation, "732829320", "ateliers du rhone"):
        assert owner.run("employees", "--organisation", name).rows[0][:2] == ["7", "Byron"]
    assert owner.run("--organisation", "552100554", "employees").rows == []
    assert owner.fail("--organisation", "Personne", "employees") == "error: no organisation is called Personne\n"
    owner.environment["ENTRETIENCTL_ORGANISATION"] = "Autre"
    assert owner.run("organisation", "show", "--field", "name").out == "Autre\n"


# ---- organisations and people

def test_organisations(owner):
    made = owner.run("organisation", "create", "Filature", "--siren", "552 100 554", code=1)
    assert "--siren: " in made.said
    owner.run("organisation", "create", "Filature", "--siren", "552100554", "--organiser-name", "RH", "--organiser",
              "rh@filature.example", "--headcounts", '[{"year": 2025, "average": 61}]', "--notice-days", "15")
    shown = dict(owner.run("organisation", "show").rows)
    assert (shown["organiser.email"], shown["policies.notice_days"], shown["headcounts.1.average"]) \
        == ("rh@filature.example", "15", "61")
    assert owner.run("organisation", "set", "deliveries", "held", "--zone", "Europe/Brussels").rows[0][3:] \
        == ["Europe/Brussels", "held"]
    assert owner.run("deliveries", "live", "--field", "deliveries").out == "live\n"
    assert "  --deliveries: expected one of" in owner.fail("organisation", "set", "deliveries", "later")
    assert "nothing to set is given" in owner.fail("organisation", "set", code=2)


def test_employees(ctl, hr, folder):
    ctl.run("employee", "create", "1041", "Zoé", "d'Aubigné", "--hired", "15/03/2020", "--email", "zoe@rhone.example")
    row = ctl.run("employee", "create", "1042", "小龙", "李", "--hired", "2025-03-15", "--manager", "1041").rows[0]
    assert row == ["1042", "李", "小龙", "", "1041", "", "", "2025-03-15", ""]
    assert [row[0] for row in ctl.run("employees").rows] == ["1041", "1042"]
    assert [row[0] for row in ctl.run("employees", "--q", "D'AUBIGNE").rows] == ["1041"]
    assert [row[0] for row in ctl.run("employees", "--manager", "1041").rows] == ["1042"]
    more = folder / "more.json"
    more.write_text('{"external_ids": {"paie": "x"}, "email": "ignored@rhone.example"}')
    ctl.run("employee", "set", "1042", "email", "li@rhone.example", "--left", "2026-12-31", "--body", str(more))
    shown = dict(ctl.run("employee", "show", "1042").rows)
    assert (shown["email"], shown["exit_date"], shown["external_ids.paie"]) == ("li@rhone.example", "2026-12-31", "x")
    ctl.run("employee", "set", "1042", "left", "-", "manager", "-")
    assert "exit_date" not in dict(ctl.run("employee", "show", "1042").rows)
    assert ctl.fail("employee", "show", "9") == "error: there is no employee with the number 9\n"
    assert "  --manager: an employee cannot report to themselves" in ctl.fail("employee", "set", "1041", "manager", "1041")
    assert "  NUMBER: " in ctl.fail("employee", "create", "1041", "A", "B", "--hired", "2024-01-01")
    ctl.run("employee", "delete", "1042")
    assert json.loads(ctl.run("employees", "--json").out)["items"] == hr.items("/v1/employees")


def test_facts(ctl, hr):
    hire(hr, number="7", hire_date="2020-03-15", birth_date="1981-04-02")
    fact = ctl.run("absence", "add", "7", "parental", "--start", "2025-01-06", "--end", "06/01/2026", "--field", "id").out.strip()
    assert ctl.run("absences", "7").rows == [[fact, "parental", "2025-01-06", "2026-01-06", "", ""]]
    row = ctl.run("absence", "set", "7", fact, "end", "2026-01-09", "reason", "typo").rows[0]
    assert row[3] == "2026-01-09"
    ctl.run("visit", "add", "7", "2026-05-04")
    assert ctl.run("visits", "7", "--field", "date").out == "2026-05-04\n"
    ctl.run("progression", "add", "7", "pay", "2024-01-01", "--description", "+3 %")
    assert ctl.run("progression", "list", "7").rows[0][1:4] == ["2024-01-01", "pay", "+3 %"]
    assert "midcareer" in [row[0] for row in ctl.run("duty", "show", "7").rows]
    ctl.run("absence", "withdraw", "7", ctl.run("absences", "7", "--field", "id").out.strip(), "--reason", "never was")
    assert ctl.run("absences", "7").rows == []
    assert "  TYPE: " in ctl.fail("absence", "add", "7", "holiday", "--start", "2025-01-06")


# ---- duties

def test_duties(ctl, hr):
    boss = hire(hr, number="1", hire_date="2026-09-01")
    hire(hr, number="7", hire_date="2020-03-15", manager=boss["id"], given_name="李", family_name="小龙")
    rows = ctl.run("duties", "--overdue").rows
    assert rows == [["7", "李 小龙", "first", "2022-03-15", "2022-03-15", "overdue", "", "R1.FIRST", "L6315-1"]]
    assert ctl.run("duties", "--state", "overdue", "--manager", "1").rows == rows
    assert len(ctl.run("duties", "7").rows) == 2
    assert ctl.run("duties", "7", "--kind", "recap", "--before", "31/12/2028", "--field", "due").out == "2028-03-15\n"
    assert len(ctl.run("duties", "--limit", "3").rows) == 3
    assert "  --state: expected a state of a duty" in ctl.fail("duties", "--state", "late")
    shown = ctl.run("duty", "show", "7", "--lang", "en").rows
    assert shown[0][0] == "first" and shown[0][-1].startswith("two years after")
    assert ctl.run("duty", "show", "7", "--as-of", "2021-01-01", "--known-on", "2026-11-23").rows[0][4] == "upcoming"
    assert "nothing was known of the person then" in ctl.run("duty", "show", "7", "--as-of", "2021-01-01").said
    assert "missing: birth_date" in ctl.run("duty", "show", "7").said
    whole = json.loads(ctl.run("duty", "show", "7", "--json").out)
    assert whole["items"][0]["rule"] == "R1.FIRST"


def test_a_table_on_a_terminal(ctl, hr):
    hire(hr, number="7", hire_date="2020-03-15", given_name="李", family_name="小龙")
    assert ctl.on_terminal("duties", width=100) == (
        "number  name     kind   due         limit       state     rule      article\n"
        "7       李 小龙  first  2022-03-15  2022-03-15  overdue   R1.FIRST  L6315-1\n"
        "7       李 小龙  recap  2028-03-15  2029-03-14  upcoming  R2.RECAP  L6315-1\n")
    assert ctl.on_terminal("duties", "--overdue", width=40) == (
        "number  name     kind   due\n"
        "7       李 小龙  first  2022-03-15\n")
    told = ctl.on_terminal("duty", "show", "7", "--lang", "en", width=60)
    assert "\n    two years after " in told
    assert ctl.on_terminal("reviews") == "no reviews\n"
    shown = ctl.on_terminal("duties", "--json", "--limit", "1")
    assert json.loads(shown)["items"][0]["rule"] == "R1.FIRST" and '\n    "id": ' in shown


def test_lists_have_as_many_pages_as_it_takes(ctl):
    people = "".join(f"{number};Nom;Prénom;01/09/2026\n" for number in range(1, 1003))
    ctl.run("import", "employees", "-", text="matricule;nom;prénom;date d'entrée\n" + people)
    numbers = ctl.run("employees", "--field", "number").out.split()
    assert sorted(map(int, numbers)) == list(range(1, 1003))
    assert len(json.loads(ctl.run("employees", "--json").out)["items"]) == 1002
    assert len(ctl.run("employees", "--limit", "501").rows) == 501
    assert len(json.loads(ctl.run("employees", "--json", "--limit", "501").out)["items"]) == 501
    assert ctl.on_terminal("employees").count("\n") == 1003


def test_simulations(ctl, folder):
    case = {"as_of": "2026-11-22", "employee": {"hire_date": "2020-03-15"}, "reviews": []}
    path = folder / "case.json"
    path.write_text(json.dumps(case))
    rows = ctl.run("simulate", str(path), "--lang", "en").rows
    assert rows[0][:5] == ["first", "2022-03-15", "2022-03-15", "", "overdue"]
    assert rows[0][-1].startswith("two years after")
    assert json.loads(ctl.run("simulate", "-", "--json", text=json.dumps(case)).out)["duties"][0]["rule"] == "R1.FIRST"
    path.write_text(json.dumps([case, {"as_of": "never"}]))
    several = ctl.run("simulate", str(path), code=1)
    assert several.out.startswith("case 1\nfirst\t")
    assert "error: case 2: /as_of: " in several.said
    path.write_text("{")
    assert ctl.fail("simulate", str(path)).startswith("error: ")


# ---- reviews

@pytest.fixture
def team(hr):
    boss = hire(hr, number="1", given_name="Grace", family_name="Hopper", email="grace@rhone.example", hire_date="2015-01-05")
    return hire(hr, number="7", email="ada@rhone.example", hire_date="2020-03-15", manager=boss["id"])


def test_a_review_from_plan_to_proof(ctl, team):
    row = ctl.run("review", "plan", "7", "--start", "2026-12-14 09:30", "--duration", "1h30", "--mode", "remote",
                  "--conference-url", "https://visio.rhone.example/7").rows[0]
    assert row[:8] == ["7", "Ada Byron", "professional", "", "draft", "2026-12-14T08:30:00Z", "", "1"]
    review = row[-1]
    assert ctl.run("review", "invite", "7").rows[0][4] == "invited"
    assert dict(ctl.run("review", "show", "7").rows)["attendees.1.name"] == "Ada Byron"
    assert ctl.run("review", "set", "7", "--start", "2026-12-15T09:30:00+01:00", "--duration", "60",
                   "--field", "end").out == "2026-12-15T09:30:00Z\n"
    assert "warning: " in ctl.run("review", "hold", review, "--date", "20/11/2026", "--themes", "skills,cpf").said
    assert ctl.fail("review", "cancel", "7").startswith("error: ")
    assert ctl.run("review", "report", "7", "CR-2026-7").rows[0][8] == "CR-2026-7"
    row = ctl.run("review", "copy", "7", "--date", "2026-11-21", "--means", "email").rows[0]
    assert row[4] == "closed" and row[9] == "2026-11-21"
    assert ctl.fail("review", "show", "7") == "error: employee 7 has no review under way\n"
    assert ctl.run("reviews", "7", "--state", "closed", "--field", "id").out == review + "\n"
    assert ctl.run("duties", "--state", "held_late", "--field", "kind").out == "first\n"
    on_terminal = ctl.on_terminal("review", "list")
    assert "2026-12-15 09:30" in on_terminal and "Ada Byron" in on_terminal


def test_several_reviews_under_way(ctl, team):
    first = ctl.run("review", "plan", "7", "--field", "id").out.strip()
    second = ctl.run("review", "plan", "7", "--type", "annual", "--field", "id").out.strip()
    said = ctl.fail("review", "cancel", "7", code=2)
    assert said.startswith("error: employee 7 has several reviews under way: give the id of one\n")
    assert f"  {first} professional draft\n" in said and f"  {second} annual draft\n" in said
    ctl.run("review", "cancel", second, "--reason", "by mistake")
    assert ctl.run("review", "show", "7", "--field", "id").out == first + "\n"


def test_refusals_name_the_flag(ctl, team):
    said = ctl.fail("review", "plan", "7", "--start", "2026-12-13 09:30", "--duration", "60")
    assert "  --start: " in said  # a Sunday
    review = ctl.run("review", "plan", "7", "--field", "id").out.strip()
    assert "  --date: " in ctl.fail("review", "hold", review, "--date", "2027-01-01")
    assert "  --themes/0: " in ctl.fail("review", "hold", review, "--date", "2026-11-20", "--themes", "salary")


def test_documents(ctl, team, folder):
    ctl.run("review", "plan", "7", "--held", "2026-11-20", "--report", "CR-1", "--themes", "skills")
    pdf = folder / "report.pdf"
    pdf.write_bytes(b"%PDF-1.7\n\x00\xff binary\n%%EOF\n")
    assert dict(ctl.run("review", "keep", "7", "report", str(pdf)).rows)["kind"] == "report"
    copy = folder / "copy.pdf"
    assert ctl.run("review", "fetch", "7", "report", "-o", str(copy)).out == ""
    assert copy.read_bytes() == pdf.read_bytes()
    pdf.write_bytes(b"not a PDF")
    assert ctl.fail("review", "keep", "7", "report", str(pdf)).startswith("error: ")
    assert ctl.fail("review", "fetch", "7", "refusal").startswith("error: ")


# ---- what comes out of reviews

def test_needs_and_actions(ctl, team):
    need = ctl.run("need", "add", "7", "Parler anglais", "--priority", "high", "--competency", "B2").rows[0]
    assert need[1:6] == ["7", "Ada Byron", "Parler anglais", "high", "open"]
    action = ctl.run("action", "add", "7", "2027", "Anglais B2", "--need", need[0], "--planned", "35h", "--teaching", "1 500,50",
                     "--wages", "200", "--provider", "Lingua", "--json")
    body = json.loads(action.out)
    assert (body["minutes_planned"], body["cost"]["teaching"], body["cost"]["wages"], body["provider"]["name"]) \
        == (2100, 150050, 20000, "Lingua")
    assert ctl.run("needs", "7").rows[0][5:7] == ["planned", "1"]
    assert ctl.run("action", "set", body["id"], "state", "approved").rows[0][7] == "approved"
    assert ctl.run("actions", "--year", "2027", "--state", "approved", "--field", "title").out == "Anglais B2\n"
    assert ctl.fail("action", "set", body["id"], "state", "done").startswith("error: ")
    assert ctl.run("need", "set", need[0], "title", "Anglais").rows[0][3] == "Anglais"


def test_the_trace(ctl, team, folder):
    ctl.run("need", "add", "7", "Parler anglais")
    rows = ctl.run("trace", "7").rows
    assert rows[0][4] == "employee.created" and rows[-1][4] == "need.created"
    page = folder / "trace.html"
    assert ctl.run("trace", "7", "--html", "-o", str(page)).out == ""
    assert page.read_text().lower().startswith("<!doctype html>")
    assert ctl.run("trace", "7", "--html").out == page.read_text()


def test_the_audit_chain(ctl, team):
    assert dict(ctl.run("audit", "verify").rows)["valid"] == "yes"
    newest = ctl.run("audit", "list", "--newest", "--limit", "1").rows[0]
    assert dict(ctl.run("audit", "head").rows)["seq"] == newest[0]


# ---- platforms and calendars

def test_sources_and_completions(ctl, daemon, team, folder):
    anybody = Client(daemon)
    body = folder / "source.json"
    body.write_text(json.dumps({
        "signature": {"family": "header", "header": "X-Secret"},
        "mapping": {"event_id": "/id", "user": {"number": "/number"}, "course": {"code": "/course", "title": "/title"},
                    "occurred": {"at": "/at", "format": "iso"}, "always": True}}))
    made = ctl.run("source", "create", "generic", "LMS", "--body", str(body), "--json")
    source = json.loads(made.out)
    assert source["secret"] and ctl.run("sources").rows[0][:3] == [source["id"], "generic", "LMS"]
    post = folder / "post.json"
    for number, event in (("7", "a"), ("99", "b")):
        post.write_text(json.dumps({"id": event, "number": number, "course": "ANG", "title": "Anglais", "at": "2026-11-20T10:00:00Z"}))
        ctl.run("source", "test", source["id"], str(post))
        anybody.post(source["hook_url"], expect=200, data=post.read_bytes(),
                     headers={"X-Secret": source["secret"], "Content-Type": "application/json"})
    lost = ctl.run("completions", "--quarantined").rows
    assert len(lost) == 1 and lost[0][2:5] == ["quarantined", "unknown_person", ""]
    assert ctl.run("completion", "assign", lost[0][0], "7", "--alias").rows[0][4:6] == ["7", "Ada Byron"]
    assert ctl.run("completions", "7", "--field", "state").out == "completed\ncompleted\n"
    assert ctl.run("source", "set", source["id"], "paused", "yes").rows[0][3] == "yes"


def test_feeds(ctl, team, hr):
    made = json.loads(ctl.run("feed", "create", "employee", "7", "--label", "téléphone", "--json").out)
    assert made["url"].endswith(".ics") and hr.get(made["url"]).text.startswith("BEGIN:VCALENDAR")
    assert ctl.run("feeds").rows[0][1:5] == ["employee", "7", "Ada Byron", "téléphone"]
    ctl.run("feed", "revoke", made["id"])
    assert ctl.run("feeds", "--field", "revoked_at").out.startswith("2026-11-23")


# ---- imports

PEOPLE = """matricule;nom;prénom;courriel;responsable;date d'entrée
1;Hopper;Grace;grace@rhone.example;;05/01/2015
7;Byron;Ada;ada@rhone.example;1;15/03/2020
"""


def test_imports(ctl, folder):
    path = folder / "employees.csv"
    path.write_text(PEOPLE, encoding="cp1252")
    counts = dict(ctl.run("import", str(path), "--dry-run").rows)
    assert (counts["total"], counts["created"]) == ("2", "2")
    assert ctl.run("employees").rows == []
    assert dict(ctl.run("import", "employees", str(path)).rows)["created"] == "2"
    assert dict(ctl.run("import", "employees", "-", text=PEOPLE).rows)["unchanged"] == "2"
    assert [row[0] for row in ctl.run("employees").rows] == ["7", "1"]
    first = ctl.run("imports", "--field", "id").out.split()[-1]
    assert dict(ctl.run("import", "show", first).rows)["state"] == "checked"
    body = json.loads(ctl.run("import", str(path), "--json").out)
    assert (body["state"], body["unchanged"]) == ("done", 2)


def test_lines_that_are_refused(ctl, folder):
    path = folder / "people.csv"
    path.write_text(PEOPLE + "8;Curie;Marie;not an address;;32/01/2020\n")
    done = ctl.run("import", "employees", str(path), code=1)
    assert done.said.startswith("error: the file is refused, nothing of it was applied\n  line 4, courriel: ")
    assert "\n  line 4, date d'entrée: " in done.said
    assert dict(done.rows)["refused"] == "1"
    assert ctl.run("employees").rows == []
    done = ctl.run("import", "employees", str(path), "--dry-run", code=1)
    assert done.said.startswith("error: the file would be refused\n  line 4, courriel: ")
    done = ctl.run("import", "employees", str(path), "--partial")
    assert done.said.startswith("lines refused, the others were applied:\n  line 4, courriel: ")
    assert dict(done.rows)["created"] == "2"
    path.write_bytes(b"\x00\x01\x02")
    assert ctl.run("import", "employees", str(path), code=1).said.startswith("error: ")
    assert "there are no imports of the kind people" in ctl.fail("import", str(path))
    assert "import needs KIND and FILE" in ctl.fail("import", "employees", code=2)


def test_progress_of_an_import(ctl, folder):
    lines = [f"{number};Nom{number};Prénom;;;15/03/2020" for number in range(3000)]
    path = folder / "employees.csv"
    path.write_text("matricule;nom;prénom;courriel;responsable;date d'entrée\n" + "\n".join(lines) + "\n")
    shown = ctl.on_terminal("import", str(path))
    assert "] " in shown and " of 3000 lines" in shown and "\ncreated    3000\n" in shown


# ---- deliveries

def test_deliveries(ctl, team, folder):
    ctl.run("deliveries", "hold")
    ctl.run("review", "plan", "7", "--start", "2027-01-14T09:30", "--duration", "60")
    ctl.run("review", "invite", "7")
    held = ctl.run("deliveries", "preview", "7").rows
    assert sorted(row[3] for row in held) == ["ada@rhone.example", "grace@rhone.example"]
    assert {(row[1], row[2]) for row in held} == {("held", "invitation")}
    eml = folder / "held.eml"
    ctl.run("delivery", "message", held[0][0], "-o", str(eml))
    message = email.message_from_bytes(eml.read_bytes(), policy=email.policy.default)
    assert message["To"].addresses[0].addr_spec == held[0][3] and message["Subject"] == held[0][4]
    assert "text/calendar" in [part.get_content_type() for part in message.walk()]
    assert ctl.run("delivery", "retry", held[0][0]).rows[0][1] == "queued"
    ctl.run("deliveries", "live")
    assert ctl.run("deliveries", "preview").rows == []
    assert {row[1] for row in ctl.run("deliveries", "--review", "7").rows} == {"queued"}
    assert dict(ctl.run("delivery", "show", held[0][0]).rows)["method"] == "REQUEST"


def test_free_times(ctl, team):
    ctl.run("review", "plan", "7")
    rows = ctl.run("review", "slots", "7", "--from", "2026-12-14", "--to", "2026-12-18", "--duration", "1h", "--count", "3").rows
    assert len(rows) == 3 and rows[0][0].startswith("2026-12-14T08:00")


# ---- any request

def test_any_request(ctl, hr, folder):
    assert json.loads(ctl.run("api", "GET", "/v1/employees?limit=1").out) == {"items": []}
    made = json.loads(ctl.run("api", "POST", "/v1/employees", json.dumps(
        {"number": "7", "given_name": "Ada", "family_name": "Byron", "hire_date": "2024-03-01"})).out)
    path = folder / "patch.json"
    path.write_text('{"email": "ada@rhone.example"}')
    ctl.run("api", "PATCH", f"/v1/employees/{made['id']}", f"@{path}")
    assert hr.get(f"/v1/employees/{made['id']}").json()["email"] == "ada@rhone.example"
    ctl.run("api", "PATCH", f"/v1/employees/{made['id']}", "-", text='{"email": null}')
    assert ctl.run("api", "DELETE", f"/v1/employees/{made['id']}").out == ""
    assert ctl.fail("api", "GET", "/nothing").startswith("error: ")
    assert "application/json" in ctl.fail("api", "POST", "/v1/employees", "a;b", "--type", "text/csv")
    assert ctl.fail("api", "TRACE", "/", code=2) == "error: METHOD: expected GET, HEAD, POST, PUT, PATCH or DELETE\n"


def test_a_reader_that_has_seen_enough(ctl, hr):
    for number in range(20):
        hire(hr, number=str(number))
    with subprocess.Popen([PROGRAM, "employees"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=ctl.environment) as process:
        process.stdout.close()
        said = process.stderr.read()
    assert said == b""


def test_a_token_that_may_only_read(admin, organisation, daemon, team):
    reader = client_with(admin, organisation, "read")
    ctl = Command(daemon.url, reader.session.headers["Authorization"].removeprefix("Bearer "))
    assert len(ctl.run("employees").rows) == 2
    assert ctl.fail("employee", "delete", "7").startswith("error: ")


# ---- the tables of the program and the server's own description

def members(description, schema):
    """Pointers of what a schema holds, objects within and the first of each list included."""
    if "$ref" in schema:
        schema = description["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    for part in schema.get("oneOf", schema.get("anyOf", [])):
        yield from members(description, part)
    for name, member in schema.get("properties", {}).items():
        yield f"/{name}"
        yield from (f"/{name}{rest}" for rest in members(description, member))
    if "items" in schema:
        yield from (f"/0{rest}" for rest in members(description, schema["items"]))


def operation_of(description, command):
    method, path = command["request"].split(" ")
    path = path.replace("{organisation}", "{id}")
    assert path in description["paths"], f"{command['name']}: the server has no {path}"
    assert method.lower() in description["paths"][path], f"{command['name']}: the server takes no {method} of {path}"
    return description["paths"][path][method.lower()]


# A handful by nature: the best few, or what the program brings along.
UNPAGED = {"completion proposals", "letter list"}


def test_every_command_asks_for_what_there_is(admin):
    description = admin.get("/openapi.json").json()
    commands = json.loads(Command(None).run("help", "--json").out)
    assert len(commands) > 60
    for command in (command for command in commands if command["request"]):
        operation = operation_of(description, command)
        queries = {parameter["name"] for parameter in operation.get("parameters", []) if parameter["in"] == "query"}
        for parameter in command["parameters"]:
            where = f"{command['name']} {parameter['name']}"
            assert parameter["in"] != "query" or parameter["to"] in queries, where
        if command["list"] and command["name"] not in UNPAGED:
            assert {"limit", "cursor"} <= queries, command["name"]


def shown(description, command):
    """The schema of what a command shows, of each item when it is a list."""
    operation = operation_of(description, command)
    success = next(answer for status, answer in operation["responses"].items() if status.startswith("2"))
    schema = success.get("content", {}).get("application/json", {}).get("schema", {})
    return schema.get("properties", {}).get("items", {}).get("items", schema)


def test_every_column_is_a_member(admin):
    description = admin.get("/openapi.json").json()
    looked_at = 0
    for command in json.loads(Command(None).run("help", "--json").out):
        if command["request"] and command["columns"]:
            pointers = set(members(description, shown(description, command)))
            missing = [column for column in command["columns"] if column not in pointers]
            assert not missing, f"{command['name']}: {missing}"
            looked_at += 1
    assert looked_at > 40
