"""One student without a browser: joins a class, answers, looks how it stands, as the page's own JavaScript does.

Joining takes two runs of the page: in the first one it asks who the browser is, and the browser tells. An answer and
what the teacher does take a run of the page's part for students. A look is a request for which no page runs.
"""

import asyncio
import contextlib
import json
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect

from bench.load.visitor import MAX_MESSAGE, TRIGGERS, VisitError

STORAGE, WATCH = "regdash_storage", "regdash_watch"  # names of components
FAST = ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY


@dataclass
class _Page:
    """What a browser remembers between two runs."""

    script: str = ""
    fragment: str = ""
    path: str = ""  # of a look
    version: int = 0  # of what is drawn
    watch: str = ""  # the widget that tells of another version
    buttons: dict[str, str] = field(default_factory=dict)  # widget by label
    states: dict[str, WidgetState] = field(default_factory=dict)  # by widget
    texts: list[str] = field(default_factory=list)  # of the latest run


class Student:
    """One websocket session at `address` (host:port). Use as an asynchronous context manager.

    who  what this browser holds already, as after a reload; None: nothing
    """

    def __init__(self, address: str, code: str, *, who: str | None = None, patience: float = 60.0) -> None:
        self._address, self._code, self._patience, self.who = address, code, patience, who
        self._page = _Page()
        self._stack = contextlib.AsyncExitStack()
        self._socket: ClientConnection
        self._http: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def __aenter__(self) -> "Student":
        self._socket = await connect(
            f"ws://{self._address}/_stcore/stream", subprotocols=["streamlit"], compression=None, proxy=None,
            max_size=MAX_MESSAGE, open_timeout=self._patience, close_timeout=1,
        )  # fmt: skip
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._hang_up()
        await self._socket.close()

    @property
    def texts(self) -> list[str]:
        """What the latest run said."""
        return self._page.texts

    @property
    def choices(self) -> list[str]:
        """What can be tapped."""
        return [label for label in self._page.buttons if label[1:2] == "\N{NO-BREAK SPACE}"]

    async def join(self) -> None:
        """Open the link."""
        await self._run(self._request())
        if not self._page.states:
            raise VisitError("the page did not ask who this browser is")
        await self._run(self._request())
        if not self._page.path:
            raise VisitError(f"the class was not joined: {self.texts[-1:]}")

    async def answer(self, label: str) -> None:
        """Tap a choice; returns when the page has said what came of it."""
        await self._run(self._request(WidgetState(id=self._page.buttons[label], trigger_value=True)), part=True)

    async def look(self) -> dict[str, Any]:
        """See how the class stands; if the teacher has done something, have the page say so, as its JavaScript does."""
        found = await self._get(f"/{self._page.path}")
        if found.get("version", self._page.version) != self._page.version:
            trigger = WidgetState(id=TRIGGERS.format(self._page.watch))
            trigger.json_trigger_value = json.dumps([{"event": "changed", "value": str(found["version"])}])
            await self._run(self._request(WidgetState(id=self._page.watch, json_value="{}"), trigger), part=True)
        return found

    def _request(self, *changes: WidgetState) -> bytes:
        message, page = BackMsg(), self._page
        rerun = message.rerun_script
        rerun.page_script_hash, rerun.query_string = page.script, f"join={self._code}"
        rerun.page_name = "" if page.script else "class"
        rerun.widget_states.widgets.extend([*page.states.values(), *changes])
        rerun.context_info.color_scheme = "light"
        rerun.context_info.url = f"http://{self._address}/class"
        if changes:
            rerun.fragment_id = page.fragment
        data: bytes = message.SerializeToString()
        return data

    async def _run(self, request: bytes, *, part: bool = False) -> None:
        """Ask for a run, of a part of the page or of all, and read until it is done."""
        self._page.texts, self._page.buttons = [], {}
        over = FAST if part else ForwardMsg.FINISHED_SUCCESSFULLY
        await self._socket.send(request)
        try:
            async with asyncio.timeout(self._patience):
                while True:
                    data = await self._socket.recv()
                    message = ForwardMsg.FromString(data if isinstance(data, bytes) else data.encode())
                    if message.WhichOneof("type") == "script_finished" and message.script_finished == over:
                        return
                    self._take(message)
        except TimeoutError:
            raise VisitError(f"no answer within {self._patience:g} s") from None

    def _take(self, message: ForwardMsg) -> None:
        kind = message.WhichOneof("type")
        if kind == "navigation":  # a new session does not know its page before the script has said which there are
            self._page.script = message.navigation.page_script_hash
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            self._see(message.delta.new_element, message.delta.fragment_id)

    def _see(self, element: Element, fragment: str) -> None:
        kind = element.WhichOneof("type")
        if kind == "exception":
            raise VisitError(f"the page shows an exception: {element.exception.type}: {element.exception.message}")
        if kind == "alert":
            if element.alert.format == Alert.ERROR:
                raise VisitError(f"the page shows an error: {element.alert.body}")
            self._page.texts.append(element.alert.body)
        elif kind == "markdown":
            self._page.texts.append(element.markdown.body)
        elif kind == "html":
            self._page.texts.append(element.html.body.rpartition("</style>")[2])
        elif kind == "button":
            self._page.buttons[element.button.label] = element.button.id
        elif kind == "bidi_component":
            self._mount(element.bidi_component, fragment)

    def _mount(self, component: Any, fragment: str) -> None:
        if component.component_name == STORAGE:
            self._tell(component.id, json.loads(component.json))
        elif component.component_name == WATCH:
            data = json.loads(component.json)
            self._page.path, self._page.version = data["path"], data["drawn"]["version"]
            self._page.watch, self._page.fragment = component.id, fragment

    def _tell(self, widget: str, data: dict[str, Any]) -> None:
        """What this browser holds, to who asks for it."""
        if data["text"] is not None:
            return
        text = "null"
        if data["first"] is not None:
            self.who = self.who or data["first"]
            text = self.who
        held = {"held": {"asked": data["asked"], "text": text}}
        self._page.states[widget] = WidgetState(id=widget, json_value=json.dumps(held))

    async def _get(self, path: str) -> dict[str, Any]:
        """A JSON answer, over a connection that is kept, as browsers do."""
        host, _, port = self._address.rpartition(":")
        try:
            reader, writer = self._http = self._http or await asyncio.open_connection(host, int(port))
            writer.write(f"GET {path} HTTP/1.1\r\nHost: {self._address}\r\n\r\n".encode())
            head = (await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), self._patience)).decode("latin-1").lower()
            length = int(head.partition("content-length:")[2].split()[0])
            body = await reader.readexactly(length)
        except (OSError, EOFError, IndexError):
            self._hang_up()
            raise VisitError(f"no answer to {path}") from None
        if " 200 " not in head.splitlines()[0]:
            raise VisitError(f"{head.splitlines()[0]} to {path}")
        found: dict[str, Any] = json.loads(body)
        return found

    def _hang_up(self) -> None:
        if self._http:
            self._http[1].close()
            self._http = None
