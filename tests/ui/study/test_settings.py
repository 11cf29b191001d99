"""The study's controls: what is offered, what a text means, which studies are equal, what a link may ask for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regdash.config import FIELDS, RunConfig
from regdash.errors import ConfigError
from regdash.study import StudySpec
from regdash.study.metrics import COMPARABLE
from regdash.study.spec import MAX_VALUES, NOT_SWEPT
from regdash.teaching.scenarios import NOISY
from regdash.teaching.studies import STUDIES
from regdash.ui.common import controls
from regdash.ui.study import job, keys, links, settings, status

FIELDS_SWEPT = [name for name in FIELDS if name not in NOT_SWEPT]
TEXTS = st.text(max_size=20)


def test_every_field_but_the_seeds_can_be_swept():
    assert list(keys.SWEPT.values()) == FIELDS_SWEPT
    assert list(keys.METRIC_LABELS.values()) == list(COMPARABLE)


@pytest.mark.parametrize("name", FIELDS_SWEPT)
def test_what_is_offered_is_valid_different_and_not_too_much(name):
    for texts in (keys.offered_values(name), keys.default_values(name)):
        values = [FIELDS[name].read(name, text) for text in texts]
        assert len(set(values)) == len(values) >= 2
        StudySpec(base=RunConfig(), sweep={name: values[:MAX_VALUES]}, seeds=1)
        assert [FIELDS[name].text(value) for value in values] == texts
    assert set(keys.default_values(name)) <= set(keys.offered_values(name))


@given(st.sampled_from(FIELDS_SWEPT), TEXTS)
def test_a_text_is_a_value_or_a_config_error(name, text):
    if FIELDS[name].can_read(text):
        assert RunConfig(**{name: FIELDS[name].read(name, text)})
    else:
        with pytest.raises(ConfigError, match=name):
            FIELDS[name].read(name, text)


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [("dropout", "0.33", 0.33), ("width", "5", 5), ("width", "5.0", 5), ("epochs", "1e2", 100), ("decay", "l2", "l2"),
     ("weight_decay", "1e-5", 1e-5)],
)  # fmt: skip
def test_values_that_the_list_does_not_offer_can_be_typed(name, text, value):
    found = FIELDS[name].read(name, text)
    assert found == value
    assert type(found) is type(value)


@given(
    st.dictionaries(
        st.sampled_from(
            [keys.SWEEP, keys.VALUES, keys.SWEEP_2, keys.VALUES_2, keys.SEEDS, keys.DATA_SEEDS, keys.METRIC, "foo"]
        ),
        st.lists(st.one_of(TEXTS, st.sampled_from([*keys.SWEPT, keys.NOTHING, "0", "0.5", "64"])), max_size=3),
    )
)  # fmt: skip
def test_a_link_never_raises_and_a_note_never_repeats_it(asked):
    notes = links.problems(asked)
    assert set(notes) <= set(asked) | {keys.SWEEP_2}
    assert "foo" not in notes
    rest = {name: texts for name, texts in asked.items() if name not in notes}
    again = links.problems(rest)  # leaving out a bad part may show that what hung on it means nothing
    assert set(again) <= {keys.VALUES, keys.VALUES_2, keys.SWEEP_2}
    for note in notes.values():
        assert "\0" not in note


@pytest.mark.parametrize("key", STUDIES)
def test_the_link_of_a_ready_made_study_is_usable(key):
    spec = STUDIES[key].spec
    asked = {keys.SEEDS: [str(spec.n_seeds)]}
    for (name, values), (field_key, values_key) in zip(
        spec.sweep, [(keys.SWEEP, keys.VALUES), (keys.SWEEP_2, keys.VALUES_2)], strict=False
    ):
        asked |= {field_key: [FIELDS[name].label], values_key: [FIELDS[name].text(value) for value in values]}
    assert links.problems(asked) == {}


def test_equal_studies_are_equal_whatever_their_order_and_their_unused_settings():
    one = StudySpec(base=NOISY.but(dropout=0.9), sweep={"dropout": [0.5, 0.0]}, seeds=3)
    other = StudySpec(base=NOISY.but(dropout=0.1), sweep={"dropout": [0.0, 0.5]}, seeds=3)
    assert one != other
    assert settings.normalised(one) == settings.normalised(other)
    assert settings.normalised(settings.normalised(one)) == settings.normalised(one)


def test_only_what_explores_controls_can_show_opens_there():
    assert all(controls.can_show(field, getattr(NOISY, name)) for name, field in FIELDS.items())
    for name, value in (("dropout", 0.33), ("width", 5), ("weight_decay", 0.003), ("n_samples", 50)):
        config = NOISY.but(**{name: value})
        assert [key for key in FIELDS if not controls.can_show(FIELDS[key], getattr(config, key))] == [name]


@pytest.mark.parametrize(
    ("value", "said"), [(0.2, "less than 1 s"), (1.4, "about 1 s"), (89, "about 89 s"), (120, "about 2 min")]
)
def test_durations_are_said_as_people_say_them(value, said):
    assert status.seconds(value).replace("\N{NO-BREAK SPACE}", " ") == said


def test_more_seeds_make_the_same_study_and_another_sweep_does_not():
    spec = StudySpec(base=NOISY, sweep={"dropout": [0.0, 0.5]}, seeds=3)
    assert job.same_but_seeds(spec, spec.with_seeds(23))
    assert not job.same_but_seeds(spec, spec.but(sweep={"dropout": [0.0]}))
    assert not job.same_but_seeds(spec, spec.but(data_seeds="fixed"))
    assert not job.same_but_seeds(spec, spec.but(seeds=[8, 9]))
