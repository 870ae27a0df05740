"""`entretienctl init`: what flags or answers say becomes a configuration that works, an organisation and a token."""
import os
import pty
import stat
import subprocess

import pytest

from command import PROGRAM as CTL
from daemon import BINARY
from patience import PATIENCE

FLAGS = ["--name", "Ateliers du Rhône", "--siren", "732829320", "--email", "rh@rhone.example"]


def init(folder, *flags, **options):
    """Runs it as somebody whose home is the folder."""
    environment = {**os.environ, "PATH": f"{os.path.dirname(BINARY)}:{os.environ['PATH']}", "HOME": str(folder)}
    environment.pop("XDG_CONFIG_HOME", None)
    return subprocess.run([CTL, "init", "--file", str(folder / "entretiend.conf"), "--data", str(folder / "data"), *flags],
                          capture_output=True, text=True, env=environment, timeout=PATIENCE, check=False,
                          **{"stdin": subprocess.DEVNULL, **options})


def works(make_daemon, folder):
    """A daemon on what was made answers the token that was made."""
    settings = folder / ".config" / "entretienctl.conf"
    assert stat.S_IMODE(settings.stat().st_mode) == 0o600
    config = (folder / "entretiend.conf").read_text()
    daemon = make_daemon()
    daemon.data = folder / "data"
    daemon.config_path.write_text(config.replace("listen {", "listen {\n    port = 0"))
    daemon.start()
    done = subprocess.run([CTL, "--config", str(settings), "--url", daemon.url, "organisation", "list", "--json"],
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.returncode == 0, done.stderr
    assert "Ateliers du Rhône" in done.stdout
    daemon.stop()


def test_flags_are_enough(make_daemon, folder):
    done = init(folder, *FLAGS, "--relay", "smtp://relay.example:587", "--base-url", "https://entretiens.rhone.example")
    assert done.returncode == 0, done.stderr
    assert "systemctl enable --now entretiend" in done.stdout and "ent_" not in done.stdout
    config = (folder / "entretiend.conf").read_text()
    assert 'relay = "smtp://relay.example:587"' in config and 'transport = "smtp"' in config
    assert stat.S_IMODE((folder / "data").stat().st_mode) == 0o700
    works(make_daemon, folder)


def test_questions_are_asked_on_a_terminal(make_daemon, folder):
    ours, theirs = pty.openpty()
    os.write(ours, b"\nAteliers du Rh\xc3\xb4ne\n732829320\nrh@rhone.example\n\n\n")
    done = init(folder, stdin=theirs)
    os.close(ours)
    os.close(theirs)
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("Name of the organisation: ") == 2 and done.stderr.count(": ") >= 6
    assert 'transport = "off"' in (folder / "entretiend.conf").read_text()
    works(make_daemon, folder)


def test_it_is_done_once(folder):
    assert init(folder, *FLAGS).returncode == 0
    again = init(folder, *FLAGS, "--force")
    assert again.returncode == 2 and "this instance is set up already" in again.stderr


def test_a_configuration_that_somebody_wrote_stays(folder):
    (folder / "entretiend.conf").write_text("log {\n    level = debug\n}\n")
    done = init(folder, *FLAGS)
    assert done.returncode == 2 and "--force replaces it" in done.stderr
    assert "debug" in (folder / "entretiend.conf").read_text()
    sample = subprocess.run([BINARY, "--config-sample"], capture_output=True, text=True, check=True).stdout
    (folder / "entretiend.conf").write_text(sample)
    assert init(folder, *FLAGS).returncode == 0


@pytest.mark.parametrize("flags, says", [
    (FLAGS[:4], "error: --email is missing"),
    ([*FLAGS[:2], "--siren", "123456789", *FLAGS[4:]], "error: --siren: expected nine digits"),
    ([*FLAGS, "--relay", "relay.example"], "error: --relay: expected smtp://host:port"),
    ([*FLAGS, "--base-url", "ftp://rhone.example"], "error: --base-url: \"ftp://rhone.example\" is not"),
    ([*FLAGS[:4], "--email", "nobody"], "error: --email: \"nobody\" is not a mail address"),
    (["--name", "n" * 250, *FLAGS[2:]], "error: --name: "),
])
def test_a_mistake_is_said_of_its_flag_and_leaves_nothing(folder, flags, says):
    done = init(folder, *flags)
    assert done.returncode in (1, 2) and done.stderr.startswith(says), done.stderr
    assert not list(folder.iterdir())
    assert init(folder, *FLAGS).returncode == 0


def test_files_are_called_what_the_user_called_them(folder):
    done = init(folder, *FLAGS, "--relay", "relay.example", "--base-url", "rhone")
    assert [line.split(": ")[1] for line in done.stderr.splitlines()] == ["--base-url", "--relay"]
    done = init(folder / "missing", *FLAGS)
    assert done.returncode == 2 and done.stderr.startswith(f"error: {folder}/missing/entretiend.conf cannot be written")
    (folder / "data").write_text("in the way")
    done = init(folder, *FLAGS)
    assert done.returncode != 0 and ".new" not in done.stderr and str(folder / "data") in done.stderr
    assert not (folder / "entretiend.conf").exists()
