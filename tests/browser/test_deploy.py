"""`deploy/serve`: two replicas behind nginx, as a class has them."""

import contextlib
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator

import psutil
import pytest

from bench.server import ROOT, Server, serve
from regdash.teaching.lessons import LESSONS
from tests.browser.driver import in_ci
from tests.browser.explore import Explore
from tests.browser.hosts import nginx
from tests.browser.lessons import Student
from tests.browser.study import Study
from tests.lesson_runs import runs_of

SERVE = [sys.executable, str(ROOT / "deploy" / "serve"), "--replicas", "2", "--port", "{port}"]


@pytest.fixture(scope="module")
def hosted() -> Iterator[Server]:
    if not nginx():
        if in_ci():
            pytest.fail("nginx is missing; `python -m tests.browser.install` gets it")
        pytest.skip("nginx is not installed here; on Debian and Ubuntu: apt install nginx")
    with serve(SERVE) as server:
        latest = time.monotonic() + 60
        while f"ready {server.url}" not in server.last_words() and time.monotonic() < latest:
            time.sleep(0.1)  # the log has no event to wait for
        yield server


@pytest.fixture
def opened(hosted: Server, request: pytest.FixtureRequest) -> Callable[[str], Explore]:
    visit = request.getfixturevalue("visit")

    def make(query: str = "") -> Explore:
        visitor: Explore = visit(None)
        visitor.url = hosted.url
        return visitor.open(query)

    return make


def replicas(hosted: Server) -> list[psutil.Process]:
    found = []
    for child in psutil.Process(hosted.process.pid).children():
        with contextlib.suppress(psutil.NoSuchProcess):  # it has just been killed
            found += [child] if "uvicorn" in child.cmdline() else []
    return found


def well(hosted: Server) -> list[psutil.Process]:
    """The replicas that answer."""
    listening = []
    for process in replicas(hosted):
        with contextlib.suppress(psutil.NoSuchProcess):
            listening += [process for each in process.net_connections("tcp") if each.status == psutil.CONN_LISTEN]
    return listening


def test_pages_work_and_their_answers_carry_the_headers(opened: Callable[[str], Explore], hosted: Server) -> None:
    explore = opened("?width=8")
    explore.press("dropout", "ArrowRight")
    study = Study(explore).open(width=8, epochs=20, n_samples=60, seeds=4)
    study.run()
    student = Student(explore).open("?lesson=demo-3")
    student.answer(LESSONS["demo-3"].question.right(runs_of("demo-3")))
    student.charts()
    with urllib.request.urlopen(hosted.url) as answer:
        headers = {name.lower(): value for name, value in answer.headers.items()}
    assert "frame-ancestors 'self'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert re.match("regdash=[0-9a-f]{32}; Path=/; HttpOnly", headers["set-cookie"])
    assert not re.search(r"\d", headers.get("server", ""))
    for path in ("metrics", "_stcore/metrics", "_stcore/upload_file/x/y"):
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(f"{hosted.url}/{path}")


def test_the_host_sees_how_the_replicas_are(hosted: Server) -> None:
    command = [sys.executable, str(ROOT / "deploy" / "status"), "--port", hosted.address.rpartition(":")[2]]
    told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout.splitlines()
    assert "2 replicas" in told[0]
    assert len(told) == 4, "a line of titles, and one for each"
    assert all(" MB " in line for line in told[2:])


def test_nobody_notices_that_nginx_is_told_to_read_its_settings_again(
    opened: Callable[[str], Explore], hosted: Server
) -> None:
    explore = opened("?width=8&epochs=20")
    sockets: list[object] = []
    explore.page.on("websocket", lambda socket: sockets.append(socket))
    (master,) = [each for each in psutil.Process(hosted.process.pid).children() if "nginx" in each.name()]
    master.send_signal(signal.SIGHUP)
    explore.page.wait_for_timeout(1500)
    explore.press("dropout", "ArrowRight")
    assert sockets == [], "still the same connection"
    opened("?width=8")  # and others can come


def test_a_killed_replica_loses_no_settings(opened: Callable[[str], Explore], hosted: Server) -> None:
    explore = opened("?width=8&epochs=20")
    explore.press("dropout", "ArrowRight")
    explore.forgive("WebSocket", "ERR_CONNECTION", "Cannot send rerun", "status 502", "status 503", "_stcore")
    sockets: list[object] = []
    explore.page.on("websocket", lambda socket: sockets.append(socket))
    for victim in replicas(hosted):  # one of them has this visitor
        wanted, before = explore.value("dropout"), (len(sockets), len(explore.sent))
        victim.kill()
        victim.wait(30)  # until then it would be taken for the one that is started
        explore.page.wait_for_timeout(1000)
        explore.wait_until_idle()
        assert explore.value("dropout") == wanted
        assert len(sockets) == before[0] or len(explore.sent) > before[1], "the new one is told of the page"
        explore.press("dropout", "ArrowRight")
        assert explore.value("width") == "8"
        latest = time.monotonic() + 60
        while len(well(hosted)) < 2 and time.monotonic() < latest:
            time.sleep(0.1)
        assert len(well(hosted)) == 2, "started again"
    assert sockets, "one of them had this visitor"


def test_one_signal_ends_all() -> None:
    if not nginx():
        pytest.skip("nginx is not installed here")
    with serve(SERVE) as server:
        family = psutil.Process(server.process.pid).children(recursive=True)
        assert len(family) >= 3
        server.process.terminate()
        assert server.process.wait(20) == 0
        assert psutil.wait_procs(family, timeout=5)[1] == []
