"""/openapi.json is true: its routes are the daemon's, its schemas hold, its answers follow them."""
import pathlib
import re

from daemon import run

TOP = pathlib.Path(__file__).resolve().parents[2]


def test_the_description_lists_the_routes(admin):
    described = {(method.upper(), path) for path, item in admin.get("/openapi.json").json()["paths"].items() for method in item}
    printed = {tuple(line.split()[:2]) for line in run("--routes").stdout.splitlines()}
    assert described == printed and len(printed) > 10


def test_every_reference_exists(admin):
    description = admin.get("/openapi.json")
    known = set(description.json()["components"]["schemas"])
    wanted = set(re.findall(r"#/components/schemas/(\w+)", description.text))
    assert wanted <= known
    operations = [op["operationId"] for item in description.json()["paths"].values() for op in item.values()]
    assert len(operations) == len(set(operations))


def test_operations_name_the_parameters_of_their_path(admin):
    for path, item in admin.get("/openapi.json").json()["paths"].items():
        wanted = {name.rstrip("*") for name in re.findall(r"{([^}]+)}", path)}
        for method, operation in item.items():
            told = {parameter["name"] for parameter in operation.get("parameters", []) if parameter["in"] == "path"}
            assert told == wanted, f"{method} {path}"
            assert operation["summary"] and operation["responses"], f"{method} {path}"


def test_the_readme_names_the_description(admin):
    assert "/openapi.json" in (TOP / "README.md").read_text()
    assert admin.get("/metrics").text.count("# TYPE entretiend_") > 10
