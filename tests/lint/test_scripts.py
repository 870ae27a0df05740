"""The shell scripts pass shellcheck."""
import project


def shell_scripts():
    return [name for name in project.files("*") if project.read_first_line(name).startswith("#!")
            and "sh" in project.read_first_line(name).split("/")[-1].split()[-1]]


def test_scripts_pass_shellcheck():
    scripts = shell_scripts()
    assert {"check", ".ci/run", "tests/install"} <= set(scripts)
    code, output = project.run("shellcheck", "--external-sources", *scripts)
    assert code == 0, output
