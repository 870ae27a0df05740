"""The town under siege: work goes on, blows fall, and at the end everything that was promised must be there."""
import collections
import datetime
import pathlib
import random
import subprocess
import sys
import tempfile
import threading
import time

import icalendar
from aiosmtpd.controller import Controller

from blows import BLOWS
from client import Client
from daemon import Daemon
from outbox import is_invitation
from moodle import Pages
from patience import wait_for
from relay import Relay
from work import Asker, Clerk, Organiser, Platform, Reader, settle

DISK_MIB = 512
START = datetime.datetime(2026, 11, 23, 8, tzinfo=datetime.timezone.utc)
ROUNDS = 3        # of what takes most memory, at the end
RSS_GROWTH = 1.1  # from the round before the last to the last


class Lasting(Relay):
    """A relay that can go away and come back on its port."""

    def again(self):
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self.controller.start()


class Town:
    def __init__(self, home, seed):
        self.home, self.dice, self.counts = home, random.Random(seed), collections.Counter()
        self.relay = Lasting()
        self.relay.__enter__()
        self.pages = Pages([])
        self.pages.http.handle_error = lambda *_: None  # a daemon that is killed cuts its calls
        self.open = threading.Event()  # the daemon may be asked
        self.finishing = False
        self.moved = datetime.timedelta()
        options = {"mail": {"transport": "smtp", "relay": f"smtp://127.0.0.1:{self.relay.port}", "require_tls": "no",
                            "timeout": "5s", "connect_timeout": "2s"},
                   "outgoing": {"allow": "127.0.0.1"}}
        self.begun = time.monotonic()
        self.daemon = Daemon(home, options, clock=START.isoformat().replace("+00:00", "Z"))
        self.token = self.daemon.create_token()
        self.daemon.start()
        self.open.set()
        self.admin = Client(self.daemon, self.token)
        body = {"name": "Ateliers du Rhône", "organiser": {"name": "RH", "email": "rh@rhone.example"}}
        self.organisation = self.admin.post("/v1/organisations", body, expect=201).json()["id"]
        settle(self, self.admin)

    def pause(self, seconds):
        threading.Event().wait(seconds)

    def move_clock(self, seconds):
        """The daemon's time: real seconds since the start, and so many more."""
        at = START + datetime.timedelta(seconds=time.monotonic() - self.begun + seconds)
        self.daemon.set_clock(at.isoformat(timespec="seconds").replace("+00:00", "Z"))

    def rss(self):
        for line in pathlib.Path(f"/proc/{self.daemon.process.pid}/status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
        raise AssertionError("no VmRSS")

    def live(self):
        """Imports of more than a few hold deliveries; here they are to leave."""
        self.admin.patch(f"/v1/organisations/{self.organisation}", {"deliveries": "live"})


def mount(path):
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK_MIB}m,mode=0700", "tmpfs", str(path)], check=True)


def besiege(town, seconds, names):
    workers = [Platform(town), Platform(town), Asker(town), Clerk(town), Organiser(town), Reader(town)]
    for worker in workers:
        worker.start()
    until = time.monotonic() + seconds
    order = []
    while time.monotonic() < until:
        order = order or town.dice.sample(names, len(names))
        name = order.pop()
        town.pause(town.dice.uniform(0.3, 1.5))
        print(f"  {name}", file=sys.stderr, flush=True)
        BLOWS[name](town)
        town.counts[name] += 1
        for worker in workers:
            if worker.failure:
                raise worker.failure
    town.finishing = True
    for worker in workers:
        worker.stop()
    return workers


def check_completions(town, workers):
    wanted = set().union(*(w.acknowledged for w in workers if isinstance(w, Platform)))
    stored = collections.Counter(one["said"]["event_id"] for one in
                                 town.admin.items(f"/v1/completions?limit=500&organisation={town.organisation}"))
    assert not wanted - set(stored), f"acknowledged and lost: {sorted(wanted - set(stored))[:10]}"
    assert max(stored.values(), default=0) <= 1, f"twice: {stored.most_common(3)}"
    town.counts["completions acknowledged"] = len(wanted)


