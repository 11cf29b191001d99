"""The pages, and how to get from one to another. A page's module is imported when the page is first drawn."""

from typing import Any

import streamlit as st


def explore() -> Any:
    """The page that opens first."""
    return st.Page(_explore, title="Explore", icon=":material/explore:", default=True)


def study() -> Any:
    """Many seeds instead of one."""
    return st.Page(_study, title="Study", icon=":material/query_stats:", url_path="study")


def leave_study() -> None:
    """On any other page: the study that the visitor left there stops."""
    if "study" in st.session_state:
        from regdash.ui import study_job

        study_job.leave(study_job.LEFT_PAGE)


def _explore() -> None:
    from regdash.ui.pages import explore as the_page

    the_page.page()


def _study() -> None:
    from regdash.ui.pages import study as the_page

    the_page.page(explore())
