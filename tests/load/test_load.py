import argparse
import asyncio
import random

import pytest

from bench.load.__main__ import loopback, main, report
from bench.load.crowd import Plan, load
from bench.load.training import page
from bench.load.visitor import Traffic, VisitError, Visitor
from bench.server import serve


@pytest.mark.slow
@pytest.mark.parametrize("path", ["batcher", "none"])
def test_visitors_get_a_new_picture_for_every_move(path):
    plan = Plan(visitors=3, period=0.5, seconds=60, warmup=0, moves=2, controls=("dropout", "weight_decay", "seed"))
    with serve(page(path)) as server:
        result = asyncio.run(load(server.address, plan, server.process.pid))
        assert result.errors == [], server.last_words()
    assert len(result.answers) == 6
    assert all(0 < answer.picture <= answer.finished for _, answer in result.answers)
    assert result.traffic.bytes > 6 * 100_000
    assert "errors" in report(plan, result, "test")


@pytest.mark.slow
def test_a_resting_visitor_gets_a_second_opinion_and_one_who_moves_on_leaves_it():
    async def visit(address):
        async with Visitor(address, random.Random(1), Traffic(), patience=60) as visitor:
            await visitor.arrive()
            judged = await visitor.rest(15)
            assert await visitor.rest(1) is None, "there is one already"
            await visitor.move(["dropout"])
            return judged, await visitor.rest(0.1), await visitor.rest(0.9)

    with serve(page("batcher")) as server:
        judged, early, left = asyncio.run(visit(server.address))
    assert judged.outcome == "judged"
    assert early is None
    assert left.outcome in ("left", "judged")


def test_a_control_that_does_not_exist_is_an_error():
    visitor = Visitor("127.0.0.1:1", random.Random(1), Traffic(), patience=1)
    with pytest.raises(VisitError, match="no control nonsense"):
        asyncio.run(visitor.move(["nonsense"]))


def test_nobody_at_the_address_is_an_error_of_each_visitor(capsys):
    assert main(["--url", "http://127.0.0.1:1", "--visitors", "2", "--seconds", "1"]) == 1
    assert capsys.readouterr().err.count("error: on arrival: ") == 2


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("http://127.0.0.1:8501", "127.0.0.1:8501"),
        ("http://localhost:9000/", "127.0.0.1:9000"),
        ("127.0.0.1", "127.0.0.1:8501"),
        ("http://[::1]:80", "[::1]:80"),
    ],
)
def test_pages_of_this_machine_are_accepted(url, address):
    assert loopback(url) == address


@pytest.mark.parametrize(
    "url", ["http://example.org", "10.0.0.1:8501", "http://127.0.0.1.example.org", "https://127.0.0.1", "", "::1"]
)
def test_everything_else_is_refused(url):
    with pytest.raises(argparse.ArgumentTypeError, match="not a page on this machine"):
        loopback(url)