def check_pulled(town, workers):
    """Whatever the platform listed is there once, however often it was asked and cut off."""
    wanted = set().union(*(w.acknowledged for w in workers if isinstance(w, Asker)))
    source = town.asked["id"]

    def stored():
        return collections.Counter(one["said"]["event_id"] for one in town.admin.items(
            f"/v1/completions?limit=500&source={source}&organisation={town.organisation}"))
    for hours in range(1, 100):
        if not wanted - set(stored()):
            break
        town.move_clock(3600 * hours)
        town.admin.post(f"/v1/sources/{source}/sync", {"sweep": True}, expect=None)
        town.pause(0.3)
    assert not wanted - set(stored()), f"listed and not taken: {sorted(wanted - set(stored()))[:10]}"
    assert max(stored().values(), default=0) <= 1, f"twice: {stored().most_common(3)}"
    town.counts["completions pulled"] = len(wanted)


def check_people(town, workers):
    wanted = set().union(*(w.acknowledged for w in workers if isinstance(w, Clerk)))

    def there():
        return collections.Counter(one["number"] for one in
                                   town.admin.items(f"/v1/employees?limit=500&organisation={town.organisation}"))
    stored = wait_for("the end of every import", lambda: not wanted - set(there()) and there())
    assert max(stored.values()) == 1, f"twice: {stored.most_common(3)}"
    town.counts["employees acknowledged"] = len(wanted)


def check_invitations(town, workers):
    """Each review that was invited reached both people, as one message each, however often it was sent."""
    invited = set().union(*(w.invited for w in workers if isinstance(w, Organiser)))
    town.live()

    def waiting():
        return [one for state in ("held", "queued", "failed", "leased") for one in
                town.admin.items(f"/v1/deliveries?limit=500&state={state}&organisation={town.organisation}")]
    for step in range(1, 100):  # past what was planned while the clock was 40 days ahead
        if not waiting():
            break
        town.move_clock(43200 * step)
        town.pause(0.3)
    assert not waiting(), waiting()[:3]
    ids = collections.defaultdict(set)
    for mail in town.relay.mails(kind=is_invitation):
        part = next(p for p in mail.walk() if p.get_content_type() == "text/calendar")
        event = icalendar.Calendar.from_ical(part.get_content()).walk("VEVENT")[0]
        ids[str(event["UID"]), mail["To"], int(event.get("SEQUENCE", 0))].add(mail["Message-ID"])
    reached = collections.Counter(uid for uid, _, _ in ids)
    for review in invited:
        uid = next((uid for uid in reached if review in uid), None)
        assert uid and reached[uid] >= 2, f"{review} did not reach both: {of_review(town, review)}"
    assert all(len(messages) == 1 for messages in ids.values()), "one invitation under two Message-IDs"
    town.counts["invitations delivered"] = len(ids)


def of_review(town, review):
    """What became of its messages."""
    return [(one["state"], one["target"], one["attempts"], one["last_error"]) for one in
            town.admin.items(f"/v1/deliveries?limit=500&review={review}&organisation={town.organisation}")]


def check_memory(town):
    """What is given back is used again: the same load once more takes no more memory."""
    sizes = []
    for _ in range(ROUNDS):
        BLOWS["slow_connections"](town)
        for path in ("employees", "completions", "duties", "audit"):
            town.admin.items(f"/v1/{path}?limit=500&organisation={town.organisation}")
        sizes.append(town.rss())
    assert sizes[-1] < sizes[-2] * RSS_GROWTH + 4, f"memory grows: {sizes} MiB"
    town.counts["MiB resident"] = round(sizes[-1])


def check_chain(town):
    answer = town.admin.get(f"/v1/audit/verify?organisation={town.organisation}").json()
    assert answer["valid"] is True, answer


def run(seconds, seed, only):
    names = only or list(BLOWS)
    unknown = [name for name in names if name not in BLOWS]
    if unknown:
        print(f"no blow {', '.join(unknown)}; there are {', '.join(BLOWS)}", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="entretiend.torture.") as path:
        home = pathlib.Path(path)
        mount(home)
        town = None
        try:
            town = Town(home, seed)
            workers = besiege(town, seconds, names)
            town.move_clock(0)
            check_completions(town, workers)
            check_pulled(town, workers)
            check_people(town, workers)
            check_invitations(town, workers)
            check_chain(town)
            check_memory(town)
            town.counts["requests refused meanwhile"] = sum(worker.refused for worker in workers)
            town.counts["requests served"] = sum(worker.done for worker in workers)
            assert town.daemon.process.poll() is None, town.daemon.log()[-3000:]
        finally:
            if town and town.daemon.process:
                town.daemon.kill()
            if town:
                town.relay.stop()
                town.pages.close()
            subprocess.run(["umount", "-l", str(home)], check=True)
    for name, count in sorted(town.counts.items()):
        print(f"{count:8} {name}")
    print(f"{len(names)} kinds of blow, everything held")
    return 0
