"""The meetings to come: the whole staff as a stream, in sums and rows, JSON and CSV."""
import csv
import io
import socket

import pytest

from client import Client, problem
from command import Command
from patience import wait_for
from people import hire, manager_client, move_to


@pytest.fixture
def company(hr):
    """A manager with three people, one of them on leave, and one who belongs to no team."""
    boss = hire(hr, number="B1", family_name="Curie", given_name="Irène", hire_date="2026-02-02", birth_date="1980-01-15",
                establishment="Lyon")["id"]
    team = {"manager": boss, "birth_date": "1990-05-05", "establishment": "Lyon"}
    hire(hr, number="T1", family_name="=HYPERLINK(\"x\")", hire_date="2026-01-10", **team)
    late = hire(hr, number="T2", hire_date="2020-03-15", **team)["id"]
    hr.post("/v1/reviews", {"employee": late, "type": "professional", "held": "2024-03-08"}, expect=201)
    away = hire(hr, number="T3", hire_date="2026-03-12", **team)["id"]
    hr.post(f"/v1/employees/{away}/absences", {"type": "maternity", "start": "2027-02-01", "end": "2027-06-30"},
            expect=201)
    hire(hr, number="X1", hire_date="2026-10-01", establishment="Paris")
    return boss


def months(sums):
    return {month["month"]: month["kinds"] for month in sums["months"] if month["kinds"]}


def table(answer, delimiter=";"):
    text = answer.content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter))


def test_months_of_the_whole_and_of_each_team(hr, company):
    answer = hr.get("/v1/forecast?from=2026-11-01&to=2028-12-31&by=manager").json()
    assert (answer["as_of"], answer["from"], answer["to"]) == ("2026-11-23", "2026-11-01", "2028-12-31")
    assert len(answer["total"]["months"]) == 26
    team = next(group for group in answer["groups"] if group["manager"] == company)
    assert (team["manager_number"], team["manager_name"], team["people"]) == ("B1", "Irène Curie", 3)
    # T2: the recap opens a week after the periodic review is due, so there are two meetings.
    assert months(team) == {"2027-01": {"first": 1}, "2027-07": {"first": 1, "return": 1},
                            "2028-03": {"periodic": 1, "recap": 1}}
    march = next(month for month in team["months"] if month["month"] == "2028-03")
    assert (march["meetings"], march["conflicts"], march["joint"]) == (2, 2, 0)
    july = next(month for month in team["months"] if month["month"] == "2027-07")
    assert (july["meetings"], july["joint"]) == (1, 0)
    others = next(group for group in answer["groups"] if group["manager"] is None)
    assert others["people"] == 2 and others["missing"] == 1
    whole = months(answer["total"])
    for month in set(months(team)) | set(months(others)):
        for kind, number in whole[month].items():
            assert number == months(team).get(month, {}).get(kind, 0) + months(others).get(month, {}).get(kind, 0)
    sites = hr.get("/v1/forecast?by=establishment").json()["groups"]
    assert [(site["establishment"], site["people"]) for site in sites] == [("Lyon", 3), ("Paris", 1)]


def test_rows_as_spreadsheets_want_them(hr, company):
    answer = hr.get("/v1/forecast?to=2028-12-31&rows=meetings&format=csv")
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="forecast-2026-11-23.csv"'
    assert answer.content.startswith(b"\xef\xbb\xbfmatricule;nom;")
    rows = {row["matricule"]: row for row in table(answer)}
    assert rows["T1"]["nom"].startswith("'=HYPERLINK") and rows["T1"]["date"] == "2027-01-09"
    assert (rows["T3"]["date"], rows["T3"]["échéance"], rows["T3"]["responsable"]) == ("2027-07-01", "2027-03-11", "B1")
    english = hr.get("/v1/forecast?rows=meetings&lang=en", headers={"Accept": "text/csv"})
    assert english.content.startswith(b"number,family_name,") and table(english, ",")[0]["joint"] in ("yes", "no")
    items = hr.get("/v1/forecast?to=2028-12-31&rows=meetings").json()["items"]
    assert len(items) == len(table(answer))
    sums = table(hr.get("/v1/forecast?format=csv&by=manager&bom=false"))
    assert sums[-1]["responsable"] == "total" and "Irène Curie" in {row["responsable"] for row in sums}


