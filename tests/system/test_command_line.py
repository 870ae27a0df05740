"""Flags, and the sentences of a configuration that cannot be used."""
import os

import pytest

from daemon import conf, run


def test_version_and_help():
    version = run("--version")
    assert (version.returncode, version.stderr) == (0, "")
    assert version.stdout.startswith("entretiend ")
    told = run("--help")
    assert told.returncode == 0
    for flag in ("--config FILE", "--check-config", "--print-config", "--allow-set-clock", "--version", "--help"):
        assert flag in told.stdout


@pytest.mark.parametrize("arguments, said", [
    (["--nonsense"], "unknown flag --nonsense"),
    (["nonsense"], "unknown flag nonsense"),
    (["-c"], "a value is expected by --config"),
    (["--version=2"], "no value is expected by --version"),
    (["--version", "--help"], "nothing else can be done together with --help"),
])
def test_misuse_is_told_in_one_line(arguments, said):
    done = run(*arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr == f"entretiend: {said}; `entretiend --help` lists the flags\n"


def test_a_mistake_names_file_line_and_key(folder):
    path = folder / "conf"
    path.write_text(conf({"listen": {"address": "127.0.0.1", "port": "http"}}))
    for flags in (["--check-config"], ["--print-config"], []):
        done = run("-c", str(path), *flags)
        assert done.returncode == 2
        assert done.stdout == ""
        assert done.stderr == f'{path}:3: listen.port: "http" is not a number from 0 to 65535\n'


def test_a_file_that_is_not_there(folder):
    done = run("-c", str(folder / "none"))
    assert (done.returncode, done.stderr) == (2, f"{folder}/none: cannot be read: No such file or directory\n")


def test_a_printed_configuration_keeps_secrets(folder):
    key = folder / "key"
    key.write_text("0123456789abcdef" * 4)
    key.chmod(0o600)
    path = folder / "conf"
    path.write_text(conf({"keys": {"sealing": key}, "listen": {"port": 0}}))
    done = run(f"--config={path}", "--print-config")
    assert (done.returncode, done.stderr) == (0, "")
    assert f'sealing = "{key}" # content hidden' in done.stdout
    assert "port = 0" in done.stdout
    assert "0123456789abcdef" not in done.stdout
    key.chmod(0o644)
    done = run(f"--config={path}", "--check-config")
    assert done.returncode == 2
    assert done.stderr.startswith(f"{path}:2: keys.sealing: ") and done.stderr.count("\n") == 1


def test_a_credential_of_the_service_manager(folder):
    (folder / "sealing").write_text("0123456789abcdef" * 4)
    (folder / "sealing").chmod(0o400)
    path = folder / "conf"
    path.write_text(conf({"keys": {"sealing": "sealing"}}))
    assert run("-c", str(path), "--check-config").returncode == 2
    done = run("-c", str(path), "--check-config", env={**os.environ, "CREDENTIALS_DIRECTORY": str(folder)})
    assert (done.returncode, done.stderr) == (0, "")
