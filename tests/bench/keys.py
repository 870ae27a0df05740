"""What is measured: a row each, with what it means and the bar it is held against by people, never by a test."""
import collections
import statistics
import sys

import engine
import feeds
import imports
import ingest
import mail
import pulls
import standing

Key = collections.namedtuple("Key", "meaning bar run")

# A bar is (">=" or "<=", number).
KEYS = {
    "feed_200_vs_nginx": Key("20 KiB feed, 64 connections: requests/s over nginx, one worker each", (">=", 0.5),
                             feeds.against_nginx(200)),
    "feed_304_vs_nginx": Key("the same answered 304 by If-None-Match", (">=", 0.8), feeds.against_nginx(304)),
    "feed_vs_radicale": Key("the same calendar from Radicale: requests/s over its", (">=", 10), feeds.against("radicale")),
    "feed_vs_xandikos": Key("the same calendar from Xandikos: requests/s over its", (">=", 5), feeds.against("xandikos")),
    "ingest_vs_noop": Key("signed completions, durable, 64 connections: requests/s over a handler that does nothing",
                          (">=", 0.25), ingest.against_noop),
    "ingest_vs_sqlite": Key("completions/s over SQLite inserting the same rows in batches of 128", (">=", 0.5),
                            ingest.against_sqlite),
    "hooks": Key("signed completions by a generic hook, 64 connections: requests/s over Node-RED doing HMAC and append", (">=", 1),
                 ingest.hooks_against_nodered),
    "xapi_single": Key("the same of xAPI statements, one a request", (">=", 1), ingest.single_against_nodered),
    "xapi_batch": Key("the same, thirty a request", (">=", 1), ingest.batch_against_nodered),
    "pull_vs_curl": Key("100 000 completions asked for in pages of 500 and stored: completions/s over curl fetching the same pages",
                        (">=", 0.01), pulls.against_curl),
    "import_vs_sqlite": Key("100 000 employees with duties by CSV: employees/s over SQLite inserting the same rows",
                            (">=", 0.3), imports.against_sqlite),
    "duties_per_second": Key("employees whose duties and history are computed, pure engine, one core", (">=", 200000),
                             engine.duties),
    "ready_ms": Key("from exec to READY with 100 000 employees, in ms", ("<=", 1000), standing.ready),
    "idle_cpu_percent": Key("of one core, 100 000 employees, nothing to do", ("<=", 0.2), standing.idle_cpu),
    "idle_rss_mib": Key("resident memory then", ("<=", 48), standing.idle_rss),
    "tick_growth": Key("CPU of a watcher's look at 1 000 000 employees over 1 000, nothing due", ("<=", 1.5),
                       standing.tick_growth),
    "mail_vs_smtplib": Key("messages/s to one sink over Python's smtplib sending the same", (">=", 1), mail.against_smtplib),
    "loop_stall_ms": Key("longest hold of the loop while SMTP takes 10 s to answer DATA and IMAP hangs, in ms", ("<=", 20), mail.stall),
}


def median(values):
    return statistics.median(values)


def measure(names, rounds):
    """{key: {value, bar, met, rounds, sides}}; `sides` are the medians of what a ratio was made of."""
    results = {}
    for name in names:
        print(f"{name} ...", file=sys.stderr, flush=True)
        value, values, sides = KEYS[name].run(max(1, rounds))
        way, bar = KEYS[name].bar
        results[name] = {"value": round(value, 4), "bar": f"{way} {bar}", "met": value >= bar if way == ">=" else value <= bar,
                         "rounds": [round(one, 4) for one in values], "sides": sides}
        print(f"{name}: {value:.4g}  {sides}", file=sys.stderr, flush=True)
    return results


def table(results, file):
    print(f"\n{'key':24} {'median':>12} {'min':>12} {'max':>12}  {'bar':10}", file=file)
    for name, row in results.items():
        print(f"{name:24} {row['value']:12.4g} {min(row['rounds']):12.4g} {max(row['rounds']):12.4g}  {row['bar']:10}"
              f"{'' if row['met'] else '  NOT MET'}", file=file)
