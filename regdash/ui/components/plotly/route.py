"""How browsers get the chart library: by a route of the app, with leave to keep it for good."""

from types import MappingProxyType

import streamlit as st
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from regdash.ui.components.plotly import FILE, PATH

FOR_GOOD = MappingProxyType({"Cache-Control": "public, max-age=31536000, immutable"})  # the name holds the version


def library() -> Route:
    """The route. Where the app lives under a path that reaches the server, so does the library."""
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return Route(f"/{base}/{PATH}" if base else f"/{PATH}", _answer, methods=["GET", "HEAD"])


async def _answer(_: Request) -> Response:
    return FileResponse(FILE, media_type="text/javascript", headers=dict(FOR_GOOD))
