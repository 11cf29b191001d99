"""The pages, and how to get from one to another. A page's module is imported when the page is first drawn.

The entry script draws them, and not Streamlit's `Page.run`: then all controls are the entry script's, and what several
pages have is one control. Streamlit would take those of a page out of the session and the address at leaving it, on
arrival from a link even with their values lost.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NoReturn

import streamlit as st

from regdash.config import FIELDS, RunConfig
from regdash.figures.explore.curves import VIEWS
from regdash.study import StudySpec
from regdash.ui.common import controls, moves, presenter, room


def explore() -> Any:
    """The page that opens first."""
    return st.Page(_explore, title="Explore", icon=":material/explore:", default=True)


def study() -> Any:
    """Many seeds instead of one."""
    return st.Page(_study, title="Study", icon=":material/query_stats:", url_path="study")


def lessons() -> Any:
    """Predict, then look."""
    return st.Page(_lessons, title="Lessons", icon=":material/school:", url_path="lessons")


def classes() -> Any:
    """A class predicts together."""
    return st.Page(_classes, title="Class", icon=":material/groups:", url_path="class")


def open_class(lesson: str) -> NoReturn:
    """To Class, to ask one about the lesson of this key."""
    st.switch_page(classes(), query_params={"lesson": lesson})


def open_lesson(key: str) -> NoReturn:
    """To the lesson of this key."""
    st.switch_page(lessons(), query_params={"lesson": key})


def open_explore(config: RunConfig, view: str) -> NoReturn:
    """From a page without controls: go to Explore, with these settings, and curves of this kind."""
    controls.choose_on_next_page(config)
    st.session_state["view"] = view
    said = {} if view == "accuracy" else {"view": VIEWS[view].label}
    st.switch_page(explore(), query_params=_address(config) | said)


def open_study(spec: StudySpec) -> NoReturn:
    """From a page without controls: go to Study, with this study in its controls."""
    from regdash.ui.study import keys, settings

    spec = settings.normalised(spec)
    settings.put(spec)
    names = (keys.SWEEP, keys.VALUES, keys.SWEEP_2, keys.VALUES_2, keys.SEEDS, keys.DATA_SEEDS)
    said = {name: st.session_state[name] for name in names}
    st.switch_page(study(), query_params=_address(spec.base) | {name: text for name, text in said.items() if text})


def go_on_in_study(spec: StudySpec) -> NoReturn:
    """From a page with controls, before they are drawn: the same. Study itself completes the address."""
    from regdash.ui.study import settings

    settings.put(settings.normalised(spec))
    st.switch_page(study(), query_params={})  # without {}, Streamlit 1.67 refuses to clear bound parameters


def _address(config: RunConfig) -> dict[str, Any]:
    """The settings as a link says them: all, so that a reload shows the same."""
    return {name: field.text(getattr(config, name)) for name, field in FIELDS.items()}


def draw(page: Any) -> None:
    """Draw the page that `st.navigation` found."""
    if page.url_path != "study":
        _leave_study()
    st.html(room.STYLE)
    with moves.measured(page.url_path or "explore"):
        presenter.show(page.url_path)
        _DRAWN_BY[page.url_path]()


def _leave_study() -> None:
    """On any other page: the study that the visitor left there stops."""
    if "study" in st.session_state:
        from regdash.ui.study import job

        job.leave(job.LEFT_PAGE)


def _explore() -> None:
    from regdash.ui.explore import page as the_page

    the_page.page(go_on_in_study)


def _study() -> None:
    from regdash.ui.study import page as the_page

    the_page.page(explore())


def _lessons() -> None:
    from regdash.ui.lessons import page as the_page
    from regdash.ui.lessons.ways import Ways
    from regdash.ui.study import keys

    controls.stay((*keys.ALL, "arms", "view"))
    the_page.page(Ways(explore=open_explore, study=open_study, ask=open_class))


def _classes() -> None:
    from regdash.ui.classes import page as the_page
    from regdash.ui.classes.ways import Ways
    from regdash.ui.lessons import figures, lesson, runs
    from regdash.ui.study import keys

    controls.stay((*keys.ALL, "arms", "view"))
    the_page.page(
        Ways(right=lesson.right, figures=lambda asked: figures.draw(asked, runs.of(asked)), lesson=open_lesson)
    )


_DRAWN_BY: Mapping[str, Callable[[], None]] = MappingProxyType(
    {"": _explore, "study": _study, "lessons": _lessons, "class": _classes}
)
