"""In other people's hands: started from any folder, behind proxies, in a page of another site, without settings."""

import contextlib
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import FrameLocator

from bench.server import HOST, PAGE, ROOT, Server, serve
from regdash.ui.gate import EMBED
from tests.browser.driver import in_ci
from tests.browser.explore import Explore
from tests.browser.hosts import OTHER_HOST, nginx, page_of_another_site, proxy
from tests.browser.study import Study

APP = str(ROOT / "app.py")
FROM_ANYWHERE = [APP if word == "app.py" else word for word in PAGE]
SMALL: dict[str, Any] = {"width": 8, "epochs": 20, "n_samples": 60, "seeds": 4}
UVICORN = ("-m", "uvicorn", "app:app", "--host", HOST, "--port", "{port}", "--app-dir", str(ROOT))

Start = Callable[..., Server]
VisitAt = Callable[..., Explore]


@pytest.fixture
def start() -> Iterator[Start]:
    """Start a server, as `serve` does; it ends after the visitors have left, and must not have complained by then."""
    servers: list[Server] = []
    with contextlib.ExitStack() as running:

        def make(*command: Any, **options: Any) -> Server:
            servers.append(running.enter_context(serve(*command, **options)))
            return servers[-1]

        yield make
        assert [complaint for server in servers if (complaint := server.complaints())] == []


@pytest.fixture
def through() -> Iterator[Callable[[str], str]]:
    """The address of an nginx with rules of its own."""
    if not nginx():
        if in_ci():
            pytest.fail("nginx is missing; `python -m tests.browser.install` gets it")
        pytest.skip("nginx is not installed here; on Debian and Ubuntu: apt install nginx")
    with contextlib.ExitStack() as running:
        yield lambda rules: running.enter_context(proxy(rules)).url


@pytest.fixture
def visit_at(start: Start, request: pytest.FixtureRequest) -> VisitAt:
    """Make a visitor of another address than that of the app that all tests share: `visit_at(url)`."""
    assert start  # what is started ends after the visitors have left
    visit = request.getfixturevalue("visit")

    def make(url: str, query: str | None = "") -> Explore:
        visitor: Explore = visit(None)
        visitor.url = url
        return visitor if query is None else visitor.open(query)

    return make


def works(explore: Explore) -> None:
    """The picture is there and follows a slider, and so are the logo and, on the other page, the charts of a study."""
    logo = explore.page.get_by_test_id("stSidebarLogo")
    logo.wait_for()
    explore.page.wait_for_function("(logo) => logo.naturalWidth > 0", arg=logo.element_handle())
    explore.press("dropout", "ArrowRight")
    assert len(explore.surfaces()) == 2
    assert explore.find(".message").is_hidden()
    study = Study(explore).open(**SMALL).run()
    assert study.page.get_by_text("not available").filter(visible=True).count() == 0


def test_it_is_started_from_any_folder(start: Start, visit_at: VisitAt) -> None:
    works(visit_at(start(FROM_ANYWHERE, folder=Path("/")).url))


def test_it_is_started_by_another_server_from_any_folder(start: Start, visit_at: VisitAt) -> None:
    works(visit_at(start([sys.executable, *UVICORN], folder=Path("/")).url))


def test_behind_a_proxy_that_takes_its_path_off(app: Server, through: Callable[[str], str], visit_at: VisitAt) -> None:
    """As JupyterHub's and code-server's do: the app never hears of the path."""
    url = through(f"location /user/ann/proxy/8501/ {{ proxy_pass {app.url}/; }}")
    works(visit_at(f"{url}/user/ann/proxy/8501"))


def test_behind_a_proxy_that_keeps_its_path(start: Start, through: Callable[[str], str], visit_at: VisitAt) -> None:
    path = "/teaching/regdash"
    server = start([*PAGE, f"--server.baseUrlPath={path}"], ready=f"{path}/_stcore/health")
    works(visit_at(through(f"location /teaching/ {{ proxy_pass {server.url}; }}") + path))


