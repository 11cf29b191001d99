"""The Study page as a visitor's eyes and hands have it."""

import contextlib
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from playwright.sync_api import Locator

from tests.browser.explore import Explore

DRAWN = """(count) => {
  const charts = [...document.querySelectorAll(".regdash-chart")];
  return charts.length === count && charts.every((root) => Number(root.dataset.chart ?? 0) > 0);
}"""
# What must never be seen while results come: a chart that is gone, empty or faded.
WATCH_CHARTS = """(count) => {
  const watch = (window.watchedCharts = { frames: 0, faults: [], on: true });
  const faults = () => {
    const charts = [...document.querySelectorAll(".regdash-chart")];
    if (charts.length < count) return `${charts.length} charts`;
    for (const chart of charts) {
      const svg = chart.querySelector(".main-svg");
      if (!svg || svg.getBoundingClientRect().width < 100) return "no figure";
      if (!chart.querySelector(".trace, .hm")) return "no trace";
      let opacity = 1;
      for (let node = chart; node instanceof Element; node = node.parentElement) {
        opacity *= Number(getComputedStyle(node).opacity);
      }
      if (opacity < 0.99) return `faded to ${opacity}`;
    }
    return "";
  };
  const look = () => {
    if (!watch.on) return;
    watch.frames += 1;
    const fault = faults();
    if (fault) watch.faults.push(fault);
    requestAnimationFrame(look);
  };
  look();
}"""
WATCHED = "() => { window.watchedCharts.on = false; return window.watchedCharts; }"


class Study:
    """One visitor's Study page, around the visitor that the fixtures made."""

    def __init__(self, visitor: Explore) -> None:
        self.visitor, self.page = visitor, visitor.page
        # On every page but the first, Streamlit's own script looks for its server beside the page before it finds it.
        visitor.forgive("/study/_stcore/")

    def open(self, query: str = "", **settings: Any) -> "Study":
        """Go to the page: with a query as it stands, or with settings."""
        self.visitor.go(query if "://" in query else "study?" + (query or urlencode(settings, doseq=True)))
        self.button("Run study").wait_for()
        return self.idle()

    def idle(self) -> "Study":
        self.visitor.wait_for_server()
        return self

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def choose(self, box: str, option: str) -> "Study":
        """Another entry of a list, by the keyboard."""
        found = self.page.get_by_role("combobox", name=box)
        found.focus()
        found.press("ArrowDown")
        self.page.get_by_role("option", name=option).click()
        return self.idle()

    def text(self, text: str) -> Locator:
        return self.page.get_by_text(text).first

    def run(self, *, charts: int = 3) -> "Study":
        """Press Run and wait for the end and its charts. What an earlier visitor has run is there already."""
        if self.button("Run study").is_enabled():
            self.button("Run study").click()
        return self.finished(charts=charts)

    def finished(self, said: str = "Finished:", *, charts: int = 3) -> "Study":
        self.text(said).wait_for()
        self.idle()
        self.page.wait_for_function(DRAWN, arg=charts)
        return self

    @property
    def charts(self) -> list[str]:
        """The charts' titles."""
        return self.page.locator(".regdash-chart .title").all_inner_texts()

    def chart(self, name: str) -> Locator:
        """A chart by its key: heat, strength, curves, differences or narrowing."""
        return self.page.locator(f".st-key-chart_{name} .regdash-chart")

    def figure(self, name: str, expression: str) -> Any:
        """Something of a chart's Plotly figure, by JavaScript: `figure("curves", "_fullLayout.xaxis.range")`."""
        return self.chart(name).locator(".plot").evaluate(f"(plot) => plot.{expression}")

    def place(self, name: str, x: float, y: float, y_axis: str = "yaxis") -> tuple[float, float]:
        """Where on the screen a point of a chart is, after scrolling to it, once it has stood still for ten frames."""
        plot = self.chart(name).locator(".plot")
        plot.scroll_into_view_if_needed()
        found = plot.evaluate(
            """async (plot, [x, y, axis]) => {
              const place = () => {
                const box = plot.getBoundingClientRect(), { xaxis, [axis]: yaxis } = plot._fullLayout;
                return [box.left + xaxis._offset + xaxis.d2p(x), box.top + yaxis._offset + yaxis.d2p(y)];
              };
              let found = place();
              for (let still = 0; still < 10; still += 1) {
                await new Promise(requestAnimationFrame);
                const now = place();
                if (String(now) !== String(found)) still = -1;
                found = now;
              }
              return found;
            }""",
            [x, y, y_axis],
        )
        return found[0], found[1]

    def drag(self, name: str, panel: str, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Draw a box in a panel of a chart, such as "x2y2", from one point to another: pixels from its corner."""
        box = self.chart(name).locator(f".draglayer .{panel} .nsewdrag")
        box.scroll_into_view_if_needed()
        at = box.bounding_box()
        assert at
        self.page.mouse.move(at["x"] + start[0], at["y"] + start[1])
        self.page.mouse.down()
        self.page.mouse.move(at["x"] + end[0], at["y"] + end[1], steps=4)
        self.page.mouse.up()

    @contextlib.contextmanager
    def watched(self, count: int) -> Iterator[dict[str, Any]]:
        """Look at `count` charts before every frame while the body runs; what was seen is in the dict afterwards."""
        seen: dict[str, Any] = {}
        self.page.evaluate(WATCH_CHARTS, count)
        yield seen
        seen.update(self.page.evaluate(WATCHED))
