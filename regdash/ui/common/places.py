"""The pages, and how to get from one to another. A page's module is imported when the page is first drawn.

The entry script draws them, and not Streamlit's `Page.run`: then all controls are the entry script's, and what several
pages have is one control. Streamlit would take those of a page out of the session and the address at leaving it, on
arrival from a link even with their values lost.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import streamlit as st

from regdash.ui.common import room


def explore() -> Any:
    """The page that opens first."""
    return st.Page(_explore, title="Explore", icon=":material/explore:", default=True)


def study() -> Any:
    """Many seeds instead of one."""
    return st.Page(_study, title="Study", icon=":material/query_stats:", url_path="study")


def draw(page: Any) -> None:
    """Draw the page that `st.navigation` found."""
    if page.url_path != "study":
        _leave_study()
    st.html(room.STYLE)
    _DRAWN_BY[page.url_path]()


def _leave_study() -> None:
    """On any other page: the study that the visitor left there stops."""
    if "study" in st.session_state:
        from regdash.ui.study import job

        job.leave(job.LEFT_PAGE)


def _explore() -> None:
    from regdash.ui.explore import page as the_page

    the_page.page()


def _study() -> None:
    from regdash.ui.study import page as the_page

    the_page.page(explore())


_DRAWN_BY: Mapping[str, Callable[[], None]] = MappingProxyType({"": _explore, "study": _study})
