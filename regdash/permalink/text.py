"""The texts of a link by name, read one by one: what cannot be used is noted, and what was never asked for, too."""

import re
from collections.abc import Iterable, Sequence

import regdash.permalink.vocabulary as say

MOST_NAMED = 3


class Texts:
    """Names with their texts, and the notes made so far. What a link says is never repeated in a note."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self.notes: list[str] = []
        self._texts: dict[str, list[str]] = {}
        self._read: set[str] = set()
        for name, text in pairs:
            self._texts.setdefault(name, []).append(text)

    def all(self, name: str) -> list[str]:
        """All texts of a name, in order; [] if it is not there."""
        self._read.add(name)
        return self._texts.get(name, [])

    def one(self, name: str) -> str | None:
        """Its only text; None if there is none, or more than one."""
        found = self.all(name)
        return found[0] if len(found) == 1 else None

    def ignored(self, label: str, rule: str) -> None:
        """Note that something was ignored, and what it must be."""
        self.notes.append(f"{label} was ignored: it must be {rule}.")

    def choice(self, name: str, label: str, known: Sequence[str], default: str, *, needed: bool = False) -> str:
        """One of `known`."""
        text = self.one(name)
        if text in known:
            return str(text)
        if self.all(name) or needed:
            self.ignored(label, "one of " + ", ".join(known))
        return default

    def listed(self, name: str, label: str, known: Sequence[str]) -> tuple[str, ...]:
        """Some of `known`; () if there is something else among them."""
        if not self.all(name):
            return ()
        words = (self.one(name) or "").split(say.JOIN)
        if not set(words) <= set(known):
            self.ignored(label, "some of " + ", ".join(known))
            return ()
        return tuple(words)

    def flag(self, name: str, label: str) -> bool:
        """Whether it is "true"; "false" may be said, too."""
        return self.choice(name, label, ("true", "false"), "false") == "true"

    def whole(self, name: str, label: str, low: int, high: int) -> int | None:
        """A whole number from `low` to `high`; None if there is none."""
        if not self.all(name):
            return None
        text = self.one(name) or ""
        if say.WHOLE.fullmatch(text) and low <= int(text) <= high:
            return int(text)
        self.ignored(label, f"a whole number from {low} to {high}")
        return None

    def matching(self, name: str, label: str, pattern: re.Pattern[str]) -> str:
        """A text of a form; "" if there is none."""
        text = self.one(name) or ""
        if pattern.fullmatch(text):
            return text
        if self.all(name):
            self.ignored(label, "as this page writes it")
        return ""

    def note_the_rest(self) -> None:
        """Note that there is more than was asked for: a newer RegDash may know what it means."""
        rest = [name for name in self._texts if name not in self._read and not say.FOREIGN.fullmatch(name)]
        if rest:
            what = "One part of the link is" if len(rest) == 1 else f"{len(rest)} parts of the link are"
            self.notes.append(f"{what} unknown here and {'was' if len(rest) == 1 else 'were'} ignored.")


def known_words(labels: Sequence[str], most: int = MOST_NAMED) -> str:
    """ "Width, Dropout", or "Width, Dropout and 4 more" where they would be more than `most`."""
    if len(labels) <= most:
        return ", ".join(labels)
    return f"{', '.join(labels[: most - 1])} and {len(labels) - most + 1} more"
