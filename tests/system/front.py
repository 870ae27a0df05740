"""nginx in front of a daemon, as an operator would put it there."""
import os
import pathlib
import re
import signal
import socket
import subprocess

from patience import PATIENCE

CONFIGURATION = """
{user}
daemon off;
worker_processes 1;
pid {folder}/pid;
error_log {folder}/error.log error;
events {{ worker_connections 512; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/unused;
    uwsgi_temp_path {folder}/unused;
    scgi_temp_path {folder}/unused;
    upstream entretiend {{
        server 127.0.0.1:{upstream};
        keepalive 8;
    }}
    server {{
        listen 127.0.0.1:{port};
        client_max_body_size 12m;
        gzip {gzip};
        gzip_types text/calendar;
        gzip_min_length 1;
        location / {{
            proxy_pass http://entretiend;
            proxy_http_version 1.1;
            proxy_request_buffering {buffering};
            proxy_set_header Connection "";
            proxy_set_header Host $http_host;
            proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
            proxy_set_header X-Forwarded-Proto $scheme;
        }}
    }}
}}
"""


class Front:
    """Its address is known, and takes connections, before it runs: nginx inherits the socket as from a former self."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir()
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = self.socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.process = None

    def start(self, daemon, gzip="off", buffering="on"):
        path = self.folder / "nginx.conf"
        path.write_text(CONFIGURATION.format(
            folder=self.folder, upstream=daemon.port, port=self.port, gzip=gzip, buffering=buffering,
            user="user root;" if os.geteuid() == 0 else ""))
        descriptor = self.socket.fileno()
        self.process = subprocess.Popen(
            ["/usr/sbin/nginx", "-p", str(self.folder), "-e", str(self.folder / "error.log"), "-c", str(path)],
            stdin=subprocess.DEVNULL, pass_fds=[descriptor], env={**os.environ, "NGINX": f"{descriptor};"},
            start_new_session=True)
        self.socket.close()  # its own copy alone: should it end, connections are refused
        return self

    def stop(self):
        """It must have had nothing to complain of."""
        if self.process:
            self.process.terminate()
            assert self.process.wait(PATIENCE) == 0
            self.process = None
            lines = (self.folder / "error.log").read_text().splitlines()
            worth = [line for line in lines if not re.search(r"\[notice\]", line)]
            assert not worth, "\n".join(worth)

    def close(self):
        if self.process:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.socket.close()
