"""The gate before Streamlit: what a browser may send, how fast in all and in turn, how large, and from where.

Streamlit trusts its own front end. A hand-made client may clear everybody's caches, have git run on the server's event
loop, upload files that no page asks for, or ask for reruns faster than threads can be started. So the app's ASGI
middleware lets through what RegDash's pages use and nothing else, and puts security headers on every answer.

- Messages: a rerun, a heartbeat, a stop, a file that the session was offered. Others are dropped; a too large one
  ends the connection.
- Pace: reruns wait for their turn (`common/turns.py`). A socket has one message in line, so whoever sends a thousand
  waits for each of them, and others only for their own.
- Order: a click is not lost to the run before it (`common/order.py`), and what a part of the page asks by itself does
  not undo what the click has changed (`common/news.py`).
- Origins: a page of another site may not open a connection here. Streamlit itself would look up this machine's address
  first, on the event loop.
- Routes: uploads, metrics, the description of the agent's interface and the like are closed.
"""

import asyncio
import os
from collections.abc import Awaitable, Callable, Coroutine, MutableMapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from google.protobuf.message import DecodeError
from starlette.websockets import WebSocketDisconnected
from streamlit import config
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from regdash.ui.common import parts
from regdash.ui.common.moves import meter
from regdash.ui.common.news import News
from regdash.ui.common.order import Order
from regdash.ui.common.turns import Guest, Turns, turns

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

# What starts a script, makes a file or reads rows of a table. (Another operation has skills for agents installed here.)
RERUN = "rerun_script"
PACED = frozenset({RERUN, "backend_operation_request.deferred_file", "backend_operation_request.dataframe_chunk"})
ALLOWED = PACED | {"app_heartbeat", "stop_script"}
MAX_MESSAGE = 2**20  # bytes; a page's widgets take a few kilobytes
MAX_SOCKETS = 1000  # of one process
SHORT = 128  # bytes; the message that a run is done has 40, that of a part 80
CLOSED = ("_stcore/upload_file", "_stcore/metrics", "_stcore/agent", "_stcore/script-health-check", "component/")
EMBED = "REGDASH_EMBED"  # in the environment: who may show RegDash in a frame, as `frame-ancestors` of a policy says it
SCRIPT = str(Path(__file__).with_name("script.py")).encode()
POLICY_VIOLATION, TOO_BIG, TRY_LATER = 1008, 1009, 1013  # codes of RFC 6455 and of its registry


class Gate:
    """ASGI middleware."""

    def __init__(self, app: App, line: Turns | None = None) -> None:
        self._app = app
        self._turns = line or turns()
        self._headers = list(headers(os.environ.get(EMBED, "").strip()).items())
        self._sockets = 0

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer, or hand on to Streamlit."""
        if scope["type"] == "websocket":
            await self._socket(scope, receive, send)
        elif scope["type"] == "http":
            await self._request(scope, receive, self._with_headers(scope, send))
        else:
            await self._app(scope, receive, send)

    async def _request(self, scope: Message, receive: Receive, send: Send) -> None:
        if is_closed(scope["path"]) or scope["method"] not in ("GET", "HEAD", "OPTIONS"):
            await send({"type": "http.response.start", "status": 404, "headers": [(b"content-type", b"text/plain")]})
            await send({"type": "http.response.body", "body": b"Not found"})
        else:
            await self._app(scope, receive, send)

    async def _socket(self, scope: Message, receive: Receive, send: Send) -> None:
        sent = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        known = is_own_origin(sent.get("origin"), sent.get("host"))
        if not known or self._sockets >= MAX_SOCKETS:
            await receive()
            await send({"type": "websocket.close", "code": TRY_LATER if known else POLICY_VIOLATION})
            return
        self._sockets += 1
        mail, guest, order = _Mail(receive), None, Order()
        try:
            guest = await self._turns.arrive()
            with meter().visitors.track_inprogress():
                await self._app(scope, self._filtered(guest, order, mail, send), self._sending(guest, order, send))
        except WebSocketDisconnected:
            pass  # the visitor has left, and Streamlit wanted to hear more
        finally:
            mail.close()
            if guest:
                self._turns.depart(guest)
            self._sockets -= 1

    def _filtered(self, guest: Guest, order: Order, mail: "_Mail", send: Send) -> Receive:
        """What a socket receives, of which Streamlit sees only what may pass, when it is its turn."""
        news = News()

        async def filtered() -> Message:
            while True:
                message = await mail.next()
                if message["type"] != "websocket.receive":
                    return message
                data = message.get("bytes") or b""
                if len(data) > MAX_MESSAGE:
                    await send({"type": "websocket.close", "code": TOO_BIG})
                    return {"type": "websocket.disconnect", "code": TOO_BIG}
                kind = kind_of(data)
                is_due = kind not in PACED or await self._is_due(kind, data, guest, order, mail)
                if kind == RERUN and is_due:
                    asked = BackMsg.FromString(data)
                    if parts.is_of_page(asked.rerun_script.fragment_id):
                        asked.rerun_script.fragment_id = ""  # its callbacks say what is drawn
                    if order.is_late(asked.rerun_script):
                        self._turns.leave(guest)
                        continue
                    order.goes()
                    news.only(asked.rerun_script)
                    message = {**message, "bytes": asked.SerializeToString()}
                if kind in ALLOWED and is_due:
                    return message

        return filtered

    async def _is_due(self, kind: str | None, data: bytes, guest: Guest, order: Order, mail: "_Mail") -> bool:
        """Wait until it is a message's turn; returns whether its socket is still open."""
        is_open, part = True, kind == RERUN and not is_of_page(data)
        if kind == RERUN:
            is_open = await mail.unless_it_closes(order.comes())
        if is_open and part:
            is_open = await mail.unless_it_closes(order.is_done(), gives_way=is_of_page)
        return is_open and await mail.unless_it_closes(self._turns.enter(guest, part=part))

    def _sending(self, guest: Guest, order: Order, send: Send) -> Send:
        """`send`, which notes when a run of the page is done, and by which nobody learns where on this machine RegDash
        lives: Streamlit tells every new session.
        """

        async def sending(message: Message) -> None:
            data = message.get("bytes") or b""
            if len(data) < SHORT or order.wants(len(data)) or SCRIPT in data:
                said = ForwardMsg.FromString(data)
                order.hear(said)
                kind = said.WhichOneof("type")
                if kind == "script_finished" and said.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                    self._turns.leave(guest)  # else another run of the same session goes on in its place
                elif kind == "new_session":
                    self._turns.is_called(guest, said.new_session.initialize.session_id)
                    said.new_session.main_script_path = Path(said.new_session.main_script_path).name
                    message = {**message, "bytes": said.SerializeToString()}
            await send(message)

        return sending

    def _with_headers(self, scope: Message, send: Send) -> Send:
        """`send`, with the security headers on the answer. Which server this is uvicorn adds, if not told else."""
        secure = [(b"strict-transport-security", b"max-age=31536000")] if scope.get("scheme") == "https" else []

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                names = {name for name, _ in self._headers} | {b"server"}
                kept = [(name, value) for name, value in message.get("headers", ()) if name.lower() not in names]
                message = {**message, "headers": [*kept, *self._headers, *secure]}
            await send(message)

        return sending


