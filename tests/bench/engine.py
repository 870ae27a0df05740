"""The duty engine alone."""
import json
import subprocess

import sides


def duties(rounds):
    def once():
        done = subprocess.run([sides.BIN / "tests/bench/bench_duties"], capture_output=True, text=True, check=True)
        return json.loads(done.stdout)["per_second"]
    return sides.single(rounds, once)
