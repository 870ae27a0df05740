"""Node-RED as people use it in front of a platform: the signature of the body is proved, the body appended to a file, 200."""
import contextlib
import json
import pathlib
import socket
import subprocess

import requests

from patience import PATIENCE, eventually

HOME = pathlib.Path(__file__).resolve().parent / "nodered"

PROVE = """
const wanted = 'sha256=' + global.get('crypto').createHmac('sha256', {secret}).update(msg.payload).digest('hex');
msg.statusCode = msg.req.headers['x-signature'] === wanted ? 200 : 401;
return msg.statusCode === 200 ? [msg, null] : [null, msg];
"""


def flow(secret, file, paths):
    """One tab: in, prove, append, out."""
    nodes = [{"id": "tab", "type": "tab", "label": "hooks"},
             {"id": "prove", "z": "tab", "type": "function", "func": PROVE.format(secret=json.dumps(secret)), "outputs": 2,
              "wires": [["append"], ["out"]]},
             {"id": "append", "z": "tab", "type": "file", "filename": str(file), "filenameType": "str", "appendNewline": True,
              "createDir": False, "overwriteFile": "false", "wires": [["said"]]},
             {"id": "said", "z": "tab", "type": "function", "func": "msg.payload = {}; return msg;", "outputs": 1, "wires": [["out"]]},
             {"id": "out", "z": "tab", "type": "http response", "wires": []}]
    for number, path in enumerate(paths):
        nodes.append({"id": f"in{number}", "z": "tab", "type": "http in", "url": path, "method": "post", "wires": [["prove"]]})
    return nodes


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def install():
    if not (HOME / "node_modules" / "node-red").is_dir():
        subprocess.run(["npm", "ci", "--no-audit", "--no-fund"], cwd=HOME, check=True, stdout=subprocess.DEVNULL)


def answers(url):
    try:
        return requests.post(url, data=b"{}", timeout=PATIENCE).status_code
    except requests.ConnectionError:
        return None


@contextlib.contextmanager
def running(place, secret, paths):
    """Its URL; what it appends goes below `place`."""
    install()
    place.mkdir()
    (place / "flows.json").write_text(json.dumps(flow(secret, place / "received", paths)), encoding="utf-8")
    port = free_port()
    command = ["node", str(HOME / "node_modules" / "node-red" / "red.js"), "--userDir", str(place), "--settings",
               str(HOME / "settings.js"), "--port", str(port), "flows.json"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        try:
            url = f"http://127.0.0.1:{port}"
            eventually(lambda: answers(url + paths[0]), 401)
            yield url
        finally:
            process.terminate()
