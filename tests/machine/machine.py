"""A Debian 12 of its own, booted with its systemd in a container; gone, with all its processes, when the test is."""
import os
import pathlib
import re
import shutil
import signal
import subprocess
import time

TOP = pathlib.Path(__file__).resolve().parents[2]
FOLDER = TOP / "build" / "machine"
PATIENCE = 120  # seconds, for what must happen


def run(*words, **options):
    done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
                          **{"timeout": 1200, **options})
    assert done.returncode == 0, f"{' '.join(map(str, words))}\n{done.stdout}{done.stderr}"
    return done.stdout


def packages():
    """Makes the packages of the release build: {name: path}."""
    made = FOLDER / "packages"
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir(parents=True)
    run("cpack", "--config", str(TOP / "build" / "release" / "CPackConfig.cmake"), "-B", str(made), cwd=TOP / "build" / "release")
    return {run("dpkg-deb", "-f", str(path), "Package").strip(): path for path in made.glob("*.deb")}


def needed(paths):
    """Names of the packages that those of ours depend on."""
    names = set()
    for path in paths:
        for dependency in run("dpkg-deb", "-f", str(path), "Depends").split(","):
            names.add(re.split(r"[ |(]", dependency.strip())[0])
    return sorted(names - {""})


class Machine:
    def __init__(self, name, made):
        self.name = name
        self.root = FOLDER / name
        self.process = None
        run(str(TOP / "tests" / "machine" / "root"), str(self.root), *needed(made.values()))
        for path in made.values():
            shutil.copy(path, self.root / "root" / path.name)

    def boot(self):
        console = open(FOLDER / f"{self.name}.console", "w", encoding="utf-8")
        self.process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "KILL", "systemd-nspawn", "--quiet", "--boot", "--register=no", "--keep-unit", "--settings=no",
             "--private-network", "--link-journal=no", f"--machine=entretiend-{self.name}-{os.getpid()}", f"--directory={self.root}"],
            stdin=subprocess.DEVNULL, stdout=console, stderr=subprocess.STDOUT, start_new_session=True)
        console.close()
        self.until(self.leader, "a process of its own")
        self.until(lambda: self.try_sh("systemctl is-system-running")[1].strip() in ("running", "degraded"), "running")
        return self

    def leader(self):
        """The machine's process 1, as this system numbers it."""
        children = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return children.read_text().split()[-1] if children.exists() and children.read_text().split() else None

    def until(self, true, what):
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            found = true()
            if found:
                return found
            assert self.process.poll() is None, (FOLDER / f"{self.name}.console").read_text(errors="replace")
        raise AssertionError(f"never {what}\n{self.try_sh('journalctl -n 60 --no-pager')[1]}")

    def try_sh(self, script, **environment):
        """(exit code, what it said) of a script that root gives in the machine."""
        leader = self.leader()
        if not leader:
            return 255, "no machine"
        done = subprocess.run(
            ["nsenter", "--target", leader, "--mount", "--uts", "--ipc", "--net", "--pid", "--root", "--wdns=/root", "--",
             "env", "-i", "HOME=/root", "LC_ALL=C.UTF-8", "TERM=dumb", "DEBIAN_FRONTEND=noninteractive",
             "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
             *[f"{name}={value}" for name, value in environment.items()], "bash", "-ceu", script],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=PATIENCE, check=False)
        return done.returncode, done.stdout

    def sh(self, script, code=0, **environment):
        got, said = self.try_sh(script, **environment)
        assert got == code, f"{script}\nexit code {got}\n{said}\n{self.try_sh('journalctl -u entretiend -n 40 --no-pager')[1]}"
        return said

    def show(self, name, unit="entretiend.service"):
        return self.sh(f"systemctl show --value -p {name} {unit}").strip()

    def end(self):
        if not self.process:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.root)
