"""The alert rules are Prometheus', name metrics there are, and send people to a paragraph there is."""
import pathlib
import re
import subprocess

from client import Client

TOP = pathlib.Path(__file__).resolve().parents[2]
RULES = TOP / "config" / "prometheus.rules.yml"


def test_prometheus_takes_the_rules():
    done = subprocess.run(["promtool", "check", "rules", str(RULES)], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_metric_is_there(daemon):
    told = Client(daemon).get("/metrics").text
    there = set(re.findall(r"^# TYPE (entretiend_\w+)", told, re.MULTILINE)) | set(re.findall(r"^(entretiend_\w+)", told, re.MULTILINE))
    named = set(re.findall(r"entretiend_\w+", " ".join(re.findall(r"expr: (.*)", RULES.read_text()))))
    assert len(named) >= 6 and named <= there, named - there
    documented = set(re.findall(r"`(entretiend_\w+)`", (TOP / "docs" / "operate.md").read_text()))
    assert documented <= there | {name + "_seconds" for name in there} | {"entretiend_loop_lag_seconds"}, documented - there


def test_every_alert_leads_to_a_paragraph():
    text = (TOP / "docs" / "operate.md").read_text()
    for described in re.findall(r'description: "(.*)"', RULES.read_text()):
        assert f"**{described[0].lower()}{described[1:]}**" in text, described
