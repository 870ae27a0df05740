"""What the lints look at: the files that git knows or would add, and how to run a command on them."""
import json
import pathlib
import re
import subprocess

TOP = pathlib.Path(__file__).resolve().parents[2]


def files(*globs):
    """The project's files matching any of the globs; a lint without input is a failure, not a pass."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", "--", *globs],
        cwd=TOP, check=True, capture_output=True, text=True).stdout
    found = sorted(name for name in set(listed.split("\0")) if name and (TOP / name).is_file())
    assert found, f"nothing in the project matches {globs}"
    return found


def sources():
    return files("daemon/*.c", "daemon/*.h", "include/*.h", "tests/*.c", "tests/*.h")


def read(name):
    return (TOP / name).read_text(encoding="utf-8")


def matches(pattern, names, flags=0):
    """`file:line: text` of each line of the files that the pattern matches."""
    wanted = re.compile(pattern, flags)
    found = []
    for name in names:
        try:
            text = read(name)
        except UnicodeDecodeError:
            continue
        found += [f"{name}:{number}: {line.strip()}"
                  for number, line in enumerate(text.splitlines(), 1) if wanted.search(line)]
    return found


def run(*command, **options):
    """Runs a command at the top; its output and exit code."""
    done = subprocess.run(command, cwd=TOP, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False, **options)
    return done.returncode, done.stdout


def report(found):
    """Fails with one finding a line."""
    assert not found, "\n" + "\n".join(found)


def read_first_line(name):
    with open(TOP / name, "rb") as file:
        return file.readline(200).decode("utf-8", "replace").rstrip()


def build():
    """The build that the lints look into; ./check makes it first."""
    folder = TOP / "build" / "asan"
    assert (folder / "compile_commands.json").is_file(), f"{folder} is not built"
    return folder


def compile_commands():
    return json.loads((build() / "compile_commands.json").read_text())
