"""Fixtures of the system tests."""
import pathlib
import tempfile

import pytest

from daemon import Daemon


@pytest.fixture
def folder():
    """A directory of the test's own, with a name short enough for sockets in it."""
    with tempfile.TemporaryDirectory(prefix="entretiend.") as path:
        yield pathlib.Path(path)


@pytest.fixture
def make_daemon(folder):
    """Makes daemons, not started; those that run at the end of the test are stopped and must have been well."""
    made = []

    def make(options=None, clock=None):
        home = folder / str(len(made))
        home.mkdir(mode=0o700)
        made.append(Daemon(home, options, clock))
        return made[-1]

    yield make
    try:
        for daemon in made:
            if daemon.process:
                daemon.stop()
    finally:
        for daemon in made:
            if daemon.process:
                daemon.kill()


@pytest.fixture
def daemon(make_daemon):
    """A running daemon with an empty store."""
    return make_daemon().start()
