"""Where the app is hosted: a proxy before it (nginx), and a page of another origin around it."""

import contextlib
import http.server
import os
import shutil
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

from bench.server import HOST, Server, serve

OTHER_HOST = "localhost"  # the same machine by another name: for a browser another site

# What its distribution or its administrator would write, in one process and in a folder of its own. Host and Upgrade
# are what the readme asks of a proxy.
PROXY = """
daemon off; master_process off; pid {folder}/pid; error_log stderr warn;
events {{ }}
http {{
  access_log off;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  map $http_upgrade $connection_upgrade {{ default upgrade; "" close; }}
  server {{
    listen {host}:PORT;
    proxy_http_version 1.1;
    proxy_set_header Host $http_host;
    proxy_set_header Upgrade $http_upgrade;
    proxy_set_header Connection $connection_upgrade;
    location = /ready {{ return 200; }}
    {rules}
  }}
}}
"""
# nginx wants its port in a file, which the starter of servers does not write.
START = 'sed -i "s/PORT/{{port}}/" {file} && exec {nginx} -p {folder} -c {file} -e stderr'


def nginx() -> str | None:
    """Where nginx is, if it is: often where only administrators look. `python -m tests.browser.install` may get it."""
    return shutil.which("nginx") or shutil.which("nginx", path=os.pathsep.join(("/usr/sbin", "/usr/local/sbin")))


@contextlib.contextmanager
def proxy(rules: str) -> Iterator[Server]:
    """An nginx that does what `rules` say, in the language of its configuration, inside a `server` block."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "nginx.conf"
        file.write_text(PROXY.format(folder=folder, host=HOST, rules=rules), encoding="utf-8")
        start = START.format(file=file, folder=folder, nginx=nginx())
        with serve(["sh", "-c", start], folder=Path(folder), ready="/ready") as server:
            yield server


@contextlib.contextmanager
def page_of_another_site(html: str) -> Iterator[str]:
    """The address of a page, from a server of its own under another name than that of the app."""

    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(html.encode())

        def log_message(self, *_: object) -> None:
            """It says nothing."""

    with http.server.ThreadingHTTPServer((HOST, 0), Page) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://{OTHER_HOST}:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()
