"""The Explore page as a visitor's eyes and hands have it: the vocabulary of the browser tests."""

import contextlib
import io
import re
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import ConsoleMessage, Locator, Page, Request, Response, WebSocket
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.browser.driver import PATIENCE

THUMB = 16  # pixels that a range's thumb is wide in Chromium
Pixels = NDArray[np.uint8]  # (height, width, RGB)

# What a visitor must never see, looked for before every frame that the browser draws.
WATCH = """(arms) => {
  const watch = { frames: 0, blank: [], surfaces: arms.map(() => new Set()), positions: [], on: true };
  const faults = () => {
    const root = document.querySelector(".regdash-picture");
    if (!root) return "no picture";
    const svg = root.querySelector(".plot .main-svg");
    if (!svg || svg.getBoundingClientRect().width < 100) return "no figure";
    if (!root.querySelector(".plot .cartesianlayer .scatterlayer .js-line")) return "no curve";
    for (const [index, arm] of arms.entries()) {
      const image = root.querySelector(`.subplot.x${index + 2}y${index + 2} .heatmaplayer image`);
      const href = image?.getAttribute("xlink:href") ?? image?.getAttribute("href") ?? "";
      if (!href.startsWith("data:image/png;base64,") || href.length < 1000) return `no surface of ${arm}`;
      const canvas = root.querySelector(`.film[data-arm="${index}"] canvas:not([hidden])`); // while it moves
      if (image.style.visibility === "hidden" && !canvas) return `the surface of ${arm} is hidden`;
      if ((canvas ?? image).getBoundingClientRect().width < 50) return `the surface of ${arm} has no room`;
      watch.surfaces[index].add(canvas?.toDataURL() ?? href);
    }
    let opacity = 1;
    for (let node = root; node instanceof Element; node = node.parentElement) {
      const style = getComputedStyle(node);
      opacity *= Number(style.opacity);
      if (style.display === "none" || style.visibility === "hidden") return "the picture is hidden";
    }
    watch.positions.push(root.picture.position);
    return opacity < 0.99 ? `faded to ${opacity}` : "";
  };
  const look = () => {
    if (!watch.on) return;
    watch.frames += 1;
    const fault = faults();
    if (fault) watch.blank.push(fault);
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
  window.regdashWatch = watch;
}"""

STOP_WATCHING = """() => {
  const watch = window.regdashWatch;
  watch.on = false;
  return { frames: watch.frames, blank: watch.blank, positions: watch.positions,
           surfaces: watch.surfaces.map((seen) => seen.size) };
}"""

READY = """(before) => {
  const root = document.querySelector(".regdash-picture");
  return Number(root?.dataset.picture ?? 0) > before;
}"""

ENDS = 128  # bytes; the message that a run is done is shorter
IDLE = '[data-testid="stApp"][data-test-connection-state="CONNECTED"][data-test-script-state="notRunning"]'


