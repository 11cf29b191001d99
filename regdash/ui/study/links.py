"""What the link to a study may ask for. Checked once, when a visitor arrives, before any control reads it."""

from collections.abc import Mapping, Sequence

from regdash.config import FIELDS
from regdash.study.spec import MAX_VALUES
from regdash.ui.common import controls
from regdash.ui.study import keys

Asked = Mapping[str, list[str]]


def problems(asked: Asked) -> dict[str, str]:
    """By name, a sentence for each part of a link that cannot be used; what the link says is never repeated."""
    choices = {
        keys.SWEEP: ("Vary", list(keys.SWEPT)),
        keys.SWEEP_2: ("And vary", [keys.NOTHING, *keys.SWEPT]),
        keys.DATA_SEEDS: ("Data", list(keys.DATA_LABELS)),
        keys.METRIC: ("Judged by", list(keys.METRIC_LABELS)),
    }
    notes = {
        name: f"**{label}** must be one of " + ", ".join(f"“{option}”" for option in options) + "."
        for name, (label, options) in choices.items()
        if name in asked and not (len(asked[name]) == 1 and asked[name][0] in options)
    }
    first = _field(asked, notes, keys.SWEEP) or keys.DEFAULT_FIELD
    second = _field(asked, notes, keys.SWEEP_2)
    if second == first:
        notes[keys.SWEEP_2], second = "**And vary** must be another setting than the first.", None
    for name, field in ((keys.VALUES, first), (keys.VALUES_2, second)):
        if name in asked and not (field and usable_values(field, asked[name])):
            notes[name] = _rule(field)
    if keys.SEEDS in asked and not (len(asked[keys.SEEDS]) == 1 and keys.COUNT.can_read(asked[keys.SEEDS][0])):
        notes[keys.SEEDS] = f"**Seeds** must be {keys.COUNT.rule}."
    return notes


def usable_values(field: str, texts: Sequence[str]) -> bool:
    """Whether these are 1 to 50 values of a setting, no two alike."""
    if not 1 <= len(texts) <= MAX_VALUES or not all(map(FIELDS[field].can_read, texts)):
        return False
    values = [FIELDS[field].read(field, text) for text in texts]
    return len({FIELDS[field].text(value) for value in values}) == len(texts)


def _field(asked: Asked, notes: Mapping[str, str], name: str) -> str | None:
    return keys.SWEPT.get(asked[name][0]) if name in asked and name not in notes else None


def _rule(field: str | None) -> str:
    if field is None:
        return "**Values** of a second setting need that setting."
    rule = controls.rule_of(FIELDS[field]) if FIELDS[field].choices else FIELDS[field].rule
    return f"**Values** of {FIELDS[field].label.lower()} must be 1 to {MAX_VALUES} different ones, each {rule}."
