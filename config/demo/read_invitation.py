"""Reads an invitation as a calendar program would: prints METHOD, UID, SEQUENCE, start, and the attendee's PARTSTAT."""
import email
import email.policy
import sys

import icalendar

with open(sys.argv[1], "rb") as file:
    message = email.message_from_binary_file(file, policy=email.policy.default)
parts = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
if len(parts) != 1 or not message["Message-ID"] or message["Auto-Submitted"] != "auto-generated":
    sys.exit("not an iMIP mail with one text/calendar part")
calendar = icalendar.Calendar.from_ical(parts[0].get_content())
events = calendar.walk("VEVENT")
attendees = events[0]["ATTENDEE"] if isinstance(events[0]["ATTENDEE"], list) else [events[0]["ATTENDEE"]]
recipient = message["To"].addresses[0].addr_spec
mine = [a for a in attendees if a.lower() == "mailto:" + recipient.lower()]
if len(events) != 1 or len(mine) != 1 or parts[0].get_param("method") != calendar["METHOD"]:
    sys.exit("the event is not for its recipient")
print(calendar["METHOD"], events[0]["UID"], events[0]["SEQUENCE"], events[0]["DTSTART"].dt.strftime("%Y-%m-%dT%H:%MZ"),
      mine[0].params["PARTSTAT"])
