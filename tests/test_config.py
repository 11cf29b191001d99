"""`RunConfig`: every good value is kept, every bad one is refused with field, value and rule."""

import dataclasses
import math
import sys
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regdash import ConfigError, RegdashError, RunConfig
from regdash.config import DATASET_KEYS, DECAY_KINDS, FIELDS, MAX_SEED
from regdash.data import DATASETS

ARTICLE_DEFAULTS = {
    "dataset": "parabola", "n_samples": 200, "train_fraction": 0.7, "label_noise": 0.0, "data_seed": 7,
    "width": 32, "depth": 2, "dropout": 0.5, "weight_decay": 0.0, "decay": "l2", "label_smoothing": 0.0,
    "learning_rate": 0.08, "epochs": 80, "seed": 7,
}  # fmt: skip
LIMITS = {
    "width": (1, 256), "depth": (1, 3), "epochs": (1, 1000), "n_samples": (20, 2000), "seed": (0, 2**31 - 1),
    "data_seed": (0, 2**31 - 1), "dropout": (0.0, 0.95), "weight_decay": (0.0, 1.0), "label_noise": (0.0, 0.5),
    "label_smoothing": (0.0, 0.5), "learning_rate": (5e-324, 1.0), "train_fraction": (0.1, 0.9),
}  # fmt: skip
WHOLE = [name for name, limits in LIMITS.items() if isinstance(limits[0], int)]
REAL = [name for name in LIMITS if name not in WHOLE]
TEXT = {"dataset": DATASET_KEYS, "decay": DECAY_KINDS}

NOT_NUMBERS = st.one_of(
    st.none(),
    st.booleans(),
    st.booleans().map(np.bool_),
    st.text(max_size=100),
    st.binary(max_size=5),
    st.complex_numbers(),
    st.decimals(),
    st.lists(st.integers(), max_size=3),
    st.tuples(st.integers()),
    st.just(np.array(0.5)),
    st.sampled_from([object(), int, RunConfig, "32", "0.5", b"1", {}, set(), range(3), np.array([1, 2])]),
)
NOT_FINITE = [math.nan, math.inf, -math.inf]
NOT_FINITE += [kind(value) for kind in (np.float16, np.float32, np.float64, np.longdouble) for value in NOT_FINITE[:3]]
BEYOND_FLOATS = {
    "huge": 10**400,
    "huge and negative": -(10**400),
    "too long to print": 10**5000,
    "fraction": Fraction(10**400, 3),
    "negative fraction": Fraction(-(10**400), 3),
}


def good_value(name: str):
    if name in TEXT:
        return st.sampled_from(TEXT[name])
    low, high = LIMITS[name]
    return st.integers(low, high) if name in WHOLE else st.floats(low, high)


GOOD = st.fixed_dictionaries({name: good_value(name) for name in FIELDS})


def assert_refused(name: str, value: object) -> None:
    with pytest.raises(ConfigError) as caught:
        RunConfig(**{name: value})
    message = str(caught.value)
    assert message.startswith(f"{name}=")
    assert FIELDS[name].rule in message
    assert isinstance(caught.value, ValueError)
    assert isinstance(caught.value, RegdashError)
    try:
        shown = repr(value)
    except ValueError:  # Python prints no whole number of more than 4,300 digits
        shown = f"<{type(value).__name__}>"
    assert (shown if len(shown) <= 60 else shown[:57]) in message
    assert len(message) < 300


def test_the_defaults_are_the_articles_first_demo() -> None:
    assert dataclasses.asdict(RunConfig()) == ARTICLE_DEFAULTS
    assert list(FIELDS) == list(ARTICLE_DEFAULTS)


@pytest.mark.parametrize("name", LIMITS)
def test_limits_are_those_of_the_design_and_both_ends_are_allowed(name: str) -> None:
    low, high = LIMITS[name]
    assert FIELDS[name].high == high
    assert getattr(RunConfig(**{name: low}), name) == low
    assert getattr(RunConfig(**{name: high}), name) == high


@pytest.mark.parametrize("name", LIMITS)
@settings(max_examples=25)
@given(data=st.data())
def test_out_of_range_is_refused(name: str, data: st.DataObject) -> None:
    low, high = LIMITS[name]
    if name in WHOLE:
        number = data.draw(st.integers(max_value=low - 1) | st.integers(min_value=high + 1))
        variants = [number]
        variants += [np.int64(number)] if -(2**63) <= number < 2**63 else []
    else:
        below = 0.0 if name == "learning_rate" else math.nextafter(low, -math.inf)
        number = data.draw(
            st.floats(max_value=below, allow_nan=False) | st.floats(min_value=high, exclude_min=True, allow_nan=False)
        )
        variants = [number, np.float64(number)]
        variants += [Fraction(number)] if math.isfinite(number) else []
    for value in variants:
        assert_refused(name, value)


