"""Answers to invitations as calendar programs of other people write them, honest ones and others."""
import email.message
import email.policy

STAMP = "20261124T080000Z"


def answer(invitation, attendee, partstat="ACCEPTED", method="REPLY", stamp=STAMP, **changed):
    """The calendar object that answers an invitation (icalendar.Calendar), with other properties if asked."""
    event = invitation.walk("VEVENT")[0]
    properties = {"UID": str(event["UID"]), "SEQUENCE": int(event["SEQUENCE"]), "DTSTAMP": stamp,
                  "ORGANIZER": str(event["ORGANIZER"]), "DTSTART": event["DTSTART"].to_ical().decode(),
                  "DTEND": event["DTEND"].to_ical().decode(), "SUMMARY": "Entretien", **changed}
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Test//Answers//FR", f"METHOD:{method}", "BEGIN:VEVENT",
             *(f"{name}:{value}" for name, value in properties.items() if value is not None),
             f"ATTENDEE;PARTSTAT={partstat}:mailto:{attendee}", "END:VEVENT", "END:VCALENDAR"]
    return "".join(line + "\r\n" for line in lines)


def letter(sender, subject="Réponse", text="Bonjour,\n", to="rh@rhone.example", **headers):
    message = email.message.EmailMessage(policy=email.policy.SMTP)
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message["From"] = sender
    message["To"] = to
    message["Subject"] = subject
    message["Date"] = "Tue, 24 Nov 2026 08:00:00 +0000"
    message.set_content(text)
    return message


def proved(sender, server="mx.rhone.example"):
    """What the mailbox's own server writes about a sender whose DMARC passes."""
    return f"{server}; dmarc=pass header.from={sender.split('@')[1]}"


def mail(calendar, sender, method="REPLY", **headers):
    """A mail with that calendar object, the way most programs send it."""
    message = letter(sender, **headers)
    message.add_alternative(calendar.encode(), "text", "calendar", cte="base64",
                            params={"method": method, "charset": "UTF-8"}, disposition="inline")
    return message.as_bytes()


def bounce(returned, recipient, action="failed", status="5.1.1", reason="550 5.1.1 no such user"):
    """A delivery status notification (RFC 3464) about a message of ours."""
    report = "\r\n".join([
        "Return-Path: <>", "From: MAILER-DAEMON@mx.rhone.example", "To: rh@rhone.example",
        "Subject: Undelivered Mail Returned to Sender", "Date: Tue, 24 Nov 2026 08:00:00 +0000",
        "Auto-Submitted: auto-replied", "MIME-Version: 1.0",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"', "",
        "--b", "Content-Type: text/plain", "", "I'm sorry to have to inform you ...", "",
        "--b", "Content-Type: message/delivery-status", "", "Reporting-MTA: dns; mx.rhone.example", "",
        f"Final-Recipient: rfc822; {recipient}", f"Action: {action}", f"Status: {status}",
        f"Diagnostic-Code: smtp; {reason}", "",
        "--b", "Content-Type: text/rfc822-headers", "", f"Message-ID: {returned['Message-ID']}",
        "Subject: Entretien", "", "--b--", ""])
    return report.encode()