class Explore:
    """One visitor's Explore page. `problems` collects what a page must not do, `sent` the websocket messages."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.url = page, url
        self.problems: list[str] = []
        self.sent: list[int] = []  # sizes in bytes
        self.received: list[int] = []
        self.n_runs = 0  # of the whole page that have come to their end
        self._runs_on = False  # a run that was ended for another one, which is about to begin
        self._forgiven: tuple[str, ...] = ()
        page.set_default_timeout(1000 * PATIENCE)
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self._problem(f"uncaught error: {error}"))
        page.on("crash", lambda _: self._problem("the page crashed"))
        page.on("request", self._on_request)
        page.on("requestfailed", self._on_failure)
        page.on("response", self._on_response)
        page.on("websocket", self._on_websocket)

    # What must not happen

    def forgive(self, *parts: str) -> None:
        """Problems that hold one of these texts are expected in this test."""
        self._forgiven += parts

    def _problem(self, text: str) -> None:
        if not any(part in text for part in self._forgiven):
            self.problems.append(text)

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self._problem(f"console error: {message.text} ({message.location.get('url', '')})")

    def _on_request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in ("data", "blob", "file") and address.hostname != urlsplit(self.url).hostname:
            self._problem(f"asks another host: {request.url}")

    def _on_failure(self, request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # what the page itself called off, such as a file it downloads
            self._problem(f"request failed: {request.url} ({request.failure})")

    def _on_response(self, response: Response) -> None:
        if response.status >= 400:
            self._problem(f"status {response.status}: {response.url}")

    def _on_websocket(self, socket: WebSocket) -> None:
        socket.on("framesent", lambda payload: self.sent.append(len(payload)))
        socket.on("framereceived", self._on_frame)

    def _on_frame(self, payload: str | bytes) -> None:
        self.received.append(len(payload))
        if isinstance(payload, bytes) and len(payload) < ENDS:
            said = ForwardMsg.FromString(payload)
            if said.WhichOneof("type") == "script_finished":
                self.n_runs += said.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY
                self._runs_on = said.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN

    # Coming and waiting

    def open(self, query: str = "") -> "Explore":
        """Go to the page and wait for its finished picture, and for the end of the run that draws it."""
        with self.answer():  # before its first run Streamlit says that nothing runs, too
            self.go(query)
            self.wait_for_picture()
        return self

    def go(self, query: str = "") -> None:
        self.page.goto(query if "://" in query else f"{self.url}/{query}", wait_until="domcontentloaded")

    def wait_for_picture(self, after: int = 0) -> None:
        """Wait until more than `after` pictures have been drawn, and the server has nothing left to say."""
        self.page.wait_for_function(READY, arg=after)
        self.wait_until_idle()

    def wait_until_idle(self) -> None:
        self.wait_for_server()
        self.picture("drawn.then(() => true)")

    def wait_for_server(self) -> None:
        """On any page: wait until the server has nothing left to say."""
        self.page.wait_for_selector(IDLE, state="attached")
        while self._runs_on:  # Streamlit says that nothing runs between a run and the one that takes its place
            self.page.wait_for_timeout(20)
            self.page.wait_for_selector(IDLE, state="attached")

    def wait_for_stops(self) -> None:
        """Wait until the strength slider has all the stops it will get, for which the browser asks by itself."""
        self.page.wait_for_function(
            "() => document.querySelector('.regdash-picture').picture.strength.store.complete === true"
        )
        self.wait_until_idle()

    def wait_for_opinion(self) -> None:
        """Wait until the second opinion is there and drawn."""
        self.page.locator(".st-key-opinion_strip .regdash-chart[data-chart]").wait_for()
        self.wait_until_idle()

    def rest(self) -> None:
        """Back to how a page opens, if only the picture was touched: the last epoch, at rest, at normal speed."""
        self.wait_for_stops()
        self.page.mouse.move(5, 5)
        self.picture("pause()")
        self.find(".speed").select_option("1")
        self.seek(self.last_frame)

    @contextlib.contextmanager
    def redraw(self) -> Iterator[None]:
        """Wait, after the body, for the picture that its action leads to."""
        before = self.drawn
        yield
        self.wait_for_picture(after=before)

    @contextlib.contextmanager
    def answer(self) -> Iterator[None]:
        """Wait, after the body, until the page has been run for its action, be there a new picture or not."""
        before = self.n_runs
        yield
        end = time.monotonic() + PATIENCE
        while self.n_runs == before:
            assert time.monotonic() < end, "the page was not run"
            self.page.wait_for_timeout(20)
        self.wait_until_idle()

    # The controls

    def slider(self, name: str) -> Locator:
        return self.page.locator(f".st-key-{name} input[type=range]")

    def press(self, name: str, *keys: str) -> None:
        """Press keys on a control's thumb, each followed by its picture."""
        for key in keys:
            with self.redraw():
                self.slider(name).press(key)

    def value(self, name: str) -> str:
        return self.slider(name).get_attribute("aria-valuetext") or ""

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name)

    def choose_scenario(self, label: str) -> None:
        box = self.page.get_by_role("combobox", name="Scenario")
        box.click()
        with self.redraw():
            self.page.get_by_role("option", name=label, exact=True).click()

    def pill(self, name: str) -> Locator:
        return self.page.locator(".st-key-arms").get_by_role("button", name=name, exact=True)

    def view(self, name: str | re.Pattern[str]) -> Locator:
        return self.page.locator(".st-key-view").get_by_role("radio", name=name)

    @property
    def sentence(self) -> Locator:
        """The sentence above the picture."""
        return self.page.get_by_test_id("stMain").get_by_role("heading", level=1)

    # The picture

    @property
    def root(self) -> Locator:
        return self.page.locator(".regdash-picture")

    def find(self, selector: str) -> Locator:
        return self.root.locator(selector)

    @property
    def drawn(self) -> int:
        """How many pictures have been drawn since the page opened."""
        return int(self.root.get_attribute("data-picture") or 0)

    def picture(self, expression: str) -> Any:
        """A property of the Picture instance, by JavaScript: `picture("frames.epochs")`."""
        return self.root.evaluate(f"(root) => root.picture.{expression}")

    @property
    def arms(self) -> list[str]:
        """The networks in the race, by name."""
        return self.find(".scores tbody th").all_inner_texts()

    @property
    def epochs(self) -> list[int]:
        """The kept epochs, one a frame."""
        found: list[int] = self.picture("frames.epochs")
        return found

    @property
    def last_frame(self) -> int:
        return len(self.epochs) - 1

    @property
    def epoch(self) -> float:
        return float(self.picture("epoch"))

    @property
    def playing(self) -> bool:
        return self.play_button.get_attribute("aria-label") == "Pause"

    @property
    def play_button(self) -> Locator:
        return self.find("button.play")

    @property
    def position(self) -> float:
        return float(self.picture("position"))

    def seek(self, frame: int) -> None:
        """Move the epoch slider, as a visitor's pointer would: its value changes, and it says so."""
        self.find("input.epoch").fill(str(self.epochs[frame]))

    def surfaces(self) -> list[str]:
        """The image, as a data URL, that each boundary panel shows; while it moves, its canvas as one."""
        hrefs: list[str] = self.find(".heatmaplayer image").evaluate_all(
            """(images) => images.map((image, arm) => {
              const canvas = document.querySelector(`.regdash-picture .film[data-arm="${arm}"] canvas:not([hidden])`);
              return canvas?.toDataURL() ?? image.getAttribute("xlink:href") ?? image.getAttribute("href");
            })"""
        )
        return hrefs

    @property
    def strength(self) -> Locator:
        """The slider that goes through a control's stops."""
        return self.find("input.stops")

    def thumb(self, stop: float) -> tuple[float, float]:
        """Where on the screen the strength slider's thumb stands at a stop."""
        self.strength.scroll_into_view_if_needed()
        box = self.strength.bounding_box()
        assert box, "the strength slider is not on the screen"
        share = stop / float(self.picture("strength.last"))
        return box["x"] + THUMB / 2 + share * (box["width"] - THUMB), box["y"] + box["height"] / 2

    def plot(self, axes: str) -> Locator:
        """The area of a plot, by its axes ("xy", "x2y2"), where the mouse zooms."""
        return self.find(f'.draglayer [data-subplot="{axes}"].nsewdrag')

    def boundary(self, arm: int) -> Locator:
        """The area of an arm's boundary, whatever the zoom."""
        return self.plot(f"x{arm + 2}y{arm + 2}")

    def panel(self, arm: int) -> Locator:
        return self.find(f".subplot.x{arm + 2}y{arm + 2} .heatmaplayer image")

    def panel_sizes(self) -> list[float]:
        """Width and height of each panel, one after the other."""
        boxes = [box for box in map(Locator.bounding_box, self.find(".heatmaplayer image").all()) if box]
        return [box[side] for box in boxes for side in ("width", "height")]

    def pixels(self, arm: int) -> Pixels:
        """What a visitor sees of an arm's boundary panel."""
        self.boundary(arm).scroll_into_view_if_needed()
        return pixels(self.page.screenshot(clip=_clip(self.boundary(arm)), animations="disabled"))

    def cursor(self) -> float:
        """Where the cursor line stands on the screen, in pixels from the left."""
        box = self.find('.shapelayer path[data-index="0"]').evaluate(
            "(line) => { const box = line.getBoundingClientRect(); return box.left + box.width / 2; }"
        )
        return float(box)

    def scores(self) -> list[list[str]]:
        """The table "at this epoch", one list a row."""
        return [row.split("\t") for row in self.find(".scores tbody").inner_text().splitlines()]

    @property
    def ends(self) -> list[str]:
        """What each network ends with on fresh data, as its panel's title says it."""
        return self.find(".annotation text tspan.line:last-child tspan").all_text_contents()

    def fresh_marks(self) -> list[float | None]:
        """For each network that has one, the accuracy that its mark of fresh data points at; None if it is not seen."""
        found: list[float | None] = self.find(".plot").evaluate(
            """(plot) => [...plot.querySelectorAll(".scatterlayer .tracefresh path.point")].map((mark) => {
              const place = new DOMMatrix(getComputedStyle(mark).transform);
              return getComputedStyle(mark).display === "none" ? null : plot._fullLayout.yaxis.p2l(place.f);
            })"""
        )
        return found

    def traces(self) -> dict[str, Any]:
        """The figure's traces by uid: whether each is visible."""
        found: dict[str, Any] = self.find(".plot").evaluate(
            "(plot) => Object.fromEntries(plot._fullData.map((trace) => [trace.uid, trace.visible]))"
        )
        return found

    def range(self, axis: str) -> list[float]:
        found: list[float] = self.find(".plot").evaluate("(plot, axis) => [...plot._fullLayout[axis].range]", axis)
        return found

    def spot(self, axes: str, x: float, y: float) -> tuple[float, float]:
        """Where on the screen a plot has the point at these shares of its sides."""
        self.plot(axes).scroll_into_view_if_needed()
        box = self.plot(axes).bounding_box()
        assert box, "the plot is not on the screen"
        return box["x"] + x * box["width"], box["y"] + y * box["height"]

    def zoom(self, axes: str, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Draw a box with the mouse over a plot, from `start` to `end`, as shares of its sides."""
        axis = f"xaxis{axes[1:].split('y')[0]}"
        before = self.range(axis)
        self.page.mouse.move(*self.spot(axes, *start))
        self.page.mouse.down()
        self.page.mouse.move(*self.spot(axes, *end), steps=5)
        self.page.mouse.up()
        self.wait_for_range(axis, but=before)

    def wait_for_range(self, axis: str, *, but: list[float]) -> None:
        """Wait until an axis has another range than this."""
        self.page.wait_for_function(
            "([axis, range]) =>"
            " String(document.querySelector('.regdash-picture .plot')._fullLayout[axis].range) !== String(range)",
            arg=[axis, but],
        )

    def show_legend(self) -> None:
        """Have the curves' legend shown, if it is not."""
        if self.find(".legend").count() == 0:
            self.marks("legend").click()
            self.find(".legend .traces").first.wait_for()

    def toggle_trace(self, uid: str) -> None:
        """Click a trace's legend entry, and wait until it has changed sides."""
        self.show_legend()
        before = self.traces()[uid]
        entry = self.find(".legend .traces").evaluate_all(
            "(entries, uid) => entries.findIndex((entry) => entry.__data__[0].trace.uid === uid)", uid
        )
        assert entry >= 0, f"no legend entry for {uid}"
        self.find(".legend .traces").nth(entry).locator(".legendtoggle").click()
        self.page.wait_for_function(
            "([uid, before]) => document.querySelector('.regdash-picture .plot')._fullData"
            ".find((trace) => trace.uid === uid).visible !== before",
            arg=[uid, before],
        )

    def marks(self, kind: str) -> Locator:
        """The key's button that shows or hides a kind of mark in all panels, or the curves' legend."""
        return self.find(f"[data-marks={kind}]")

    @property
    def modified(self) -> Locator:
        """The button that the sidebar has when the settings are not the scenario's own."""
        return self.button("Modified")

    @contextlib.contextmanager
    def watched(self) -> Iterator[dict[str, Any]]:
        """Look before every animation frame while the body runs; what was seen is in the dict afterwards."""
        seen: dict[str, Any] = {}
        self.page.evaluate(WATCH, self.arms)
        yield seen
        seen.update(self.page.evaluate(STOP_WATCHING))


Visit = Callable[..., Explore]  # the fixture `visit`


def pixels(png: bytes) -> Pixels:
    """(height, width, RGB) uint8 of an encoded image."""
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))


def hues(image: Pixels) -> dict[str, float]:
    """The shares of an image's pixels that are clearly blue (class 0) and clearly orange (class 1)."""
    red, green, blue = (image[..., channel].astype(int) for channel in range(3))
    return {
        "blue": float(np.mean((blue - red > 25) & (blue - green > 5))),
        "orange": float(np.mean((red - blue > 25) & (red - green > 5))),
    }


def colours(image: Pixels) -> int:
    """How many different colours an image has: a blank one has one."""
    return len(np.unique(image.reshape(-1, 3), axis=0))


def changed(before: Pixels, after: Pixels) -> float:
    """The share of pixels that clearly differ between two images of the same size."""
    assert before.shape == after.shape
    return float(np.mean(np.abs(before.astype(int) - after.astype(int)).max(axis=2) > 20))


def _clip(locator: Locator) -> Any:
    box = locator.bounding_box()
    assert box, "the panel is not on the screen"
    inner = {"x": round(box["x"]) + 2, "y": round(box["y"]) + 2}
    return inner | {"width": round(box["width"]) - 4, "height": round(box["height"]) - 4}
