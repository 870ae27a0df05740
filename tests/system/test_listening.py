"""The address, the port, sockets of the service manager, and TLS with its reload."""
import os
import signal
import socket
import ssl
import subprocess

import requests

from daemon import BINARY, run
from patience import PATIENCE


def health(url, **options):
    answer = requests.get(f"{url}/healthz", timeout=PATIENCE, **options)
    assert answer.status_code == 200, answer.text
    return answer


def test_a_port_in_use(make_daemon):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run(*make_daemon({"listen": {"port": port}}).arguments())
    assert done.returncode == 1
    lines = [line for line in done.stderr.splitlines() if not line.startswith(("notice ", "info "))]
    assert len(lines) == 1 and lines[0].startswith("error http: "), done.stderr
    assert str(port) in lines[0] and "in use" in lines[0]


def test_every_interface(make_daemon):
    daemon = make_daemon({"listen": {"address": "::"}}).start()
    health(f"http://127.0.0.1:{daemon.port}")
    health(f"http://[::1]:{daemon.port}")


def test_a_socket_of_the_service_manager(make_daemon):
    daemon = make_daemon()
    with socket.create_server(("127.0.0.1", 0)) as given:
        url = f"http://127.0.0.1:{given.getsockname()[1]}"

        # The variable has to name the process that listens: the shell, which becomes the daemon.
        process = subprocess.Popen(
            ["bash", "-c", 'LISTEN_PID=$$ exec "$0" "$@" 3<&"$GIVEN"', BINARY, *daemon.arguments()],
            env={**os.environ, "LISTEN_FDS": "1", "GIVEN": str(given.fileno())}, pass_fds=[given.fileno()],
            stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        try:
            health(url)  # queued on the socket until the daemon takes it
        finally:
            process.send_signal(signal.SIGTERM)
            _, said = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, said


# ---- TLS

def certify(folder, name):
    """A certificate for 127.0.0.1, signed by itself."""
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", f"/CN={name}", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", f"{folder}/key.pem",
         "-out", f"{folder}/certificate.pem"], check=True, capture_output=True)
    os.chmod(f"{folder}/key.pem", 0o600)


def presented(daemon):
    return ssl.get_server_certificate(("127.0.0.1", daemon.port))


def test_tls_and_its_reload(make_daemon, folder):
    certify(folder, "first")
    first = (folder / "certificate.pem").read_text()
    daemon = make_daemon({"listen": {
        "tls_certificate": folder / "certificate.pem", "tls_key": folder / "key.pem"}}).start()
    assert daemon.url.startswith("https://")
    health(daemon.url, verify=folder / "certificate.pem")
    assert presented(daemon).strip() == first.strip()
    certify(folder, "second")
    daemon.signal(signal.SIGHUP)
    daemon.told("READY=1")
    second = (folder / "certificate.pem").read_text()
    assert first != second and presented(daemon).strip() == second.strip()
    health(daemon.url, verify=folder / "certificate.pem")


def test_a_key_that_is_not_the_certificates_is_refused_on_reload(make_daemon, folder):
    certify(folder, "first")
    daemon = make_daemon({"listen": {
        "tls_certificate": folder / "certificate.pem", "tls_key": folder / "key.pem"}}).start()
    served = presented(daemon)
    kept = (folder / "certificate.pem").read_text()
    certify(folder, "second")
    (folder / "certificate.pem").write_text(kept)
    daemon.expect("^error reload: not taken over subsystem=http")
    daemon.signal(signal.SIGHUP)
    daemon.told("READY=1")
    daemon.logged("^error reload: not taken over subsystem=http")
    assert presented(daemon) == served