class _Mail:
    """What a socket receives, with a look at the next message while the one before it waits: whether it has closed."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._coming: asyncio.Task[Message] | None = None

    async def next(self) -> Message:
        """The next message."""
        coming, self._coming = self._coming, None
        return await (coming or self._receive())

    async def unless_it_closes(
        self, waiting: Coroutine[object, object, None], gives_way: Callable[[bytes], bool] | None = None
    ) -> bool:
        """Wait for something, but no longer than the socket is open, or than until a message comes to which this one
        gives way; returns whether the socket is open.
        """
        task = asyncio.ensure_future(waiting)
        self._coming = self._coming or asyncio.ensure_future(_awaited(self._receive))
        try:
            await asyncio.wait((task, self._coming), return_when=asyncio.FIRST_COMPLETED)
            if not task.done():
                came = self._coming.result()
                if came["type"] == "websocket.disconnect":
                    return False
                if gives_way and gives_way(came.get("bytes") or b""):
                    return True
            await task
            return True
        finally:
            task.cancel()

    def close(self) -> None:
        """Nobody reads on."""
        if self._coming:
            self._coming.cancel()


async def _awaited(receive: Receive) -> Message:
    return await receive()


def headers(embed: str = "") -> dict[bytes, bytes]:
    """Security headers by name. `embed` says who may show RegDash in a frame, such as "https://lms.example.org" or "*".

    What Streamlit 1.67 needs: its index page has a script of one line and styles made by scripts ('unsafe-inline'), and
    it loads components such as the picture as modules from blobs (`blob:`). WebAssembly and `eval` are not needed.
    """
    ancestors = f"'self' {embed}".strip()
    policy = {
        "default-src": "'self'",
        "script-src": "'self' 'unsafe-inline' blob:",
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "connect-src": "'self' ws: wss:",
        "worker-src": "'self' blob:",
        "object-src": "'none'",
        "base-uri": "'self'",
        "form-action": "'self'",
        "frame-ancestors": ancestors,
    }
    text = "; ".join(f"{name} {value}" for name, value in policy.items())
    frames = {} if embed else {b"x-frame-options": b"SAMEORIGIN"}
    return frames | {
        b"content-security-policy": text.encode("latin-1"),
        b"x-content-type-options": b"nosniff",
        b"referrer-policy": b"same-origin",
        b"permissions-policy": b"camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        b"cross-origin-opener-policy": b"same-origin",
    }


def is_closed(path: str) -> bool:
    """Whether a path is one of Streamlit's that RegDash does not use."""
    return is_below(path, CLOSED)


def is_below(path: str, places: tuple[str, ...]) -> bool:
    """Whether a path begins with one of these, wherever the app lives."""
    base = str(config.get_option("server.baseUrlPath") or "").strip("/")
    return path.lstrip("/").removeprefix(base).lstrip("/").startswith(places)


def is_own_origin(origin: str | None, host: str | None) -> bool:
    """Whether a connection comes from this app's own page, from one that `server.corsAllowedOrigins` names, or from no
    browser at all: browsers always say from where.
    """
    if origin is None:
        return True
    allowed = [str(each).rstrip("/") for each in config.get_option("server.corsAllowedOrigins") or ()]
    try:
        return origin.rstrip("/") in allowed or urlsplit(origin).netloc == host
    except ValueError:  # such as an unfinished IPv6 address
        return False


def is_of_page(data: bytes) -> bool:
    """Whether this asks for a run of the whole page, not of a part of it."""
    return kind_of(data) == RERUN and parts.is_of_page(BackMsg.FromString(data).rerun_script.fragment_id)


def kind_of(data: bytes) -> str | None:
    """Which message of Streamlit's this is, and which operation of it; None if it is none."""
    message = BackMsg()
    try:
        message.ParseFromString(data)
    except DecodeError:
        return None
    kind: str | None = message.WhichOneof("type")
    if kind == "backend_operation_request":
        return f"{kind}.{message.backend_operation_request.WhichOneof('payload')}"
    return kind
