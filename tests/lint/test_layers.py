"""The layers: what daemon/CMakeLists.txt declares is what compiles, and what it may declare."""
import re
import shlex
import subprocess

import project

# Beside base. What a module may use at most; the order is the diagram's, lowest first.
MAY_USE = {
    "base": "",
    "model": "",
    "text": "",
    "ical": "model",
    "mail": "ical text model",
    "lms": "model",
    "proof": "model text",
    "loop": "",
    "db": "",
    "store": "db model loop",
    "work": "store model ical lms mail text proof",
    "http": "loop",
    "net": "loop",
    "jobs": "work net store model ical lms mail text proof loop",
    "api": "work store http model ical lms mail text proof loop",
    "app": "model text ical mail lms proof loop db store work http net jobs api console",
    "ctl": "proof model text",
    "console": "",
}

# Headers of libraries, and the only places that may know them.
LIBRARIES = {
    r"jansson\.h": r"daemon/base/json",
    r"sqlite3\.h|libpq-fe\.h": r"(daemon/db|tests/bench)/",
    r"curl/.*": r"daemon/(net|ctl)/",
    r"libical/.*": r"(daemon|tests/unit)/ical/",
    r"gmime/.*": r"daemon/mail/",
    r"csv\.h": r"daemon/text/",
    r"event2/.*": r"daemon/(loop|http|net)/",
    r"libxml/.*": r"daemon/net/",
    r"zip\.h": r"daemon/proof/",
    r"zlib\.h": r"daemon/http/",
    r"confuse\.h|systemd/.*": r"daemon/app/",
    r"openssl/.*": r"(daemon/(base|http|lms|proof)|tests/unit/http)/",
    r"cmocka\.h": r"tests/",
}


def declared():
    """module -> the modules it uses, in the order of declaration."""
    found = {}
    for line in re.findall(r"^module\(([^)]*)\)", project.read("daemon/CMakeLists.txt"), re.MULTILINE):
        words = line.split()
        uses = []
        if "USES" in words:
            for word in words[words.index("USES") + 1:]:
                if word in ("LIBS",):
                    break
                uses.append(word)
        found[words[0]] = uses
    assert "base" in found and len(found) > 2
    return found


def headers(module):
    return [name for name in project.files("include/*.h") if name.startswith(f"include/{module}/")]


def include_path(module):
    for entry in project.compile_commands():
        if f"/daemon/{module}/" in entry["file"]:
            return [word for word in shlex.split(entry["command"]) if word.startswith("-I")]
    raise AssertionError(f"module {module} is not in the build")


def compiles(module, header):
    source = f'#include "{header}"\nint main(void) {{ return 0; }}\n'
    done = subprocess.run(["gcc", "-std=gnu17", "-D_GNU_SOURCE", "-fsyntax-only", "-x", "c", "-", *include_path(module)],
                          input=source, text=True, capture_output=True, check=False)
    return done.returncode == 0, done.stderr


def test_a_module_uses_what_the_diagram_allows():
    found = []
    for module, uses in declared().items():
        assert module in MAY_USE, f"{module} is not in the diagram"
        found += [f"{module} uses {used}" for used in uses if used not in MAY_USE[module].split()]
    project.report(found)


def test_only_declared_headers_are_found():
    modules = declared()
    found = []
    for module, uses in modules.items():
        for other in modules:
            for header in headers(other)[:1]:
                fine, said = compiles(module, header.removeprefix("include/"))
                allowed = other in {module, "base", *uses}
                if fine != allowed:
                    found.append(f"{module} includes {header}: {'compiles' if fine else said}")
    project.report(found)


def test_every_public_header_stands_alone():
    found = []
    for module in declared():
        for header in headers(module):
            fine, said = compiles(module, header.removeprefix("include/"))
            if not fine:
                found.append(f"{header}: {said}")
    project.report(found)


def test_no_include_climbs():
    project.report(project.matches(r'#\s*include\s+"[^"]*\.\./', project.sources()))


def test_libraries_stay_in_their_module():
    found = []
    for name in project.sources():
        for line in re.findall(r"#\s*include\s+<([^>]+)>", project.read(name)):
            found += [f"{name} includes <{line}>" for header, place in LIBRARIES.items()
                      if re.fullmatch(header, line) and not re.match(place, name)]
    project.report(found)


def test_includes_name_their_module():
    """Quotes are for the project: "module/header.h" of a public header, "header.h" of the same folder, "room/header.h" or
    "header.h" of the same module."""
    found = []
    for name in project.files("daemon/*.c", "daemon/*.h", "include/*.h"):
        folder = name.rsplit("/", 1)[0]
        for line in re.findall(r'#\s*include\s+"([^"]+)"', project.read(name)):
            own = (project.TOP / folder / line).is_file() and "/" not in line
            own = own or (project.TOP / "/".join(name.split("/")[:2]) / line).is_file() and name.startswith("daemon/")
            if not own and not (project.TOP / "include" / line).is_file():
                found.append(f'{name} includes "{line}"')
    project.report(found)


def test_sources_are_listed():
    lists = {name.rsplit("/", 1)[0]: project.read(name)
             for name in project.files("daemon/*CMakeLists.txt", "tests/unit/*CMakeLists.txt")}
    assert not [folder for folder, text in lists.items() if folder.startswith("daemon") and "GLOB" in text]

    def listed(name):
        """By the nearest list above it, by its path from there."""
        parts = name.split("/")
        above = next(("/".join(parts[:end]) for end in range(len(parts) - 1, 0, -1) if "/".join(parts[:end]) in lists), None)
        return above and re.search(r"(?<![\w/])" + re.escape(name[len(above) + 1:].removesuffix(".c")) + r"\b", lists[above])
    found = [name for name in project.files("daemon/*.c", "tests/unit/*.c") if not listed(name)]
    project.report([f"{name} is built by nothing" for name in found])
