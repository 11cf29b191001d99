"""How fast the page answers, in a real Chromium: `python -m bench page`, about a minute.

Times are taken inside the browser: from a key press on a slider to the frame in which the new picture is painted, be it
by the page itself, ahead of Plotly, or by Plotly.
Before every frame it is looked whether the picture is blank or faded. Browser and server share this machine's cores,
and whatever else runs on it counts too: compare ratios rather than milliseconds.
"""

import platform
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from playwright.sync_api import Browser, sync_playwright
from threadpoolctl import threadpool_limits

from bench.machine import load_average, processor
from bench.server import Server, ServerError, serve
from regdash import train
from regdash.ensemble import train_many
from regdash.figures import theme
from regdash.figures.explore.picture import Picture, payload
from regdash.results import Run
from regdash.teaching.arms import ARMS, DEFAULT_ARMS, Arm
from regdash.teaching.scenarios import NOISY
from regdash.ui.common import cache
from tests.browser.driver import NoBrowser, launch
from tests.browser.explore import Explore

PRESSES = 10
PLAY_SECONDS = 3
LOADS = 3
SCRUBS = 5
DRAG_STEPS = 300
SCREEN: Any = {"width": 1280, "height": 900}

# The budgets of the project, the same numbers as in its design.
MOVE_S, WIRE_KB, BUILD_MS, PLAY_HZ, COLD_S = 0.30, 600, 10, 20, 5.0
SCRUB_HZ, FIRST_S, SCRUB_KB = 30, 1.0, 300

# Noted by the page itself: the key, what goes over the wire, and when a new picture is on the screen.
CLOCK = """() => {
  const clock = { key: 0, sent: 0, received: 0, drawn: 0, whole: 0 };
  window.regdashClock = clock;
  const pressed = (event) => Object.assign(clock, { key: event.timeStamp, sent: 0, drawn: 0, whole: 0 });
  addEventListener("keydown", pressed, true);
  const Socket = window.WebSocket;
  window.WebSocket = class extends Socket {
    constructor(...words) {
      super(...words);
      this.addEventListener("message", (event) => {
        const size = event.data.size ?? event.data.byteLength ?? event.data.length;
        if (size > 20000 && !clock.drawn) clock.received = performance.now();
      });
    }
    send(data) {
      clock.sent ||= performance.now();
      return super.send(data);
    }
  };
  let root = null;
  const painted = new MessageChannel(); // its message comes after the frame
  painted.port1.onmessage = ({ data }) => {
    clock.drawn ||= performance.now();
    if (data === "data-picture") clock.whole ||= performance.now();
  };
  const changes = new MutationObserver(([{ attributeName }]) =>
    requestAnimationFrame(() => painted.port2.postMessage(attributeName)),
  );
  new MutationObserver(() => {
    const found = document.querySelector(".regdash-picture");
    if (!found || found === root) return;
    root = found;
    changes.observe(root, { attributes: true, attributeFilter: ["data-picture", "data-ahead"] });
  }).observe(document, { childList: true, subtree: true });
}"""

PLAY = """([seconds]) => new Promise((resolve) => {
  const { picture } = document.querySelector(".regdash-picture");
  picture.seek(0);
  picture.play();
  requestAnimationFrame((start) => {
    const before = picture.pictures;
    const look = (now) => {
      if (now - start < 1000 * seconds) return requestAnimationFrame(look);
      const rate = (1000 * (picture.pictures - before)) / (now - start);
      picture.pause();
      return resolve(rate);
    };
    requestAnimationFrame(look);
  });
})"""

# How often a boundary's pixels change: those of the canvas that is seen while it moves, or its image, which is made of
# them; looked at before each frame.
CHANGES = """() => {
  const shown = () => {
    const canvas = document.querySelector('.regdash-picture .film[data-arm="1"] canvas:not([hidden])');
    const rows = [0.2, 0.5, 0.8].map((share) => canvas && row(canvas, Math.round(share * canvas.height)));
    const image = document.querySelectorAll(".regdash-picture .heatmaplayer image")[1];
    return canvas ? rows.join() : (image?.getAttribute("xlink:href") ?? image?.getAttribute("href"));
  };
  const row = (canvas, y) => canvas.getContext("2d").getImageData(0, y, canvas.width, 1).data;
  const seen = { changes: 0, since: performance.now(), until: 0, on: true };
  let last = shown();
  const look = () => {
    const now = shown();
    if (now !== last) Object.assign(seen, { changes: seen.changes + 1, until: performance.now() });
    last = now;
    if (seen.on) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
  window.regdashChanges = seen;
}"""

# How long a settled picture waits for stops of its strength slider: for some, and for all.
STOPS = """() => new Promise((resolve) => {
  const { strength } = document.querySelector(".regdash-picture").picture;
  const since = window.regdashClock.drawn;
  let first = null;
  const look = () => {
    if (strength.store.size && first === null) first = performance.now();
    if (strength.store.complete) resolve([(first - since) / 1000, (performance.now() - since) / 1000]);
    else setTimeout(look, 5);
  };
  look();
})"""


