"""Layout of the sources: clang-format, and what it does not see."""
import project


def test_sources_are_formatted():
    code, output = project.run("clang-format", "--dry-run", "--Werror", *project.sources())
    assert code == 0, output


def test_text_files_are_clean():
    names = [name for name in project.files("*") if not name.startswith(("tests/data/", "tests/fuzz/corpus/"))]
    assert names
    found = project.matches(r"[ \t]+$|\r", [name for name in names if not name.endswith((".eml", ".csv", ".ics"))])
    for name in names:
        content = (project.TOP / name).read_bytes()
        if content and b"\0" not in content and not content.endswith(b"\n"):
            found.append(f"{name}: no line feed at the end")
    project.report(found)


def test_top_level_holds_what_it_should():
    allowed = {"daemon", "include", "config", "systemd", "tests", "docs", ".ci", "CMakeLists.txt", "CMakePresets.json",
               "README.md", "LICENSE", ".clang-format", ".gitignore", "demo", "check"}
    top = {name.split("/")[0] for name in project.files("*")}
    assert top <= allowed, top - allowed
