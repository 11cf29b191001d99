"""The Lessons page as a student's eyes and hands have it."""

from playwright.sync_api import Locator

from tests.browser.explore import Explore


class Student:
    """One visitor's Lessons page, around the visitor that the fixtures made."""

    def __init__(self, visitor: Explore) -> None:
        self.visitor, self.page = visitor, visitor.page
        # On every page but the first, Streamlit's own script looks for its server beside the page before it finds it.
        visitor.forgive("/lessons/_stcore/", "/study/_stcore/")

    def open(self, query: str = "") -> "Student":
        """Go to the page and wait until it has nothing left to say."""
        self.visitor.go(f"lessons{query}")
        self.page.get_by_role("heading", level=1).first.wait_for()
        return self.idle()

    def idle(self) -> "Student":
        """Wait until the server is done."""
        self.page.wait_for_timeout(250)  # what a browser sends waits a moment for more
        self.visitor.wait_for_server()
        return self

    def choice(self, text: str) -> Locator:
        """The radio button of a choice."""
        return self.page.get_by_test_id("stRadio").get_by_text(text, exact=True)

    def answer(self, text: str) -> "Student":
        """Choose and press Answer."""
        self.choice(text).click()
        self.idle()
        self.button("Answer").click()
        return self.idle()

    def button(self, label: str) -> Locator:
        """A button by its label."""
        return self.page.get_by_role("button", name=label, exact=True)

    @property
    def revealed(self) -> Locator:
        """What is said once the question is answered."""
        return self.page.get_by_text("The runs say:")

    def charts(self) -> None:
        """Wait until every figure is drawn."""
        self.page.wait_for_function(
            """() => {
              const all = [...document.querySelectorAll(".regdash-chart, .regdash-picture")];
              const drawn = (root) => Number(root.dataset.chart ?? root.dataset.picture ?? 0) > 0;
              return all.length > 0 && all.every(drawn);
            }"""
        )
