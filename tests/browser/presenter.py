"""Presenter mode as a teacher has it, and what is measured of it."""

from typing import Any

from playwright.sync_api import Locator, Page

from tests.browser.explore import Explore

PROJECTORS: dict[str, Any] = {
    "1920x1080": {"viewport": {"width": 1920, "height": 1080}},
    "1024x768": {"viewport": {"width": 1024, "height": 768}},
}
SMALLEST = {"1920x1080": 18, "1024x768": 16}  # pixels of a letter's em in the picture

# Of what is on the screen: by how many pixels something could be scrolled, figures and words that stick out of the
# screen, the smallest text in figures, and how large a share of the screen the figure has.
MEASURED = """() => {
  const main = document.querySelector('[data-testid="stMainBlockContainer"]');
  const scrolls = [document.documentElement, document.body, document.querySelector('[data-testid="stMain"]'), main];
  const beyond = ({ left, top, right, bottom }) =>
    Math.min(left, top, innerWidth - right, innerHeight - bottom) < -1;
  const seen = (element) => element.checkVisibility() && element.clientWidth > 1;
  const figures = [...document.querySelectorAll(".regdash-picture, .regdash-chart")].filter(seen);
  const heard = "p, h1, h2, li, pre, .controls, .key, .bar, .regdash-dock .control";
  const words = [...main.querySelectorAll(heard)].filter(seen)
    .filter((element) => !element.closest(".st-key-unseen, .st-key-unheard, dialog"));
  const inside = (what) => figures.flatMap((figure) => [...figure.querySelectorAll(what)])
    .filter((node) => node.getBoundingClientRect().width > 0);
  const size = (text) => {
    const { a, b } = text.getScreenCTM(); // what stands on its side, such as an axis title, has its scale in b
    return parseFloat(getComputedStyle(text).fontSize) * Math.hypot(a, b);
  };
  return {
    scrolls: scrolls.map((e) => [e.scrollHeight - e.clientHeight, e.scrollWidth - e.clientWidth]).flat(),
    outside: [...figures, ...inside(".main-svg, .plot text"), ...words]
      .filter((node) => beyond(node.getBoundingClientRect())).map((node) => node.outerHTML.slice(0, 150)),
    figures: figures.length,
    smallest: Math.min(...inside(".plot svg text").map(size)),
    words: Math.min(...words.map((e) => parseFloat(getComputedStyle(e).fontSize) * e.currentCSSZoom)),
    share: figures.reduce((sum, { clientHeight, clientWidth }) => sum + clientHeight * clientWidth, 0)
      / (innerWidth * innerHeight),
  };
}"""
# Words and figures stand where they will: two frames and a drawing later nothing has moved.
SETTLED = """async () => {
  const place = () => [...document.querySelectorAll(".regdash-picture .main-svg, .regdash-chart .main-svg")]
    .map((svg) => JSON.stringify(svg.getBoundingClientRect())).join();
  let found = place();
  for (let still = 0; still < 15; still += 1) {
    await new Promise(requestAnimationFrame);
    if (place() !== found) [found, still] = [place(), 0];
  }
}"""


class Teacher:
    """One visitor's page in presenter mode, around the visitor that the fixtures made."""

    def __init__(self, visitor: Explore) -> None:
        self.visitor, self.page = visitor, visitor.page
        # On every page but the first, Streamlit's own script looks for its server beside the page before it finds it.
        visitor.forgive("/lessons/_stcore/", "/study/_stcore/")

    def open(self, query: str) -> "Teacher":
        self.visitor.go(query)
        self.page.wait_for_selector("body.regdash-staged", state="attached")
        return self.settle()

    def settle(self) -> "Teacher":
        """Wait until the server is done and nothing moves."""
        self.page.wait_for_timeout(200)  # what a browser sends waits a moment for more
        self.visitor.wait_for_server()
        self.page.evaluate(SETTLED)
        return self

    def key(self, key: str) -> "Teacher":
        self.page.keyboard.press(key)
        return self

    @property
    def presents(self) -> bool:
        found: bool = self.page.evaluate("document.body.classList.contains('regdash-presenting')")
        return found

    @property
    def root(self) -> Locator:
        return self.page.locator(".regdash-presenter")

    @property
    def where(self) -> str:
        """The step that is shown, "2 of 9"."""
        return self.root.locator(".where").inner_text()

    @property
    def steps(self) -> int:
        return int(self.where.split()[-1])

    def picture(self) -> Locator:
        """The picture on the screen."""
        return self.page.locator(".regdash-picture:visible")

    def measured(self) -> dict[str, Any]:
        found: dict[str, Any] = self.page.evaluate(MEASURED)
        return found

    def on_screen(self) -> str:
        """What can be read."""
        return self.page.get_by_test_id("stMain").inner_text()


def focus(page: Page, selector: str) -> None:
    """Give something the focus as a keyboard does."""
    page.locator(selector).first.focus()
