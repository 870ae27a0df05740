"""A calendar of about 20 KiB, fetched by many: ours beside servers that do nothing else."""
import base64
import contextlib
import os
import subprocess

import requests

import sides
from patience import wait_for
from ports import free_port

PEOPLE = 28  # about 20 KiB of calendar

NGINX = """
{user} daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log error;
events {{ worker_connections 512; }}
http {{
    access_log off; types {{ text/calendar ics; }} keepalive_requests 1000000;
    client_body_temp_path {folder}/t; proxy_temp_path {folder}/t; fastcgi_temp_path {folder}/t; uwsgi_temp_path {folder}/t;
    scgi_temp_path {folder}/t;
    server {{ listen 127.0.0.1:{port}; root {folder}/www; }}
}}
"""


def answers(process, url):
    assert process.poll() is None, f"{process.args[0]} ended by itself"
    with contextlib.suppress(requests.ConnectionError):
        return requests.get(url, timeout=10)


@contextlib.contextmanager
def peer(command, url, **options):
    """A peer that runs until the block ends; it has answered once."""
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **options) as process:
        try:
            wait_for(f"an answer of {command[0]}", lambda: answers(process, url))
            yield
        finally:
            process.terminate()


@contextlib.contextmanager
def nginx(place, content):
    port = free_port()
    (place / "www").mkdir()
    (place / "www" / "feed.ics").write_bytes(content)
    (place / "nginx.conf").write_text(NGINX.format(folder=place, port=port, user="user root;" if os.geteuid() == 0 else ""))
    url = f"http://127.0.0.1:{port}/feed.ics"
    with peer(["nginx", "-c", str(place / "nginx.conf")], url):
        yield url, ()


def events(content):
    """One calendar for each event, as a CalDAV server wants them."""
    text = content.decode()
    head = text[:text.index("BEGIN:VEVENT")]
    for number, part in enumerate(text.split("BEGIN:VEVENT")[1:]):
        yield number, (head + "BEGIN:VEVENT" + part.split("END:VEVENT")[0] + "END:VEVENT\r\nEND:VCALENDAR\r\n").encode()


def fill(collection, content, auth=None):
    made = requests.request("MKCOL", collection, auth=auth, timeout=30, data=(
        '<?xml version="1.0"?><mkcol xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><set><prop><resourcetype>'
        "<collection/><C:calendar/></resourcetype></prop></set></mkcol>"))
    assert made.status_code in (201, 405), f"{made.status_code} {made.text}"
    for number, event in events(content):
        put = requests.put(f"{collection}{number}.ics", data=event, auth=auth, timeout=30,
                           headers={"Content-Type": "text/calendar; charset=utf-8"})
        assert put.status_code in (201, 204), f"{put.status_code} {put.text}"


@contextlib.contextmanager
def radicale(place, content):
    port = free_port()
    (place / "config").write_text(f"[server]\nhosts = 127.0.0.1:{port}\n[auth]\ntype = none\n[storage]\n"
                                  f"filesystem_folder = {place}/coll\n[logging]\nlevel = error\n")
    with peer(["/usr/bin/radicale", "--config", str(place / "config")], f"http://127.0.0.1:{port}/"):
        url = f"http://127.0.0.1:{port}/hr/feed/"
        fill(url, content, auth=("hr", "hr"))
        token = base64.b64encode(b"hr:hr").decode()
        yield url, (f"Authorization: Basic {token}",)


@contextlib.contextmanager
def xandikos(place, content):
    """Xandikos serves no whole collection by GET: the calendar is one object of its store."""
    port = free_port()
    with peer(["/usr/bin/xandikos", "-l", "127.0.0.1", "-p", str(port), "-d", str(place / "data"), "--defaults",
               "--current-user-principal", "/hr/"], f"http://127.0.0.1:{port}/"):
        url = f"http://127.0.0.1:{port}/hr/calendars/calendar/feed.ics"
        put = requests.put(url, data=content, timeout=30, headers={"Content-Type": "text/calendar; charset=utf-8"})
        assert put.status_code in (201, 204), f"{put.status_code} {put.text}"
        yield url, ()


PEERS = {"nginx": nginx, "radicale": radicale, "xandikos": xandikos}


@contextlib.contextmanager
def subscribed(place):
    """A daemon with a feed; its URL, validator and content."""
    with sides.running(place, clock="2026-11-23T08:00:00Z") as (daemon, admin, organisation):
        sides.bring(admin, organisation, "employees", sides.staff(PEOPLE, hire="2026-03-02"))
        made = admin.post(f"/v1/feeds?organisation={organisation}", {"scope": "organisation"}, expect=201).json()
        url = daemon.url + "/feeds/" + made["url"].rpartition("/feeds/")[2]
        answer = requests.get(url, timeout=30)
        assert answer.status_code == 200 and 15_000 < len(answer.content) < 30_000, len(answer.content)
        yield url, answer


def compare(peer_name, status):
    def run(rounds):
        with sides.folder() as place, subscribed(place / "ours") as (url, answer):
            (place / "theirs").mkdir()
            with PEERS[peer_name](place / "theirs", answer.content) as (other, extra):
                seconds = 3 if status == 200 else 1  # the daemon lets one address ask no more often than so
                return sides.ratio(rounds, lambda: sides.wrk(url, seconds, headers=conditional(url, status)),
                                   lambda: sides.wrk(other, seconds, headers=(*extra, *conditional(other, status))))
    return run


def conditional(url, status):
    if status == 200:
        return ()
    tag = requests.get(url, timeout=30).headers["ETag"]
    assert requests.get(url, timeout=30, headers={"If-None-Match": tag}).status_code == 304
    return (f"If-None-Match: {tag}",)


def against_nginx(status):
    return compare("nginx", status)


def against(peer_name):
    return compare(peer_name, 200)
