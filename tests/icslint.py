"""A validator for the calendar objects that entretiend writes: RFC 5545, 5546, 7986 and what the common clients ask for.

    problems = icslint.lint(data)          # bytes of one VCALENDAR; a list of sentences, empty = fine
    problems = icslint.lint(data, feed=True)
"""
import re
import sys

NAME = r"[A-Za-z0-9-]+"
PARAM = rf'{NAME}=(?:"[^"\x00-\x08\x0a-\x1f\x7f]*"|[^";:,\x00-\x08\x0a-\x1f\x7f]*)'
LINE = re.compile(rf"({NAME})((?:;{PARAM})*):(.*)", re.S)
TEXTS = {"SUMMARY", "DESCRIPTION", "LOCATION", "COMMENT", "NAME", "X-WR-CALNAME", "PRODID"}
INSTANT = re.compile(r"\d{8}T\d{6}Z")
LOCAL = re.compile(r"\d{8}T\d{6}")
DATE = re.compile(r"\d{8}")
DURATION = re.compile(r"[+-]?P(?=[\dT])(\d+W|(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+S)?)?)")
ONCE = {"UID", "DTSTAMP", "DTSTART", "DTEND", "DURATION", "SEQUENCE", "SUMMARY", "DESCRIPTION", "LOCATION", "STATUS", "CLASS",
        "TRANSP", "ORGANIZER", "LAST-MODIFIED", "VERSION", "PRODID", "CALSCALE", "METHOD", "X-WR-CALNAME", "REFRESH-INTERVAL",
        "X-PUBLISHED-TTL", "COLOR"}
# What each METHOD asks of its event; None = must not be there.
METHODS = {
    "REQUEST": {"ORGANIZER": True, "ATTENDEE": True, "DTSTART": True, "SUMMARY": True, "STATUS": "CONFIRMED"},
    "CANCEL": {"ORGANIZER": True, "ATTENDEE": True, "STATUS": "CANCELLED"},
    "DECLINECOUNTER": {"ORGANIZER": True, "DTSTART": None, "SUMMARY": None, "ATTENDEE": None},
}


class Component:
    def __init__(self, name):
        self.name, self.properties, self.components, self.late = name, [], [], False

    def all(self, name):
        return [(params, value) for own, params, value in self.properties if own == name]

    def value(self, name):
        return next((value for _, value in self.all(name)), None)


def physical_lines(data, problems):
    """Logical lines of the bytes, with their first physical line's number."""
    if not data.endswith(b"\r\n"):
        problems.append("the last line does not end with CRLF")
    lines = []
    for number, raw in enumerate(data.split(b"\r\n")[:-1], 1):
        if b"\r" in raw or b"\n" in raw:
            problems.append(f"line {number}: a bare CR or LF")
        if len(raw) > 75:
            problems.append(f"line {number}: {len(raw)} octets")
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError:
            problems.append(f"line {number}: not UTF-8, or a character split by folding")
            text = raw.decode("utf-8", "replace")
        if re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", text):
            problems.append(f"line {number}: a control character")
        if not text:
            problems.append(f"line {number}: empty")
        elif text[0] in " \t":
            if lines:
                lines[-1][1] += text[1:]
            else:
                problems.append("the first line is a continuation")
        else:
            lines.append([number, text])
    return lines


def check_value(number, name, params, value, problems):
    if name in TEXTS and re.search(r"(?<!\\)(?:\\\\)*(?:\\(?![\\;,nN])|[,;])", re.sub(r"\\[\\;,nN]", "", value)):
        problems.append(f"line {number}: {name} is not escaped")
    if name in ("ORGANIZER", "ATTENDEE") and not re.fullmatch(r'mailto:[^\s@:;,"<>]+@[^\s@:;,"<>]+', value):
        problems.append(f"line {number}: {name} is not a mailto: address")
    if name in ("DTSTAMP", "LAST-MODIFIED", "CREATED") and not INSTANT.fullmatch(value):
        problems.append(f"line {number}: {name} is not in UTC")
    if name in ("DTSTART", "DTEND"):
        form = DATE if params.get("VALUE") == "DATE" else LOCAL if "TZID" in params else INSTANT
        if not form.fullmatch(value):
            problems.append(f"line {number}: {name} has the wrong form")
    if name in ("TRIGGER", "DURATION", "REFRESH-INTERVAL", "X-PUBLISHED-TTL") and not DURATION.fullmatch(value):
        problems.append(f"line {number}: {name} is not a duration")
    if name == "SEQUENCE" and not re.fullmatch(r"\d{1,9}", value):
        problems.append(f"line {number}: SEQUENCE is not a number")
    if name in ("UID", "CONFERENCE", "URL") and not re.fullmatch(r'[!#-~]+', value):
        problems.append(f"line {number}: {name} holds blanks, quotes or more than ASCII")


def parse_line(number, text, problems):
    match = LINE.fullmatch(text)
    if not match:
        problems.append(f"line {number}: not a content line")
        return None
    params = {}
    for param in re.findall(rf";({PARAM})", match[2]):
        key, value = param.split("=", 1)
        if key.upper() in params:
            problems.append(f"line {number}: {key} twice")
        if "^" in value:
            problems.append(f"line {number}: an RFC 6868 escape in {key}")
        params[key.upper()] = value.strip('"')
    name = match[1].upper()
    check_value(number, name, params, match[3], problems)
    return name, params, match[3]


