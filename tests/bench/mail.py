"""Messages that leave, and peers that hang."""
import asyncio
import smtplib
import socket
import threading

import sides
from patience import wait_for
from people import tuesday
from relay import Relay

MESSAGES = 300


def smtp(port, **more):
    return {"mail": {"transport": "smtp", "relay": f"smtp://127.0.0.1:{port}", "require_tls": "no", **more}}


def queued(admin, organisation):
    """Invitations, held until they are let go; how many messages they are."""
    sides.bring(admin, organisation, "employees", sides.staff(MESSAGES // 2 + 1, hire="2026-01-05"))
    every = admin.items(f"/v1/employees?limit=500&organisation={organisation}")
    boss = every[0]["id"]
    admin.patch(f"/v1/organisations/{organisation}", {"deliveries": "held"})
    for number, employee in enumerate(every[1:]):
        start = tuesday(number)
        body = {"employee": employee["id"], "interviewer": boss, "type": "professional", "start": f"{start}:00:00Z",
                "end": f"{start}:45:00Z", "mode": "onsite", "location": "Salle 2"}
        review = admin.post(f"/v1/reviews?organisation={organisation}", body, expect=201).json()
        admin.post(f"/v1/reviews/{review['id']}/invite", {}, expect=200)
    return 2 * (len(every) - 1)


def against_smtplib(rounds):
    """Both hand the same messages to the same sink, one connection each but for ours, which has its lanes."""
    ours, theirs, values = [], [], []
    for _ in range(rounds):
        with sides.folder() as place, Relay() as sink, \
                sides.running(place / "ours", smtp(sink.port), clock="2026-11-23T08:00:00Z") as (_daemon, admin, organisation):
            count = queued(admin, organisation)
            watch = sides.Watch()
            admin.patch(f"/v1/organisations/{organisation}", {"deliveries": "live"})
            wait_for("every message", lambda: len(sink.taken) >= count)
            ours.append(count / watch.seconds())
            messages = list(sink.taken)
            watch = sides.Watch()
            with smtplib.SMTP("127.0.0.1", sink.port) as session:
                for sender, to, content in messages:
                    session.sendmail(sender, [to], content)
            theirs.append(len(messages) / watch.seconds())
            values.append(ours[-1] / theirs[-1])
    return sides.median(values), values, {"ours": sides.median(ours), "theirs": sides.median(theirs)}


class Hanging:
    """An IMAP server that takes connections, greets, and never says another word."""

    def __init__(self):
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self.socket.getsockname()[1]
        self.held = []
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self):
        while True:
            try:
                peer, _ = self.socket.accept()
            except OSError:
                return
            self.held.append(peer)
            peer.sendall(b"* OK wait\r\n")

    def close(self):
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        for peer in self.held:
            peer.close()


async def late():
    """What an SMTP server says of DATA after ten seconds."""
    await asyncio.sleep(10)
    return "250 taken at last"


def hanging(place, relay, mailbox):
    (place / "password").write_text("open sesame\n", encoding="ascii")
    (place / "password").chmod(0o600)
    return {**smtp(relay.port), "mailbox": {
        "url": f"imap://127.0.0.1:{mailbox.port}/INBOX", "user": "hr", "password": place / "password", "require_tls": "no",
        "interval": "1s", "timeout": "5s"}}


def stall(rounds):
    """The worst hold of the loop that the daemon itself has measured, from before the first DATA until after its answer, requests
    being answered meanwhile."""
    def once():
        mailbox = Hanging()
        try:
            with sides.folder() as place, Relay() as relay, \
                    sides.running(place / "ours", hanging(place, relay, mailbox), clock="2026-11-23T08:00:00Z") as (
                        daemon, admin, organisation):
                daemon.expect(r"^warning ")
                queued(admin, organisation)
                relay.answers[""] = late
                admin.patch(f"/v1/organisations/{organisation}", {"deliveries": "live"})
                wait_for("servers that hang", lambda: mailbox.held and relay.tried)
                while not relay.taken:
                    sides.wrk(daemon.url + "/healthz", seconds=5, connections=16, limited=True)
                worst = sides.metric(admin, "entretiend_loop_lag_max_seconds")
                daemon.kill()
                return 1000 * worst
        finally:
            mailbox.close()
    return sides.single(rounds, once)
