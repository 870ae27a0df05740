"""What may not be called, and how long things may be."""
import re

import project

BANNED = {
    "strcpy", "stpcpy", "strcat", "strncpy", "sprintf", "vsprintf", "gets", "strtok", "strtok_r", "atoi", "atol", "atoll",
    "atof", "alloca", "scanf", "fscanf", "popen", "tmpnam", "tempnam", "mktemp", "rand", "srand", "random",
    "localtime", "localtime_r", "mktime", "gmtime", "asctime", "ctime", "setlocale", "tzset", "gettimeofday",
    "pthread_cancel",
}
BANNED_IN_THE_DAEMON = {"sscanf", "system", "fork", "vfork", "execl", "execv", "execvp", "exit", "_exit"}
# Time is an argument everywhere but in base/clock; and nobody waits for it to pass, except the write lane while its database
# is away.
CLOCKS = {"time", "CLOCK_REALTIME"}
SLEEPS = {"sleep", "usleep", "nanosleep", "clock_nanosleep"}
# The one helper of the tests that pauses between two looks at what the daemon makes in its own time.
LOOKS_AGAIN = "tests/system/outbox.py"
FUNCTION_LINES = 60
FILE_LINES = 500


def code(text):
    """The source without comments, strings and characters, line numbers kept."""
    def blank(match):
        return re.sub(r"[^\n]", " ", match.group())
    return re.sub(r"//[^\n]*|/\*.*?\*/|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'", blank, text, flags=re.DOTALL)


def calls(names, words):
    """Calls of the functions, and uses of the constants."""
    pattern = re.compile(r"(?<![\w.>])(" + "|".join(sorted(words)) + r")\b(\s*\()?")
    found = []
    for name in names:
        for number, line in enumerate(code(project.read(name)).splitlines(), 1):
            found += [f"{name}:{number}: {word}" for word, call in pattern.findall(line) if call or word.isupper()]
    return found


def test_nothing_banned_is_called():
    project.report(calls(project.sources(), BANNED)
                   + calls(project.files("daemon/*.c", "daemon/*.h", "include/*.h"), BANNED_IN_THE_DAEMON))


def test_time_is_an_argument():
    names = [name for name in project.files("daemon/*.c", "daemon/*.h") if name != "daemon/base/clock.c"]
    hurried = [name for name in project.sources() if not name.startswith("daemon/store/")]
    project.report(calls(names, CLOCKS) + calls(hurried, SLEEPS)
                   + project.matches(r"\btime\.sleep\b", [
                       name for name in project.files("tests/*.py") if name != LOOKS_AGAIN]))


def test_no_warning_is_silenced_without_a_reason():
    """A check is only switched off for one line, by name, with the reason behind it."""
    project.report(project.matches(r"#\s*pragma\s+(GCC\s+diagnostic|clang)|NOLINT(?!NEXTLINE\([\w.-]+\): \w)"
                                   r"|cppcheck-suppress (?!\w+ \S)", project.sources()))


def test_functions_are_short():
    names = project.files("daemon/*.c", "include/*.h", "tests/*.c")
    status, listed = project.run("ctags", "-x", "--languages=C", "--map-C=+.h", "--c-kinds=f", "--fields=+ne",
                                 "--_xformat=%{line} %{end} %F %N", *names)
    rows = [line.split() for line in listed.splitlines()]
    assert status == 0 and len(rows) > 50, listed
    found = [f"{name}:{start}: {function} has {int(end) - int(start) + 1} lines"
             for start, end, name, function in rows if int(end) - int(start) + 1 > FUNCTION_LINES]
    project.report(found)


def test_files_are_short():
    sizes = {name: project.read(name).count("\n") for name in project.sources()}
    project.report([f"{name}: {lines} lines" for name, lines in sizes.items() if lines > FILE_LINES])


def test_every_source_says_what_it_is_for():
    found = [name for name in project.files("daemon/*.c", "tests/*.c") if not project.read(name).startswith("/*")]
    found += [name for name in project.files("include/*.h", "daemon/*.h")
              if not project.read(name).startswith("#pragma once\n/*")]
    project.report([f"{name} does not begin with what it is responsible for" for name in found])


def test_comments_and_strings_are_no_code():
    assert "popen" not in code("/* popen( */ \"popen(\" // popen(")
    assert "system(" in code("x = system(\"a\"); /* b */")
