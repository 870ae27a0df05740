"""Runs entretienctl against a daemon: piped as programs do, or on a terminal of a given width."""
import fcntl
import os
import pty
import struct
import subprocess
import termios

from daemon import BINARY
from patience import PATIENCE

PROGRAM = os.environ.get("ENTRETIENCTL", os.path.join(os.path.dirname(BINARY), "entretienctl"))


class Done:
    """What a run left: exit code, standard output, standard error."""

    def __init__(self, code, out, said):
        self.code, self.out, self.said = code, out, said

    @property
    def rows(self):
        return [line.split("\t") for line in self.out.splitlines()]


class Command:
    """The program with the settings of one user."""

    def __init__(self, url, token=None, home="/nonexistent", **environment):
        kept = {name: os.environ[name] for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS") if name in os.environ}
        self.environment = {**kept, "HOME": str(home), "PATH": os.environ["PATH"], **environment}
        if url:
            self.environment["ENTRETIENCTL_URL"] = url
        if token:
            self.environment["ENTRETIENCTL_TOKEN"] = token

    def run(self, *words, code=0, text=None, **options):
        done = subprocess.run([PROGRAM, *words], input=text, capture_output=True, env=self.environment, timeout=PATIENCE,
                              check=False, encoding="utf-8", **({} if text is not None else {"stdin": subprocess.DEVNULL}),
                              **options)
        assert done.returncode == code, f"{words}: {done.returncode}\n{done.stdout}{done.stderr}"
        return Done(done.returncode, done.stdout, done.stderr)

    def fail(self, *words, code=1, **options):
        """What it says when it fails, having printed nothing."""
        done = self.run(*words, code=code, **options)
        assert done.out == "", done.out
        return done.said

    def on_terminal(self, *words, width=100, code=0):
        """Output and errors as they appear on a terminal."""
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, width, 0, 0))
        with subprocess.Popen([PROGRAM, *words], stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs,
                              env=self.environment) as process:
            os.close(theirs)
            shown = b""
            while True:
                try:
                    piece = os.read(ours, 65536)
                except OSError:  # nobody holds the other end any more
                    break
                if not piece:
                    break
                shown += piece
            os.close(ours)
            ended = process.wait(PATIENCE)
        text = shown.decode().replace("\r\n", "\n")
        assert ended == code, f"{words}: {ended}\n{text}"
        return text
