"""One visitor without a browser: speaks Streamlit's protocol over a websocket, as the page's own JavaScript does.

A browser keeps every widget's value and sends all of them with each change; it keeps large messages for a few runs and
tells the server which ones, so that the server may send a short reference instead. Both are done here too.
"""

import asyncio
import json
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect

from regdash.words import opinions

PICTURE, PAGE = "regdash_picture", "regdash_page"  # names of components
TRIGGERS = "$$STREAMLIT_INTERNAL_KEY_{}__events"  # the widget by which a component of this id sends what happened
OUTCOMES = {opinions.BUSY: "shed", opinions.TOO_LARGE: "too large", opinions.FAILED: "failed"}
MAX_SEED = 9999  # what the page's "New seed" buttons draw from
MAX_MESSAGE = 64 * 2**20  # bytes; the page's own limit is lower


class VisitError(Exception):
    """The page did not do what a visitor may expect."""


@dataclass(kw_only=True)
class Traffic:
    """What all visitors received together."""

    messages: int = 0
    bytes: int = 0
    references: int = 0  # short messages that stand for large ones received before

    def clear(self) -> None:
        """Count from here on."""
        self.messages = self.bytes = self.references = 0


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What one run of the page took, in seconds from sending."""

    picture: float | None  # until the last picture of the run arrived; None if no other picture came
    finished: float  # until the script had finished


@dataclass(frozen=True, kw_only=True)
class Opinion:
    """What became of a second opinion that the page asked for while its visitor rested."""

    outcome: str  # judged, shed, too large, failed, or left, since the visitor moved on
    seconds: float  # from the page's asking until then


@dataclass(frozen=True, kw_only=True)
class _Call:
    """What the page wants to be told in a while: see `regdash.ui.components.page`."""

    widget: str
    fragment: str
    word: str
    after: float  # seconds


@dataclass
class _Control:
    """A slider or number field: the values it may take and the one it has."""

    state: str  # the field of WidgetState that carries its value
    values: Sequence[Any]
    value: Any

    def __post_init__(self) -> None:
        self.home = self.value  # where the page put it

    def another(self, rng: random.Random, reach: int | None, *, wander: bool = False) -> Any:
        """A random valid value, not the present one; on a slider at most `reach` stops from where the page put it.

        To `wander` means: from where it stands.
        """
        here, last = self.values.index(self.value), len(self.values) - 1
        home = here if wander else self.values.index(self.home)
        near = reach is not None and self.state != "int_value"  # a seed is drawn anew, whatever it was
        low, high = (max(0, home - reach), min(last, home + reach)) if near and reach else (0, last)
        place = rng.randint(low, high - 1 if low <= here <= high else high)
        return self.values[place + (low <= here <= place)]


@dataclass
class _Kept:
    """A large message the visitor has kept: which picture it was, if any, and the last run that used it."""

    picture: int | None
    run: int


@dataclass
class _Page:
    """What a browser remembers of the page between two runs."""

    controls: dict[str, _Control] = field(default_factory=dict)  # by key
    states: dict[str, WidgetState] = field(default_factory=dict)  # by widget id
    ids: dict[str, str] = field(default_factory=dict)  # widget id by key
    kept: dict[str, _Kept] = field(default_factory=dict)  # by hash
    script: str = ""
    picture: int | None = None
    runs: int = 0
    max_age: int = 2
    call: _Call | None = None
    outcome: str = "judged"  # of the second opinion, unless the page has said another


class Visitor:
    """One websocket session. Use as an asynchronous context manager."""

    def __init__(
        self, address: str, rng: random.Random, traffic: Traffic, *, patience: float, query: str = "", page: str = ""
    ) -> None:
        self._address, self._rng, self._traffic = address, rng, traffic
        self._patience, self._query, self._name = patience, query, page
        self._page = _Page()
        self._socket: ClientConnection

    async def __aenter__(self) -> "Visitor":
        self._socket = await connect(
            f"ws://{self._address}/_stcore/stream", subprotocols=["streamlit"], compression=None, proxy=None,
            max_size=MAX_MESSAGE, open_timeout=self._patience, close_timeout=1,
        )  # fmt: skip
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._socket.close()

    async def arrive(self) -> Answer:
        """Open the page."""
        answer = await self._run()
        if self._page.picture is None:
            raise VisitError("the page opened without a picture")
        return answer

    async def move(self, keys: Sequence[str], reach: int | None = None, *, wander: bool = False) -> tuple[str, Answer]:
        """Move one of these controls, see `_Control.another`; returns which, and how long the answer took."""
        missing = [key for key in keys if key not in self._page.controls]
        if missing:
            raise VisitError(f"the page has no control {', '.join(missing)}")
        key = self._rng.choice(list(keys))
        control = self._page.controls[key]
        self._set(self._page.ids[key], control.state, control.another(self._rng, reach, wander=wander))
        answer = await self._run()
        if answer.picture is None:
            raise VisitError(f"{key} was moved to {control.value} and no new picture came")
        return key, answer

    async def rest(self, seconds: float) -> Opinion | None:
        """Leave the page alone, which asks for its second opinion until there is one; None if it asks for none."""
        begun, asked = time.perf_counter(), None
        try:
            async with asyncio.timeout(seconds):
                while call := self._page.call:
                    await asyncio.sleep(call.after)
                    asked = asked or time.perf_counter()
                    self._page.call, self._page.outcome = None, "judged"
                    await self._socket.send(self._request(call))
                    while not _fragment_finished(message := self._read(await self._socket.recv())):
                        self._take(message, message.WhichOneof("type"))
                    if self._page.outcome != "judged":
                        break
        except TimeoutError:
            return asked and Opinion(outcome="left", seconds=time.perf_counter() - asked)
        opinion = asked and Opinion(outcome=self._page.outcome, seconds=time.perf_counter() - asked)
        await asyncio.sleep(max(0.0, seconds - (time.perf_counter() - begun)))
        return opinion

    async def _run(self) -> Answer:
        """Ask for a run of the page and read until it has finished."""
        page, before = self._page, self._page.picture
        page.call = None
        sent, arrived, begun = time.perf_counter(), None, False
        await self._socket.send(self._request())
        try:
            async with asyncio.timeout(self._patience):
                while True:
                    message = self._read(await self._socket.recv())
                    kind = message.WhichOneof("type")
                    begun = begun or kind == "new_session"
                    if self._take(message, kind):
                        arrived = time.perf_counter() - sent
                    elif kind == "script_finished" and begun and _finished(message, part=arrived is not None):
                        break
        except TimeoutError:
            raise VisitError(f"no answer within {self._patience:g} s") from None
        page.runs += 1
        page.kept = {name: kept for name, kept in page.kept.items() if page.runs - kept.run <= page.max_age}
        return Answer(picture=arrived if page.picture != before else None, finished=time.perf_counter() - sent)

    def _request(self, call: _Call | None = None) -> bytes:
        """A rerun of the page, or that of its part that wanted to be called."""
        message = BackMsg()
        rerun = message.rerun_script
        rerun.page_script_hash, rerun.query_string = self._page.script, self._query
        rerun.page_name = "" if self._page.script else self._name
        rerun.widget_states.widgets.extend(self._page.states.values())
        rerun.cached_message_hashes.extend(self._page.kept)
        rerun.context_info.color_scheme = "light"
        if call:
            rerun.fragment_id = call.fragment
            rerun.widget_states.widgets.add(id=call.widget, json_value="{}")
            trigger = rerun.widget_states.widgets.add(id=TRIGGERS.format(call.widget))
            trigger.json_trigger_value = json.dumps([{"event": "call", "value": call.word}])
        data: bytes = message.SerializeToString()
        return data

    def _read(self, data: str | bytes) -> ForwardMsg:
        if isinstance(data, str):
            raise VisitError("the server sent text where only binary messages belong")
        self._traffic.messages += 1
        self._traffic.bytes += len(data)
        return ForwardMsg.FromString(data)

    def _take(self, message: ForwardMsg, kind: str | None) -> bool:
        """Remember what a browser would; True if it was a picture."""
        page = self._page
        if kind == "ref_hash":
            self._traffic.references += 1
            if message.ref_hash not in page.kept:
                raise VisitError("the server referred to a message that it never sent or that has expired")
            kept = page.kept[message.ref_hash]
            kept.run = page.runs
            page.picture = page.picture if kept.picture is None else kept.picture
            return kept.picture is not None
        if kind == "new_session":
            page.script = message.new_session.page_script_hash
            page.max_age = message.new_session.config.max_cached_message_age
        if kind == "navigation":
            page.script = message.navigation.page_script_hash
        if kind == "session_event" and message.session_event.HasField("script_compilation_exception"):
            raise VisitError("the page's script does not compile")
        if kind != "delta" or message.delta.WhichOneof("type") != "new_element":
            return False
        picture = self._see(message.delta.new_element, message.delta.fragment_id)
        page.picture = page.picture if picture is None else picture
        if message.metadata.cacheable:
            page.kept[message.hash] = _Kept(picture, page.runs)
        return picture is not None

    def _see(self, element: Element, fragment: str) -> int | None:
        """Take in one element; if it is the picture, returns what tells it from another one."""
        kind = element.WhichOneof("type")
        if kind == "exception":
            raise VisitError(f"the page shows an exception: {element.exception.type}: {element.exception.message}")
        if kind == "alert" and element.alert.format == Alert.ERROR:
            raise VisitError(f"the page shows an error: {element.alert.body}")
        if kind == "markdown":
            self._page.outcome = OUTCOMES.get(element.markdown.body, self._page.outcome)
        if kind == "bidi_component" and element.bidi_component.component_name == PAGE:
            self._page.call = _call_of(element.bidi_component, fragment)
        if kind == "bidi_component" and element.bidi_component.component_name == PICTURE:
            component = element.bidi_component
            data = getattr(component, component.WhichOneof("data"))
            return hash(data if isinstance(data, str | bytes) else data.SerializeToString(deterministic=True))
        if kind in _WIDGETS:
            self._mount(kind, getattr(element, kind))
        return None

    def _mount(self, kind: str, widget: Any) -> None:
        """A widget that appears has its default value; one that the server sets has the server's."""
        key = widget.id.split("-", 2)[-1]
        if widget.id in self._page.states and not widget.set_value:
            return
        control = _WIDGETS[kind](widget)
        self._page.ids[key] = widget.id
        if kind in ("slider", "number_input"):
            self._page.controls[key] = control
        self._set(widget.id, control.state, control.value)

    def _set(self, widget_id: str, state: str, value: Any) -> None:
        message = WidgetState(id=widget_id)
        if isinstance(value, tuple):
            getattr(message, state).data.extend(value)
        else:
            setattr(message, state, value)
        self._page.states[widget_id] = message
        control = self._page.controls.get(widget_id.split("-", 2)[-1])
        if control:
            control.value = value