@dataclass(kw_only=True)
class Scrub:
    """The strength slider; times in seconds since the picture was drawn, as the visitor rests."""

    first: list[float] = field(default_factory=list)
    all: list[float] = field(default_factory=list)
    wire: list[int] = field(default_factory=list)  # bytes of all its messages
    rate: float = 0.0  # changes of a boundary a second while it is dragged


@dataclass(kw_only=True)
class Moves:
    """Key presses on one slider; times in seconds."""

    total: list[float] = field(default_factory=list)
    before_server: list[float] = field(default_factory=list)  # key to message sent
    server: list[float] = field(default_factory=list)  # message sent to picture received
    drawing: list[float] = field(default_factory=list)  # picture received to painted
    whole: list[float] = field(default_factory=list)  # key to what Plotly has drawn
    wire: list[int] = field(default_factory=list)  # bytes
    frames: int = 0
    blank: list[str] = field(default_factory=list)


def main(words: Sequence[str] | None = None) -> int:
    """Measure everything and print it; 1 if there is no browser or no app."""
    if words:
        print("bench page takes no arguments", file=sys.stderr)
    torch.set_num_threads(1)  # both as the page does
    threadpool_limits(limits=1, user_api="blas")
    try:
        with sync_playwright() as playwright, launch(playwright) as browser:
            print(_machine(browser), flush=True)
            print("\n".join(_report(browser)))
    except (NoBrowser, ServerError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _report(browser: Browser) -> list[str]:
    with serve() as app:
        cold = _first_picture(browser, app, since=app.started)
        loads = [_load(browser, app) for _ in range(LOADS)]
        with browser.new_context(viewport=SCREEN) as context:
            page = context.new_page()
            page.add_init_script(f"({CLOCK})()")
            explore = Explore(page, app.url).open()
            both = _moves(explore, "width", first="ArrowLeft", key="ArrowLeft")
            yours = _moves(explore, "dropout", first="End", key="ArrowLeft")
            rate = float(page.evaluate(PLAY, [PLAY_SECONDS]))
            scrub = _scrub(explore)
    loop, batch = _training(train), _training(lambda config: train_many([config])[0])
    light, heavy, bare = _building()
    move = statistics.median(both.total)
    return [
        f"{'':44}{'median':>10}{'min':>10}{'max':>10}   {'budget':<10}",
        *_rows("new picture, both networks (width)", both),
        *_rows("new picture, your settings (dropout)", yours),
        _row("picture on the wire", [size / 1000 for size in both.wire + yours.wire], "kB", WIRE_KB),
        _row("picture data, networks' surfaces there", light, "ms", BUILD_MS),
        _row("picture data, surfaces to compute first", heavy, "ms", None),
        _row("one surface of all kept epochs", bare, "ms", None),
        _row("pictures a second, two boundaries", [rate], "1/s", PLAY_HZ, more_is_better=True),
        _row("boundaries a second, strength dragged", [scrub.rate], "1/s", SCRUB_HZ, more_is_better=True),
        _row("rest to first stops there", scrub.first, "s", FIRST_S),
        _row("rest to all stops there", scrub.all, "s", None),
        _row("all stops on the wire", [size / 1000 for size in scrub.wire], "kB", SCRUB_KB),
        _row("cold start to first picture", [cold], "s", COLD_S),
        _row("page load to first picture, server warm", loads, "s", None),
        "",
        f"The readable loop trains the two networks in {1000 * loop:.0f} ms, the batched engine one by one in "
        f"{1000 * batch:.0f} ms ({loop / batch:.1f} x).",
        f"A new picture of both takes {move / loop:.2f} x the readable loop's training alone.",
        *_blanks(both, "width"),
        *_blanks(yours, "dropout"),
        f"Load average at the end: {load_average()}.",
    ]


def _machine(browser: Browser) -> str:
    return (
        f"{processor()}, {platform.system()}; Python {platform.python_version()}, torch {torch.__version__}, "
        f"headless Chromium {browser.version} without GPU; load average before the start: {load_average()}.\n"
    )


def _first_picture(browser: Browser, app: Server, since: float) -> float:
    """Seconds from `since` to the first picture, in a browser that never saw the page."""
    with browser.new_context(viewport=SCREEN) as context:
        visitor = Explore(context.new_page(), app.url)
        visitor.go()
        visitor.page.wait_for_selector(".regdash-picture[data-picture]")
        return time.monotonic() - since


def _load(browser: Browser, app: Server) -> float:
    return _first_picture(browser, app, since=time.monotonic())


def _moves(explore: Explore, name: str, *, first: str, key: str) -> Moves:
    """After `first`, which warms up, press `key` again and again, each time when the picture before is there."""
    moves = Moves()
    explore.press(name, first)
    for _ in range(PRESSES):
        before = len(explore.received)
        with explore.watched() as seen:
            explore.press(name, key)
        clock = explore.page.evaluate("window.regdashClock")
        moves.total.append((clock["drawn"] - clock["key"]) / 1000)
        moves.before_server.append((clock["sent"] - clock["key"]) / 1000)
        moves.server.append((clock["received"] - clock["sent"]) / 1000)
        moves.drawing.append((clock["drawn"] - clock["received"]) / 1000)
        moves.whole.append((clock["whole"] - clock["key"]) / 1000)
        moves.wire.append(max(explore.received[before:]))  # the picture is by far the largest message
        moves.frames += seen["frames"]
        moves.blank += seen["blank"]
    return moves


def _scrub(explore: Explore) -> Scrub:
    """Rest after a new seed, again and again; then drag the slider over all stops, there and back."""
    found = Scrub()
    for _ in range(SCRUBS):
        with explore.redraw():
            explore.button("New seed").click()
        explore.page.evaluate("() => { window.regdashClock.drawn = performance.now(); }")
        before = len(explore.received)
        first, last = explore.page.evaluate(STOPS)
        found.first.append(first)
        found.all.append(last)
        found.wire.append(sum(size for size in explore.received[before:] if size > 5000))
    explore.wait_until_idle()
    mouse, last_stop = explore.page.mouse, int(explore.picture("strength.last"))
    (start, y), (end, _) = explore.thumb(0), explore.thumb(last_stop)
    mouse.move(*explore.thumb(float(explore.picture("strength.value"))))
    mouse.down()
    explore.page.evaluate(CHANGES)
    for there in (start, end, start):
        mouse.move(there, y, steps=DRAG_STEPS // 3)  # as fast as the page takes them
    seen = explore.page.evaluate("() => Object.assign(window.regdashChanges, { on: false })")
    mouse.up()
    found.rate = 1000 * seen["changes"] / (seen["until"] - seen["since"])
    return found


def _training(trainer: Any) -> float:
    """Median seconds to train the page's two networks one after the other."""
    times = []
    for seed in range(5):
        config = NOISY.but(seed=seed)
        start = time.perf_counter()
        for key in DEFAULT_ARMS:
            trainer(ARMS[key].config(config))
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def _building() -> tuple[list[float], list[float], list[float]]:
    """Milliseconds to build the picture's data: surfaces there, surfaces to compute, and one network's surfaces."""
    light, heavy, bare = [], [], []
    for seed in range(PRESSES):
        config = NOISY.but(seed=seed)
        runs = train_many([ARMS[key].config(config) for key in DEFAULT_ARMS])
        heavy.append(_payload_ms(runs))
        light.append(_payload_ms([run.without_weights() for run in runs]))
        again = train_many([config])[0]
        start = time.perf_counter()
        assert again.surfaces.size
        bare.append(1000 * (time.perf_counter() - start))
    return light, heavy, bare


def _payload_ms(runs: Sequence[Run]) -> float:
    arms = [Arm(key=key, run=run) for key, run in zip(DEFAULT_ARMS, runs, strict=True)]
    points = cache.points(runs[0].config, float(runs[0].axis[-1]))
    picture = Picture(arms=arms, points=points)
    start = time.perf_counter()
    payload(picture, theme.LIGHT)
    return 1000 * (time.perf_counter() - start)


def _rows(name: str, moves: Moves) -> list[str]:
    return [
        _row(name, moves.total, "s", MOVE_S),
        _row("  key to message (Streamlit in the browser)", moves.before_server, "s", None),
        _row("  message to picture's data (server)", moves.server, "s", None),
        _row("  data to painted (browser)", moves.drawing, "s", None),
        _row("  key to drawn by Plotly, too", moves.whole, "s", None),
    ]


def _row(name: str, values: Sequence[float], unit: str, budget: float | None, *, more_is_better: bool = False) -> str:
    middle = statistics.median(values)
    digits = 2 if unit == "s" else 1
    shown = "".join(f"{value:>10.{digits}f}" for value in (middle, min(values), max(values)))
    if budget is None:
        return f"{name:<44}{shown} {unit}"
    kept = middle >= budget if more_is_better else middle <= budget
    verdict = f"{'at least' if more_is_better else 'at most'} {budget:g}: {'kept' if kept else 'MISSED'}"
    return f"{name:<44}{shown} {unit:<4} {verdict} ({middle / budget:.2f} x)"


def _blanks(moves: Moves, name: str) -> list[str]:
    kinds = sorted(set(moves.blank))
    found = f": {', '.join(kinds[:3])}" if kinds else ""
    return [f"Blank or faded frames while {name} moved: {len(moves.blank)} of {moves.frames} looked at{found}."]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
