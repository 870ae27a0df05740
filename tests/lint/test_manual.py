"""The pages of manual are what the tables of the programs say, and roff that a formatter takes."""
import project

PAGES = {"entretiend.8": ["entretiend", "--manual"], "entretiend.conf.5": ["entretiend", "--config-manual"],
         "entretienctl.1": ["entretienctl", "help", "--man"]}


def page(name):
    program, *arguments = PAGES[name]
    status, text = project.run(str(project.build() / program), *arguments)
    assert status == 0, text
    return text


def test_a_formatter_takes_them(tmp_path):
    for name in PAGES:
        made = tmp_path / name
        made.write_text(page(name))
        _, told = project.run("mandoc", "-Tlint", "-Wwarning", str(made))
        project.report([line for line in told.splitlines() if "missing date" not in line])


def test_flags_and_options_are_in_them():
    daemon, config = page("entretiend.8").replace("\\-", "-"), page("entretiend.conf.5").replace("\\-", "-")
    _, told = project.run(str(project.build() / "entretiend"), "--help")
    words = [line.split()[0 if not line.strip().startswith("-c") and not line.strip().startswith("-h") else 1]
             for line in told.splitlines() if line.startswith("  ")]
    assert len(words) > 10
    assert not [word for word in words if word not in daemon]
    _, reference = project.run(str(project.build() / "entretiend"), "--config-reference")
    options = [line.split("`")[1] for line in reference.splitlines() if line.startswith("| `")]
    assert len(options) > 30
    assert not [option for option in options if option not in config]
