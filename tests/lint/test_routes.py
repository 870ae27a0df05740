"""The README lists exactly the routes there are; the description does too (tests/system/test_description.py)."""
import re

import project


def test_the_readme_lists_the_routes():
    binary = project.build() / "entretiend"
    assert binary.is_file(), f"{binary} is not built"
    status, printed = project.run(str(binary), "--routes")
    assert status == 0
    routes = {}
    for line in printed.splitlines():
        method, path = line.split()[:2]
        routes.setdefault(path, set()).add(method)
    listed = {path: set(methods.split()) for path, methods in
              re.findall(r"^\| `(/[^`]*)` \| ([A-Z ]+) \|$", project.read("README.md"), re.MULTILINE)}
    assert routes and listed == routes
