"""Other people's calendars and the mail between them: Debian's Cyrus and OpenSMTPD. OpenSMTPD's queue has a fixed place,
so there is one of them on a machine at a time."""
import fcntl
import shutil
import smtplib
import subprocess

import requests

from patience import wait_for
from ports import free_port

IMAPD = """
configdirectory: {folder}/conf
defaultpartition: default
partition-default: {folder}/spool
temp_path: {folder}/tmp
sievedir: {folder}/sieve
servername: localhost
virtdomains: off
altnamespace: yes
unixhierarchysep: yes
admins: admin
allowplaintext: yes
sasl_mech_list: PLAIN
sasl_pwcheck_method: auxprop
sasl_auxprop_plugin: sasldb
sasl_sasldb_path: {folder}/sasldb2
httpmodules: caldav freebusy
calendar_user_address_set: rhone.example
caldav_allowscheduling: on
caldav_create_default: yes
caldav_create_sched: yes
autocreate_quota: 0
autocreate_post: yes
autocreate_users: anyone
conversations: 0
search_engine: none
smtp_backend: host
smtp_host: 127.0.0.1:{smtp}
sieve_extensions: editheader variables vnd.cyrus.imip
"""

MASTER = """
START {{
  recover cmd="/usr/lib/cyrus/bin/ctl_cyrusdb -C {folder}/imapd.conf -r"
}}
SERVICES {{
  http    cmd="/usr/lib/cyrus/bin/httpd -C {folder}/imapd.conf" listen="127.0.0.1:{http}" prefork=2
  lmtptcp cmd="/usr/lib/cyrus/bin/lmtpd -C {folder}/imapd.conf -a" listen="127.0.0.1:{lmtp}" prefork=1
}}
EVENTS {{
}}
"""

SIEVE = """require ["vnd.cyrus.imip", "variables", "editheader"];
processimip :outcome "oc" :errstr "er";
addheader "X-iMIP-Outcome" "${oc}";
"""

ROUTES = """
listen on 127.0.0.1 port {smtp}
action "hr"     lmtp "127.0.0.1:{hr}" rcpt-to virtual {{ "@" = nobody }}
action "people" lmtp "127.0.0.1:{people}" rcpt-to virtual {{ "@" = nobody }}
match from any for rcpt-to "rh@ateliers.example" action "hr"
match from any for domain "rhone.example" action "people"
"""


def first_mail(port, user):
    with smtplib.LMTP("127.0.0.1", port) as client:
        client.sendmail("ci@rhone.example", [user], "From: ci@rhone.example\r\nSubject: hello\r\n\r\nhi\r\n")
    return True


class Cyrus:
    """Calendars of people of rhone.example; each one's password is the name."""

    def __init__(self, folder, smtp, people):
        self.folder, self.people = folder, people
        self.ports = {"smtp": smtp, "http": free_port(), "lmtp": free_port()}
        self.process = None
        for name in ("conf/socket", "conf/db", "conf/proc", "spool", "tmp", "sieve"):
            (folder / name).mkdir(parents=True)
        folder.parent.chmod(0o711)
        (folder / "imapd.conf").write_text(IMAPD.format(folder=folder, **self.ports))
        (folder / "cyrus.conf").write_text(MASTER.format(folder=folder, **self.ports))
        (folder / "p.script").write_text(SIEVE)
        for user in ("admin", *people):
            subprocess.run(["saslpasswd2", "-c", "-p", "-f", folder / "sasldb2", "-u", "localhost", user],
                           input=user.encode(), check=True)
        subprocess.run(["/usr/lib/cyrus/bin/sievec", "-C", folder / "imapd.conf", folder / "p.script", folder / "p.bc"],
                       check=True)

    def url(self, user, name=""):
        return f"http://127.0.0.1:{self.ports['http']}/dav/calendars/user/{user}/{name}"

    def __enter__(self):
        subprocess.run(["chown", "-R", "cyrus:mail", self.folder], check=True)
        with open(self.folder / "log", "wb") as log:
            self.process = subprocess.Popen(
                ["/usr/lib/cyrus/bin/master", "-C", self.folder / "imapd.conf", "-M", self.folder / "cyrus.conf",
                 "-p", self.folder / "master.pid", "-D"], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        for user in self.people:
            wait_for(f"a mailbox of {user}", lambda user=user: self.ready(user))
        for mailbox in (self.folder / "conf" / "user" / "uuid").glob("*/*/*"):
            scripts = self.folder / "sieve" / mailbox.relative_to(self.folder / "conf" / "user")
            scripts.mkdir(parents=True, exist_ok=True)
            shutil.copy(self.folder / "p.script", scripts / "p.script")
            shutil.copy(self.folder / "p.bc", scripts / "p.bc")
            if not (scripts / "defaultbc").exists():
                (scripts / "defaultbc").symlink_to("p.bc")
        subprocess.run(["chown", "-R", "cyrus:mail", self.folder / "sieve"], check=True)
        return self

    def ready(self, user):
        try:
            first_mail(self.ports["lmtp"], user)
            return requests.request("PROPFIND", self.url(user), auth=(user, user), headers={"Depth": "0"},
                                    timeout=30).status_code == 207
        except (OSError, smtplib.SMTPException, requests.RequestException):
            return False

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(30)

    def event(self, user, uid):
        """The object of an event in somebody's calendar, unfolded; None when there is none."""
        found = requests.get(self.url(user, f"Default/{uid}.ics"), auth=(user, user), timeout=30)
        return found.content.decode().replace("\r\n ", "") if found.status_code == 200 else None

    def answer(self, user, uid, partstat):
        """What a click on "accept" does: the own copy says so, and Cyrus sends the REPLY."""
        mine = f":mailto:{user}@rhone.example"
        lines = []
        for line in self.event(user, uid).split("\r\n"):
            if line.startswith("ATTENDEE") and line.endswith(mine):
                line = line.replace("PARTSTAT=NEEDS-ACTION", f"PARTSTAT={partstat}")
            # Cyrus 3.6 keeps the former TRANSP beside that of a new version, and then refuses both.
            if not (line.startswith("TRANSP:") and any(one.startswith("TRANSP:") for one in lines)):
                lines.append(line)
        put = requests.put(self.url(user, f"Default/{uid}.ics"), data="\r\n".join(lines).encode(), auth=(user, user),
                           headers={"Content-Type": "text/calendar; charset=utf-8"}, timeout=30)
        assert put.status_code in (201, 204), put.text


class Smtpd:
    """Takes mail of everybody: to HR's mailbox, or to people's."""

    def __init__(self, folder, smtp, hr, people):
        folder.mkdir()
        self.folder = folder
        self.process = self.lock = None
        (folder / "smtpd.conf").write_text(ROUTES.format(smtp=smtp, hr=hr, people=people))

    def __enter__(self):
        self.lock = open("/run/lock/entretiend-test-smtpd", "w", encoding="ascii")
        fcntl.flock(self.lock, fcntl.LOCK_EX)
        with open(self.folder / "log", "wb") as log:
            self.process = subprocess.Popen(["/usr/sbin/smtpd", "-d", "-f", self.folder / "smtpd.conf"],
                                            stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(30)
        self.lock.close()
