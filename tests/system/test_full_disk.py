"""A disk that is full: refused, not lost; read on, and written again when there is room."""
import subprocess

import pytest

from client import Client
from people import hire


@pytest.fixture
def disk(folder):
    """A small file system."""
    path = folder / "disk"
    path.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(path)], check=True, timeout=30)
    yield path
    subprocess.run(["umount", "--lazy", str(path)], check=True, timeout=30)


def fill(disk):
    """Leaves no byte to anybody."""
    with open(disk / "ballast", "wb", buffering=0) as ballast:
        try:
            while True:
                ballast.write(bytes(4096))
        except OSError:
            pass


def test_nothing_acknowledged_is_lost(disk, make_daemon):
    daemon = make_daemon({"store": {"data_directory": disk / "data"}}, clock="2026-11-23T08:00:00Z")
    (disk / "data").mkdir(mode=0o700)
    daemon.expect(r"^(warning|error) .*(full|disk|No space)")
    token = daemon.create_token()
    daemon.start()
    admin = Client(daemon, token)
    organisation = admin.post("/v1/organisations", {"name": "Pleine"}, expect=201).json()["id"]
    kept = [hire(admin, organisation=organisation)["id"] for _ in range(3)]
    fill(disk)
    refused = None
    for number in range(2000):
        answer = admin.post(f"/v1/employees?organisation={organisation}",
                            {"number": f"F{number}", "given_name": "Ada", "family_name": "Byron", "hire_date": "2024-03-01"})
        if answer.status_code != 201:
            refused = answer
            break
        kept.append(answer.json()["id"])
    assert refused is not None and refused.status_code in (503, 507), refused.text
    assert refused.headers["Content-Type"] == "application/problem+json" and "disk" in refused.json()["detail"]
    assert Client(daemon).request("GET", "/readyz").status_code == 503
    assert Client(daemon).get("/healthz")
    for employee in kept:
        admin.get(f"/v1/employees/{employee}")
        admin.get(f"/v1/employees/{employee}/duties")
    daemon.kill()
    daemon.start()
    for employee in kept:
        admin.get(f"/v1/employees/{employee}")
    (disk / "ballast").unlink()
    hire(admin, organisation=organisation)
    assert Client(daemon).get("/readyz")
    assert admin.get(f"/v1/audit/verify?organisation={organisation}").json()["valid"] is True
