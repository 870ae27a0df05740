"""A whole staff by CSV, with its duties."""
import time

import sides

PEOPLE = 100_000
BATCH = 1000


def against_sqlite(rounds):
    ours, theirs, values = [], [], []
    for _ in range(rounds):
        with sides.folder() as place, sides.running(place / "ours") as (daemon, admin, organisation):
            before = sides.snapshot(daemon, place / "before.db")
            begun = time.monotonic()
            sides.bring(admin, organisation, "employees", sides.staff(PEOPLE))
            ours.append(PEOPLE / (time.monotonic() - begun))
            after = sides.snapshot(daemon, place / "after.db")
            raw = sides.same_rows(before, after, PEOPLE // BATCH)
            theirs.append(PEOPLE / raw["seconds"])
            values.append(ours[-1] / theirs[-1])
    return sides.median(values), values, {"ours": sides.median(ours), "theirs": sides.median(theirs)}
