"""What left: messages as files, or taken by a relay, read by Python's own library and by icalendar."""
import email
import email.policy
import pathlib
import sqlite3

import icalendar

from patience import wait_for


def read(content):
    return email.message_from_bytes(content, policy=email.policy.default)


def is_invitation(message):
    return any(part.get_content_type() == "text/calendar" for part in message.walk())


def is_reminder(message):
    return message["Subject"].startswith("Rappel")


class Outbox:
    """The directory that the daemon writes into."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)

    def mails(self, to="", kind=None):
        """In the order in which they were written."""
        every = [read(path.read_bytes()) for path in sorted(self.folder.glob("*.eml"))]
        return [mail for mail in every if to in mail["To"] and (kind is None or kind(mail))]

    def wait(self, to="", kind=None, count=1):
        return wait_for(f"mail {count} to {to or 'anybody'}", lambda: self.mails(to, kind)[count - 1:])[0]


def calendar(message):
    """The calendar object of an invitation, and the method that the message declares."""
    part = next(part for part in message.walk() if part.get_content_type() == "text/calendar")
    return icalendar.Calendar.from_ical(part.get_content()), part["Content-Type"].params["method"]


def reminded(daemon, day):
    """Waits until nobody is left whom the daemon has to look at by that day."""
    def looked():
        with sqlite3.connect(f"file:{daemon.data}/entretiend.db?mode=ro", uri=True) as store:
            return not store.execute("SELECT 1 FROM employee WHERE remind_on <= ? OR next_check <= ?", (day, day)).fetchone()
    wait_for(f"a look at everybody on {day}", looked)


def week_awaited(daemon):
    """Waits until the organisation's first Monday is set down: moved before, the time would only then be looked for one."""
    def awaited():
        with sqlite3.connect(f"file:{daemon.data}/entretiend.db?mode=ro", uri=True) as store:
            return store.execute("SELECT 1 FROM job WHERE name = 'digest'").fetchone()
    wait_for("a Monday", awaited)


def text(message):
    return message.get_body(("plain",)).get_content()


def staff(hr):
    """A manager and one report; their ids."""
    manager = hr.post("/v1/employees", {"number": "1", "given_name": "Karim", "family_name": "Benali",
                                        "email": "karim.benali@rhone.example", "hire_date": "2026-01-05"},
                      expect=201).json()["id"]
    employee = hr.post("/v1/employees", {"number": "2", "given_name": "Camille", "family_name": "Roche",
                                         "email": "camille.roche@rhone.example", "hire_date": "2026-01-11",
                                         "manager": manager}, expect=201).json()["id"]
    return manager, employee


def planned(hr, start="2027-01-06T09:00:00Z", end="2027-01-06T10:00:00Z"):
    """A review of the report, to which nobody is invited yet; its id."""
    manager, employee = staff(hr)
    return hr.post("/v1/reviews", {"employee": employee, "type": "professional", "interviewer": manager,
                                   "start": start, "end": end, "mode": "onsite", "location": "Lyon, salle Saône"},
                   expect=201).json()["id"]


def invite(hr, review):
    answer = hr.post(f"/v1/reviews/{review}/invite", {}, expect=200).json()
    assert answer["state"] == "invited"
    return answer
