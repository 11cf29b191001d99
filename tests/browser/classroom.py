"""A class as its teacher, its phones and its websocket students have it."""

import asyncio
import threading
from collections.abc import Coroutine, Sequence
from typing import Any, TypeVar

from playwright.sync_api import Locator
from websockets.exceptions import ConnectionClosed

from bench.classes.student import Student
from regdash.teaching.lessons import Question
from regdash.words.classes import lettered
from tests.browser.driver import PATIENCE
from tests.browser.explore import Explore

T = TypeVar("T")
PHONE: Any = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
PROJECTOR: Any = {"viewport": {"width": 1920, "height": 1080}}


class Visitor:
    """One browser on the Class page."""

    def __init__(self, visitor: Explore, url: str) -> None:
        self.visitor, self.page, visitor.url = visitor, visitor.page, url
        # On every page but the first, Streamlit's own script looks for its server beside the page before it finds it.
        visitor.forgive("/class/_stcore/", "/lessons/_stcore/")
        # Whether a download is there it asks when it is drawn: by then, a lesson may be left already.
        visitor.forgive("/media/", "Download Button source error")

    def open(self, path: str) -> None:
        self.visitor.go(path)

    def idle(self) -> None:
        self.page.wait_for_timeout(250)  # what a browser sends waits a moment for more
        self.visitor.wait_for_server()

    def press(self, label: str) -> None:
        self.page.get_by_role("button", name=label).click()
        self.idle()

    def text(self, text: str) -> Locator:
        """What is said in bold or as a heading, not what is read out besides."""
        return self.page.get_by_test_id("stMain").locator("strong, h2, p").filter(has_text=text, visible=True).first

    def board(self) -> list[str]:
        """The rows of the tally."""
        return [" ".join(row.split()) for row in self.page.locator(".regdash-board li").all_inner_texts()]


class Teacher(Visitor):
    """The projector."""

    def start(self) -> str:
        """From a lesson's page; returns the class's code."""
        self.open("lessons?lesson=demo-3")
        self.press("Ask a class")
        self.press("Start a class")
        return self.code()

    def code(self) -> str:
        place = self.page.locator(".regdash-invitation .code")
        place.wait_for()
        return place.inner_text()

    def counts(self, text: str) -> None:
        """Wait until the projector says so."""
        self.page.locator(".regdash-watch .counts").filter(has_text=text).wait_for()


class Phone(Visitor):
    """A student's."""

    def tap(self, letter: str) -> None:
        self.page.locator(".st-key-class_student button").nth("ABCDEF".index(letter)).tap()
        self.idle()


class Crowd:
    """Students without browsers, in a thread of their own: the browser's driver has the other's event loop."""

    def __init__(self, address: str, code: str, n: int) -> None:
        self._address, self._code = address, code
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        self.students = [Student(address, code) for _ in range(n)]

    def __enter__(self) -> "Crowd":
        self._all([self._come(student) for student in self.students])
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self._all([student.__aexit__(None, None, None) for student in self.students])
        finally:
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop.close()

    async def _come(self, student: Student) -> None:
        await student.__aenter__()
        await student.join()

    def _all(self, work: Sequence[Coroutine[Any, Any, T]]) -> list[T]:
        async def together() -> list[T]:
            return await asyncio.gather(*work)

        return asyncio.run_coroutine_threadsafe(together(), self._loop).result(120)

    def wait_for(self, question: Question) -> None:
        """All look, as phones do, until they can answer it."""
        choices = [lettered(place, choice) for place, choice in enumerate(question.choices)]
        self._all([_until_it_has(student, choices) for student in self.students])

    def vote(self, choices: Sequence[int]) -> None:
        """The first ones choose so, each its own."""
        self._all([student.answer(student.choices[c]) for student, c in zip(self.students, choices, strict=False)])

    def by_hand(self, number: int, label: str) -> list[str]:
        """One sends a tap on a button that is no longer there; returns what the page says."""
        self._all([self.students[number].answer(label)])
        return self.students[number].texts

    def come_back(self) -> int:
        """Whoever has lost the connection opens the page again, as browsers do by themselves; returns how many have."""
        lost = [n for n, there in enumerate(self._all([_is_there(student) for student in self.students])) if not there]
        for n in lost:
            self.students[n] = Student(self._address, self._code, who=self.students[n].who)
        self._all([self._come(self.students[n]) for n in lost])
        return len(lost)


async def _until_it_has(student: Student, choices: list[str]) -> None:
    async with asyncio.timeout(PATIENCE):
        while student.choices != choices:
            await student.look()
            await asyncio.sleep(0.2)


async def _is_there(student: Student) -> bool:
    try:
        await asyncio.wait_for(await student._socket.ping(), 5)
    except (ConnectionClosed, TimeoutError):
        await student.__aexit__(None, None, None)
        return False
    return True
