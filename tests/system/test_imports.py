"""Imports of CSV files: what a person in HR sees who uploads what a spreadsheet exported."""
import pytest

from client import Client, problem
from daemon import TOP

STAFF = """matricule;prénom;nom;courriel;responsable;date d'entrée;date de naissance;contrat
2;Ada;Byron;ada@rhone.example;1;12/01/2026;09/04/1998;cdi
1;Grace;Hopper;grace@rhone.example;;04/03/2019;;CDI
3;Katherine;Johnson;katherine@rhone.example;grace@rhone.example;01/09/2020;26/08/1988;intérim
"""


@pytest.fixture
def upload(hr):
    """Uploads a file and returns the answer's body."""
    def send(kind, text, expect=201, query="", **options):
        content = text if isinstance(text, bytes) else text.encode()
        return hr.post(f"/v1/imports/{kind}?wait=60{query}", expect=expect, data=content,
                       headers={"Content-Type": "text/csv"}, **options).json()
    return send


def counts(result, *names):
    return tuple(result[name] for name in names or ("created", "updated", "unchanged", "refused"))


def refusals(result):
    return [(refusal["line"], refusal["column"]) for refusal in result["refusals"]]


def person(hr, number):
    return next(one for one in hr.items("/v1/employees") if one["number"] == number)


def test_a_staff_comes_in_and_again_changes_nothing(hr, upload):
    result = upload("employees", STAFF)
    assert result["state"] == "done" and counts(result) == (3, 0, 0, 0) and result["total"] == 3
    ada, grace = person(hr, "2"), person(hr, "1")
    assert ada["manager"] == grace["id"] and person(hr, "3")["manager"] == grace["id"]
    assert (ada["hire_date"], ada["birth_date"], person(hr, "3")["contract"]) == ("2026-01-12", "1998-04-09", "temporary")
    duties = hr.get(f"/v1/employees/{ada['id']}/duties").json()["items"]
    assert [duty["due"] for duty in duties if duty["kind"] == "first"] == ["2027-01-11"]
    assert counts(upload("employees", STAFF)) == (0, 0, 3, 0)


def test_cells_change_clear_or_leave_alone(hr, upload):
    upload("employees", STAFF)
    result = upload("employees", "number,email,birth_date,manager\n2,ada.byron@rhone.example,-,\n3,,,-\n")
    assert counts(result) == (0, 2, 0, 0) and result["missing"] == 1
    ada, katherine = person(hr, "2"), person(hr, "3")
    assert ada["email"] == "ada.byron@rhone.example" and ada["birth_date"] is None and ada["manager"]
    assert katherine["manager"] is None and katherine["birth_date"] == "1988-08-26"


def test_a_file_with_a_fault_is_refused_as_a_whole(hr, upload):
    bad = STAFF + "4;Alan;;alan@rhone.example;9;31/02/2024;;cdi\n"
    result = upload("employees", bad, expect=422)
    assert result["state"] == "refused" and result["refused"] == 1 and result["applied"] == 0
    assert set(refusals(result)) >= {(5, "date d'entrée"), (5, "responsable")}
    assert hr.items("/v1/employees") == []
    partial = upload("employees", bad, query="&partial=true")
    assert partial["state"] == "done" and counts(partial) == (3, 0, 0, 1)
    assert hr.get(f"/v1/imports/{partial['id']}").json()["refusals"][0]["line"] == 5


def test_a_dry_run_says_what_it_would_do_and_does_nothing(hr, upload):
    result = upload("employees", STAFF, query="&dry_run=true")
    assert result["state"] == "checked" and counts(result) == (3, 0, 0, 0)
    assert hr.items("/v1/employees") == []


def test_history_is_recorded_and_sends_nothing(hr, upload):
    upload("employees", STAFF)
    absences = "matricule;type;début;fin;annoncée le\n3;congé de maternité;10/05/2026;31/08/2026;15/01/2026\n"
    reviews = ("matricule;date;type;récapitulatif;conducteur;référence du compte rendu;copie remise le\n"
               "3;12/11/2022;professionnel;non;1;CR-2022-1;15/11/2022\n3;01/12/2024;annuel;;1;;\n")
    progressions = "matricule;date;nature;description;justificatif\n3;01/04/2022;carrière;Responsable;Avenant\n"
    assert counts(upload("absences", absences)) == (1, 0, 0, 0)
    assert counts(upload("reviews", reviews)) == (2, 0, 0, 0)
    assert counts(upload("progressions", progressions)) == (1, 0, 0, 0)
    katherine = person(hr, "3")["id"]
    held = hr.items(f"/v1/reviews?employee={katherine}")
    assert [(review["held"], review["type"], review["state"]) for review in held] == [
        ("2022-11-12", "professional", "closed"), ("2024-12-01", "annual", "held")]
    assert hr.items(f"/v1/employees/{katherine}/absences")[0]["type"] == "maternity"
    for kind, text in (("absences", absences), ("reviews", reviews), ("progressions", progressions)):
        assert counts(upload(kind, text, query="&dry_run=true"))[:2] == (0, 0)
        result = upload(kind, text)
        assert counts(result)[0:2] == (0, 0) and result["unchanged"] == result["total"]


