"""The packages on a Debian 12 of its own: nothing starts unasked; the service starts, reloads, is watched, wakes on a
connection, drains, is upgraded, removed, purged. In the order of an instance's life: each test goes on where the one before
ended."""
import json
import re
import subprocess
import time

import machine as machines

STATE = "/var/lib/private/entretiend"
URL = "http://127.0.0.1:8470"


def test_lintian_has_no_errors(made):
    done = subprocess.run(["lintian", "--tag-display-limit", "0", *map(str, made.values())], stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=600, check=False)
    told = [line for line in done.stdout.splitlines() if line.startswith(("E:", "W:"))]
    assert not told, "\n".join(told)


def test_the_packages_hold_what_they_should(made):
    daemon = machines.run("dpkg-deb", "-c", str(made["entretiend"]))
    for path in ("/etc/entretiend/entretiend.conf", "/usr/bin/entretiend", "/usr/lib/systemd/system/entretiend.service",
                 "/usr/lib/systemd/system/entretiend.socket", "/usr/share/man/man8/entretiend.8.gz",
                 "/usr/share/man/man5/entretiend.conf.5.gz", "/usr/share/doc/entretiend/operate.md"):
        assert f".{path}\n" in daemon, daemon
    ctl = machines.run("dpkg-deb", "-c", str(made["entretienctl"]))
    assert "./usr/bin/entretienctl\n" in ctl and "./usr/share/man/man1/entretienctl.1.gz\n" in ctl


def test_installing_starts_nothing(machine):
    machine.sh("dpkg --install /root/entretien*.deb")
    assert machine.try_sh("systemctl is-active entretiend.service entretiend.socket")[1].split() == ["inactive", "inactive"]
    assert machine.try_sh("systemctl is-enabled entretiend.service entretiend.socket")[1].split() == ["disabled", "disabled"]
    machine.sh("entretiend --check-config && man --pager=cat entretiend >/dev/null && man --pager=cat 5 entretiend.conf >/dev/null")


def test_the_unit_is_closed(machine):
    machine.sh("systemd-analyze verify entretiend.service entretiend.socket")
    told = machine.sh("systemd-analyze security --no-pager entretiend.service")
    exposure = float(re.search(r"Overall exposure level for entretiend.service: ([\d.]+)", told).group(1))
    assert exposure <= 1.5, told


def test_it_is_set_up_and_starts(machine):
    machine.sh("entretienctl init --name 'Ateliers du Rhône' --siren 732829320 --email rh@rhone.example")
    machine.sh("systemctl enable --now entretiend.service")
    assert machine.show("ActiveState") == "active"
    assert machine.show("StatusText") == "listening on 127.0.0.1 port 8470"
    assert "Ateliers du Rhône" in machine.sh("entretienctl status")
    assert machine.sh(f"stat -c '%a' {STATE}").strip() == "700"
    owners = set(machine.sh(f"stat -c '%U' {STATE} {STATE}/*").split())
    assert len(owners) == 1 and "root" not in owners, owners


def test_the_journal_knows_priorities(machine):
    lines = [json.loads(line) for line in machine.sh("journalctl -u entretiend.service -o json --no-pager").splitlines()]
    started = [line for line in lines if line["MESSAGE"].startswith("notice start: listening")]
    assert started and started[0]["PRIORITY"] == "5"
    assert started[0]["ENTRETIEND_SUBJECT"] == "start" and started[0]["ENTRETIEND_PORT"] == "8470", started[0]
    assert started[0]["_SYSTEMD_UNIT"] == "entretiend.service" and started[0]["_TRANSPORT"] == "journal"
    kind = started[0]["MESSAGE_ID"]
    assert "start: listening" in machine.sh(f"journalctl MESSAGE_ID={kind} ENTRETIEND_PORT=8470 --no-pager")


def test_a_reload_takes_a_good_file_and_refuses_a_bad_one(machine):
    before = machine.show("MainPID")
    machine.sh("printf 'log {\\n    level = debug\\n}\\n' >> /etc/entretiend/entretiend.conf; systemctl reload entretiend")
    machine.until(lambda: "notice reload: done" in machine.sh("journalctl -u entretiend --no-pager"), "reloaded")
    machine.sh("cp /etc/entretiend/entretiend.conf /root/good; echo 'log { level = loud }' >> /etc/entretiend/entretiend.conf")
    machine.sh("systemctl reload entretiend")
    machine.until(lambda: "the configuration stays as it was" in machine.sh("journalctl -u entretiend --no-pager"), "refused")
    assert machine.show("ActiveState") == "active" and machine.show("MainPID") == before
    machine.sh("cp /root/good /etc/entretiend/entretiend.conf; systemctl reload entretiend")


