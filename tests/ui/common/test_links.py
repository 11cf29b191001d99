import pytest
from hypothesis import given
from hypothesis import strategies as st

from regdash.config import FIELDS
from regdash.teaching.scenarios import SCENARIOS
from regdash.ui.common import controls, links

TEXTS = st.text(max_size=30)


@pytest.mark.parametrize("key", SCENARIOS)
def test_what_a_control_writes_into_a_link_is_usable(key):
    config = SCENARIOS[key].config
    asked = {name: [field.text(getattr(config, name))] for name, field in FIELDS.items()}
    assert links.problems(asked | {"scenario": [SCENARIOS[key].label]}) == {}


@given(st.dictionaries(st.sampled_from([*FIELDS, "scenario", "foo"]), st.lists(TEXTS, max_size=3)))
def test_junk_is_never_repeated_and_never_raises(asked):
    for name, note in links.problems(asked).items():
        assert "must be" in note
        assert note == links.problems({name: ["\0"]})[name]  # the same whatever the link said


@pytest.mark.parametrize(
    ("name", "text"),
    [("width", "abc"), ("width", "5"), ("dropout", "nan"), ("dropout", "inf"), ("dropout", "1.5"), ("seed", "-1"),
     ("seed", "1.5"), ("epochs", "1e9"), ("dataset", "<script>"), ("decay", ""), ("weight_decay", "0.015"),
     ("n_samples", "10"), ("learning_rate", "0")],
)  # fmt: skip
def test_each_bad_value_is_named(name, text):
    (note,) = links.problems({name: [text]}).values()
    assert FIELDS[name].label in note
    assert controls.rule_of(FIELDS[name]) in note


def test_a_setting_given_twice_is_bad():
    assert list(links.problems({"width": ["8", "16"]})) == ["width"]
