"""The numbers of this process for Prometheus, at /metrics: for this machine itself, closed to the outside."""

import ipaddress

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from regdash.ui.common.moves import meter

FORWARDED = (
    "forwarded",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-real-ip",
)  # who sends one of these speaks for another


def metrics() -> Route:
    """The route."""
    return Route("/metrics", _answer, methods=["GET"])


def _answer(request: Request) -> Response:
    if not is_here(request):
        return Response("Not found", status_code=404, media_type="text/plain")
    return Response(meter().text(), media_type="text/plain; version=0.0.4")


def is_here(request: Request) -> bool:
    """Whether a request comes from this machine, and not by way of a proxy on it."""
    host = request.client.host if request.client else ""
    try:
        here = ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
    return here and not any(name in request.headers for name in FORWARDED)
