"""Runs the real daemon on a directory of its own and waits for what it says, never for time to pass."""
import os
import pathlib
import re
import signal
import socket
import subprocess
import threading

from patience import PATIENCE

TOP = pathlib.Path(__file__).resolve().parents[2]
BINARY = os.environ.get("ENTRETIEND", str(TOP / "build" / "asan" / "entretiend"))


def conf(sections):
    """{"listen": {"port": 0}} in the syntax of the configuration file."""
    lines = []
    for section, options in sections.items():
        lines.append(f"{section} {{")
        for key, value in options.items():
            quoted = str(value).replace("\\", "\\\\").replace('"', '\\"').replace("$", "\\$")
            lines.append(f'    {key} = "{quoted}"')
        lines.append("}")
    return "\n".join(lines) + "\n"


def merged(*layers):
    sections = {}
    for layer in layers:
        for section, options in (layer or {}).items():
            sections.setdefault(section, {}).update(options)
    return sections


def run(*arguments, **options):
    """Runs the program to its end; a completed process with text output."""
    if "input" not in options:
        options["stdin"] = subprocess.DEVNULL
    return subprocess.run([BINARY, *arguments], capture_output=True, text=True, timeout=PATIENCE, check=False, **options)


class Daemon:
    """One data directory; may be started and stopped several times."""

    def __init__(self, folder, options=None, clock=None):
        self.folder = pathlib.Path(folder)
        self.data = self.folder / "data"
        self.data.mkdir(mode=0o700, exist_ok=True)
        self.config_path = self.folder / "entretiend.conf"
        self.lines = []  # of its log, all lives together
        self.heard = threading.Condition()
        self.listener = None
        self.clock_path = self.folder / "clock" if clock else None
        self.options = merged({"listen": {"port": 0}, "store": {"data_directory": self.data}}, options)
        if clock:
            self.set_clock(clock)
            self.options = merged(self.options, {"clock": {"file": self.clock_path}})
        self.expected = [r"^warning clock: the time is set by a file"] if clock else []
        self.process = None
        self.notices = None
        self.token = None
        self.port = None
        self.configure()

    def configure(self, options=None):
        """Writes the configuration file, with further options if any."""
        self.options = merged(self.options, options)
        self.config_path.write_text(conf(self.options))

    def set_clock(self, instant):
        """Moves the daemon's time, whole or not at all; it looks at every tick of its loop."""
        fresh = self.clock_path.with_suffix(".new")
        fresh.write_text(instant + "\n")
        fresh.rename(self.clock_path)

    def create_token(self):
        """The first token, which may do everything; before the daemon starts."""
        done = run(*self.arguments(), "create-token")
        assert done.returncode == 0, done.stderr
        self.token = done.stdout.strip()
        return self.token

    def arguments(self):
        return ["-c", str(self.config_path)] + (["--allow-set-clock"] if self.clock_path else [])

    def start(self, environment=None):
        """Starts and waits until it listens."""
        path = self.folder / "notify"
        path.unlink(missing_ok=True)
        self.notices = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.notices.bind(str(path))
        self.notices.settimeout(PATIENCE)
        self.process = subprocess.Popen(
            [BINARY, *self.arguments()], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, errors="replace", env={**os.environ, "NOTIFY_SOCKET": str(path), **(environment or {})})
        self.listener = threading.Thread(target=self.listen, args=(self.process.stdout,))
        self.listener.start()
        status = self.told("READY=1")
        self.port = int(re.search(r"port (\d+)", status).group(1))
        return self

    def listen(self, stream):
        for line in stream:
            with self.heard:
                self.lines.append(line.rstrip("\n"))
                self.heard.notify_all()
        stream.close()

    def logged(self, pattern):
        """Waits until a line of the log matches."""
        def found():
            return any(re.search(pattern, line) for line in self.lines)
        with self.heard:
            assert self.heard.wait_for(found, PATIENCE), f"the daemon never logged {pattern}\n{self.log()}"

    def told(self, wanted):
        """The next message to the service manager that holds `wanted`."""
        while True:
            try:
                said = self.notices.recv(4096).decode()
            except socket.timeout:
                raise AssertionError(f"the daemon never said {wanted}\n{self.log()}") from None
            if wanted in said:
                return said

    def signal(self, number):
        self.process.send_signal(number)

    def wait(self):
        """Its exit code."""
        code = self.process.wait(PATIENCE)
        self.process = None
        self.listener.join()
        self.notices.close()
        return code

    def stop(self):
        """Asks it to stop; it must end well, having said nothing unexpected."""
        self.signal(signal.SIGTERM)
        code = self.wait()
        assert code == 0, f"exit code {code}\n{self.log()}"
        self.check_log()

    def kill(self):
        self.signal(signal.SIGKILL)
        self.wait()

    def log(self):
        return "\n".join(self.lines)

    def expect(self, pattern):
        """A warning or error that this test provokes."""
        self.expected.append(pattern)

    def check_log(self):
        unexpected = [line for line in self.lines
                      if not re.match(r"(notice|info|debug) ", line)
                      and not any(re.search(pattern, line) for pattern in self.expected)]
        assert not unexpected, "\n".join(unexpected)

    @property
    def url(self):
        scheme = "https" if self.options["listen"].get("tls_certificate") else "http"
        return f"{scheme}://127.0.0.1:{self.port}"
