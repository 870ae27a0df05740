"""What the daemon costs that has a large staff and nothing to do."""
import contextlib
import sqlite3
import time

import people
import sides

PEOPLE = 100_000
CLOCK = "2026-11-23T08:00:00Z"
IDLE_SECONDS = 20
MOVES = 60
LARGE, SMALL = 1_000_000, 1_000
# What a copy has of its own, as SQL over the row it is made from and its number n. Ids that begin with the same letters as
# the one person's get that number.
OWN = {"id": "substr(id, 1, length(id) - 8) || printf('%08d', n)", "employee": "substr(employee, 1, length(employee) - 8) || printf('%08d', n)",
       "subject": "substr(subject, 1, length(subject) - 8) || printf('%08d', n)",
       "number": "'C' || n", "number_folded": "'c' || n", "email": "'c' || n || '@x.example'", "email_folded": "'c' || n || '@x.example'",
       "name_folded": "'byron ' || n"}


def multiply(path, count):
    """Copies the one person of the store, with facts and duties and no day to look at soon, until there are `count`."""
    with contextlib.closing(sqlite3.connect(path)) as store:
        store.execute("PRAGMA synchronous=OFF")
        store.execute("UPDATE employee SET next_check = '2099-01-01', remind_on = NULL")
        for table, where in (("employee", "1"), ("fact", "subject LIKE 'emp_%'"), ("duty", "1")):
            columns = [row[1] for row in store.execute(f"PRAGMA table_info({table})")]
            rows = f"(SELECT * FROM {table} WHERE {where})"
            store.execute(f"""
                INSERT INTO {table} ({", ".join(columns)})
                WITH RECURSIVE count(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM count WHERE n < {count - 1})
                SELECT {", ".join(OWN.get(column, column) for column in columns)} FROM count, {rows}""")
        store.commit()
        store.execute("PRAGMA wal_checkpoint(TRUNCATE)")


@contextlib.contextmanager
def large(count, clock=None):
    """A daemon that has a staff and has looked at all that is due."""
    with sides.folder() as place, sides.running(place / "ours", clock=clock) as (daemon, admin, organisation):
        people.hire(admin, organisation=organisation, hire_date="2026-11-20", email="ada@x.example")
        settled(daemon)
        daemon.stop()
        multiply(daemon.data / "entretiend.db", count)
        daemon.start()
        settled(daemon)
        yield daemon


def settled(daemon):
    """Until it uses next to nothing for a while."""
    calm, last = 0, sides.cpu_seconds(daemon.process)
    while calm < 3:
        sides.pause(1)
        spent = sides.cpu_seconds(daemon.process)
        calm, last = (calm + 1 if spent - last < 0.02 else 0), spent


def ready(rounds):
    with large(PEOPLE) as daemon:
        def once():
            daemon.stop()
            begun = time.monotonic()
            daemon.start()
            return 1000 * (time.monotonic() - begun)
        return sides.single(rounds, once)


def idle_cpu(rounds):
    with large(PEOPLE) as daemon:
        def once():
            before = sides.cpu_seconds(daemon.process)
            sides.pause(IDLE_SECONDS)
            return 100 * (sides.cpu_seconds(daemon.process) - before) / IDLE_SECONDS
        return sides.single(rounds, once)


def idle_rss(rounds):
    with large(PEOPLE) as daemon:
        return sides.single(rounds, lambda: sides.rss_mib(daemon.process))


def tick_cost(count, rounds):
    """CPU seconds of one look, by moving the clock within one day."""
    with large(count, clock=CLOCK) as daemon:
        def once():
            before = sides.cpu_seconds(daemon.process)
            for move in range(MOVES):
                people.move_to(daemon, "2026-11-23", f"09:{move:02}:00")
            people.move_to(daemon, "2026-11-23", "08:00:00")
            return (sides.cpu_seconds(daemon.process) - before) / MOVES
        once()
        return [once() for _ in range(rounds)]


def tick_growth(rounds):
    small, big = tick_cost(SMALL, rounds), tick_cost(LARGE, rounds)
    values = [b / s for b, s in zip(big, small)]
    return sides.median(values), values, {"ms at 1 000": 1000 * sides.median(small), "ms at 1 000 000": 1000 * sides.median(big)}
