"""Completions posted by a platform, each signed, each on disk before it is acknowledged."""
import base64
import hashlib
import hmac
import json

import lms
import nodered
import sides

PEOPLE = 1000
POSTS = 400_000
BATCH = 128
SECONDS = 3

LUA = """
local n = {first}
local lines = {{}}
for line in io.lines("{posts}") do lines[#lines + 1] = line end
request = function()
    n = n + 1
    if n > #lines then {at_end} end
    local line = lines[n]
    return wrk.format("POST", "{path}", {{["Content-Type"] = "application/json", ["X-Signature"] = line:sub(1, 71){fields}}}, line:sub(73))
end
"""


class Platform:
    """Requests signed before, each used once; `fields` go with each beside its signature."""

    def __init__(self, place, path, secret, bodies, fields=None):
        self.place, self.used, self.path = place, 0, path
        self.fields = "".join(f', ["{name}"] = "{value}"' for name, value in (fields or {}).items())
        with open(place / "posts", "w", encoding="ascii") as file:
            for raw in bodies:
                file.write(f"sha256={hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()} {raw.decode()}\n")

    def load(self, base, first, at_end):
        script = self.place / "post.lua"
        script.write_text(LUA.format(first=first, at_end=at_end, posts=self.place / "posts", path=self.path, fields=self.fields))
        return sides.wrk(base, seconds=SECONDS, script=script)

    def post(self, base):
        """Requests a second, each with a completion never posted before."""
        rate = self.load(base, self.used, "os.exit(1)")
        self.used += int(rate * (SECONDS + 1)) + 256
        return rate

    def post_again(self, base):
        """Requests a second to whom it is all the same."""
        return self.load(base, 0, "n = 1")


def records(count):
    for number in range(count):
        yield json.dumps(lms.record(f"event-{number:08}", f"n{number % PEOPLE}@mesures.example")).encode()


def hooks(home, admin, organisation, count):
    """A generic platform and its posts."""
    source = lms.connect(admin, f"?organisation={organisation}")
    return Platform(home, "/hooks/" + source["hook_url"].rpartition("/hooks/")[2], source["secret"], records(count))


def connected(place, rounds, run):
    with sides.folder() as home, sides.running(place) as (daemon, admin, organisation):
        sides.bring(admin, organisation, "employees", sides.staff(PEOPLE))
        platform = hooks(home, admin, organisation, min(POSTS, 60_000 * rounds))
        return run(daemon, admin, organisation, platform, home)


def against_noop(rounds):
    def run(daemon, _admin, _organisation, platform, _home):
        with sides.noop() as url:
            return sides.ratio(rounds, lambda: platform.post(daemon.url), lambda: platform.post_again(url))
    with sides.folder() as place:
        return connected(place / "ours", rounds, run)


def against_sqlite(rounds):
    """Each round the rows that the round has made are what SQLite inserts."""
    def run(daemon, _admin, _organisation, platform, home):
        values, ours, theirs = [], [], []
        for _ in range(rounds):
            before = sides.snapshot(daemon, home / "before.db")
            rate = platform.post(daemon.url)
            after = sides.snapshot(daemon, home / "after.db")
            taken = sides.rows(after, "completion") - sides.rows(before, "completion")
            raw = sides.same_rows(before, after, -(-taken // BATCH))
            ours.append(rate)
            theirs.append(taken / raw["seconds"])
            values.append(ours[-1] / theirs[-1])
        return sides.median(values), values, {"ours": sides.median(ours), "theirs": sides.median(theirs)}
    with sides.folder() as place:
        return connected(place / "ours", rounds, run)


# ---- beside Node-RED

COURSE = "https://w3id.org/xapi/cmi5/activitytype/course"


def statement(number):
    """As the logstore of Moodle writes them, without an id."""
    return {"actor": {"mbox": f"mailto:n{number % PEOPLE}@mesures.example"}, "timestamp": f"2026-10-{1 + number % 28:02}T10:00:00Z",
            "verb": {"id": "http://adlnet.gov/expapi/verbs/completed", "display": {"en": "completed"}},
            "object": {"id": f"https://lms.example/course/view.php?id={number // PEOPLE}",
                       "definition": {"type": COURSE, "name": {"en": f"Cours {number // PEOPLE}"}}}}


def statements(home, admin, organisation, count, batch):
    source = lms.connect(admin, f"?organisation={organisation}", kind="xapi", mapping=None,
                         signature={"family": "basic", "user": "lms"})
    secret = base64.b64encode(f"{source['id']}:{source['secret']}".encode()).decode()
    bodies = (json.dumps(statement(first) if batch == 1 else [statement(number) for number in range(first, first + batch)]).encode()
              for first in range(0, count * batch, batch))
    return Platform(home, "/xapi/statements", source["secret"], bodies,
                    {"Authorization": f"Basic {secret}", "X-Experience-API-Version": "1.0.3"})


def against_nodered(make):
    """The same requests to both; `make` is the platform: (home, admin, organisation, rounds)."""
    def measure(rounds):
        with sides.folder() as place:
            home = place / "posts"
            home.mkdir()
            with sides.running(place / "ours") as (daemon, admin, organisation):
                sides.bring(admin, organisation, "employees", sides.staff(PEOPLE))
                platform = make(home, admin, organisation, rounds)
                with nodered.running(place / "theirs", lms.SECRET, [platform.path]) as url:
                    return sides.ratio(rounds, lambda: platform.post(daemon.url), lambda: platform.post_again(url))
    return measure


hooks_against_nodered = against_nodered(lambda home, admin, organisation, rounds: hooks(
    home, admin, organisation, min(POSTS, 60_000 * rounds)))
single_against_nodered = against_nodered(lambda home, admin, organisation, rounds: statements(
    home, admin, organisation, min(POSTS, 50_000 * rounds), 1))
batch_against_nodered = against_nodered(lambda home, admin, organisation, rounds: statements(
    home, admin, organisation, min(POSTS // 20, 4_000 * rounds), 30))