def test_a_later_file_completes_a_review_and_overwrites_nothing(hr, upload):
    upload("employees", STAFF)
    heading = "matricule;date;récapitulatif;conducteur;compte rendu;copie remise le\n"
    assert counts(upload("reviews", heading + "3;12/11/2022;;;;\n")) == (1, 0, 0, 0)
    whole = heading + "3;12/11/2022;oui;1;CR-2022-1;15/11/2022\n"
    assert counts(upload("reviews", whole, query="&dry_run=true")) == (0, 1, 0, 0)
    assert counts(upload("reviews", whole)) == (0, 1, 0, 0)
    [held] = hr.items(f"/v1/reviews?employee={person(hr, '3')['id']}")
    assert (held["state"], held["recap"], held["interviewer"]) == ("closed", True, person(hr, "1")["id"])
    assert counts(upload("reviews", heading + "3;12/11/2022;;;;\n")) == (0, 0, 1, 0)
    for query, status in (("", 422), ("&dry_run=true", 201)):
        refused = upload("reviews", heading + "3;12/11/2022;non;2;CR-2022-2;16/11/2022\n", status, query)
        assert sorted(refusals(refused)) == [(2, "compte rendu"), (2, "conducteur"), (2, "copie remise le"),
                                             (2, "récapitulatif")], query
        assert all("on record" in refusal["reason"] for refusal in refused["refusals"])
    assert hr.get(f"/v1/reviews/{held['id']}").json() == held
    nothing = upload("reviews", heading + "3;12/11/2024;;;;15/11/2024\n", expect=422)
    assert refusals(nothing) == [(2, "compte rendu")], "a copy of what?"
    assert counts(upload("reviews", heading + "3;12/11/2022;;;;15/11/2022\n")) == (0, 0, 1, 0), "of what is on record"


def spreadsheet(lines, separator, encoding):
    def quoted(cell):
        return '"' + cell.replace('"', '""') + '"' if '"' in cell or separator in cell else cell
    return "".join(separator.join(map(quoted, line)) + "\r\n" for line in lines).encode(encoding)


def test_what_spreadsheets_write_is_read_the_same_whatever_the_encoding_and_separator(hr, upload):
    lines = [["Matricule", "NOM", "Prénom", "Date d’entrée", "Né le"],
             ["0012", "Œuvrard", 'Zoé "Zaza"', "1/2/2020", "29/02/1984"], ["", "", "", "", ""],
             ["\u00a013\u00a0", "d'Été, Noël; fils", "Maÿlis", "2021-03-31", ""]]
    expected = (2, 0, 0, 0)
    for encoding in ("cp1252", "utf-8", "utf-8-sig"):
        for separator in (";", ",", "\t"):
            content = spreadsheet(lines, separator, encoding)
            assert counts(upload("employees", content, query="&dry_run=true")) == expected, (encoding, separator)
            assert counts(upload("employees", content)) == expected, (encoding, separator)
            expected = (0, 0, 2, 0)
    one, two = person(hr, "0012"), person(hr, "13")
    assert (one["family_name"], one["given_name"], one["hire_date"], one["birth_date"]) == \
        ("Œuvrard", 'Zoé "Zaza"', "2020-02-01", "1984-02-29")
    assert (two["family_name"], two["given_name"], two["birth_date"]) == ("d'Été, Noël; fils", "Maÿlis", None)


REFUSED = [
    ("employees", "matricule;nom;prénom;date d'entrée\n8;A;B;01/01/2020\n8;A;B;02/01/2020\n", [(3, "matricule")]),
    ("employees", "matricule;nom;prénom;date d'entrée\n8;\"A\nB\";C;01/01/2020\n9;A;B;01/01/20\n",
     [(2, "nom"), (4, "date d'entrée")]),
    ("employees", "matricule;nom;prénom;date d'entrée;salaire\n8;A;B;01/01/2020;1\n", [(1, "salaire")]),
    ("employees", "matricule;nom;prénom;date d'entrée;responsable\n8;A;B;01/01/2020;9\n9;A;B;01/01/2020;8\n",
     [(2, "responsable"), (3, "responsable")]),
    ("absences", "matricule;type;début;fin\n3;vacances;01/02/2024;\n3;maladie;02/02/2024;01/02/2024\n"
     "3;maladie;31/08/2020;\n999;maladie;01/02/2024;\n", [(2, "type"), (3, "fin"), (4, "début"), (5, "matricule")]),
    ("absences", "matricule;type;début;fin\n3;maladie;01/02/2024;\n3;arrêt maladie;01/02/2024;03/02/2024\n",
     [(3, "matricule")]),
    ("reviews", "matricule;date;récapitulatif\n3;31/08/2020;\n3;01/12/2026;\n3;01/09/2020;peut-être\n",
     [(2, "date"), (3, "date"), (4, "récapitulatif")]),
]


