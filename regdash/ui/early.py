"""What a browser fetches before it has found out that it needs it: said with the page itself, in a `Link` header.

Streamlit's page asks for the script of a kind of element when the first of that kind arrives, draws what it has, waits
(React shows what comes late at most every 0.3 s), and so on, kind by kind; then come our components' scripts, then the
chart library. Asked for all at once, they are there when they are needed: the first picture is seen 0.3 s sooner where
two cores run browser and server (`python -m bench page`).
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import streamlit
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from regdash.ui.components.page.component import SCRIPT as PAGE
from regdash.ui.components.plotly import PATH
from regdash.ui.components.presenter.component import SCRIPT as PRESENTER
from regdash.ui.components.route import SCRIPTS
from regdash.ui.components.script import FOLDER

# Streamlit's elements on the page that RegDash opens with, as its files name them. A name without a file does no harm.
ELEMENTS: Final = (
    *("BidiComponent", "ButtonGroup", "Html", "Selectbox", "MenuButton"),
    *("Slider", "NumberInput", "Button", "Metric", "DownloadButton", "Checkbox"),
)
PLAIN: Final = "/class"  # how the address ends of the page that opens without a figure, on thirty phones at once
STREAMLIT: Final = Path(streamlit.__file__).parent / "static" / "static" / "js"


class Early:
    """ASGI middleware: adds the header to pages, and hands on all else."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._plain, self._full = (_header(links(figures=figures)) for figures in (False, True))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the app does."""

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start" and _is_page(message):
                added = self._plain if scope["path"].rstrip("/").endswith(PLAIN) else self._full
                message = {**message, "headers": [*message["headers"], added]}
            await send(message)

        await self._app(scope, receive, sending if scope["type"] == "http" else send)


def links(*, figures: bool) -> Iterator[str]:
    """The values of the header, with what `figures` need or without. Addresses are relative to the page, as those in
    Streamlit's own index page are.
    """
    for name in ELEMENTS:
        for file in STREAMLIT.glob(f"{name}.*.js"):
            yield f"<./static/js/{file.name}>; rel=modulepreload; crossorigin"
    for name in SCRIPTS if figures else (PAGE.file, PRESENTER.file):
        yield f"<./{FOLDER}/{name}>; rel=modulepreload; crossorigin"
    if figures:
        yield f"<./{PATH}>; rel=preload; as=script"


def _header(values: Iterable[str]) -> tuple[bytes, bytes]:
    return b"link", ", ".join(values).encode("latin-1")


def _is_page(answer: Message) -> bool:
    kinds = [value for name, value in answer.get("headers", ()) if name.lower() == b"content-type"]
    return answer["status"] == 200 and any(kind.startswith(b"text/html") for kind in kinds)
