"""Fixtures of the tests on a machine: the packages once, a machine for each module."""
import pytest

import machine as machines


@pytest.fixture(scope="session")
def made():
    return machines.packages()


@pytest.fixture(scope="module")
def machine(made, request):
    here = machines.Machine(request.module.__name__.removeprefix("test_"), made)
    try:
        yield here.boot()
    finally:
        here.end()