@pytest.mark.parametrize("name", LIMITS)
@pytest.mark.parametrize("value", BEYOND_FLOATS.values(), ids=BEYOND_FLOATS)
def test_numbers_beyond_any_float_are_refused(name: str, value: object) -> None:
    assert_refused(name, value)


@pytest.mark.parametrize("name", LIMITS)
@pytest.mark.parametrize("value", NOT_FINITE, ids=lambda value: f"{type(value).__name__}-{value}")
def test_not_finite_is_refused(name: str, value: object) -> None:
    assert_refused(name, value)


@pytest.mark.parametrize("name", LIMITS)
@settings(max_examples=25)
@given(value=NOT_NUMBERS)
def test_what_is_no_number_is_refused(name: str, value: object) -> None:
    assert_refused(name, value)


@pytest.mark.parametrize("name", WHOLE)
@pytest.mark.parametrize("kind", [float, np.float32, np.float64, Fraction, Decimal])
def test_a_whole_number_must_be_of_a_whole_kind(name: str, kind: type) -> None:
    assert_refused(name, kind(LIMITS[name][0] + 1))
    assert_refused(name, kind(1.5))


@pytest.mark.parametrize("name", TEXT)
@given(value=st.one_of(st.text(), st.none(), st.integers(), st.floats(), st.booleans(), st.binary(), st.tuples()))
def test_unknown_choices_are_refused(name: str, value: object) -> None:
    if value in TEXT[name]:
        return
    assert_refused(name, value)


@pytest.mark.parametrize("name", TEXT)
def test_choices_must_be_spelt_exactly(name: str) -> None:
    for choice in TEXT[name]:
        for value in (choice.upper(), choice + " ", choice.encode(), [choice], ""):
            assert_refused(name, value)


@pytest.mark.parametrize("name", LIMITS)
def test_an_object_that_cannot_be_printed_is_refused_all_the_same(name: str) -> None:
    class Unprintable:
        def __repr__(self) -> str:
            raise RuntimeError("no words for it")

    with pytest.raises(ConfigError, match=f"{name}=<Unprintable>"):
        RunConfig(**{name: Unprintable()})


@settings(max_examples=50)
@given(values=GOOD)
def test_every_good_value_is_kept_and_equal_configs_hash_alike(values: dict) -> None:
    config = RunConfig(**values)
    assert dataclasses.asdict(config) == values
    for name, value in values.items():
        assert type(getattr(config, name)) is FIELDS[name].kind is type(value)
    twin = RunConfig(**values)
    assert config == twin
    assert hash(config) == hash(twin)
    assert config.n_train == int(values["train_fraction"] * values["n_samples"])
    assert 0 < config.n_train < config.n_samples
    assert config.layer_sizes == (2, *[values["width"]] * values["depth"], 2)


@settings(max_examples=50)
@given(values=GOOD)
def test_numbers_of_other_kinds_become_pythons_own(values: dict) -> None:
    foreign = {name: np.int64(values[name]) for name in WHOLE}
    foreign |= {name: np.float64(values[name]) for name in REAL}
    foreign |= {name: np.str_(values[name]) for name in TEXT}
    config = RunConfig(**foreign)
    assert config == RunConfig(**values)
    for name, field in FIELDS.items():
        assert type(getattr(config, name)) is field.kind
    assert repr(config) == repr(RunConfig(**values))


@pytest.mark.parametrize("kind", [np.float16, np.float32, np.longdouble])
@given(hundredths=st.integers(1, 95))
def test_a_number_of_fewer_digits_means_the_decimal_that_it_shows(kind: type, hundredths: int) -> None:
    meant = hundredths / 100
    config = RunConfig(dropout=kind(meant), weight_decay=kind(meant))
    assert (config.dropout, config.weight_decay) == (meant, meant)
    assert type(config.dropout) is float
    assert config == RunConfig(dropout=meant, weight_decay=meant)


def test_numbers_of_python_and_float64_stay_exactly_as_they_are() -> None:
    for kind in (float, np.float64):
        assert RunConfig(dropout=kind(0.1 + 0.2)).dropout == 0.1 + 0.2
    assert RunConfig(dropout=np.float32(1 / 3)).dropout == 0.33333334


