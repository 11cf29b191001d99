"""Keyframes: dense at first, few of wide networks, and those of a shorter run are the beginning of a longer one's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regdash import RunConfig
from regdash.config import FIELDS
from regdash.keyframes import keyframes, stops
from regdash.results import snapshot_epochs

STOPS = [int(stop) for stop in FIELDS["epochs"].stops]
SHAPES = st.builds(RunConfig, width=st.integers(1, 256), depth=st.integers(1, 3), epochs=st.integers(1, 1000))


@given(config=SHAPES)
def test_keyframes_ascend_to_the_last_epoch(config: RunConfig) -> None:
    shown = keyframes(config)
    assert shown == snapshot_epochs(config.epochs, shown)
    assert shown[0] == 1
    assert len(shown) <= 64


@given(config=SHAPES, epochs=st.sampled_from(STOPS))
def test_of_fewer_epochs_they_are_the_beginning(config: RunConfig, epochs: int) -> None:
    long = config.but(epochs=1000)
    assert keyframes(long.but(epochs=epochs)) == tuple(epoch for epoch in keyframes(long) if epoch <= epochs)


@given(config=SHAPES)
def test_stops_are_keyframes_where_the_control_may_stand(config: RunConfig) -> None:
    assert set(stops(config)) <= set(keyframes(config)[:-1]) & set(STOPS)
    assert list(stops(config)) == sorted(stops(config))


def test_the_opening_page_shows_some_forty() -> None:
    assert len(keyframes(RunConfig(width=64, epochs=200))) == 41
    assert stops(RunConfig(width=64, epochs=200)) == (40, 60, 80, 100, 150)


@pytest.mark.parametrize("wide", [{"width": 96}, {"width": 256}, {"width": 256, "depth": 3}], ids=str)
def test_wide_networks_have_fewer(wide: dict[str, int]) -> None:
    for epochs in (100, 200, 1000):
        assert 2 * len(keyframes(RunConfig(**wide, epochs=epochs))) <= len(keyframes(RunConfig(epochs=epochs))) + 1
