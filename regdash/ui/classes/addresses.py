"""The link by which students join: by the address at which the teacher's browser has found the server.

So it works in a laptop's own network without the internet. Only who sits at the server itself may have come by a name
that phones cannot use, "localhost", and is offered the machine's addresses in its networks; nobody else learns them.
"""

import ipaddress
import socket
from urllib.parse import urlsplit

import psutil
import streamlit as st

VIRTUAL = ("docker", "veth", "br-", "virbr", "lxc", "vmnet", "vbox")  # networks that no phone is in: named last
SPOKEN_FOR = ("forwarded", "x-forwarded-for", "x-forwarded-host")  # a proxy speaks for somebody elsewhere


def join_link(code: str, host: str = "") -> str:
    """The students' link; `host`, an address of this machine, in place of "localhost"."""
    url = urlsplit(st.context.url or "")
    path = url.path.rstrip("/")
    path = path if path.endswith("/class") else f"{path}/class"
    place = f"{host}:{url.port}" if host and url.port else host or url.netloc
    return f"{url.scheme}://{place}{path}?join={code}" if place else f"{path}?join={code}"


def is_for_this_machine_only() -> bool:
    """Whether the teacher's browser calls the server by a name that only this machine understands."""
    return _is_loopback(urlsplit(st.context.url or "").hostname or "")


def of_this_machine() -> list[str]:
    """Its IPv4 addresses in its networks, for whoever sits at it; for all others, none."""
    if not _sits_here():
        return []
    up = psutil.net_if_stats()
    found = [
        (name.startswith(VIRTUAL), each.address)
        for name, addresses in psutil.net_if_addrs().items()
        for each in addresses
        if each.family == socket.AF_INET and up[name].isup and not _is_unreachable(each.address)
    ]
    return [address for _, address in sorted(found)]


def _sits_here() -> bool:
    headers = st.context.headers
    peer = headers.get("X-Real-IP", "127.0.0.1")  # of nginx, as `deploy/serve` sets it
    return st.context.ip_address is None and _is_loopback(peer) and not any(name in headers for name in SPOKEN_FOR)


def _is_unreachable(address: str) -> bool:
    parsed = ipaddress.ip_address(address)
    return parsed.is_loopback or parsed.is_link_local or parsed.is_unspecified


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
