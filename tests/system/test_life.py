"""Start, reload and stop of the daemon, and the one clear line when it cannot start."""
import signal
import sqlite3
import stat

import pytest

from daemon import run


@pytest.mark.smoke
def test_it_starts_and_stops(make_daemon):
    daemon = make_daemon().start()
    daemon.signal(signal.SIGTERM)
    daemon.told("STOPPING=1")
    assert daemon.wait() == 0
    daemon.check_log()
    daemon.start()
    daemon.stop()


def test_it_gives_signs_of_life(make_daemon):
    daemon = make_daemon().start({"WATCHDOG_USEC": "200000"})
    daemon.told("WATCHDOG=1")
    daemon.told("WATCHDOG=1")


def cannot_start(daemon):
    done = run(*daemon.arguments())
    assert done.returncode == 1, done.stderr
    lines = [line for line in done.stderr.splitlines() if not line.startswith(("notice ", "info ", "debug "))]
    assert len(lines) == 1, done.stderr
    return lines[0]


def test_a_data_directory_that_is_not_there(make_daemon):
    daemon = make_daemon()
    daemon.data.rmdir()
    assert cannot_start(daemon) == (
        f"error data: the data directory {daemon.data} cannot be opened: No such file or directory")


def test_a_data_directory_open_to_everyone(make_daemon):
    daemon = make_daemon()
    daemon.data.chmod(0o755)
    assert cannot_start(daemon) == (
        f"error data: the data directory {daemon.data} is open to everyone (mode 0755); chmod 0700 it")


def test_a_data_directory_in_use(make_daemon):
    daemon = make_daemon().start()
    assert cannot_start(daemon) == f"error data: another entretiend uses the data directory {daemon.data}"


def test_the_sealing_key_is_made_once(make_daemon):
    daemon = make_daemon().start()
    key = daemon.data / "sealing.key"
    made = key.read_text()
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert len(made) == 65 and int(made, 16) >= 0
    daemon.stop()
    daemon.start()
    assert key.read_text() == made
    daemon.stop()
    key.chmod(0o644)
    assert cannot_start(daemon).startswith("error keyring: ")


def test_a_lost_sealing_key_is_not_made_again(make_daemon):
    daemon = make_daemon().start()
    daemon.stop()
    (daemon.data / "sealing.key").unlink()
    assert cannot_start(daemon) == (
        f"error keyring: {daemon.data}/sealing.key is missing, and the store {daemon.data}/entretiend.db needs it")


def test_a_newer_store_is_refused(make_daemon):
    daemon = make_daemon().start()
    daemon.stop()
    with sqlite3.connect(daemon.data / "entretiend.db") as store:
        store.execute("INSERT INTO schema_version (version, name) VALUES (1000, 'later')")
    assert cannot_start(daemon).startswith(
        "error store: the store has schema version 1000, this program knows only up to ")


def test_a_store_that_is_none_is_refused(make_daemon):
    daemon = make_daemon()
    (daemon.data / "sealing.key").write_text("0123456789abcdef" * 4)
    (daemon.data / "sealing.key").chmod(0o600)
    (daemon.data / "entretiend.db").write_text("this is a text, and one long enough to hold a whole header" * 40)
    assert cannot_start(daemon).startswith("error store: ")


def test_the_store_is_migrated_without_a_daemon(make_daemon):
    daemon = make_daemon()
    done = run(*daemon.arguments(), "migrate-store")
    assert done.returncode == 0
    assert done.stderr == f"notice store: its schema is this program's file={daemon.data}/entretiend.db\n"
    daemon.start()
    assert run(*daemon.arguments(), "migrate-store").returncode == 1


def test_a_reload_takes_over_what_may_change(make_daemon):
    daemon = make_daemon().start()
    daemon.expect("this option waits for a restart detail=store.read_lanes")
    daemon.configure({"log": {"level": "debug"}, "store": {"read_lanes": 1}})
    daemon.signal(signal.SIGHUP)
    daemon.told("RELOADING=1")
    daemon.told("READY=1")
    daemon.logged("^notice reload: done")


def test_a_reload_of_a_mistake_changes_nothing(make_daemon):
    daemon = make_daemon().start()
    daemon.expect("^error reload: the configuration stays as it was detail=.*limits.idle")
    daemon.configure({"limits": {"idle": "never"}})
    daemon.signal(signal.SIGHUP)
    daemon.stop()
    assert daemon.log().count("the configuration stays as it was") == 1


def test_a_set_clock_is_said_loudly_and_moves(make_daemon):
    daemon = make_daemon(clock="2026-11-22T08:00:00Z").start()
    daemon.logged("^warning clock: the time is set by a file.* now=2026-11-22T08:00:00Z")
    daemon.set_clock("2034-01-01T00:00:00Z")
    daemon.logged("^notice clock: moved now=2034-01-01T00:00:00Z")
    daemon.expect("^warning clock: the file is not an instant")
    daemon.set_clock("soon")
    daemon.logged("^warning clock: the file is not an instant, the last one holds")
    assert run("-c", str(daemon.config_path)).returncode == 2
