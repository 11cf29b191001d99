"""Random views, for tests: all that a permanent link can stand for, also what no control has a place for."""

from hypothesis import reject
from hypothesis import strategies as st

from regdash.config import FIELDS, MAX_SEED, RunConfig
from regdash.errors import StudyError
from regdash.permalink import Explore, Lesson, Lessons, Study, View
from regdash.permalink import vocabulary as say
from regdash.study.spec import DATA_SEEDS, StudySpec


def values(name):
    field = FIELDS[name]
    if field.choices:
        return st.sampled_from(field.choices)
    if field.kind is int:
        return st.integers(int(field.low), int(field.high))
    return st.floats(field.low, field.high, exclude_min=field.low_is_open)


configs = st.builds(RunConfig, **{name: values(name) for name in FIELDS})
numbers = st.integers(1, say.MOST_PIN_NUMBER)
pins = st.dictionaries(numbers, configs, max_size=say.MOST_PINS).map(lambda found: tuple(found.items()))
controls = st.lists(st.sampled_from(say.CONTROLS), unique=True).map(tuple)
marks = st.just("") | st.from_regex(r"\A[0-9a-f]{6}~[0-9a-f]{12}~2\.13\.0~x86_64\Z")


@st.composite
def explores(draw):
    config = draw(configs)
    return Explore(
        config=config,
        scenario=draw(st.sampled_from([None, *say.SCENARIOS])),
        arms=tuple(draw(st.lists(st.sampled_from(say.ARMS), min_size=1, unique=True))),
        view=draw(st.sampled_from(say.VIEWS)),
        epoch=draw(st.none() | st.integers(1, config.epochs)),
        pins=draw(pins),
    )


@st.composite
def specs(draw):
    names = draw(st.lists(st.sampled_from([n for n in FIELDS if "seed" not in n]), min_size=1, max_size=2, unique=True))
    sweep = {n: draw(st.lists(values(n), min_size=1, max_size=8, unique_by=FIELDS[n].text)) for n in names}
    some = st.lists(st.integers(0, MAX_SEED), min_size=1, max_size=30, unique=True)
    seeds, base, data_seeds = (
        draw(st.integers(1, say.MOST_SEEDS) | some),
        draw(configs),
        draw(st.sampled_from(DATA_SEEDS)),
    )
    try:
        return StudySpec(base=base, sweep=sweep, seeds=seeds, data_seeds=data_seeds)
    except StudyError:  # two values that mean the same
        reject()


@st.composite
def studies(draw):
    spec = draw(specs())
    along = draw(st.sampled_from(spec.fields))
    (other,) = [len(found) for name, found in spec.sweep if name != along] or [1]
    return Study(
        spec=spec,
        metric=draw(st.sampled_from(say.METRICS)),
        along=along,
        at=draw(st.integers(0, other - 1)),
        baseline=draw(st.integers(0, spec.n_cells - 1)),
        curves=draw(st.sampled_from(say.CURVES)),
        differences=draw(st.sampled_from(say.DIFFERENCES)),
    )


lessons = st.builds(
    Lesson, key=st.from_regex(r"\A[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,3}\Z"), worksheet=st.booleans(), answer=st.booleans()
)
pages = explores() | studies() | lessons | st.just(Lessons())
presented = st.lists(st.sampled_from(list(say.SETTINGS)), unique=True, max_size=say.MOST_PRESENTED).map(tuple)
views = st.builds(View, page=pages, present=st.booleans(), controls=presented, hide=controls, lock=controls, mark=marks)
