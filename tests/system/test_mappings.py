"""The mappings that ship for platforms whose formats are known from documents only: each reads a body as its operator expects."""
import json
import pathlib

import pytest

TOP = pathlib.Path(__file__).resolve().parents[2]
MAPPINGS = TOP / "config" / "mappings"
SAMPLES = TOP / "tests" / "data" / "samples" / "mappings"
DONE = "2026-11-18T10:26:40Z"
ADA = {"kind": "email", "value": "ada@rhone.example"}

# what the first record becomes: its keys, the course, its title, when, further values
EXPECTED = {
    "canvas-pull": ([{"kind": "id", "value": "12"}], "565", {}),
    "learndash": ([ADA, {"kind": "username", "value": "ada"}], "42", {"certificate_url": "https://lms.example/c/42"}),
    "learnworlds": ([ADA, {"kind": "id", "value": "5e1"}], "gestes", {}),
    "talentlms-pull": ([ADA, {"kind": "id", "value": "7"}], "42", {}),
    "thinkific": ([ADA, {"kind": "id", "value": "7"}], "42", {"event_id": "20261118102640"}),
}


def test_every_mapping_is_here():
    assert {file.stem for file in MAPPINGS.glob("*.json")} == set(EXPECTED)


def test_bodies_read_as_expected(hr):
    for name, (keys, course, further) in EXPECTED.items():
        body = {**json.loads((MAPPINGS / f"{name}.json").read_text(encoding="utf-8")), "secret": "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3", "paused": True}
        source = hr.post("/v1/sources", body, expect=201).json()
        [sample] = SAMPLES.glob(f"{name}.*")
        kind = "application/x-www-form-urlencoded" if sample.suffix == ".form" else "application/json"
        items = hr.post(f"/v1/sources/{source['id']}/test", expect=200, data=sample.read_bytes(),
                        headers={"Content-Type": kind}).json()["items"]
        first = items[0]
        assert (first["state"], first["keys"], first["course_id"], first["course_title"], first["effect"]) == (
            "ready", keys, course, "Gestes et postures", "completed"), (name, first)
        assert first["occurred_at"] == (DONE if "epoch" not in json.dumps(body) else "2026-11-18T11:06:40Z"), (name, first)
        assert {key: first.get(key) for key in further} == further, (name, first)
        assert [item["state"] for item in items[1:]] == ["ignored"] * len(items[1:]), (name, items)
    assert hr.items("/v1/completions") == []


def test_a_lesson_is_no_course(hr):
    """Thinkific says `completed` of lessons too."""
    body = {**json.loads((MAPPINGS / "thinkific.json").read_text(encoding="utf-8")), "secret": "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3", "paused": True}
    source = hr.post("/v1/sources", body, expect=201).json()
    lesson = {**json.loads((SAMPLES / "thinkific.json").read_text(encoding="utf-8")), "resource": "lesson"}
    [item] = hr.post(f"/v1/sources/{source['id']}/test", lesson, expect=200).json()["items"]
    assert item["state"] == "ignored"


@pytest.mark.parametrize("reference", ["=", "=\u0007"])
def test_a_text_in_place_of_a_reference_is_checked(hr, reference):
    body = json.loads((MAPPINGS / "canvas-pull.json").read_text(encoding="utf-8"))
    body["mapping"]["course"]["id"] = reference
    assert hr.post("/v1/sources", body).status_code == 422
    body["mapping"] = {**body["mapping"], "course": {"id": "=1"}, "event_id": "=1"}
    assert hr.post("/v1/sources", body).status_code == 422
