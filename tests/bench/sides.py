"""Two sides of one measurement, in turn; and the daemons and peers they run."""
import contextlib
import json
import os
import pathlib
import re
import shutil
import sqlite3
import statistics
import subprocess
import tempfile
import threading
import time

from client import Client
from daemon import Daemon
from patience import PATIENCE

BIN = pathlib.Path(os.environ["ENTRETIEND"]).parent
HOME = "/var/tmp"  # on the disk: what is durable in memory costs nothing


def median(values):
    return round(statistics.median(values), 4)


def ratio(rounds, ours, theirs, over=True):
    """Alternates the sides; the median of the ratios of each round, ours over theirs."""
    pairs = []
    for number in range(rounds):
        pairs.append((ours(), theirs()) if number % 2 == 0 else tuple(reversed((theirs(), ours()))))
    values = [a / b if over else b / a for a, b in pairs]
    return statistics.median(values), values, {"ours": round(statistics.median(a for a, _ in pairs), 3),
                                               "theirs": round(statistics.median(b for _, b in pairs), 3)}


def single(rounds, measure):
    values = [measure() for _ in range(rounds)]
    return statistics.median(values), values, {}


@contextlib.contextmanager
def folder():
    with tempfile.TemporaryDirectory(prefix="entretiend.bench.", dir=HOME) as path:
        yield pathlib.Path(path)


@contextlib.contextmanager
def running(home, options=None, clock=None):
    """A daemon with an organisation; (daemon, admin client, organisation id)."""
    home.mkdir(mode=0o700, exist_ok=True)
    daemon = Daemon(home, options, clock)
    daemon.create_token()
    daemon.start()
    try:
        admin = Client(daemon, daemon.token)
        body = {"name": "Mesures", "siren": "732829320", "organiser": {"name": "RH", "email": "rh@mesures.example"}}
        yield daemon, admin, admin.post("/v1/organisations", body, expect=201).json()["id"]
        if daemon.process:
            daemon.stop()
    finally:
        if daemon.process:
            daemon.kill()


def staff(count, first=0, hire="2024-03-01"):
    """An employees file."""
    lines = ["number;given_name;family_name;email;hire_date;birth_date"]
    for number in range(first, first + count):
        lines.append(f"N{number:07};Camille;Durand {number};n{number}@mesures.example;{hire};1988-04-{1 + number % 28:02}")
    return "\n".join(lines) + "\n"


def bring(admin, organisation, kind, text):
    """Imports a file and waits for its end; the answer."""
    made = admin.post(f"/v1/imports/{kind}?wait=20&organisation={organisation}", data=text.encode(),
                      headers={"Content-Type": "text/csv"})
    assert made.status_code in (201, 202), made.text
    answer = made.json()
    while answer["state"] not in ("done", "failed", "refused"):
        answer = {**answer, **admin.get(f"/v1/operations/{answer['id']}?wait=20").json()}
    assert answer["state"] == "done", answer
    return answer


def wrk(url, seconds=3, connections=64, script=None, headers=(), limited=False):
    """Requests a second, all answered 2xx or 3xx; `limited`: or 429, one address asking for more than it may."""
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", *(part for h in headers for part in ("-H", h))]
    if script:
        command += ["-s", str(script)]
    done = subprocess.run([*command, url], capture_output=True, text=True, check=True)
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", done.stdout).group(1))
    bad = re.search(r"Non-2xx or 3xx responses: (\d+)", done.stdout)
    assert limited or not bad, f"{url}: {bad.group(0)}\n{done.stdout}"
    return rate


@contextlib.contextmanager
def noop():
    """The server with a handler that does nothing; its URL."""
    with subprocess.Popen([BIN / "tests/bench/bench_noop"], stdout=subprocess.PIPE, text=True) as process:
        try:
            yield f"http://127.0.0.1:{process.stdout.readline().strip()}/"
        finally:
            process.terminate()


def same_rows(before, after, batches):
    """SQLite alone inserting into a copy of `before` what `after` has more: {rows, seconds}."""
    with folder() as place:
        copy = place / "copy.db"
        shutil.copy(before, copy)
        done = subprocess.run([BIN / "tests/bench/bench_rows", copy, after, str(batches)], capture_output=True, text=True,
                              check=True, timeout=60 * PATIENCE)
    return json.loads(done.stdout)


def snapshot(daemon, to):
    """A copy of the store as it is now."""
    subprocess.run(["sqlite3", str(daemon.data / "entretiend.db"), f".backup '{to}'"], check=True)
    return to


def rows(path, table):
    with contextlib.closing(sqlite3.connect(path)) as store:
        return store.execute(f"SELECT count(*) FROM {table}").fetchone()[0]


def cpu_seconds(process):
    """CPU that a process has used, with all its threads, to the nanosecond."""
    total = 0
    for thread in pathlib.Path(f"/proc/{process.pid}/task").iterdir():
        total += int((thread / "schedstat").read_text().split()[0])
    return total / 1e9


def rss_mib(process):
    for line in pathlib.Path(f"/proc/{process.pid}/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise AssertionError("no VmRSS")


def pause(seconds):
    """What is measured here is what happens meanwhile."""
    threading.Event().wait(seconds)


class Watch:
    def __init__(self):
        self.begun = time.monotonic()

    def seconds(self):
        return time.monotonic() - self.begun


def metric(client, name):
    """A value of /metrics."""
    for line in client.get("/metrics").text.splitlines():
        if line.startswith(name + " "):
            return float(line.split()[1])
    raise AssertionError(f"/metrics has no {name}")
