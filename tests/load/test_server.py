"""Tests of how servers are started, and of what is read about processes."""

import os
import socket
import subprocess
import sys
import time
import urllib.request

import psutil
import pytest

from bench.machine import Usage
from bench.server import HOST, ServerError, serve

SPEAKER = """
import http.server, os
class Speaker(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(f"{os.getcwd()} {os.environ['WORD']}".encode())
http.server.HTTPServer(("127.0.0.1", {port}), Speaker).serve_forever()
"""


def test_any_command_is_started_where_and_with_what_it_is_told_and_ended(tmp_path):
    words = {"folder": tmp_path, "environment": {"WORD": "hello"}, "ready": "/"}
    with serve([sys.executable, "-c", SPEAKER], **words) as server:
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with direct.open(server.url) as answer:
            assert answer.read().decode() == f"{tmp_path} hello"
        assert "GET /" in server.last_words()
        assert server.complaints() == ""
        host, port = server.address.split(":")
    assert server.process.returncode is not None
    with socket.socket() as probe:
        assert probe.connect_ex((host, int(port))) != 0
    assert host == HOST


def test_a_server_that_ends_at_once_is_an_error_with_the_end_of_its_log():
    with (
        pytest.raises(ServerError, match="no room for a page"),
        serve([sys.executable, "-c", "exit('no room for a page')"]),
    ):
        pass


def test_a_traceback_in_the_log_is_a_complaint_from_where_one_asks():
    troubled = "import threading\nthread = threading.Thread(target=lambda: 1 / 0)\nthread.start()\nthread.join()\n"
    with serve([sys.executable, "-c", troubled + SPEAKER], environment={"WORD": ""}, ready="/") as server:
        assert "ZeroDivisionError" in server.complaints()
        assert server.complaints(since=server.log.stat().st_size) == ""


def test_usage_is_what_the_system_counts():
    resource = pytest.importorskip("resource", reason="counts of the system's own, to compare with")
    before = time.process_time()
    usage = Usage.of(os.getpid())
    after = time.process_time()
    assert before - 0.03 <= usage.own <= after + 0.03  # the system tells it in hundredths
    assert 0 < usage.memory <= usage.peak
    if sys.platform == "linux":
        own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        assert usage.peak >= 0.9 * own  # and that of children, if there are any


def test_usage_counts_all_that_descend_from_a_process():
    grandchild = "import sys; held = b'x' * 60_000_000; print(flush=True); sys.stdin.read()"
    child = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {grandchild!r}])"
    with subprocess.Popen([sys.executable, "-c", child], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        process.stdout.readline()
        usage = Usage.of(process.pid)
        process.stdin.close()
    assert usage.memory > 60_000_000
    assert usage.peak > 60_000_000
    assert usage.cpu > usage.own


def test_usage_of_a_process_that_is_not_there_is_an_error():
    with pytest.raises(psutil.NoSuchProcess):
        Usage.of(2**30)
