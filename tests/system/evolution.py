"""Subscribes to a calendar as Evolution does, without a desktop: python3 evolution.py URL, in a D-Bus session of its own.

For each line of standard input the calendar is read again; each time its entries are a line of JSON.
"""
import json
import sys

import gi

gi.require_version("EDataServer", "1.2")
gi.require_version("ECal", "2.0")
from gi.repository import ECal, EDataServer, GLib  # noqa: E402


def subscribe(url):
    registry = EDataServer.SourceRegistry.new_sync(None)
    source = EDataServer.Source.new_with_uid("reviews", None)
    source.set_display_name("Entretiens")
    source.get_extension(EDataServer.SOURCE_EXTENSION_CALENDAR).set_backend_name("webcal")
    source.get_extension(EDataServer.SOURCE_EXTENSION_WEBDAV_BACKEND).set_uri(GLib.Uri.parse(url, GLib.UriFlags.ENCODED))
    registry.commit_source_sync(source, None)
    return ECal.Client.connect_sync(source, ECal.ClientSourceType.EVENTS, 1, None)


def main():
    client = subscribe(sys.argv[1])
    for _ in sys.stdin:
        client.refresh_sync(None)
        _, found = client.get_object_list_sync("#t", None)
        print(json.dumps(sorted([entry.get_dtstart().as_ical_string(), entry.get_summary()] for entry in found)), flush=True)


main()
