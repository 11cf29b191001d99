"""Files that browsers may keep for good are read and compressed once, and then sent from memory.

A browser that opens RegDash for the first time fetches a hundred files, 3.8 MB. Streamlit 1.67 reads each anew for
each browser, 64 kB at a time, in threads, and does not compress them, since it would do that anew, too. A class that
opens one link at once waits for that, and a laptop that is the classroom's hotspot sends twice the bytes.
"""

import asyncio
import posixpath
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from regdash.ui.gate import is_below

PLACES: Final = tuple(f"{folder}/" for folder in ("static", "app/static"))  # Streamlit's own files, and RegDash's
SMALL, LEVEL = 1000, 6  # bytes that are not worth compressing, and how hard it is tried
MOST: Final = 32 * 2**20  # bytes that are kept; today some 2 MB are
MANY: Final = 1000  # files that are; today 120
CHUNK: Final = 2**18  # bytes handed on at once: a slow reader holds no more
OWN: Final = (b"accept-encoding", b"range", b"if-none-match", b"if-modified-since", b"if-range")  # of one request
OF_BYTES: Final = (b"etag", b"last-modified", b"accept-ranges")  # of an answer: they mean its bytes as the app has them
Headers = list[tuple[bytes, bytes]]


@dataclass
class _Answer:
    """What an app answers, in one piece."""

    status: int = 0
    headers: Headers = field(default_factory=list)
    body: bytes = b""

    @property
    def may_be_kept(self) -> bool:
        named = _named(self.headers)
        return self.status == 200 and b"immutable" in named.get(b"cache-control", b"") and b"set-cookie" not in named

    async def hear(self, message: Message) -> None:
        """As an app's `send`."""
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], list(message.get("headers", ()))
        elif message["type"] == "http.response.body":
            self.body += message.get("body", b"")

    async def say(self, send: Send) -> None:
        """To a browser."""
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        starts = range(0, max(len(self.body), 1), CHUNK)
        for start in starts:
            more = start != starts[-1]
            await send({"type": "http.response.body", "body": self.body[start : start + CHUNK], "more_body": more})


class Files:
    """ASGI middleware, inside of the gate."""

    def __init__(self, app: ASGIApp) -> None:
        self._app, self._compressing = app, GZipMiddleware(app, minimum_size=SMALL, compresslevel=LEVEL)
        self._kept: dict[str, _Answer] = {}
        self._size = 0
        self._comes: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the app does."""
        has_room = self._size < MOST and len(self._kept) < MANY
        if _is_plain(scope) and (has_room or scope["path"] in self._kept):
            answer = self._kept.get(scope["path"]) or await self._first(scope, receive)
            await answer.say(send)
        else:
            await self._app(scope, receive, send)

    async def _first(self, scope: Scope, receive: Receive) -> _Answer:
        """The answer to who asks first; of thirty who ask at once, one has it read."""
        path = scope["path"]
        try:
            async with self._comes[path]:
                return self._kept.get(path) or await self._read(scope, receive)
        finally:
            self._comes.pop(path, None)

    async def _read(self, scope: Scope, receive: Receive) -> _Answer:
        """The app's whole answer; kept, and compressed, if it may be."""
        headers = [(name, value) for name, value in scope["headers"] if name not in OWN]
        asked, answer = {**scope, "headers": [*headers, (b"accept-encoding", b"gzip")], "extensions": {}}, _Answer()
        await self._compressing(asked, receive, answer.hear)
        if answer.may_be_kept:
            if b"content-encoding" in _named(answer.headers):
                answer.headers = [(name, value) for name, value in answer.headers if name.lower() not in OF_BYTES]
            self._size += len(answer.body)
            self._kept[scope["path"]] = answer
        return answer


def _is_plain(scope: Scope) -> bool:
    """Whether this asks for a whole file, compressed or not: what has no wish of its own. A file has one name here:
    Streamlit knows it by others too, such as `/static/./js/…`.
    """
    if scope["type"] != "http" or scope["method"] != "GET" or not is_below(scope["path"], PLACES):
        return False
    named = _named(scope["headers"])
    takes = named.get(b"accept-encoding", b"").replace(b" ", b"")
    is_name = posixpath.normpath(scope["path"]) == scope["path"]
    return is_name and b"gzip" in takes and b"gzip;q=0" not in takes and not any(name in named for name in OWN[1:])


def _named(headers: Iterable[tuple[bytes, bytes]]) -> dict[bytes, bytes]:
    return {name.lower(): value for name, value in headers}
