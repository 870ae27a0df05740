"""docs/operate.md, from its first command to its last, as an administrator would follow it."""
import pathlib
import re

TEXT = (pathlib.Path(__file__).resolve().parents[2] / "docs" / "operate.md").read_text()


def commands():
    """Blocks of commands, indented by four blanks, with the heading they stand under."""
    heading, block = "", []
    for line in [*TEXT.splitlines(), "## end"]:
        if line.startswith("    "):
            block.append(line[4:])
            continue
        if block:
            yield heading, "\n".join(block)
            block = []
        if line.startswith("## "):
            heading = line[3:]


def test_every_command_does_what_it_says(machine):
    machine.sh("sed -i 's/^deb/# deb/' /etc/apt/sources.list; rm -f /etc/apt/sources.list.d/*")
    given = list(commands())
    assert len(given) > 15
    for heading, block in given:
        if heading == "Remove":
            break
        said = machine.sh(f"set -o pipefail\n{block}")
        if "entretienctl status" in block:
            assert "active (running)" in said and "Ma société" in said, said
    for command in sorted(set(re.findall(r"`((?:entretien(?:d|ctl)|journalctl|systemctl) [^`\n]*)`", TEXT))):
        if not re.search(r"\b[A-Z]{2,}\b|edit|init", command):  # a word in capitals stands for something
            stopped = "create-token" in command or "migrate-store" in command
            machine.sh(f"systemctl stop entretiend.socket entretiend.service; {command}; systemctl start entretiend.socket"
                       if stopped else command)
    machine.sh(given[-1][1])
    assert {heading for heading, _ in given} == set(re.findall(r"^## (.*)$", TEXT, re.MULTILINE)) - {"What to do when …"}
    machine.sh("test ! -e /var/lib/private/entretiend && test -s /root/entretiend-1.db && test -s /root/sealing.key")


def test_the_readme_leads_from_nothing_to_duties(machine, made):
    readme = (pathlib.Path(__file__).resolve().parents[2] / "README.md").read_text()
    block = re.search(r"^## First use[^\n]*\n\n((?:    [^\n]*\n)+)", readme, re.MULTILINE).group(1)
    lines = [line[4:].split("#")[0].rstrip() for line in block.splitlines()]
    assert lines[0].startswith("cmake ") and lines[2] == "entretienctl init"
    lines[2] += ' --name "Ma société" --siren 732829320 --email rh@example.fr'
    demo = machine.root / "root"
    (demo / "build" / "release").mkdir(parents=True, exist_ok=True)
    for path in made.values():
        (demo / "build" / "release" / path.name).write_bytes(path.read_bytes())
    for theirs, ours in {"staff.csv": "employees.csv", "past-reviews.csv": "reviews.csv"}.items():
        (demo / theirs).write_bytes((pathlib.Path(__file__).resolve().parents[2] / "config" / "demo" / ours).read_bytes())
    machine.sh("rm -f ~/.config/entretienctl.conf")
    machine.sh("\n".join(lines[1:]))
    assert "1001" in machine.sh("entretienctl employee list")
