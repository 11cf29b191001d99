"""The study's settings as keys: of widgets, of the session, of the address. Their defaults, and which values a list
offers.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from regdash.config import FIELDS, Field
from regdash.study.metrics import COMPARABLE
from regdash.study.spec import MAX_VALUES, NOT_SWEPT, StudySpec

SWEEP, VALUES = "sweep", "values"
SWEEP_2, VALUES_2 = "sweep2", "values2"
SEEDS, DATA_SEEDS, METRIC = "seeds", "data_seeds", "metric"
SLICE, BASELINE, CURVE, DIFFERENCES = "study_slice", "study_baseline", "study_curve", "study_differences"
IN_LINKS: Mapping[str, str] = MappingProxyType(
    {SLICE: "along", BASELINE: "baseline", CURVE: "curves", DIFFERENCES: "differences"}
)
ALL = (SWEEP, VALUES, SWEEP_2, VALUES_2, SEEDS, DATA_SEEDS, METRIC)
NOTHING = "Nothing else"
SEED_BY_SEED, AS_ADDED = "seed_by_seed", "as_added"
DIFFERENCE_VIEWS: Mapping[str, str] = MappingProxyType({SEED_BY_SEED: "Seed by seed", AS_ADDED: "As pairs are added"})
MOST_SEEDS = 1000
DEFAULT_SEEDS = 20
DEFAULT_FIELD = "dropout"
COUNT = Field(label="Seeds", help="How many times each value is trained.", kind=int, low=1, high=MOST_SEEDS)

SWEPT: Mapping[str, str] = MappingProxyType({f.label: name for name, f in FIELDS.items() if name not in NOT_SWEPT})
DATA_LABELS: Mapping[str, str] = MappingProxyType(
    {"New data for every seed": "varied", "The same data for all seeds": "fixed"}
)
METRIC_LABELS: Mapping[str, str] = MappingProxyType({metric.label: key for key, metric in COMPARABLE.items()})

DEFAULTS: Mapping[str, Any] = MappingProxyType(  # what the address does not say; it always says the values
    {
        SWEEP: FIELDS[DEFAULT_FIELD].label, SWEEP_2: NOTHING, VALUES: (), VALUES_2: [], SEEDS: DEFAULT_SEEDS,
        DATA_SEEDS: next(iter(DATA_LABELS)), METRIC: next(iter(METRIC_LABELS)),
    }
)  # fmt: skip

# What a field is swept over until the visitor says otherwise; for fields not named here, see `default_values`.
_DEFAULT_VALUES: Mapping[str, tuple[Any, ...]] = MappingProxyType(
    {
        "dropout": (0.0, 0.3, 0.5, 0.7),
        "weight_decay": (0.0, 0.001, 0.01, 0.02, 0.05, 0.1),
        "width": (2, 4, 8, 16, 32, 64, 128),
        "label_noise": (0.0, 0.1, 0.2, 0.3, 0.4),
        "n_samples": (60, 100, 200, 400, 800),
        "learning_rate": (0.005, 0.02, 0.08, 0.2),
        "epochs": (20, 40, 80, 200),
        "label_smoothing": (0.0, 0.1, 0.2, 0.4),
        "train_fraction": (0.3, 0.5, 0.7),
        "depth": (1, 2, 3),
    }
)


def held(spec: StudySpec) -> dict[str, Any]:
    """What the study's controls have when they show `spec`, but for the metric."""
    found: dict[str, Any] = {SEEDS: spec.n_seeds}
    found[DATA_SEEDS] = {value: label for label, value in DATA_LABELS.items()}[spec.data_seeds]
    pairs = [*spec.sweep, *[None] * (2 - len(spec.sweep))]
    for pair, field_key, values_key in zip(pairs, (SWEEP, SWEEP_2), (VALUES, VALUES_2), strict=True):
        found[field_key] = FIELDS[pair[0]].label if pair else NOTHING
        found[values_key] = [FIELDS[pair[0]].text(value) for value in pair[1]] if pair else []
    return found


def default_values(name: str) -> list[str]:
    """The values that a newly chosen field is swept over, as texts."""
    field = FIELDS[name]
    return [field.text(value) for value in _DEFAULT_VALUES.get(name) or field.choices]


def offered_values(name: str) -> list[str]:
    """The values that the list offers, as texts: a control's own stops or steps. Others may be typed."""
    field = FIELDS[name]
    if field.choices:
        return list(field.choices)
    stops: Sequence[float] = field.stops
    if not stops:
        steps = round((field.high - field.low) / field.step)
        every = -(-steps // MAX_VALUES)
        stops = [round(field.low + i * field.step, 6) for i in range(0, steps + 1, every)]
    texts = [field.text(field.kind(stop)) for stop in stops]
    return texts + [text for text in default_values(name) if text not in texts]
