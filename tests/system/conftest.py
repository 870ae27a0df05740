"""Fixtures of the system tests."""
import pathlib
import tempfile

import pytest

from client import Client
from daemon import Daemon

# They need Debian's Cyrus, several processes heavy: one at a time.
HEAVY = ("test_calendars", "test_loop")


def pytest_collection_modifyitems(items):
    """The tests of a file run in one process, so that what they share is made once."""
    for item in items:
        name = item.path.stem
        item.add_marker(pytest.mark.xdist_group("heavy" if name in HEAVY else name))


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
def options():
    """What the configuration of the daemon says beyond the folders."""
    return {}


@pytest.fixture
def daemon(make_daemon, options):
    """A running daemon with an empty store, the 23rd of November 2026, nine o'clock in Paris."""
    made = make_daemon(options, clock="2026-11-23T08:00:00Z")
    made.create_token()
    return made.start()


@pytest.fixture
def admin(daemon):
    return Client(daemon, daemon.token)


@pytest.fixture
def organisation(admin):
    """The id of an organisation."""
    body = {"name": "Ateliers du Rhône", "siren": "732829320",
            "organiser": {"name": "Ressources humaines", "email": "rh@rhone.example"}}
    return admin.post("/v1/organisations", body, expect=201).json()["id"]


@pytest.fixture
def hr(daemon, admin, organisation):
    """A client of HR, bound to the organisation."""
    made = admin.post(f"/v1/tokens?organisation={organisation}", {"scopes": ["hr", "audit"]}, expect=201)
    return Client(daemon, made.json()["token"])
