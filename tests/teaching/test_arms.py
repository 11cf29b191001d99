from hypothesis import given
from hypothesis import strategies as st

from regdash import RunConfig
from regdash.teaching.arms import ARMS, DEFAULT_ARMS

REGULARIZERS = {"dropout", "weight_decay", "label_smoothing"}


@given(st.floats(0, 0.95), st.floats(0, 1), st.floats(0, 0.5))
def test_arms_share_everything_but_the_regularizers(dropout, decay, smoothing):
    config = RunConfig(dropout=dropout, weight_decay=decay, label_smoothing=smoothing)
    for spec in ARMS.values():
        arm = spec.config(config)
        changed = {name for name in vars(config) if getattr(arm, name) != getattr(config, name)}
        assert changed <= REGULARIZERS


def test_each_arm_keeps_what_its_name_says():
    config = RunConfig(dropout=0.3, weight_decay=0.02, label_smoothing=0.1)
    kept = {key: {name for name in REGULARIZERS if getattr(spec.config(config), name)} for key, spec in ARMS.items()}
    assert kept == {"none": set(), "dropout": {"dropout"}, "decay": {"weight_decay"}, "yours": REGULARIZERS}


def test_the_default_race_is_nothing_against_yours():
    assert DEFAULT_ARMS == ("none", "yours")
