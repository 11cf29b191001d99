"""What there is to do in a lesson besides: by the name that a lesson gives."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import streamlit as st

from regdash.config import FIELDS, RunConfig
from regdash.figures import theme
from regdash.figures.lessons import masks, units
from regdash.results import Run
from regdash.teaching.lessons import Lesson
from regdash.ui.common import cache, presenter
from regdash.ui.components.chart import chart
from regdash.ui.lessons import progress
from regdash.words import lessons as words
from regdash.words import settings as setting_words
from regdash.words.runs import percent

Activity = Callable[[Lesson, Mapping[str, Run]], None]
BY_HEART = 0.95  # train accuracy that counts as having learnt the points
TRIED = ("width", "epochs", "dropout", "weight_decay", "label_noise", "n_samples")


def _overfit(lesson: Lesson, _runs: Mapping[str, Run]) -> None:
    """A contest with oneself: the lowest accuracy on fresh data of a network that has learnt its points."""
    config = lesson.explore.but(**_controls(lesson, TRIED, next(iter(lesson.trains.values()))))
    (run,) = cache.runs([config])
    train, fresh = run.summary.train_accuracy, run.test_accuracy
    counts = train >= BY_HEART
    best = progress.of(lesson.key).get("best")
    if counts and (best is None or fresh < best):
        best = fresh
        progress.note(lesson.key, best=fresh)
    left, middle, right = st.columns(3)
    left.metric("Train accuracy", percent(train))
    middle.metric("Fresh data", percent(fresh))
    right.metric("Your record", "none yet" if best is None else percent(best))
    st.markdown(words.overfit_says(config, train, fresh, by_heart=BY_HEART))


def _collapse(lesson: Lesson, _runs: Mapping[str, Run]) -> None:
    """Find the smallest strength at which the network gives every point the same class."""
    base = next(iter(lesson.trains.values()))
    config = base.but(**_controls(lesson, ("weight_decay", "dropout"), base))
    (run,) = cache.runs([config])
    left, right = st.columns(2)
    left.metric("Train accuracy", percent(run.summary.train_accuracy))
    right.metric("Fresh data", percent(run.test_accuracy))
    st.markdown(words.collapse_says(run))


def _masks(lesson: Lesson, runs: Mapping[str, Run]) -> None:
    """Draw other masks."""
    key = f"lesson_masks_{lesson.key}"
    seed = st.session_state.setdefault(key, 2)
    (run,) = (runs[name] for name in lesson.trains)
    st.button("Draw other masks", icon=":material/casino:", key=f"{key}_draw", on_click=_draw, args=(key,))
    settings, colours = setting_words.of_run(run.config), theme.palette(presenter.mode())
    for name, draw in (("chart", masks.chart), ("units", units.chart)):
        data, alt = draw(run, seed, colours)
        stem = f"regdash-{lesson.key}-masks-{name}"
        chart(data, alt=alt, settings=settings, level=3, key=f"{key}_{name}", file_stem=stem)


def _draw(key: str) -> None:
    st.session_state[key] = st.session_state.get(key, 2) + 1


def _publish(lesson: Lesson, runs: Mapping[str, Run]) -> None:
    """Publish one pair after the other, and keep the tally."""
    key = f"lesson_published_{lesson.key}"
    names = list(lesson.trains)
    n = len(names) // 2
    shown = min(st.session_state.setdefault(key, 1), n)
    pairs = [(runs[base], runs[other]) for base, other in zip(names[::2], names[1::2], strict=True)][:shown]
    st.markdown(words.published(pairs))
    with st.container(horizontal=True):
        st.button("Publish another seed", icon=":material/newspaper:", key=f"{key}_more", disabled=shown == n,
                  on_click=_more, args=(key,))  # fmt: skip
        st.button("From the start", key=f"{key}_first", on_click=_first, args=(key,))


def _more(key: str) -> None:
    st.session_state[key] = st.session_state.get(key, 1) + 1


def _first(key: str) -> None:
    st.session_state[key] = 1


def _controls(lesson: Lesson, names: tuple[str, ...], base: RunConfig) -> dict[str, Any]:
    """A control for each of these settings, the lesson's own: those of the sidebar are not touched."""
    chosen: dict[str, Any] = {}
    with st.container(horizontal=True):
        for name in names:
            field, value = FIELDS[name], getattr(base, name)
            common: dict[str, Any] = {"label": field.label, "key": f"lesson_set_{lesson.key}_{name}", "width": 260}
            if field.stops:
                options = [field.kind(stop) for stop in field.stops]
                chosen[name] = st.select_slider(options=options, value=value, format_func=field.text, **common)
            else:
                low, high, step = (field.kind(end) for end in (field.low, field.high, field.step))
                chosen[name] = st.slider(min_value=low, max_value=high, step=step, value=value, **common)
    return {name: round(value, 6) if FIELDS[name].kind is float else value for name, value in chosen.items()}


ACTIVITIES: Mapping[str, Activity] = MappingProxyType(
    {"overfit": _overfit, "collapse": _collapse, "masks": _masks, "publish": _publish}
)
