"""The duties of an employee reckoned a second time, from the text of the rules alone and as plainly as can be: what the
program answers is compared with it. Cases have the shape of simulations; nothing here is shared with the program."""
import datetime
from calendar import monthrange

DAY = datetime.timedelta(days=1)
LAW, REFORM, LAPSE = (datetime.date(2014, 3, 7), datetime.date(2025, 10, 26), datetime.date(2026, 10, 1))
COVID = datetime.date(2020, 1, 1), datetime.date(2021, 6, 30)

#          counted, asks for a review after it, before it, away, special article, never exempt
ABSENCES = {
    "maternity": (100, True, False, True), "adoption": (100, True, False, True), "birth": (100, True, False, True),
    "paternity": (100, False, False, True), "parental": (50, True, False, True),
    "parental_part_time": (100, True, False, False), "parental_presence": (100, False, False, True),
    "carer": (100, True, True, True), "family_solidarity": (100, True, True, True), "sabbatical": (0, True, False, True),
    "voluntary_mobility": (0, True, False, True), "unpaid": (0, False, False, True), "work_injury": (100, "long", False, True),
    "illness": (0, "long", False, True), "union_mandate": (100, True, False, False),
    "transition_project": (100, False, False, True),
}


def date(text):
    return datetime.date.fromisoformat(text) if text else None


def months(day, count):
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return datetime.date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def years(day, count):
    return months(day, 12 * count)


def period(text):
    """Whole years and months, in months."""
    number, total = "", 0
    for sign in text[1:]:
        if sign.isdigit():
            number += sign
        else:
            total, number = total + int(number) * {"Y": 12, "M": 1}[sign], ""
    return total


def covid(due):
    return COVID[1] if COVID[0] <= due <= COVID[1] else due