def _finished(message: ForwardMsg, *, part: bool) -> bool:
    """Whether the run is over, be it of a `part` of the page; one that ends early is followed by another one."""
    if message.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
        raise VisitError("the page's script does not compile")
    if message.script_finished == ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY:
        return part
    return bool(message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY)


def _fragment_finished(message: ForwardMsg) -> bool:
    over = message.WhichOneof("type") == "script_finished"
    return over and message.script_finished == ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY


def _call_of(component: Any, fragment: str) -> _Call | None:
    call = json.loads(component.json)["call"]
    if call is None:
        return None
    return _Call(widget=component.id, fragment=fragment, word=call["word"], after=call["after"] / 1000)


def _slider(widget: Any) -> _Control:
    if widget.options:  # a select_slider's value travels as text
        raw = widget.raw_value if widget.set_value else [widget.options[int(i)] for i in widget.default]
        return _Control("string_array_value", [(option,) for option in widget.options], tuple(raw))
    steps = round((widget.max - widget.min) / widget.step)
    values = [(round(widget.min + i * widget.step, 6),) for i in range(steps + 1)]
    return _Control("double_array_value", values, tuple(widget.value if widget.set_value else widget.default))


def _number(widget: Any) -> _Control:
    """Whole numbers; of many possible ones those that the page itself would draw."""
    low, high = int(widget.min), min(int(widget.max), MAX_SEED)
    return _Control("int_value", range(low, high + 1), int(widget.value if widget.set_value else widget.default))


def _box(widget: Any) -> _Control:
    value = widget.raw_value if widget.set_value else widget.options[widget.default]
    return _Control("string_value", list(widget.options), value)


def _pills(widget: Any) -> _Control:
    labels = [option.content for option in widget.options]
    chosen = widget.raw_values if widget.set_value else [labels[i] for i in widget.default]
    return _Control("string_array_value", labels, tuple(chosen))


_WIDGETS = {"slider": _slider, "number_input": _number, "selectbox": _box, "button_group": _pills}
