"""What befalls the daemon. Each blow is given the town and ends with the daemon running again, or says what is wrong."""
import contextlib
import os
import resource
import socket
import subprocess
import threading

import requests

from relay import hang

SLOW = 10_000
FEW_FILES = 160


def kill(town):
    town.daemon.kill()
    town.daemon.start()


def restart(town):
    town.daemon.signal(15)
    assert town.daemon.wait() == 0, town.daemon.log()[-3000:]
    town.daemon.start()


def full_disk(town):
    """Nothing can be written for a while; reads go on."""
    ballast = town.home / "ballast"
    with open(ballast, "wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(b"\0" * 65536)
    town.pause(1.5)
    answer = requests.get(f"{town.daemon.url}/v1/employees?organisation={town.organisation}", timeout=20,
                          headers={"Authorization": f"Bearer {town.token}"})
    assert answer.status_code == 200, f"reading with a full disk: {answer.status_code} {answer.text}"
    ballast.unlink()


def read_only_disk(town):
    """It says so and does not start; nothing is harmed."""
    town.daemon.kill()
    subprocess.run(["mount", "-o", "remount,ro", str(town.home)], check=True)
    try:
        done = subprocess.run([os.environ["ENTRETIEND"], *town.daemon.arguments()], capture_output=True, text=True, timeout=60,
                              stdin=subprocess.DEVNULL, check=False)
        assert done.returncode not in (0, -6, -11), f"started on a disk that cannot be written: {done.stderr}"
        assert done.stderr.strip(), "said nothing about a disk that cannot be written"
    finally:
        subprocess.run(["mount", "-o", "remount,rw", str(town.home)], check=True)
    town.daemon.start()


def clock_jump(town):
    town.move_clock(town.dice.choice([-86400, -3600, 60, 86400, 40 * 86400]))
    town.pause(0.5)
    town.move_clock(0)


def relay_refuses(town):
    town.relay.answers[""] = town.dice.choice(["451 later", "421 closing"])
    town.pause(1)
    town.relay.answers.clear()


def relay_garbage(town):
    town.relay.answers[""] = "999 \x07 nothing anybody knows"
    town.pause(0.5)
    town.relay.answers.clear()


def relay_away(town):
    town.relay.stop()
    town.pause(0.5)
    town.relay.again()


def relay_hangs(town):
    """Takes a message and does not answer."""
    ended = threading.Event()
    town.relay.answers[""] = hang(ended)
    town.pause(1.5)
    town.relay.answers.clear()
    ended.set()


def platform_hangs(town):
    town.pages.gate.clear()
    town.pause(1.5)
    town.pages.gate.set()


def platform_resets(town):
    """Ends each answer in its middle."""
    town.pages.cut_after = 0
    town.pause(1)
    town.pages.cut_after = None


def platform_garbage(town):
    town.pages.trouble = town.dice.choice([(200, b"\x00{{{", {}), (200, "[" * 50000, {}), (500, "<html>", {"kind": "text/html"}),
                                           (302, "", {"Location": "http://169.254.169.254/"})])
    town.pause(1)
    town.pages.trouble = None


def copy_and_check(town):
    """A backup by the interface and a self-check, beside all the work: both hold."""
    said = {"Authorization": f"Bearer {town.token}"}
    with requests.get(f"{town.daemon.url}/v1/backup", headers=said, timeout=120, stream=True) as answer:
        assert answer.status_code == 200, answer.text
        begun = next(answer.iter_content(16))
        assert begun == b"SQLite format 3\0", begun
    assert requests.post(f"{town.daemon.url}/v1/selfcheck", headers=said, timeout=20).status_code == 202
    verdict = requests.get(f"{town.daemon.url}/v1/selfcheck?wait=60", headers=said, timeout=90).json()
    assert verdict["state"] == "held" and not verdict["running"], verdict


def slow_connections(town):
    """Thousands that never finish a request; others are served."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    held = []
    try:
        for number in range(min(SLOW, hard - 500)):
            with contextlib.suppress(OSError):
                one = socket.socket()
                one.settimeout(5)
                one.bind((f"127.0.{1 + number // 250}.{1 + number % 250}", 0))
                one.connect(("127.0.0.1", town.daemon.port))
                one.send(b"GET /healthz HTTP/1.1\r\nX: ")
                held.append(one)
        town.counts["slow connections at once"] = max(town.counts.get("slow connections at once", 0), len(held))
        assert requests.get(town.daemon.url + "/healthz", timeout=20).status_code == 200
        for one in held[::7]:
            with contextlib.suppress(OSError):
                one.send(b"y")
    finally:
        for one in held:
            one.close()
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def few_files(town):
    """Out of file descriptors: it waits, and goes on when there are some again."""
    resource.prlimit(town.daemon.process.pid, resource.RLIMIT_NOFILE, (FEW_FILES, FEW_FILES))
    held = []
    for _ in range(2 * FEW_FILES):
        with contextlib.suppress(OSError):
            held.append(socket.create_connection(("127.0.0.1", town.daemon.port), timeout=5))
    town.pause(0.5)
    for one in held:
        one.close()
    for _ in range(200):
        with contextlib.suppress(requests.RequestException):
            if requests.get(town.daemon.url + "/healthz", timeout=5).status_code == 200:
                break
    else:
        raise AssertionError("it never served again after having had no file descriptors")
    kill(town)  # what it may open is taken from a process for good


BLOWS = {blow.__name__: blow for blow in (kill, restart, full_disk, read_only_disk, clock_jump, relay_refuses, relay_garbage,
                                          relay_away, relay_hangs, platform_hangs, platform_resets, platform_garbage,
                                          copy_and_check, slow_connections, few_files)}