def test_behind_a_proxy_that_allows_no_more_scripts_than_the_readme_asks_for(
    app: Server, through: Callable[[str], str], visit_at: VisitAt
) -> None:
    (policy,) = re.findall(r"`(script-src [^`]*)`", (ROOT / "README.md").read_text(encoding="utf-8"))
    url = through(f'location / {{ proxy_pass {app.url}; add_header Content-Security-Policy "{policy}"; }}')
    visitor = visit_at(url, None)
    visitor.forgive("Executing inline script")  # one of Streamlit's, for search engines
    works(visitor.open())


def test_a_page_that_comes_in_place_of_the_library_is_noticed_and_said(app: Server, visit_at: VisitAt) -> None:
    """As portals answer that want a visitor to sign in again: with status 200, and so that browsers keep it."""
    explore = visit_at(app.url, None)
    explore.forgive("Unexpected token '<'")
    answer = {"content_type": "text/html", "body": "<!doctype html><title>Sign in</title>"}
    asked: list[str] = []
    explore.page.on("request", lambda request: asked.append(request.url) if "plotly-cartesian" in request.url else None)
    explore.page.route("**/plotly-cartesian*", lambda route: route.fulfill(**answer))
    explore.go()
    message = explore.find(".message")
    message.wait_for(state="visible")
    assert "something else came in place of the chart library" in message.inner_text()
    assert "undefined" not in message.inner_text()
    assert all(re.fullmatch(r"\d+\.\d %", cell) for row in explore.scores() for cell in row[1:])
    explore.page.unroute("**/plotly-cartesian*")
    explore.wait_for_picture()  # by itself
    assert message.is_hidden()
    assert len(explore.surfaces()) == 2
    assert len(set(asked)) == len(asked) >= 2, "a browser may answer an address that it knows by itself"


def test_a_chart_that_waits_for_the_library_comes_by_itself(app: Server, visit_at: VisitAt) -> None:
    explore = visit_at(app.url, None)
    explore.forgive("plotly-cartesian", "ERR_FAILED")
    explore.page.route("**/plotly-cartesian*", lambda route: route.abort())
    study = Study(explore).open(**SMALL, seed=78)
    study.button("Run study").click()
    study.text("The chart is not available").wait_for()
    explore.page.unroute("**/plotly-cartesian*")
    study.finished()
    assert study.page.get_by_text("not available").filter(visible=True).count() == 0


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A copy of what is not hidden."""
    for name in ("regdash", "static"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(APP, tmp_path)
    return tmp_path


def test_it_works_without_its_settings(copied: Path, start: Start, visit_at: VisitAt) -> None:
    works(visit_at(start([*PAGE, "--browser.gatherUsageStats=false"], folder=copied).url))


def test_inside_a_page_of_another_site(start: Start, visit_at: VisitAt) -> None:
    """As in a learning platform."""
    server = start(PAGE, environment={EMBED: f"http://{OTHER_HOST}:*"})
    html = f'<h1>Week 5</h1><iframe src="{server.url}/?embed=true" width="1200" height="1100"></iframe>'
    with page_of_another_site(html) as address:
        visitor = visit_at(server.url, None)
        visitor.forgive(f"asks another host: {address}")
        visitor.page.goto(address)
        frame = visitor.page.frame_locator("iframe")
        drawn(frame, 1)
        frame.locator(".st-key-dropout input[type=range]").press("ArrowRight")
        drawn(frame, 2)
        for name in ("PNG", "Curves (CSV)"):
            with visitor.page.expect_download() as coming:
                frame.get_by_role("button", name=name).first.click()
            assert coming.value.path().stat().st_size > 1000


def drawn(frame: FrameLocator, count: int) -> None:
    """Wait until the picture in `frame` has been drawn so often."""
    frame.locator(f'.regdash-picture[data-picture="{count}"]').wait_for()
