"""What a visitor is told where RegDash cannot do something: the error's own message, as a sentence."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from regdash.errors import RegdashError


def sentence(error: RegdashError | str) -> str:
    """An error's message as a sentence."""
    text = str(error)
    return f"{text[:1].upper()}{text[1:]}."


@contextmanager
def told() -> Iterator[None]:
    """An error of RegDash's own in the body is said where the page stands, and ends the body."""
    try:
        yield
    except RegdashError as error:
        st.error(sentence(error), icon=":material/error:")
