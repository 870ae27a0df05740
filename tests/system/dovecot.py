"""A mailbox for tests: Debian's Dovecot, an instance of its own on ports of its own."""
import imaplib
import socket
import subprocess

from patience import wait_for
from ports import free_port

CONFIGURATION = """
base_dir = {folder}/run
state_dir = {folder}/run
log_path = {folder}/log
protocols = imap lmtp
listen = 127.0.0.1
ssl = {ssl}
disable_plaintext_auth = no
auth_mechanisms = plain login xoauth2 oauthbearer
mail_location = maildir:{folder}/mail/%n
first_valid_uid = 1
first_valid_gid = 1
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {folder}/oauth2.conf
}}
passdb {{
  driver = passwd-file
  mechanisms = plain login
  args = scheme=PLAIN username_format=%n {folder}/users
}}
userdb {{
  driver = static
  args = allow_all_users=yes uid=nobody gid=nogroup home={folder}/mail/%n
}}
service imap-login {{
  inet_listener imap {{
    address = 127.0.0.1
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp}
  }}
}}
"""


class Dovecot:
    """The mailbox of hr, whose password is "secret"; `introspection` is asked about bearer tokens."""

    def __init__(self, folder, certificate=None, introspection="http://127.0.0.1:9/", lmtp=None):
        self.folder = folder
        self.port = free_port()
        self.lmtp = lmtp or free_port()
        self.process = None
        for name in ("mail", "run"):
            (folder / name).mkdir(parents=True)
        folder.parent.chmod(0o711)
        folder.chmod(0o755)
        subprocess.run(["chown", "nobody:nogroup", folder / "mail"], check=True)
        (folder / "users").write_text("hr:{PLAIN}secret::::::\nrh:{PLAIN}secret::::::\n")
        (folder / "oauth2.conf").write_text(
            f"introspection_mode = post\nintrospection_url = {introspection}\nusername_attribute = username\n"
            "active_attribute = active\nactive_value = true\n")
        tls = f"yes\nssl_cert = <{certificate[0]}\nssl_key = <{certificate[1]}" if certificate else "no"
        (folder / "conf").write_text(
            CONFIGURATION.format(folder=folder, port=self.port, lmtp=self.lmtp, ssl=tls))

    def __enter__(self):
        return self.start()

    def start(self):
        with open(self.folder / "out", "wb") as out:
            self.process = subprocess.Popen(["/usr/sbin/dovecot", "-F", "-c", self.folder / "conf"],
                                            stdin=subprocess.DEVNULL, stdout=out, stderr=out)

        def listens():
            try:
                return socket.create_connection(("127.0.0.1", self.port), 5)
            except OSError:
                return None
        wait_for("a mailbox", listens).close()
        return self

    def stop(self):
        self.process.terminate()
        self.process.wait(30)

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.stop()

    def login(self):
        client = imaplib.IMAP4("127.0.0.1", self.port)
        client.login("hr", "secret")
        return client

    def put(self, content, folder="INBOX"):
        with self.login() as client:
            status, told = client.append(folder, None, None, content)
            assert status == "OK", told

    def mails(self, folder="INBOX", criterion="ALL"):
        """The mails in a folder, as bytes; none when there is no such folder. Marks nothing as read."""
        with self.login() as client:
            if client.select(folder, readonly=True)[0] != "OK":
                return []
            found = client.search(None, criterion)[1][0].split()
            return [client.fetch(number, "(BODY.PEEK[])")[1][0][1] for number in found]

    def anew(self):
        """The inbox is lost and made again, as by a restored backup: another UIDVALIDITY, other UIDs."""
        kept = self.mails()
        self.stop()
        subprocess.run(["rm", "-rf", self.folder / "mail" / "hr"], check=True)
        self.start()
        with self.login() as client:
            client.create("Filler")
        for content in kept:
            self.put(content)

    def options(self, **more):
        password = self.folder / "password"
        password.write_text("secret\n")
        password.chmod(0o600)
        return {"mailbox": {"url": f"imap://127.0.0.1:{self.port}/INBOX", "user": "hr", "password": password,
                            "require_tls": "no", "interval": "1s", "authserv_id": "mx.rhone.example", **more}}
