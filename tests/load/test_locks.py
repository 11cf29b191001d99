"""A locked control against a hand-made client: one that speaks the protocol, and knows nothing of greyed controls."""

import asyncio
import random
import sys

import pytest

from bench.load.visitor import Traffic, VisitError, Visitor
from bench.server import serve
from regdash.permalink import Explore, View, encode
from regdash.teaching.scenarios import NOISY

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform == "win32", reason="tried on systems that serve")]
LINK = encode(View(page=Explore(config=NOISY.but(width=8, epochs=40)), lock=("width", "seed")))


def test_a_locked_control_stays_where_the_link_put_it():
    async def visit(address: str) -> None:
        async with Visitor(address, random.Random(1), Traffic(), patience=60, query=LINK) as visitor:
            await visitor.arrive()
            controls = visitor._page.controls
            assert controls["width"].value == ("8",)
            for key, value in (("width", ("8",)), ("seed", 7)):
                with pytest.raises(VisitError, match="no new picture came"):
                    await visitor.move([key])
                assert controls[key].value == value  # the server has put it back
            await visitor.move(["dropout"])  # which is free
            assert controls["width"].value == ("8",)
            visitor._query = encode(View(page=Explore()))  # the same session under a link without locks
            with pytest.raises(VisitError, match="no new picture came"):
                await visitor.move(["width"])
            assert controls["width"].value == ("8",)

    with serve() as server:
        asyncio.run(visit(server.address))
        assert server.complaints() == ""
