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
from regdash.permalink import Explore, Lesson, Study, View
from regdash.study import StudySpec
from regdash.teaching.arms import ARMS, DEFAULT_ARMS
from regdash.teaching.scenarios import SCENARIOS
from regdash.ui.common import controls, links, moves, pinned, presenter, room, shared
from regdash.ui.common.controls import DEFAULTS


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
    _open_link()
    st.html(room.STYLE)
    with moves.measured(page.url_path or "explore"):
        presenter.show(page.url_path)
        _DRAWN_BY[page.url_path]()


def _open_link() -> None:
    """Where a permanent link is in the address: show what it stands for, under an address as pages have them."""
    view, before = shared.asked(), shared.remembered()
    if before is not None:
        shared.hold(before, _values(before)[0])
    if view is None:
        return
    values, notes = _values(view)
    shared.hold(view, values)
    shared.put_on_next_run(values)
    links.note([*view.notes, *notes])
    present = {presenter.PRESENT: "true"} if view.present else {}
    if view.present and view.controls:
        present[presenter.CONTROLS] = ",".join(view.controls)
    there, said = _there(view, values)
    st.switch_page(there, query_params=said | shared.in_address() | present)


def _values(view: View) -> tuple[dict[str, Any], list[str]]:
    """What the controls of all pages have, by their keys in the session; and what cannot be shown, in sentences."""
    from regdash.ui.study import shared as of_study

    run = view.page if isinstance(view.page, Explore) else Explore()
    many = view.page if isinstance(view.page, Study) else Study()
    is_study = isinstance(view.page, Study)
    studied, notes = of_study.values(many)
    swept = many.spec.fields if is_study else ()
    config, more = controls.showable(many.spec.base if is_study else run.config, but=swept)
    label = SCENARIOS[run.scenario].label if run.scenario else controls.NEITHER
    values = {name: getattr(config, name) for name in FIELDS} | studied
    values |= {"arms": list(run.arms), "view": run.view} | ({} if is_study else {controls.SCENARIO: label})
    return values, [*more, *(notes if is_study else [])]


def _there(view: View, values: Mapping[str, Any]) -> tuple[Any, dict[str, Any]]:
    """The page of a link, and what its address says of these values: no defaults, for Streamlit would take each out,
    one by one, as a visit that the Back button leads to.
    """
    settings = {name: f.text(values[name]) for name, f in FIELDS.items() if values[name] != getattr(DEFAULTS, name)}
    match view.page:
        case Explore():
            pinned.put(view.page.pins)
            arms = {"arms": [ARMS[arm].label for arm in view.page.arms]} if view.page.arms != DEFAULT_ARMS else {}
            curves = {"view": VIEWS[view.page.view].label} if view.page.view != "accuracy" else {}
            scenario = {controls.SCENARIO: values[controls.SCENARIO]} if settings else {}
            return explore(), settings | arms | curves | scenario
        case Study():
            from regdash.ui.study import keys

            return study(), settings | {name: values[name] for name in keys.ALL if values[name] != keys.DEFAULTS[name]}
        case Lesson():
            st.session_state[f"lesson_open_{view.page.key}"] = view.page.answer
            return lessons(), {"lesson": view.page.key} | ({"worksheet": "true"} if view.page.worksheet else {})
        case _:
            return lessons(), {}


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