def test_a_mistake_is_not_tried_again_and_again(machine):
    machine.sh("systemctl stop entretiend; echo 'log { level = loud }' >> /etc/entretiend/entretiend.conf")
    machine.sh("systemctl start entretiend", code=1)
    assert machine.show("ExecMainStatus") == "2" and machine.show("NRestarts") == "0"
    machine.sh("cp /root/good /etc/entretiend/entretiend.conf; systemctl reset-failed entretiend; systemctl start entretiend")


def test_a_loop_that_hangs_is_killed_and_started_again(machine):
    machine.sh("mkdir -p /run/systemd/system/entretiend.service.d; printf '[Service]\\nWatchdogSec=2\\nTimeoutAbortSec=2\\n'"
               " > /run/systemd/system/entretiend.service.d/test.conf; systemctl daemon-reload; systemctl restart entretiend")
    before = machine.show("MainPID")
    machine.sh(f"kill -STOP {before}")
    machine.until(lambda: machine.show("MainPID") not in (before, "0") and machine.show("ActiveState") == "active", "started again")
    assert machine.show("NRestarts") == "1"
    assert "watchdog" in machine.sh("journalctl -u entretiend --no-pager").lower()
    machine.sh(f"rm -r /run/systemd/system/entretiend.service.d; systemctl daemon-reload; systemctl restart entretiend; curl -sf {URL}/readyz")


def test_a_stop_does_not_wait_for_those_who_wait(machine):
    machine.sh("(echo 'matricule;nom;prénom;date d'\"'\"'entrée'; seq -f '%g;Durand;Zoé;01/03/2024' 60000) > /root/staff.csv")
    machine.sh("systemd-run --unit=held --setenv=HOME=/root entretienctl import employees /root/staff.csv")
    machine.until(lambda: '"applying"' in machine.sh("entretienctl import list --json"), "importing")
    began = time.monotonic()
    machine.sh("systemctl stop entretiend")
    assert time.monotonic() - began < 20
    assert machine.show("Result") == "success"
    machine.sh("systemctl start entretiend; entretienctl audit verify")


def test_commands_of_root_leave_the_daemon_its_files(machine):
    machine.sh("entretiend check-store; entretiend backup /root/copy.db; entretienctl backup /root/copy2.db")
    machine.sh("systemctl stop entretiend; entretiend restore /root/copy.db; entretiend rekey; entretiend create-token >/dev/null;"
               "systemctl start entretiend; entretienctl audit verify")
    owners = set(machine.sh(f"stat -c '%U' {STATE}/entretiend.db {STATE}/sealing.key {STATE}/lock").split())
    assert len(owners) == 1 and "root" not in owners, owners


def test_keys_come_as_credentials(machine):
    machine.sh("install -d -m 700 /etc/credstore; install -m 600 /dev/null /etc/credstore/entretiend.sealing-key;"
               "openssl rand -hex 32 > /etc/credstore/entretiend.sealing-key; systemctl stop entretiend")
    machine.sh(f"printf 'keys {{\\n    sealing = \"entretiend.sealing-key\"\\n    retired = \"{STATE}/sealing.key\"\\n}}\\n'"
               " >> /etc/entretiend/entretiend.conf; entretiend --check-config; entretiend rekey")
    machine.sh(f"systemctl start entretiend; systemctl reload entretiend; curl -sf {URL}/readyz")


def test_a_connection_wakes_it(machine):
    machine.sh("systemctl stop entretiend; systemctl enable --now entretiend.socket")
    assert machine.show("ActiveState") == "inactive"
    machine.sh(f"curl -sf {URL}/readyz")
    assert machine.show("ActiveState") == "active"
    assert machine.show("StatusText") == "listening on 127.0.0.1 port 8470"


def test_a_restart_refuses_nobody(machine):
    said = machine.sh("(for i in $(seq 100); do curl -s -o /dev/null -w '%{http_code}\\n' --retry 0 " + URL + "/healthz; done) &"
                      " systemctl restart entretiend; wait")
    assert set(said.split()) <= {"200", "503"} and said.split().count("200") > 50, said


def test_an_upgrade_replaces_what_runs(machine):
    before = machine.show("MainPID")
    machine.sh("dpkg --install /root/entretien*.deb")
    assert machine.show("ActiveState") == "active" and machine.show("MainPID") != before
    machine.sh("entretienctl audit verify && grep -q credstore /usr/lib/systemd/system/entretiend.service && grep -q level /etc/entretiend/entretiend.conf")


def test_removing_keeps_the_data_and_purging_does_not(machine):
    machine.sh("dpkg --remove entretienctl entretiend")
    assert machine.try_sh("systemctl is-active entretiend.service entretiend.socket")[1].split() == ["inactive", "inactive"]
    machine.sh(f"test -f {STATE}/entretiend.db && test -f /etc/entretiend/entretiend.conf")
    machine.sh("dpkg --purge entretienctl entretiend")
    machine.sh(f"test ! -e {STATE} && test ! -e /var/lib/entretiend && test ! -e /etc/entretiend")
    assert machine.try_sh("systemctl list-units --all --failed --plain --no-legend 'entretiend*'")[1].strip() == ""