def test_refused_lines_say_where_and_why_and_the_dry_run_the_same(hr, upload):
    upload("employees", STAFF)
    for kind, text, expected in REFUSED:
        dry = upload(kind, text, query="&dry_run=true")
        real = upload(kind, text, expect=422)
        assert sorted(refusals(real)) == expected and all(refusal["reason"] for refusal in real["refusals"]), text
        assert dry["refusals"] == real["refusals"] and counts(dry) == counts(real), text


def test_more_than_twenty_people_at_once_hold_the_deliveries(hr, upload, organisation):
    heading = "matricule;prénom;nom;date d'entrée\n"
    upload("employees", heading + "".join(f"{n};A;B;01/02/2020\n" for n in range(20)))
    assert hr.get(f"/v1/organisations/{organisation}").json()["deliveries"] == "live"
    upload("employees", heading + "".join(f"{n};A;B;01/02/2020\n" for n in range(41)))
    assert hr.get(f"/v1/organisations/{organisation}").json()["deliveries"] == "held"


def test_imports_are_listed_and_belong_to_their_organisation(daemon, admin, hr, upload):
    first, second = upload("employees", STAFF)["id"], upload("employees", STAFF)["id"]
    assert [one["id"] for one in hr.items("/v1/imports?limit=1")] == sorted((first, second), reverse=True)
    other = admin.post("/v1/organisations", {"name": "Autre", "siren": "552100554"}, expect=201).json()["id"]
    made = admin.post(f"/v1/tokens?organisation={other}", {"scopes": ["hr"]}, expect=201)
    stranger = Client(daemon, made.json()["token"])
    problem(stranger.get(f"/v1/imports/{first}", expect=404), 404)
    problem(hr.post("/v1/imports/wishes", data=b"a\n", headers={"Content-Type": "text/csv"}), 404)
    problem(hr.post("/v1/imports/employees", {"a": 1}), 415)


def test_training_is_recorded_with_its_evidence(hr, upload):
    upload("employees", STAFF)
    completions = ("matricule;formation;date;heures;obligatoire;référence\n"
                   "2;Habilitation électrique;18/09/2026;7h30;oui;ATT-1\n3;Lecture de plans;12/05/2025;3,5;;\n")
    actions = ("matricule;année;intitulé;nature;origine;heures prévues;format;modalité;financement;obligatoire;code\n"
               "3;2027;Tableur;formation;besoin;14;à distance;individuel;OPCO;non;Tableur niveau 2\n")
    assert counts(upload("completions", completions)) == (2, 0, 0, 0)
    assert counts(upload("actions", actions)) == (1, 0, 0, 0)
    ada, katherine = person(hr, "2")["id"], person(hr, "3")["id"]
    record, = hr.items(f"/v1/completions?employee={ada}")
    assert record["state"] == "completed" and record["occurred_at"].startswith("2026-09-17T22:00")
    action, = hr.items(f"/v1/actions?employee={katherine}")
    assert (action["title"], action["minutes_planned"], action["origin"], action["format"], action["mandatory"]) == (
        "Tableur", 840, "need", "remote", "no")
    for kind, text in (("completions", completions), ("actions", actions)):
        assert counts(upload(kind, text, query="&dry_run=true"))[:2] == (0, 0)
        result = upload(kind, text)
        assert counts(result)[:2] == (0, 0) and result["unchanged"] == result["total"]
    changed = upload("actions", "matricule;année;intitulé;financement\n3;2027;tableur;employeur\n")
    assert counts(changed) == (0, 1, 0, 0)
    assert hr.get(f"/v1/actions/{action['id']}").json()["financing"] == "employer"
    refused = upload("actions", "matricule;année;intitulé;état\n3;2027;Autre;réalisée\n", expect=422)
    assert refusals(refused) == [(2, "état")]
    twice = upload("completions", "matricule;formation;date;obligatoire\n2;Droit;01/02/2026;oui\n3;Droit;01/02/2026;non\n",
                   expect=422)
    assert refusals(twice) == [(3, "obligatoire")]
    for source in hr.items("/v1/sources"):
        problem(hr.post(f"/hooks/{source['id']}", {}), 404)


def test_a_completion_of_a_file_proves_the_action_that_waits_for_it(hr, upload):
    upload("employees", STAFF)
    upload("actions", "matricule;année;intitulé;code\n2;2026;Soudage;SOUD-1\n")
    upload("completions", "matricule;formation;date;heures\n2;SOUD-1;15/03/2026;35\n")
    action, = hr.items("/v1/actions")
    assert action["state"] == "done" and len(hr.get(f"/v1/actions/{action['id']}").json()["evidence"]) == 1


def test_the_company_of_the_demonstration_comes_in_and_again_changes_nothing(upload):
    kinds = ("employees", "absences", "reviews", "progressions", "completions", "actions")
    for again in (False, True):
        for kind in kinds:
            result = upload(kind, (TOP / "config" / "demo" / f"{kind}.csv").read_bytes())
            assert result["state"] == "done" and result["unchanged" if again else "created"] == result["total"] > 0
