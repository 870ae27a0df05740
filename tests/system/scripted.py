"""A CalDAV server that does as it is told: what servers answer on a bad day, which none of Debian's does when asked."""
import contextlib
import hashlib
import http.server
import re
import threading

NAMESPACES = 'xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"'
HOME = "/dav/hr/"
CALENDAR = HOME + "diary/"


def found(path, properties):
    return (f'<D:multistatus {NAMESPACES}><D:response><D:href>{path}</D:href><D:propstat><D:prop>{properties}</D:prop>'
            "<D:status>HTTP/1.1 200 OK</D:status></D:propstat></D:response></D:multistatus>")


PROPERTIES = (f"<D:current-user-principal><D:href>{HOME}</D:href></D:current-user-principal>"
              f"<C:calendar-home-set><D:href>{HOME}</D:href></C:calendar-home-set>"
              f"<C:schedule-outbox-URL><D:href>{HOME}outbox/</D:href></C:schedule-outbox-URL>"
              "<C:calendar-user-address-set><D:href>mailto:hr@corp.example</D:href></C:calendar-user-address-set>"
              "<D:resourcetype><D:collection/><C:calendar/></D:resourcetype>")


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body="", **fields):
        data = body.encode()
        self.send_response(status)
        for name, value in fields.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def handle_any(self):
        server = self.server.scripted
        body = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
        with server.lock:
            server.seen.append((self.command, self.path, body))
            for method, path, status in server.refusals:
                if method in ("*", self.command) and re.search(path, self.path):
                    return self.answer(status)
            return getattr(self, "on_" + self.command.lower())(server, body)

    do_PROPFIND = do_PUT = do_GET = do_DELETE = do_POST = do_REPORT = handle_any

    def on_propfind(self, _, __):
        self.answer(207, found(self.path if self.path != "/" else CALENDAR, PROPERTIES), Content_Type="text/xml")

    def on_post(self, _, __):
        self.answer(200, f"<C:schedule-response {NAMESPACES}/>", Content_Type="text/xml")

    def on_put(self, server, body):
        expected = self.headers.get("If-Match") or self.headers.get("If-Schedule-Tag-Match")
        there = server.objects.get(self.path)
        if (self.headers.get("If-None-Match") and there) or (expected and (not there or expected != server.tag(there))):
            return self.answer(412)
        server.objects[self.path] = server.scheduled(body)
        return self.answer(204 if there else 201)

    def on_get(self, server, _):
        text = server.objects.get(self.path)
        if text is None:
            return self.answer(404)
        if self.headers.get("If-None-Match") == server.tag(text):
            return self.answer(304)
        return self.answer(200, text, ETag=server.tag(text), Content_Type="text/calendar; charset=utf-8")

    def on_delete(self, server, _):
        self.answer(204 if server.objects.pop(self.path, None) else 404)


class Scripted:
    """`refusals` are (method, pattern of paths, status); `statuses` are SCHEDULE-STATUS by address, else "1.2".
    `invited` are the address, UID and SEQUENCE of each version that it brought to somebody, as
    servers do: what is put again unchanged is not told again."""

    def __init__(self):
        self.lock = threading.Lock()
        self.objects, self.refusals, self.statuses, self.seen, self.invited = {}, [], {}, [], []
        self.http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        self.http.scripted = self
        self.url = f"http://127.0.0.1:{self.http.server_port}/"
        self.kind = "scripted"
        threading.Thread(target=self.http.serve_forever, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.http.shutdown()
        self.http.server_close()

    def stop_refusing(self):
        with self.lock:
            self.refusals, self.statuses = [], {}

    @staticmethod
    def tag(text):
        return f'"{hashlib.sha256(text.encode()).hexdigest()[:16]}"'

    def scheduled(self, text):
        """With what became of each invitation that the server was to send."""
        def told(match):
            email = match.group(2)
            if "SCHEDULE-AGENT=CLIENT" in match.group(1):
                return match.group(0)
            status = self.statuses.get(email, "1.2")
            version = (email, line("UID"), int(line("SEQUENCE")))
            if status == "1.2" and version not in self.invited:
                self.invited.append(version)
            return f'{match.group(1)};SCHEDULE-STATUS="{status}":mailto:{email}'

        def line(name):
            return re.search(rf"^{name}:([^\r\n]*)", unfolded, re.MULTILINE).group(1)
        unfolded = text.replace("\r\n ", "")
        return re.sub(r"(ATTENDEE[^\r\n]*):mailto:([^\r\n]*)", told, unfolded)

    @contextlib.contextmanager
    def refusing(self, *refusals):
        with self.lock:
            self.refusals = list(refusals)
        yield
        with self.lock:
            self.refusals = []

    def entry(self):
        with self.lock:
            return next(iter(self.objects.values()), None)

    def change(self, *changes):
        with self.lock:
            path, text = next(iter(self.objects.items()))
            for pattern, by in changes:
                assert re.search(pattern, text), (pattern, text)
                text = re.sub(pattern, by, text)
            self.objects[path] = text
