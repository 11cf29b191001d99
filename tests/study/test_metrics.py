import pytest

from regdash.study import METRICS
from regdash.study.metrics import COMPARABLE, DEFAULT_METRIC


def test_what_can_be_compared_is_in_the_results():
    assert set(COMPARABLE) <= set(METRICS)
    assert DEFAULT_METRIC in COMPARABLE


@pytest.mark.parametrize("key", COMPARABLE)
def test_less_of_a_loss_gap_or_lie_is_better(key):
    metric = COMPARABLE[key]
    assert metric.higher_is_better == ("accuracy" in key)
    assert metric.sign == (1 if "accuracy" in key else -1)
    assert metric.is_share == ("loss" not in key)
    assert metric.matters > 0
