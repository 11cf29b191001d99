"""What is said of a link that somebody shared: whether what is seen here is what was seen there."""

from collections.abc import Sequence

from regdash.config import FIELDS, RunConfig
from regdash.permalink.mark import Likeness, Mark

MOST_NAMED = 3


def likeness(shared: Mark, here: Mark, changed: Sequence[str] = ()) -> str:
    """One sentence. `changed` are the settings that differ, as `changes` says them, if they are known."""
    found = shared.likeness(here)
    if found is Likeness.IDENTICAL:
        return "**Identical to the shared run**: the same settings, and the same numbers to the last bit."
    if found is Likeness.OTHER_SETTINGS:
        which = f" ({_some(changed)})" if changed else ""
        return f"**Differs from the shared run**, because settings differ{which}."
    return f"**Differs from the shared run** in its numbers, not in its settings: {_why(shared, here)}."


def changes(here: RunConfig, shared: RunConfig, *, but: Sequence[str] = ()) -> list[str]:
    """Each setting that differs, apart from those in `but`: "dropout 0.3 instead of 0.5"."""
    return [
        f"{field.label.lower()} {field.text(getattr(here, name))} instead of {field.text(getattr(shared, name))}"
        for name, field in FIELDS.items()
        if name not in but and getattr(here, name) != getattr(shared, name)
    ]


def _some(changed: Sequence[str]) -> str:
    if len(changed) <= MOST_NAMED:
        return ", ".join(changed)
    return f"{', '.join(changed[:MOST_NAMED])} and {len(changed) - MOST_NAMED} more"


def _why(shared: Mark, here: Mark) -> str:
    if shared.torch != here.torch:
        return f"it was trained with PyTorch {shared.torch}, and this with {here.torch}"
    if shared.machine != here.machine:
        return f"it was trained on another kind of machine ({shared.machine}; this is {here.machine})"
    return "another kind of processor draws other dropout masks and rounds in other places"
