"""All settings in one line: what stands on an image that leaves the page."""

from collections.abc import Collection, Sequence

from regdash.config import FIELDS, RunConfig
from regdash.study.spec import StudySpec
from regdash.words.terms import capital, count

_LEFT_OUT = ("seed", "data_seed")  # where there are many


def of_run(config: RunConfig) -> str:
    """Every setting of a run with its value: "Data set parabola, points 200, …, seed 7"."""
    return capital(_listed(config))


def of_runs(configs: Sequence[RunConfig]) -> str:
    """The settings that several runs share, and which differ."""
    first, *others = configs
    differ = [name for name in FIELDS if any(getattr(each, name) != getattr(first, name) for each in others)]
    various = f"; {', '.join(FIELDS[name].label.lower() for name in differ)} as named" if differ else ""
    return capital(f"{_listed(first, but=differ)}{various}")


def of_seeds(config: RunConfig, seeds: Sequence[int]) -> str:
    """The same of many runs that differ in their seeds only, each with data of its own."""
    return capital(
        f"{_listed(config, but=_LEFT_OUT)}; {len(seeds)} seeds, {seeds[0]} to {seeds[-1]}, new data for each"
    )


def of_study(spec: StudySpec) -> str:
    """What a study sweeps, what stands still, and its seeds: "Dropout 0, 0.3, 0.5; width 64, …; 20 seeds, …"."""
    swept = [
        f"{FIELDS[name].label.lower()} {', '.join(FIELDS[name].text(value) for value in values)}"
        for name, values in spec.sweep
    ]
    data = "new data for each" if spec.data_seeds == "varied" else f"the same data, seed {spec.base.data_seed}, for all"
    rest = _listed(spec.base, but=(*spec.fields, *_LEFT_OUT))
    return capital("; ".join([*swept, rest, f"{count(spec.n_seeds, 'seed')}, {data}"]))


def _listed(config: RunConfig, but: Collection[str] = ()) -> str:
    return ", ".join(
        f"{field.label.lower()} {field.text(getattr(config, name))}"
        for name, field in FIELDS.items()
        if name not in but
    )
