"""Static analysis: clang-tidy (with the limit of cognitive complexity) and cppcheck. A source that has not changed since it
was last found clean, nor its headers nor the checks, is not analysed again."""
import concurrent.futures
import hashlib
import shlex
import subprocess

import pytest

import project

CLEAN = project.TOP / "build" / "check" / "tidy"


def fingerprint(entry):
    """Of the source, everything it includes, how it is compiled and what it is checked for."""
    words = shlex.split(entry["command"])
    words = words[1:] if words[0].endswith("ccache") else words
    output = words.index("-o")
    preprocessed = subprocess.run(words[:output] + words[output + 2:] + ["-E", "-C", "-P"], cwd=entry["directory"],
                                  check=True, capture_output=True).stdout
    parts = [preprocessed, (project.TOP / "daemon" / ".clang-tidy").read_bytes(), entry["command"].encode()]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def tidy(entry):
    mark = CLEAN / fingerprint(entry)
    if mark.exists():
        return ""
    done = subprocess.run(["clang-tidy", "-p", str(project.build()), "--quiet", entry["file"]], cwd=project.TOP,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode == 0:
        mark.touch()
        return ""
    return f"{entry['file']}\n{done.stdout}" + (done.stderr if not done.stdout else "")


def modules():
    return [entry for entry in project.compile_commands()
            if "/daemon/" in entry["file"] and entry["file"].endswith(".c") and not entry["file"].startswith("/usr")]


@pytest.mark.slow
def test_clang_tidy_finds_nothing():
    CLEAN.mkdir(parents=True, exist_ok=True)
    entries = modules()
    assert entries
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        project.report([said for said in pool.map(tidy, entries) if said])


def rooms():
    """The modules whose sources stand in folders of their own."""
    return sorted({path.parent.parent for path in (project.TOP / "daemon").glob("*/*/*.c")})


@pytest.mark.slow
def test_cppcheck_finds_nothing():
    cache = project.TOP / "build" / "check" / "cppcheck"
    cache.mkdir(parents=True, exist_ok=True)
    roots = [f"-I{folder}" for folder in [*sorted((project.build() / "headers").iterdir()), *rooms()]]
    status, output = project.run(
        "cppcheck", "--quiet", "-j", "2", f"--cppcheck-build-dir={cache}", "--std=c11", "--library=posix",
        "--enable=warning,performance,portability", "--inline-suppr", "--suppress=missingInclude",
        "--error-exitcode=1", "-D__GNUC__=12", "-D_GNU_SOURCE", '-DENTRETIEND_VERSION="0"', *roots, "daemon")
    assert status == 0, output