def test_who_may_see_what(hr, admin, organisation, company):
    manager = manager_client(admin, organisation, company)
    rows = manager.get("/v1/forecast?rows=meetings&to=2030-01-01").json()["items"]
    assert {row["number"] for row in rows} == {"T1", "T2", "T3"}
    assert manager.get("/v1/forecast").json()["total"]["people"] == 2
    other = hr.get("/v1/employees?number=X1").json()["items"][0]["id"]
    assert {row["number"] for row in manager.get(f"/v1/forecast?rows=meetings&manager={other}").json()["items"]} <= {
        "T1", "T2", "T3"}
    problem(manager.get("/v1/forecast?by=manager", expect=422), 422, "/by")


@pytest.mark.parametrize("query, pointer", [
    ("from=2026-10-31", "/from"), ("from=2027-01-01&to=2026-12-31", "/to"), ("to=2036-11-24", "/to"),
    ("from=soon", "/from"), ("by=age", "/by"), ("rows=meetings&by=manager", "/by"), ("format=xml", "/format"),
    ("delimiter=tab", "/delimiter")])
def test_what_is_refused(hr, query, pointer):
    problem(hr.get(f"/v1/forecast?{query}", expect=422), 422, pointer)


def test_a_stream_that_is_read_slowly_left_or_only_asked_about(daemon, admin, hr):
    lines = "".join(f"{number};Ada;Byron {number};12/01/2026;05/05/1990\n" for number in range(150))
    hr.post("/v1/imports/employees?wait=120", expect=201, headers={"Content-Type": "text/csv"},
            data=("matricule;prénom;nom;date d'entrée;date de naissance\n" + lines).encode())
    path = "/v1/forecast?to=2036-11-23&rows=meetings&format=csv"
    whole = hr.get(path)
    assert whole.headers["Transfer-Encoding"] == "chunked"
    assert len({row["matricule"] for row in table(whole)}) == 150
    token = hr.session.headers["Authorization"]
    asked = f"GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: {token}\r\nConnection: close\r\n\r\n".encode()
    with socket.create_connection(("127.0.0.1", daemon.port)) as slow:
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        slow.sendall(asked)
        first = slow.recv(2048)
        # Nothing waits for the slow reader: people are hired, and others read.
        move_to(daemon, "2026-11-23", "08:01:00")
        hire(hr, number="meanwhile")
        assert len(table(hr.get(path))) >= len(table(whole))
        rest = b""
        while piece := slow.recv(65536):
            rest += piece
    assert (first + rest).endswith(b"0\r\n\r\n") and b"meanwhile" not in rest, "facts are those of the beginning"
    for _ in range(3):
        with socket.create_connection(("127.0.0.1", daemon.port)) as impatient:
            impatient.sendall(asked)
    assert hr.request("HEAD", path, 200).content == b""
    wait_for("the end of what nobody reads", lambda: "entretiend_http_in_flight 1\n" in admin.get("/metrics").text)


def test_the_command_line_shows_it(daemon, hr, folder, company):
    ctl = Command(daemon.url, hr.session.headers["Authorization"].removeprefix("Bearer "), folder)
    rows = ctl.run("forecast", "--to", "2028-12-31").rows
    assert len(rows) == 26 and any(row[:2] == ["2028-03", "2"] for row in rows)
    shown = ctl.on_terminal("forecast", width=140)
    assert shown.splitlines()[1].split()[:3] == ["month", "meetings", "first"] and "date is missing about 1" in shown
    teams = ctl.run("forecast", "--by", "manager", "--to", "2028-12-31").rows
    assert ["B1", "Irène Curie"] in [row[:2] for row in teams]
    meetings = ctl.run("forecast", "--meetings", "--to", "2028-12-31").rows
    assert {row[0] for row in meetings} >= {"T1", "T2", "T3"}
    assert ctl.run("forecast", "--csv").out == hr.get("/v1/forecast?format=csv").content.decode().replace("\r\n", "\n")
    saved = folder / "forecast.csv"
    ctl.run("forecast", "--csv", "--output", str(saved))
    assert saved.read_bytes() == hr.get("/v1/forecast?format=csv").content
    assert '"total"' in ctl.run("forecast", "--json").out
    Client(daemon).get("/v1/forecast", expect=401)