def tree(lines, problems):
    """The components as a tree under an unnamed root."""
    root = Component("")
    stack = [root]
    for number, text in lines:
        line = parse_line(number, text, problems)
        if line is None:
            continue
        name, _, value = line
        if name == "BEGIN":
            stack[-1].components.append(Component(value))
            stack.append(stack[-1].components[-1])
        elif name == "END":
            if len(stack) == 1 or stack[-1].name != value:
                problems.append(f"line {number}: END:{value} ends nothing")
                break
            stack.pop()
        else:
            if stack[-1].components and stack[-1].name != "VCALENDAR":
                problems.append(f"line {number}: {name} after a component inside {stack[-1].name}")
            stack[-1].properties.append(line)
    if len(stack) > 1:
        problems.append(f"{stack[-1].name} is not closed")
    return root


def check_once(component, problems):
    for name in ONCE:
        if len(component.all(name)) > 1:
            problems.append(f"{name} twice in a {component.name}")


def check_event(event, problems):
    check_once(event, problems)
    for name in ("UID", "DTSTAMP", "SEQUENCE"):
        if event.value(name) is None:
            problems.append(f"an event without {name}")
    start, end = event.all("DTSTART"), event.all("DTEND")
    if start and end:
        if start[0][0].get("VALUE") != end[0][0].get("VALUE"):
            problems.append("DTSTART and DTEND are of different kinds")
        if end[0][1] <= start[0][1]:
            problems.append("DTEND is not after DTSTART")
    if start and event.value("CLASS") != "PRIVATE":
        problems.append("an event that is not private")
    if start and event.value("TRANSP") != ("TRANSPARENT" if start[0][0].get("VALUE") == "DATE" else "OPAQUE"):
        problems.append("the wrong TRANSP")
    for alarm in event.components:
        missing = {"ACTION", "TRIGGER", "DESCRIPTION"} - {name for name, _, _ in alarm.properties}
        if alarm.name != "VALARM" or missing:
            problems.append(f"an alarm without {sorted(missing)}")
    if event.value("STATUS") == "CANCELLED" and event.components:
        problems.append("a cancelled event with an alarm")


def check_zones(calendar, events, problems):
    zones = {zone.value("TZID") for zone in calendar.components if zone.name == "VTIMEZONE"}
    for event in events:
        for name, params, _ in event.properties:
            if "TZID" in params and params["TZID"] not in zones:
                problems.append(f"{name} in the zone {params['TZID']}, which has no VTIMEZONE")


def check_method(calendar, events, problems):
    method = calendar.value("METHOD")
    if method is None:
        return
    if method not in METHODS:
        problems.append(f"METHOD:{method}")
        return
    if len({event.value("UID") for event in events}) != 1:
        problems.append("a message with other than one UID")
    for event in events:
        for name, wanted in METHODS[method].items():
            value = event.value(name)
            if (value is not None) != (wanted is not None) or (isinstance(wanted, str) and value != wanted):
                problems.append(f"METHOD:{method} with {name}:{value}")
        if event.components:
            problems.append("a message with an alarm")


def check_feed(calendar, events, problems):
    for name in ("NAME", "X-WR-CALNAME", "REFRESH-INTERVAL", "X-PUBLISHED-TTL"):
        if calendar.value(name) is None:
            problems.append(f"a feed without {name}")
    if calendar.value("METHOD") is not None:
        problems.append("a feed with a METHOD")
    uids = [event.value("UID") for event in events]
    if len(set(uids)) != len(uids):
        problems.append("a feed with a UID twice")
    for event in events:
        if event.value("ATTENDEE") is not None:
            problems.append("a feed with an ATTENDEE")
        if event.value("LAST-MODIFIED") is not None and event.value("LAST-MODIFIED") != event.value("DTSTAMP"):
            problems.append("a feed whose DTSTAMP is not the last change")


def lint(data, feed=False):
    problems = []
    root = tree(physical_lines(data, problems), problems)
    if [component.name for component in root.components] != ["VCALENDAR"] or root.properties:
        return problems + ["not exactly one VCALENDAR"]
    calendar = root.components[0]
    check_once(calendar, problems)
    if calendar.value("VERSION") != "2.0" or not calendar.value("PRODID"):
        problems.append("no VERSION:2.0 or no PRODID")
    events = [component for component in calendar.components if component.name == "VEVENT"]
    for event in events:
        check_event(event, problems)
    if not events and not feed:
        problems.append("no event")
    check_zones(calendar, events, problems)
    check_method(calendar, events, problems)
    if feed:
        check_feed(calendar, events, problems)
    return problems


if __name__ == "__main__":
    found = [f"{path}: {problem}" for path in sys.argv[1:]
             for problem in lint(open(path, "rb").read(), feed="feed" in path)]
    print("\n".join(found) or "fine")
    sys.exit(bool(found))
