"""Chunks cover what is to be trained, once; they are small, of one shape, and the first seeds come first."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from regdash import RunConfig, StudySpec
from regdash.cost import cost
from regdash.ensemble.plan import shape
from regdash.study.plan import CHUNK_SECONDS, chunks, most_together

SWEEPS = [
    {"dropout": [0.0, 0.5]}, {"width": [2, 8, 64, 256]}, {"width": [4, 8], "dropout": [0, 0.1, 0.2]},
    {"epochs": [5, 100], "n_samples": [20, 600]}, {"dataset": ["moons", "xor"], "depth": [1, 2, 3]},
]  # fmt: skip


@given(sweep=st.sampled_from(SWEEPS), seeds=st.integers(1, 70), workers=st.integers(1, 5), share=st.floats(0, 1))
@example(sweep=SWEEPS[0], seeds=61, workers=1, share=1.0)  # the second value costs more than the first
def test_every_run_that_is_to_be_trained_is_in_one_chunk(sweep, seeds, workers, share):
    spec = StudySpec(base=RunConfig(), sweep=sweep, seeds=seeds)
    todo = np.random.default_rng(seeds).random((spec.n_cells, seeds)) < share
    plan = chunks(spec, todo, workers)
    planned = [(int(cell), int(replicate)) for pairs in plan for replicate, cell in pairs]
    assert sorted(planned) == sorted(map(tuple, np.argwhere(todo)))
    for pairs in plan:
        configs = [spec.config(int(cell), int(replicate)) for replicate, cell in pairs]
        assert len({shape(config) for config in configs}) == 1
        assert 1 <= len(configs) <= most_together(configs[0])
    assert [pairs[0, 0] for pairs in plan] == sorted(pairs[0, 0] for pairs in plan)


@pytest.mark.parametrize("width", [4, 32, 64, 128])
def test_chunks_are_short(width):
    config = RunConfig(width=width)
    assert most_together(config) * cost(config, snapshots=0) <= CHUNK_SECONDS


def test_a_run_that_is_longer_than_a_chunk_is_a_chunk_of_its_own():
    assert most_together(RunConfig(width=256, depth=3, n_samples=2000, epochs=1000)) == 1


def test_the_first_chunks_cover_all_cells():
    spec = StudySpec(base=RunConfig(), sweep={"width": [4, 8, 16], "dropout": [0, 0.2, 0.4, 0.6, 0.8]}, seeds=100)
    plan = chunks(spec, np.ones((spec.n_cells, 100), bool), 2)
    early = np.concatenate(plan[: len(plan) // 10 + 3])
    assert set(early[:, 1]) == set(range(spec.n_cells))


def test_every_worker_gets_as_many_chunks():
    spec = StudySpec(base=RunConfig(), sweep={"dropout": [0.0, 0.5]}, seeds=60)
    for workers in (1, 2, 3, 4):
        sizes = [len(pairs) for pairs in chunks(spec, np.ones((2, 60), bool), workers)]
        assert len(sizes) % workers == 0
        assert max(sizes) - min(sizes) <= 1


def test_nothing_to_do_is_no_chunk():
    spec = StudySpec(base=RunConfig(), sweep={"dropout": [0.0, 0.5]}, seeds=3)
    assert chunks(spec, np.zeros((2, 3), bool), 2) == []
