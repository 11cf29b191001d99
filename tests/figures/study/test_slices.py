"""Slices of studies: what runs along an axis, and what is compared with what."""

import pytest

from regdash import RunConfig, StudySpec
from regdash.figures.study.slices import slices, usual_baseline


@pytest.mark.parametrize(
    ("sweep", "base", "usual"),
    [
        ({"dropout": [0.5, 0.0, 0.3]}, {"dropout": 0.3}, 0.0),
        ({"dropout": [0.5, 0.7, 0.3]}, {"dropout": 0.5}, 0.5),
        ({"width": [4, 64, 128]}, {"width": 64}, 64),
        ({"width": [4, 128]}, {"width": 64}, 4),
        ({"decay": ["l2", "decoupled"]}, {"decay": "decoupled"}, "decoupled"),
    ],
)
def test_at_first_all_is_compared_with_no_regularization_or_with_the_own_value(sweep, base, usual):
    spec = StudySpec(base=RunConfig(**base), sweep=sweep, seeds=2)
    (piece,) = slices(spec)
    assert piece.values[usual_baseline(piece, spec.base)] == usual