def test_a_whole_number_or_fraction_is_good_where_a_real_one_is() -> None:
    config = RunConfig(weight_decay=1, learning_rate=1, dropout=Fraction(1, 4), train_fraction=Fraction(1, 2))
    assert (config.weight_decay, config.learning_rate, config.dropout, config.train_fraction) == (1.0, 1.0, 0.25, 0.5)
    assert type(config.weight_decay) is type(config.dropout) is float


@pytest.mark.parametrize("name", ["dropout", "weight_decay", "label_noise", "label_smoothing"])
def test_zero_is_zero_however_written(name: str) -> None:
    zeros = [RunConfig(**{name: zero}) for zero in (0, 0.0, -0.0, np.float32(-0.0), Fraction(0))]
    assert len(set(zeros)) == 1
    assert {repr(config) for config in zeros} == {repr(RunConfig(**{name: 0.0}))}


@settings(max_examples=50)
@given(values=GOOD, others=GOOD)
def test_configs_differ_where_a_setting_differs(values: dict, others: dict) -> None:
    assert (RunConfig(**values) == RunConfig(**others)) == (values == others)


def test_frozen_keyword_only_and_without_unknown_names() -> None:
    config = RunConfig()
    with pytest.raises(dataclasses.FrozenInstanceError):
        config.width = 64  # type: ignore[misc]
    with pytest.raises(TypeError):
        RunConfig("parabola")  # type: ignore[misc]
    with pytest.raises(TypeError, match="momentum"):
        RunConfig(momentum=0.9)  # type: ignore[call-arg]
    assert config.width == 32


def test_but_changes_a_copy_and_validates_it() -> None:
    config = RunConfig()
    assert config.but(width=64, seed=1) == RunConfig(width=64, seed=1)
    assert config == RunConfig()
    with pytest.raises(ConfigError, match="width=0"):
        config.but(width=0)


def test_choices_are_the_registry() -> None:
    assert tuple(DATASETS) == DATASET_KEYS == FIELDS["dataset"].choices
    assert FIELDS["decay"].choices == DECAY_KINDS == ("l2", "decoupled")
    assert FIELDS["seed"].high == MAX_SEED == 2**31 - 1


@pytest.mark.parametrize("name", FIELDS)
def test_the_field_table_describes_a_usable_control(name: str) -> None:
    field, default = FIELDS[name], ARTICLE_DEFAULTS[name]
    assert field.label
    assert field.help.endswith(".")
    assert field.kind is type(default)
    if field.stops:
        assert list(field.stops) == sorted(set(field.stops))
        assert default in field.stops
        assert [field.check(name, field.kind(stop)) for stop in field.stops] == list(field.stops)
        assert field.stops[-1] == field.high
    elif not field.choices:
        for reached in (default, field.high):  # an even step must come by the default and end on the bound
            steps = (reached - field.low) / field.step
            assert steps == pytest.approx(round(steps), abs=1e-9)


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [("dropout", 0.0, "0"), ("dropout", 0.30000000000000004, "0.3"), ("n_samples", 2000, "2000"),
     ("weight_decay", 1e-4, "0.0001"), ("seed", MAX_SEED, "2147483647"), ("dataset", "moons", "moons")],
)  # fmt: skip
def test_values_are_written_shortly(name: str, value: object, text: str) -> None:
    assert FIELDS[name].text(value) == text


@given(values=GOOD)
def test_what_is_written_is_read_as_the_same_value(values: dict) -> None:
    for name, value in values.items():
        field, text = FIELDS[name], FIELDS[name].text(value)
        assert field.can_read(text)
        assert field.read(name, text) == (pytest.approx(value, rel=1e-9) if field.kind is float else value)


@pytest.mark.parametrize(
    ("name", "text"),
    [("width", "8.5"), ("width", "eight"), ("width", "inf"), ("width", "1e400"), ("dropout", "nan"), ("dropout", ""),
     ("dropout", "1"), ("learning_rate", "0"), ("decay", "L2"), ("dataset", "7")],
)  # fmt: skip
def test_a_text_that_means_no_value_is_refused_by_name(name: str, text: str) -> None:
    assert not FIELDS[name].can_read(text)
    with pytest.raises(ConfigError, match=f"{name}=.* must be"):
        FIELDS[name].read(name, text)


def test_the_field_table_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        FIELDS["width"] = FIELDS["depth"]  # type: ignore[index]
    with pytest.raises(dataclasses.FrozenInstanceError):
        FIELDS["width"].high = 1000  # type: ignore[misc]


def test_python_still_refuses_to_print_huge_numbers() -> None:
    """The premise of a branch above: without the limit that branch would be dead code."""
    assert 0 < sys.get_int_max_str_digits() < 5000
