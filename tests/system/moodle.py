"""A Moodle made of recorded answers (tests/data/samples/moodle), and a platform with pages of records, as the tests play them."""
import copy
import http.server
import json
import pathlib
import threading
import time
import urllib.parse

SAMPLES = pathlib.Path(__file__).resolve().parents[1] / "data" / "samples" / "moodle"
TOKEN = "0123456789abcdef0123456789abcdef"
DONE_AT = 1795390284
CLIENT = ("gpec", "client-secret")


def recorded(name):
    return json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8"))


class Server:
    """A real HTTP server on a port of its own; `answer(handler)` speaks."""

    def __init__(self):
        server = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *arguments):
                pass

            def do_GET(self):
                server.enter(self)

            do_POST = do_GET

            def reply(self, status, body, kind="application/json", cut=False, **fields):
                raw = body if isinstance(body, bytes) else (body if isinstance(body, str) else json.dumps(body)).encode()
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(raw)))
                for name, value in fields.items():
                    self.send_header(name.replace("_", "-"), value)
                self.end_headers()
                self.wfile.write(raw[:len(raw) // 2] if cut else raw)
                if cut:
                    self.close_connection = True

        self.calls = []  # what was asked, in order
        self.now = self.most = 0  # answered at the same time
        self.lock = threading.Lock()
        self.gate = threading.Event()
        self.gate.set()
        self.cut_after = None  # so many more answers, then every one is cut in the middle
        self.trouble = None  # (status, body, fields) in place of every answer
        self.http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.http.server_port}"
        threading.Thread(target=self.http.serve_forever, daemon=True).start()

    def enter(self, handler):
        size = int(handler.headers.get("Content-Length") or 0)
        handler.form = dict(urllib.parse.parse_qsl(handler.rfile.read(size).decode()))
        with self.lock:
            self.now += 1
            self.most = max(self.most, self.now)
        self.gate.wait(60)
        try:
            if self.trouble:
                status, body, fields = self.trouble
                self.calls.append("trouble")
                handler.reply(status, body, **fields)
            else:
                self.answer(handler)
        except (BrokenPipeError, ConnectionResetError):
            pass
        with self.lock:
            self.now -= 1

    def cut(self):
        """Whether this answer is to be cut."""
        with self.lock:
            if self.cut_after is None:
                return False
            self.cut_after -= 1
            return self.cut_after < 0

    def close(self):
        self.gate.set()
        self.http.shutdown()
        self.http.server_close()


class Moodle(Server):
    """Courses with the recorded people; who has completed what is `completed`: {(course, user): time}."""

    def __init__(self, courses=3, people=7):
        super().__init__()
        names = recorded("courses")
        self.courses = [course for course in names if course["format"] != "site"]
        for extra in range(len(self.courses), courses):
            self.courses.append({**names[2], "id": 100 + extra, "shortname": f"C{extra}", "fullname": f"Cours {extra}"})
        self.courses = self.courses[:courses]
        self.people = recorded("user_by_email")
        for extra in range(len(self.people), people):
            self.people.append({"id": 10 + extra, "username": f"p{extra}", "idnumber": f"E2{extra:03}",
                                "email": f"p{extra}@example.org"})
        self.people = self.people[:people]
        self.suspended = set()
        self.info = recorded("site_info")
        self.errors = {}  # function -> an error
        self.backwards = False
        self.completed = {(course["id"], person["id"]): DONE_AT + 60 * index
                          for index, (course, person) in enumerate(
                              (course, person) for course in self.courses for person in self.people)
                          if (course["id"] + person["id"]) % 2}

    def answer(self, handler):
        function = handler.form.get("wsfunction", "")
        self.calls.append(function)
        if handler.command != "POST" or handler.path != "/webservice/rest/server.php":
            handler.reply(404, "")
            return
        if handler.form.get("wstoken") != TOKEN:
            body = recorded("err_badtoken")
        elif function in self.errors:
            body = self.errors[function]
        else:
            body = getattr(self, function)(handler.form)
        handler.reply(200, body, cut=self.cut())

    def in_order(self, items):
        return list(reversed(items)) if self.backwards else items

    def core_webservice_get_site_info(self, form):
        return self.info

    def core_course_get_courses(self, form):
        site = {"id": 1, "shortname": "lab", "fullname": "Lab", "format": "site"}
        wanted = form.get("options[ids][0]")
        return self.in_order([site] + [course for course in self.courses if wanted in (None, str(course["id"]))])

    def core_enrol_get_enrolled_users(self, form):
        options = {form[f"options[{i}][name]"]: form[f"options[{i}][value]"] for i in range(5)}
        assert options["userfields"] == "id,email,idnumber,username" and options["sortby"] == "id"
        start, many = int(options["limitfrom"]), int(options["limitnumber"])
        return sorted(self.people, key=lambda person: person["id"])[start:start + many]

    def core_completion_get_course_completion_status(self, form):
        course, user = int(form["courseid"]), int(form["userid"])
        if user in self.suspended:
            return recorded("course_completion_suspended")
        if (course, user) not in self.completed:
            return recorded("course_completion_bob")
        body = copy.deepcopy(recorded("course_completion_alice"))
        for criterion in body["completionstatus"]["completions"]:
            criterion["timecompleted"] = self.completed[course, user]
        return body

    def gradereport_user_get_grade_items(self, form):
        item = {"itemtype": "course", "graderaw": 82.5, "grademin": 0, "grademax": 100}
        return {"usergrades": [{"userid": int(form["userid"]), "gradeitems": [item]}], "warnings": []}

    def core_badges_get_user_badges(self, form):
        return recorded("badges_alice") if form["userid"] == "3" else {"badges": [], "warnings": []}

    def core_reportbuilder_retrieve_report(self, form):
        rows = []
        for (course, user), at in sorted(self.completed.items(), key=lambda item: -item[1]):
            person = next(person for person in self.people if person["id"] == user)
            moment = time.gmtime(at)
            hour = moment.tm_hour % 12 or 12
            rows.append({"columns": [
                f"{time.strftime('%A', moment)}, {moment.tm_mday} {time.strftime('%B %Y', moment)}, {hour}:"
                f"{moment.tm_min:02} {'PM' if moment.tm_hour >= 12 else 'AM'}", f"N{course}", person["idnumber"]]})
        page, many = int(form["page"]), int(form["perpage"])
        return {"data": {"headers": ["Time completed", "Course ID number", "ID number"],
                         "rows": rows[page * many:(page + 1) * many], "totalrowcount": len(rows)}}

    def core_user_get_users_by_field(self, form):
        wanted = {value for name, value in form.items() if name.startswith("values[")}
        return [person for person in self.people if person[form["field"]] in wanted]

    def core_course_get_courses_by_field(self, form):
        return {"courses": [{**course, "idnumber": f"N{course['id']}"} for course in self.courses
                            if f"N{course['id']}" == form["value"]], "warnings": []}


class Pages(Server):
    """Records in pages, the next one by a Link field; sells tokens for client credentials."""

    def __init__(self, records, size=100):
        super().__init__()
        self.records = records
        self.size = size
        self.tokens = []
        self.next = None  # a link in place of the right one
        self.busy = 0  # answers 429 so many times
        self.hold_at = None  # closes the gate before the page that begins there

    def answer(self, handler):
        path = urllib.parse.urlsplit(handler.path)
        query = dict(urllib.parse.parse_qsl(path.query))
        self.calls.append(handler.path)
        if path.path.endswith("/oauth2/token"):
            right = (handler.form.get("client_id"), handler.form.get("client_secret")) == CLIENT
            self.tokens.append(f"token-{len(self.tokens)}")
            handler.reply(200 if right else 400,
                          {"access_token": self.tokens[-1], "expires_in": 3600} if right else {"error": "invalid_client"})
            return
        if handler.headers.get("Authorization") != f"Bearer {self.tokens[-1] if self.tokens else TOKEN}":
            handler.reply(401, {})
            return
        with self.lock:
            busy, self.busy = self.busy > 0, max(0, self.busy - 1)
        if busy:
            handler.reply(429, "", Retry_After="0")
            return
        start = int(query.get("start", 0))
        if start == self.hold_at:
            self.hold_at = None
            self.gate.clear()
            self.gate.wait(60)
        fields = {}
        if start + self.size < len(self.records):
            fields["Link"] = f"<{self.next or f'{path.path}?start={start + self.size}'}>; rel=\"next\""
        handler.reply(200, {"items": self.records[start:start + self.size]}, cut=self.cut(), **fields)
