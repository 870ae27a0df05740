"""Completions posted by a platform, each signed, each on disk before it is acknowledged."""
import hashlib
import hmac
import json

import lms
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
    return wrk.format("POST", "{path}", {{["Content-Type"] = "application/json", ["X-Signature"] = line:sub(1, 71)}}, line:sub(73))
end
"""


class Platform:
    """Requests signed before, each used once."""

    def __init__(self, place, source, count=POSTS):
        self.place, self.used, self.path = place, 0, "/hooks/" + source["hook_url"].rpartition("/hooks/")[2]
        secret = source["secret"].encode()
        with open(place / "posts", "w", encoding="ascii") as file:
            for number in range(count):
                raw = json.dumps(lms.record(f"event-{number:08}", f"n{number % PEOPLE}@mesures.example")).encode()
                file.write(f"sha256={hmac.new(secret, raw, hashlib.sha256).hexdigest()} {raw.decode()}\n")

    def load(self, base, first, at_end):
        script = self.place / "post.lua"
        script.write_text(LUA.format(first=first, at_end=at_end, posts=self.place / "posts", path=self.path))
        return sides.wrk(base, seconds=SECONDS, script=script)

    def post(self, base):
        """Requests a second, each with a completion never posted before."""
        rate = self.load(base, self.used, "os.exit(1)")
        self.used += int(rate * (SECONDS + 1)) + 256
        return rate

    def post_again(self, base):
        """Requests a second to whom it is all the same."""
        return self.load(base, 0, "n = 1")


def connected(place, rounds, run):
    with sides.folder() as home, sides.running(place) as (daemon, admin, organisation):
        sides.bring(admin, organisation, "employees", sides.staff(PEOPLE))
        source = lms.connect(admin, f"?organisation={organisation}")
        platform = Platform(home, source, min(POSTS, 60_000 * rounds))
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
