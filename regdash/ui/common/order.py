"""When the next message of a connection may follow: what Streamlit would lose if it came sooner.

A click on a button that the page's first run has not drawn yet is dropped: Streamlit does not know the button. And a
message that comes while a click's callback is at work ends that in the middle, wherever it next touches the session.
One for a part of a page that has been left would make Streamlit forget what the new page's controls say: it would go
back to that page. A part's message comes by itself, so it waits until the run before it is done, which may lead away.
"""

import asyncio
import contextlib

from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

DRAWN, BEGUN = 5.0, 1.0  # seconds that a message waits at most for the first run's end, for the last one's beginning
DONE = 2.0  # and one for a part of the page for the last run's end
LONGEST = 4096  # bytes of a message that tells of it


class Order:
    """Of one connection, in its event loop."""

    def __init__(self) -> None:
        self._asked = self._is_new = self._is_told = False
        self._pages: set[str] = set()  # names of the one on show; a session's first run begins with its script's
        self._drawn, self._begun, self._done = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self._done.set()

    async def comes(self) -> None:
        """Wait until the next message that asks for a run may follow the one before."""
        if self._asked:
            await _at_most(DRAWN, self._drawn)
            await _at_most(BEGUN, self._begun)
        self._asked = True

    async def is_done(self) -> None:
        """Wait until the run that was last asked for is over, whatever page it led to."""
        await _at_most(DONE, self._done)

    def is_late(self, asked: ClientState) -> bool:
        """Whether it is for a part of a page that is no longer on show."""
        return bool(asked.fragment_id and self._pages) and asked.page_script_hash not in self._pages

    def goes(self) -> None:
        """It is on its way to Streamlit."""
        self._begun.clear()
        self._done.clear()
        self._is_new = False

    def wants(self, size: int) -> bool:
        """Whether what Streamlit says in so many bytes may tell how far the run is, or of which page."""
        return self._is_new and not (self._begun.is_set() and self._is_told) and size < LONGEST

    def hear(self, said: ForwardMsg) -> None:
        """What Streamlit says. Callbacks are over when the script begins, by its page config, or a part of the page."""
        kind = said.WhichOneof("type")
        if kind == "new_session":
            self._is_new, self._is_told, self._pages = True, False, {said.new_session.page_script_hash}
        elif kind == "navigation":
            self._is_told = True
            self._pages.add(said.navigation.page_script_hash)
        elif kind == "script_finished":
            is_done = said.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN
            if is_done:
                self._drawn.set()
            if self._is_new:
                if is_done:
                    self._done.set()
                self._begun.set()
                self._is_told = True
        elif self._is_new and kind == "page_config_changed":
            self._begun.set()
        elif self._is_new and kind == "delta" and said.delta.fragment_id and not self._begun.is_set():
            self._begun.set()
            self._is_told = True  # a part of a page: the page stays


async def _at_most(seconds: float, event: asyncio.Event) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()
