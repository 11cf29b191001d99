"""A pupil who starts a study and waits for it, as a browser would: without pressing again."""

import asyncio
import random
import time
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from bench.load.visitor import Traffic, VisitError, Visitor

DONE = "Finished: "
ENDS = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)


class Pupil(Visitor):
    """One websocket session on the Study page, with a small study of its own."""

    def __init__(self, address: str, seed: int, *, patience: float) -> None:
        query = f"values=0&values=0.5&seeds=8&width=8&epochs=60&seed={seed}"
        super().__init__(address, random.Random(seed), Traffic(), patience=patience, query=query, page="study")
        self._buttons: dict[str, str] = {}  # id by label
        self._timers: dict[str, float] = {}  # seconds by fragment
        self._done = False

    async def study(self) -> float:
        """Open the page, press "Run study", wait; returns how many seconds that took. Raises `VisitError`."""
        began = time.perf_counter()
        async with asyncio.timeout(self._patience):
            await self._ask()
            await self._ask(button=self._buttons["Run study"])
            while not self._done:
                await asyncio.sleep(min(self._timers.values(), default=0.5))
                for fragment in [*self._timers] or [""]:
                    await self._ask(fragment=fragment)
        return time.perf_counter() - began

    async def _ask(self, *, button: str = "", fragment: str = "") -> None:
        message = BackMsg.FromString(self._request())
        if fragment:
            message.rerun_script.fragment_id, message.rerun_script.is_auto_rerun = fragment, True
        else:
            self._timers.clear()
        if button:
            message.rerun_script.widget_states.widgets.add(id=button, trigger_value=True)
        await self._socket.send(message.SerializeToString())
        while True:
            got = self._read(await self._socket.recv())
            kind = got.WhichOneof("type")
            if kind == "auto_rerun":
                self._timers[got.auto_rerun.fragment_id] = got.auto_rerun.interval
            elif kind == "navigation":
                self._page.script = got.navigation.page_script_hash
            elif kind == "script_finished":
                if got.script_finished in ENDS:
                    return
                self._timers.clear()  # the whole page is drawn anew
            else:
                self._take(got, kind)

    def _see(self, element: Element, fragment: str) -> int | None:
        kind: Any = element.WhichOneof("type")
        if kind == "button":
            self._buttons[element.button.label] = element.button.id
        if kind == "markdown" and DONE in element.markdown.body:
            self._done = True
        if kind == "alert" and "press" in element.alert.body:
            raise VisitError(f"told to press again: {element.alert.body}")
        return None if kind in ("button", "markdown") else super()._see(element, fragment)
