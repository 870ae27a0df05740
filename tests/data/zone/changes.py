"""Prints changes.txt: every change of offset of some zones, as Python's zoneinfo sees them, for test_zone.c."""
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

ZONES = [
    ("Europe/Paris", 1980, 2099), ("America/New_York", 1980, 2099), ("Asia/Kolkata", 1940, 2099),
    ("Europe/Dublin", 2024, 2042), ("Australia/Lord_Howe", 2024, 2042), ("America/Nuuk", 2020, 2042),
    ("America/Santiago", 2024, 2042), ("Asia/Gaza", 2086, 2099), ("Africa/Casablanca", 2024, 2032),
    ("Pacific/Apia", 2008, 2024), ("Asia/Tehran", 2018, 2042), ("America/Caracas", 2005, 2020),
]


def offset(zone, at):
    return int(at.astimezone(zone).utcoffset().total_seconds())


def changes(zone, at, end):
    """Offsets that hold for less than twelve hours are not looked for: there are none in these years."""
    step = timedelta(hours=12)
    while at < end:
        if offset(zone, at) != offset(zone, at + step):
            low, high = at, at + step
            while high - low > timedelta(seconds=1):
                middle = low + (high - low) // 2
                middle = middle.replace(microsecond=0)
                low, high = (middle, high) if offset(zone, middle) == offset(zone, low) else (low, middle)
            yield high
        at += step


for name, first, last in ZONES:
    zone = ZoneInfo(name)
    start, end = datetime(first, 1, 1, tzinfo=timezone.utc), datetime(last + 1, 1, 1, tzinfo=timezone.utc)
    print(f"zone {name} {start:%Y-%m-%dT%H:%M:%SZ} {end:%Y-%m-%dT%H:%M:%SZ} {offset(zone, start)}")
    for at in changes(zone, start, end):
        print(f"{at:%Y-%m-%dT%H:%M:%SZ} {offset(zone, at)}")
