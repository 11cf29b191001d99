"""What a browser is told to fetch with the page. That it does, and needs it, is seen in a browser."""

import asyncio

import pytest

from regdash.ui.components.plotly import PATH
from regdash.ui.components.route import SCRIPTS
from regdash.ui.early import ELEMENTS, STREAMLIT, Early, links

PAGE = [(b"Content-Type", b"text/html; charset=utf-8"), (b"etag", b"1")]


def answer(path: str, headers=PAGE, status: int = 200, kind: str = "http") -> list[tuple[bytes, bytes]]:
    """The headers that arrive, of an app that answers with these."""
    arrived = []

    async def app(_scope, _receive, send):
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    async def send(message):
        arrived.append(message)

    asyncio.run(Early(app)({"type": kind, "path": path}, None, send))
    assert [message["type"] for message in arrived] == ["http.response.start", "http.response.body"]
    return arrived[0]["headers"]


@pytest.mark.parametrize("name", ELEMENTS)
def test_streamlit_has_one_file_of_each_name(name: str) -> None:
    assert len(list(STREAMLIT.glob(f"{name}.*.js"))) == 1, (
        "Streamlit calls it something else now: look in its static/js"
    )


def test_a_page_brings_the_header_and_keeps_its_own() -> None:
    for path in ("/", "/study", "/base/lessons"):
        *before, (name, value) = answer(path)
        assert before == PAGE
        assert name == b"link"
        assert value.decode().split(", ") == list(links(figures=True))


def test_a_class_is_not_sent_what_draws_figures() -> None:
    for path in ("/class", "/class/", "/base/class"):
        text = dict(answer(path))[b"link"].decode()
        assert PATH not in text
        assert [name for name in SCRIPTS if name in text] == [
            name for name in SCRIPTS if name.startswith(("page", "presenter"))
        ]
        assert "BidiComponent" in text


@pytest.mark.parametrize(
    ("headers", "status"),
    [([(b"content-type", b"text/javascript")], 200), ([(b"content-type", b"text/html")], 404), ([], 200)],
)
def test_other_answers_are_left_alone(headers, status: int) -> None:
    assert answer("/", headers, status) == headers


def test_what_is_no_request_is_handed_on() -> None:
    assert answer("/", kind="websocket") == PAGE


def test_the_header_fits_into_what_proxies_read_at_once() -> None:
    assert sum(map(len, links(figures=True))) < 2048  # nginx: 4,096 for all headers
