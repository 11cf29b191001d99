import pytest
from hypothesis import given
from hypothesis import strategies as st

from regdash import RunConfig
from regdash.config import DATA_FIELDS, FIELDS
from regdash.ui.common import controls

SLIDERS = [name for name, field in FIELDS.items() if not (field.choices or field.stops)]


def test_every_field_has_exactly_one_control():
    assert sorted((*controls.MAIN, *DATA_FIELDS, *controls.ADVANCED)) == sorted(FIELDS)


@pytest.mark.parametrize("name", SLIDERS)
@given(share=st.floats(0, 1))
def test_snapping_leaves_few_values_and_all_are_valid(name, share):
    field = FIELDS[name]
    value = controls.snap(field, field.kind(field.low + share * (field.high - field.low)))
    RunConfig(**{name: value})
    steps = (value - field.low) / field.step
    assert steps == pytest.approx(round(steps), abs=1e-6)
    assert controls.snap(field, value) == value
