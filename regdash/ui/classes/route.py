"""How a class stands, for browsers that look again and again: a few bytes, for which no page runs."""

from typing import Any

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from regdash.classes.looks import pace
from regdash.classes.room import Room
from regdash.errors import ClassError, NoSuchClass
from regdash.ui.classes import kept

PATH = "app/class/"  # and the code; relative to the app
GONE = 0  # the version of a class that there is no more
LATER = 10.0  # seconds until a browser looks again where the store cannot be read


def look() -> Route:
    """The route. Where the app lives under a path that reaches the server, so does this."""
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return Route(f"/{base}/{PATH}{{code}}" if base else f"/{PATH}{{code}}", _answer, methods=["GET"])


async def _answer(request: Request) -> Response:
    """What is fresh is answered at once; what has to be read, from a thread."""
    code = request.path_params["code"]
    try:
        room = kept.looks().kept(code)
        if room is None:
            room = await run_in_threadpool(kept.looks().room, code)
    except NoSuchClass:
        told: dict[str, Any] = {"version": GONE, "joined": 0, "answered": 0, "after": LATER, "over": True}
    except ClassError:
        told = {"after": LATER}
    else:
        told = _told(room)
    return JSONResponse(told, headers={"Cache-Control": "no-store"})


def _told(room: Room) -> dict[str, Any]:
    counts = {"joined": room.joined, "answered": room.answered}
    return {"version": room.version, **counts, "after": pace(room.joined), "over": room.ended}
