"""What the documents name exists: routes, flags, options, files, stages of the check."""
import re

import project


def daemon(*flags):
    binary = project.build() / "entretiend"
    assert binary.is_file(), f"{binary} is not built"
    status, output = project.run(str(binary), *flags)
    assert status == 0, output
    return output


def documents():
    return project.files("README.md", "docs/*.md", "tests/README.md", "daemon/*.md")


def quoted(pattern):
    """(document, text) of everything between backticks, or in a block of code, that the pattern matches."""
    for name in documents():
        text = project.read(name)
        code = "\n".join(re.findall(r"`([^`\n]+)`", text) + re.findall(r"^```[^\n]*\n(.*?)^```", text, re.DOTALL | re.MULTILINE))
        for found in re.findall(pattern, code):
            yield name, found


def test_routes_exist():
    routes = [line.split()[1] for line in daemon("--routes").splitlines()]
    assert "/healthz" in routes
    shapes = [re.compile("^" + re.sub(r"\\{[^}]*\\\*\\}", ".+", re.sub(r"\\{[^}*]*\\}", "[^/]+", re.escape(route))) + "$")
              for route in routes]
    wrong = [f"{name}: {path}" for name, path in quoted(r"(?<![\w./-])(/(?:v1|hooks|feeds|me|scim|xapi)(?:/[\w.{}$<>-]+)+)")
             if not any(shape.match(path) for shape in shapes)]
    project.report(wrong)


def test_flags_exist():
    told = daemon("--help")
    known = set(re.findall(r"--[\w-]+", told))
    wrong = [f"{name}: {flag}" for name, line in quoted(r"(\bentretiend\b [^\n|&;]*)")
             for flag in re.findall(r"(?<!\S)--[\w-]+", line) if flag not in known]
    project.report(wrong)


def test_options_exist():
    known = set(re.findall(r"^\| `(\w+\.\w+)` \|", project.read("docs/configuration.md"), re.MULTILINE))
    assert len(known) > 30
    sections = "|".join(sorted({option.split(".")[0] for option in known}))
    project.report([f"{name}: {option}" for name, option in quoted(rf"(?<![\w./-])((?:{sections})\.[a-z_]+)\b(?!\.)")
                    if option not in known])


def test_links_lead_somewhere():
    wrong = []
    for name in documents():
        folder = (project.TOP / name).parent
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", project.read(name)):
            if not re.match(r"[a-z]+:", target) and not (folder / target).exists():
                wrong.append(f"{name}: {target}")
    project.report(wrong)
