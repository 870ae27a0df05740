"""How the tests wait: for what the daemon does in its own time, never for time to pass."""
import threading
import time

PATIENCE = 60  # seconds, for what must happen; a test that waits this long has failed


def wait_for(what, found):
    """What is found, once there is something."""
    between = threading.Event()
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        value = found()
        if value:
            return value
        between.wait(0.02)
    raise AssertionError(f"there never was {what}")


def eventually(ask, wanted):
    """Asks until the answer is the one wanted."""
    seen = []

    def found():
        seen[:] = [ask()]
        return seen[0] == wanted
    try:
        wait_for("the answer", found)
    except AssertionError:
        raise AssertionError(f"{seen[0]}, never {wanted}") from None