class Reckoning:
    """One case seen on its `as_of`; `open` and `history` are rows of plain values."""

    def __init__(self, case):
        self.as_of = date(case["as_of"])
        employee = case["employee"]
        self.hire, self.birth = date(employee["hire_date"]), date(employee.get("birth_date"))
        self.seniority = date(employee.get("seniority_date")) or self.hire
        self.end, self.exit = date(employee.get("contract_end")), date(employee.get("exit_date"))
        self.temporary = employee.get("contract") == "temporary"
        held = {}
        for review in case.get("reviews", []):
            day = date(review.get("held"))
            if review.get("type", "professional") == "professional" and day and day <= self.as_of:
                held[day] = held.get(day, False) or bool(review.get("recap"))
        self.held = sorted(held.items())
        self.absences = [(row["type"], date(row["start"]), date(row.get("end")), date(row.get("announced")))
                         for row in case.get("absences", [])]
        self.visits = sorted(day for day in (date(row["date"]) for row in case.get("events", [])) if day <= self.as_of)
        self.agreements = case.get("organisation", {}).get("agreements", [])
        self.open, self.history = [], []
        self.run()

    # -- what is written down

    def owe(self, kind, rule, due, limit=None, opens=None, final=False, exempt=False):
        limit = limit or due
        state = "open"
        if exempt:
            state = "exempt"
        elif due < self.as_of:
            state = "missed" if final else "overdue"
        tolerated = state == "overdue" and self.as_of <= limit
        self.open.append((kind, rule, str(due), str(limit), state, tolerated, str(opens) if opens else None))

    def met(self, kind, rule, due, limit, on):
        limit = limit or due
        self.history.append((kind, rule, str(due), str(limit), "held_late" if on > limit else "held", due < on <= limit, str(on)))

    # -- which rule, seen from a day

    def agreement(self, day):
        """In months; a company's before a branch's."""
        for level in ("company", "branch"):
            for row in self.agreements:
                begins, ends = date(row.get("valid_from")), date(row.get("valid_to"))
                if row["level"] == level and (not begins or begins <= day) and (not ends or day <= ends):
                    return period(row["period"])
        return None

    def first(self, day):
        if day < LAW:
            return None
        base = max(self.hire, LAW)
        if day < REFORM or (self.hire < REFORM and years(base, 2) < REFORM):
            due = covid(years(base, 2))
            return "R1.FIRST", due, due
        if self.hire >= REFORM:
            due, limit = years(self.hire, 1) - DAY, years(self.hire, 1)
            return "R2.FIRST", min(due, self.end or due), min(limit, self.end or limit)
        early = years(self.hire, 1)
        return "T.FIRST", early if early >= REFORM else years(base, 2), years(base, 4)

    def periodic(self, day, held):
        if day < LAW:
            return None
        agreed = self.agreement(day)
        old = months(held, agreed or 24)
        if day < REFORM or old < REFORM:
            return "R1.PERIODIC", covid(old), covid(old)
        if agreed and (agreed <= 48 or old < LAPSE):
            return "AGR.PERIODIC", old, old
        if agreed and held < LAPSE:
            return "AGR.LAPSE", max(years(held, 4), LAPSE), min(old, years(LAPSE, 4))
        return ("T.PERIODIC" if held < REFORM else "R2.PERIODIC"), years(held, 4), years(held, 4)

    def excluded(self, start, end, day):
        """Days from start to end, both included, that do not count: each for the absence that counts most of it."""
        best = {}
        for index, (kind, begins, ends, _) in enumerate(self.absences):
            if begins > day or not ends:
                continue
            at = max(begins, start)
            while at <= min(ends, end):
                rank = (-ABSENCES[kind][0], begins, kind, index)
                if at not in best or rank < best[at]:
                    best[at] = rank
                at += DAY
        counts = {}
        for rank in best.values():
            counts[rank] = counts.get(rank, 0) + 1
        return sum(days * (100 + rank[0]) // 100 for rank, days in counts.items())

    def recap(self, day, last):
        if day < LAW:
            return None
        start = last or max(self.seniority, LAW)
        if day < REFORM or years(start, 6) < REFORM:
            due = covid(years(start, 6))
            return "R1.RECAP", due, max(due, years(start, 7) - DAY), None
        due = years(start, 8)
        opens = due
        reviews = [on for on, _ in self.held if on <= day]
        if not last and self.hire >= REFORM and reviews:
            opens = min(due, years(reviews[0], 7))
        shift = datetime.timedelta(days=self.excluded(start, due - DAY, day))
        return "R2.RECAP", due, years(start, 9) - DAY + shift, opens

    # -- each family

    def reviews(self):
        before = None
        for on, _ in self.held:
            term = self.periodic(on - DAY, before) if before else self.first(on - DAY)
            if term:
                self.met("periodic" if before else "first", *term, on)
            before = on
        term = self.periodic(self.as_of, before) if before else self.first(self.as_of)
        if term:
            self.owe("periodic" if before else "first", *term)

    def recaps(self):
        last = None
        for on, recap in self.held:
            if recap:
                term = self.recap(on - DAY, last)
                if term:
                    self.met("recap", *term[:3], on)
                last = on
        term = self.recap(self.as_of, last)
        if term:
            self.owe("recap", *term)

    def chains(self):
        """Absences one after the other; those not away alone: (absences, first start, last end)."""
        chain = []
        for one in sorted((row for row in self.absences if row[1] <= self.as_of), key=lambda row: row[1]):
            if not ABSENCES[one[0]][3]:
                yield [one], one[1], one[2]
            elif chain and (any(not row[2] for row in chain) or one[1] <= max(row[2] for row in chain) + DAY):
                chain.append(one)
            else:
                if chain:
                    yield chain, chain[0][1], None if any(not row[2] for row in chain) else max(row[2] for row in chain)
                chain = [one]
        if chain:
            yield chain, chain[0][1], None if any(not row[2] for row in chain) else max(row[2] for row in chain)

    def asks(self, one, back):
        kind, begins, ends, _ = one
        after = ABSENCES[kind][1]
        if kind == "birth" and back < datetime.date(2025, 12, 31):
            return False
        return ends + DAY > months(begins, 6) if after == "long" else after

    def returns(self):
        for chain, start, end in self.chains():
            back = end and end + DAY
            asking = [one for one in chain if back and self.asks(one, back)]
            if not asking or back > self.as_of or back < LAW:
                continue
            [name] = sorted(asking, key=lambda row: (-row[2].toordinal(), -row[1].toordinal(), row[0]))[:1]
            rule, due = "R1.RETURN" if back < REFORM else "R2.RETURN", months(back, 1)
            on = next((day for day, _ in self.held if day >= start), None)
            recent = any(months(back, -12) <= day < back and day < start for day, _ in self.held)
            exempt = rule == "R2.RETURN" and recent and name[0] not in ("carer", "family_solidarity")
            if on and not (exempt and on > due):
                self.met("return", rule, due, None, on)
            elif not on:
                self.owe("return", rule, due, exempt=exempt)

    def leaves(self):
        for kind, start, _, announced in self.absences:
            known = min(announced or start, start)
            if start <= min(self.hire, self.seniority):  # nobody can be met before
                continue
            if not ABSENCES[kind][2] or start < datetime.date(2016, 8, 10) or known > self.as_of:
                continue
            on = next((day for day, _ in self.held if months(start, -12) <= day < start), None)
            if on:
                self.met("before_leave", "LEAVE.BEFORE", start - DAY, None, on)
            else:
                self.owe("before_leave", "LEAVE.BEFORE", start - DAY, final=True)

    def career(self):
        if self.as_of < REFORM:
            return
        if self.birth:
            due = datetime.date(years(self.birth, 45).year, 12, 31)
            seen = [day for day in self.visits if day >= datetime.date(years(self.birth, 43).year, 1, 1)]
            if due.year >= 2022 and due >= self.hire and not seen and self.as_of >= datetime.date(due.year, 1, 1):
                self.owe("midcareer_visit", "R2.MIDCAREER.VISIT", due)
        if self.visits and self.visits[0] >= REFORM:
            due = months(self.visits[0], 2)
            on = next((day for day, _ in self.held if day >= self.visits[0]), None)
            if on:
                self.met("midcareer", "R2.MIDCAREER", due, None, on)
            else:
                self.owe("midcareer", "R2.MIDCAREER", due)
        if self.birth:
            sixty = years(self.birth, 60)
            opens, due = max(years(self.birth, 58), REFORM), sixty - DAY
            if sixty > REFORM and self.hire < sixty and self.as_of >= opens:
                on = next((day for day, _ in self.held if opens <= day <= due), None)
                if on:
                    self.met("senior", "R2.SENIOR60", due, None, on)
                else:
                    self.owe("senior", "R2.SENIOR60", due, opens=opens, final=True)

    def run(self):
        if self.temporary or self.hire > self.as_of:
            return
        self.reviews()
        self.recaps()
        self.returns()
        self.leaves()
        self.career()
        self.conflict()
        if self.exit and self.exit <= self.as_of:
            self.open = []

    def conflict(self):
        """One meeting cannot serve a periodic review that falls due shortly before the recap opens."""
        def clash(one, other):
            periodic, recap = sorted((one, other), key=lambda row: row[0] == "recap")
            if (periodic[0], recap[0]) != ("periodic", "recap") or not recap[6]:
                return False
            due, opens = date(periodic[2]), date(recap[6])
            return due < opens < years(due, 1)
        self.open = [(*row, any(clash(row, other) for other in self.open)) for row in self.open]


OPEN = ("upcoming", "to_plan", "planned")
CLOSED = ("held", "reported", "proved")


def answered(answer):
    """An answer of the program in the shape of a reckoning."""
    def row(duty, *last):
        state = "open" if duty["state"] in OPEN else "held" if duty["state"] in CLOSED else duty["state"]
        return duty["kind"], duty["rule"], duty["due"], duty["limit"], state, duty["tolerated"], *last
    shown = [row(duty, duty["opens"], bool(duty["conflict"])) for duty in answer["duties"]]
    past = [row(duty, duty["satisfied_on"]) for duty in answer["history"]
            if duty["kind"] != "midcareer_visit" and duty["state"] != "exempt"]
    return sorted(shown, key=str), sorted(past, key=str)


def reckoned(case):
    reckoning = Reckoning(case)
    return sorted(reckoning.open, key=str), sorted(reckoning.history, key=str)
