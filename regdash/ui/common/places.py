"""The pages, and how to get from one to another. A page's module is imported when the page is first drawn."""

from typing import Any, NoReturn

import streamlit as st

from regdash.config import FIELDS, RunConfig
from regdash.study import StudySpec
from regdash.ui.common import controls

_PAGE = "page_shown"  # in the session: the page drawn last


def explore() -> Any:
    """The page that opens first."""
    return st.Page(_explore, title="Explore", icon=":material/explore:", default=True)


def study() -> Any:
    """Many seeds instead of one."""
    return st.Page(_study, title="Study", icon=":material/query_stats:", url_path="study")


def lessons() -> Any:
    """Predict, then look."""
    return st.Page(_lessons, title="Lessons", icon=":material/school:", url_path="lessons")


def open_explore(config: RunConfig) -> NoReturn:
    """From a page without controls: go to Explore, with these settings."""
    controls.choose(config)
    st.switch_page(explore(), query_params=_address(config))


def open_study(spec: StudySpec) -> NoReturn:
    """From a page without controls: go to Study, with this study in its controls."""
    from regdash.ui.study import keys, settings

    spec = settings.normalised(spec)
    settings.put(spec)
    names = (keys.SWEEP, keys.VALUES, keys.SWEEP_2, keys.VALUES_2, keys.SEEDS, keys.DATA_SEEDS)
    said = {name: st.session_state[name] for name in names}
    st.switch_page(study(), query_params=_address(spec.base) | {name: text for name, text in said.items() if text})


def _address(config: RunConfig) -> dict[str, Any]:
    """The settings as a link says them: all, so that a reload shows the same."""
    return {name: field.text(getattr(config, name)) for name, field in FIELDS.items()}


def leave_study() -> None:
    """On any other page: the study that the visitor left there stops."""
    if "study" in st.session_state:
        from regdash.ui.study import job

        job.leave(job.LEFT_PAGE)


def _explore() -> None:
    from regdash.ui.explore import page as the_page

    _entered("explore")
    the_page.page()


def _study() -> None:
    from regdash.ui.study import page as the_page

    the_page.page(explore(), entered=_entered("study"))


def _lessons() -> None:
    from regdash.ui.lessons import page as the_page
    from regdash.ui.lessons.ways import Ways

    _entered("lessons")
    the_page.page(Ways(here=lessons(), explore=open_explore, study=open_study))


def _entered(page: str) -> bool:
    """Whether another page was shown until now; from here on, it is `page`."""
    before = st.session_state.get(_PAGE)
    st.session_state[_PAGE] = page
    return before not in (None, page)
