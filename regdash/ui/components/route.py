"""How browsers get the chart library and the components' scripts: by routes of the app, with leave to keep them."""

from collections.abc import Awaitable, Callable
from types import MappingProxyType

import streamlit as st
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from regdash.ui.components.chart.component import SCRIPT as CHART
from regdash.ui.components.dock.component import SCRIPT as DOCK
from regdash.ui.components.page.component import SCRIPT as PAGE
from regdash.ui.components.picture.component import SCRIPT as PICTURE
from regdash.ui.components.plotly import FILE, PATH
from regdash.ui.components.presenter.component import SCRIPT as PRESENTER
from regdash.ui.components.script import FOLDER

FOR_GOOD = MappingProxyType({"Cache-Control": "public, max-age=31536000, immutable"})  # names hold versions
SCRIPTS = MappingProxyType({script.file: script.text for script in (CHART, DOCK, PAGE, PICTURE, PRESENTER)})


def library() -> Route:
    """The chart library's route."""
    return _route(PATH, _library)


def scripts() -> Route:
    """The scripts' route."""
    return _route(f"{FOLDER}/{{file}}", _script)


def _route(path: str, answer: Callable[[Request], Awaitable[Response]]) -> Route:
    """A route that is there, too, where the app lives under a path that reaches the server."""
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return Route(f"/{base}/{path}" if base else f"/{path}", answer, methods=["GET", "HEAD"])


async def _library(_: Request) -> Response:
    return FileResponse(FILE, media_type="text/javascript", headers=dict(FOR_GOOD))


async def _script(request: Request) -> Response:
    text = SCRIPTS.get(request.path_params["file"])
    if text is None:
        return Response("Not found", status_code=404, media_type="text/plain")
    return Response(text, media_type="text/javascript", headers=dict(FOR_GOOD))
