"""Files that browsers may keep: what arrives is what the app answers, compressed, and read once."""

import asyncio
import gzip

import pytest

from regdash.ui import files
from regdash.ui.files import Files

TEXT = b"const a = 1;\n" * 1000
KEPT = [
    (b"content-type", b"text/javascript"),
    (b"cache-control", b"public, immutable"),
    (b"etag", b"1"),
    (b"accept-ranges", b"bytes"),
]
ASKS = [(b"accept-encoding", b"gzip, br")]
ASKS_FOR_ALL = [(b"accept-encoding", b"gzip")]


class App:
    """Answers with this, in two pieces; `asked` are the requests that came."""

    def __init__(self, body: bytes = TEXT, headers=KEPT, status: int = 200) -> None:
        self.body, self.headers, self.status, self.asked = body, headers, status, []

    async def __call__(self, scope, _receive, send):
        self.asked.append(scope)
        await asyncio.sleep(0)
        length = (b"content-length", str(len(self.body)).encode())
        await send({"type": "http.response.start", "status": self.status, "headers": [*self.headers, length]})
        await send({"type": "http.response.body", "body": self.body[:7], "more_body": True})
        await send({"type": "http.response.body", "body": self.body[7:]})


def scope(path: str = "/static/js/a.js", headers=ASKS, **others):
    return {"type": "http", "method": "GET", "path": path, "headers": headers} | others


async def answer(app, asked):
    """(status, headers, body, number of pieces) of what arrives."""
    messages = []

    async def send(message):
        messages.append(message)

    await app(asked, None, send)
    start, *pieces = messages
    assert [piece.get("more_body", False) for piece in pieces] == [True] * (len(pieces) - 1) + [False]
    return start["status"], dict(start["headers"]), b"".join(piece["body"] for piece in pieces), len(pieces)


def plain(headers, body):
    """A body as it was before it was compressed, if it was."""
    return gzip.decompress(body) if headers.get(b"content-encoding") == b"gzip" else body


def answers(app, *asked):
    async def all_of_them():
        return await asyncio.gather(*(answer(app, each) for each in asked))

    return asyncio.run(all_of_them())


def test_a_file_is_compressed_and_says_so():
    ((status, headers, body, n_pieces),) = answers(Files(App()), scope())
    assert (status, n_pieces) == (200, 1)
    assert gzip.decompress(body) == TEXT
    assert headers == {
        b"content-type": b"text/javascript",
        b"cache-control": b"public, immutable",
        b"content-encoding": b"gzip",
        b"vary": b"Accept-Encoding",
    }


def test_of_many_who_ask_at_once_or_later_one_has_it_read():
    app = App()
    kept = Files(app)
    assert len({body for _, _, body, _ in [*answers(kept, *[scope()] * 9), *answers(kept, scope())]}) == 1
    assert len(app.asked) == 1
    assert app.asked[0]["headers"] == ASKS_FOR_ALL, "what is kept is for all"
    assert app.asked[0]["extensions"] == {}, "and comes through here"
    assert not kept._comes


def test_pictures_and_fonts_stay_as_they_are():
    app = App(headers=[(b"content-type", b"font/woff2"), *KEPT[1:]])
    kept = Files(app)
    for _ in range(2):
        ((_, headers, body, _),) = answers(kept, scope())
        assert (body, headers[b"etag"]) == (TEXT, b"1")
        assert b"content-encoding" not in headers
    assert len(app.asked) == 1


@pytest.mark.parametrize(
    "asked",
    [
        scope("/"),
        scope("/_stcore/health"),
        scope("/app/class/1234"),
        scope("/static/./js/a.js"),
        scope("/static//js/a.js"),
        scope(headers=[(b"accept-encoding", b"gzip;q=0, br")]),
        scope("/media/static/a.js"),
        scope(headers=[]),
        scope(headers=[(b"accept-encoding", b"br")]),
        scope(headers=[*ASKS, (b"range", b"bytes=0-7")]),
        scope(headers=[*ASKS, (b"if-none-match", b"1")]),
        scope(method="HEAD"),
    ],
)
def test_other_requests_reach_the_app_as_they_are(asked):
    app = App()
    kept = Files(app)
    for _ in range(2):
        ((_, _, body, n_pieces),) = answers(kept, asked)
        assert (body, n_pieces) == (TEXT, 2)
    assert app.asked == [asked, asked]


@pytest.mark.parametrize(
    "app",
    [
        App(status=404),
        App(headers=[KEPT[0], (b"cache-control", b"no-cache")]),
        App(headers=[*KEPT, (b"set-cookie", b"a=1")]),
    ],
)
def test_what_may_not_be_kept_is_not(app):
    kept = Files(app)
    for _ in range(2):
        ((status, headers, body, _),) = answers(kept, scope())
        assert (status, plain(headers, body)) == (app.status, TEXT)
    assert len(app.asked) == 2


@pytest.mark.parametrize(("bound", "most"), [("MOST", 1), ("MANY", 1)])
def test_there_is_a_bound(monkeypatch, bound, most):
    monkeypatch.setattr(files, bound, most)
    app = App()
    kept = Files(app)
    for name, n_pieces in (("a", 1), ("b", 2), ("b", 2), ("a", 1)):
        ((_, headers, body, n),) = answers(kept, scope(f"/static/{name}.js"))
        assert (plain(headers, body), n) == (TEXT, n_pieces)
    assert [asked["path"] for asked in app.asked] == ["/static/a.js", "/static/b.js", "/static/b.js"]


def test_large_ones_come_in_pieces(monkeypatch):
    monkeypatch.setattr(files, "CHUNK", 10)
    ((_, _, body, n_pieces),) = answers(Files(App()), scope())
    assert gzip.decompress(body) == TEXT
    assert n_pieces == -(-len(body) // 10)
    ((_, headers, body, _),) = answers(Files(App(body=b"")), scope())
    assert plain(headers, body) == b""


def test_an_app_that_fails_fails_and_is_asked_again():
    async def broken(_scope, _receive, _send):
        raise OSError("no disk")

    kept = Files(broken)
    with pytest.raises(OSError, match="no disk"):
        answers(kept, scope())
    assert not kept._comes
