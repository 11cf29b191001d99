"""What is said of controls that the maker of a link has locked: that somebody has, and not only grey."""

from collections.abc import Mapping

import streamlit as st

from regdash.permalink.text import known_words
from regdash.ui.common import shared

REASON = "Locked by whoever made the link by which you came."
MOST_NAMED = 6


def told(name: str, usual: str = "") -> str:
    """The help text of a control: `usual`, after the reason why it stands still, if it does."""
    return f"{REASON} {usual}".strip() if shared.is_fixed(name) else usual


def note(labels: Mapping[str, str]) -> None:
    """A line that names those of `labels`, a page's controls by their names in links, that are locked and shown."""
    if not shared.fixed():
        return
    found = [label for name, label in labels.items() if shared.is_fixed(name) and not shared.is_hidden(name)]
    if found:
        st.caption(f":material/lock: Whoever made this link has locked: {known_words(found, MOST_NAMED).lower()}.")
