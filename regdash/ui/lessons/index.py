"""All lessons: what each takes, what comes first, and a path through them."""

from collections.abc import Mapping
from types import MappingProxyType

import streamlit as st

from regdash.teaching.lessons import Lesson
from regdash.ui.lessons import progress, runs
from regdash.ui.lessons.views import link
from regdash.words.terms import count

HOURS: Mapping[int, tuple[str, str]] = MappingProxyType(
    {
        1: ("A first hour: the source article", "Its four demos and four exercises, replayed exactly, and what a "
            "second look finds."),
        2: ("A second hour: what the article does not show", "Lies, collapses, and how to judge."),
    }
)  # fmt: skip


def show(lessons: Mapping[str, Lesson]) -> None:
    """The index. While it is read, the article's networks are trained for whoever opens a lesson next."""
    runs.replays().begin()
    done = {key: entry for key, entry in progress.of_all().items() if key in lessons}
    n_done = sum(bool(entry.get("done")) for entry in done.values())
    st.title("Lessons")
    st.markdown(PURPOSE)
    with st.container(horizontal=True, vertical_alignment="center"):
        stars = count(progress.score(done), "star")
        st.markdown(
            f"**{n_done} of {len(lessons)} lessons done, {stars}.** :small[Two for a prediction "
            "that is right at once, one after a hint. Kept in this browser only.]"
        )
        if done:
            st.button("Start over", icon=":material/restart_alt:", on_click=progress.start_over,
                      help="Forget what this browser has kept of the lessons.")  # fmt: skip
    for hour, (title, about) in HOURS.items():
        chosen = [lesson for lesson in lessons.values() if lesson.hour == hour]
        if not chosen:
            continue
        with st.container(key=f"scene_hour_{hour}"):
            st.header(f"{title} ({sum(lesson.minutes for lesson in chosen)} minutes)")
            st.caption(about)
            with st.grid(2, min_column_width=420, gap="small") as grid:
                for lesson in chosen:
                    with grid.cell():
                        _card(lesson, lessons)


def _card(lesson: Lesson, lessons: Mapping[str, Lesson]) -> None:
    entry = progress.of(lesson.key)
    first = [lessons[key].title for key in lesson.needs if key in lessons]
    needs = f" First: {', '.join(f'“{title}”' for title in first)}." if first else ""
    with st.container(border=True, gap="xsmall"):
        icon = ":material/check_circle:" if entry.get("done") else ":material/school:"
        link(f"**{lesson.title}**", icon, lesson=lesson.key)
        st.caption(f"{_state(entry)}{lesson.minutes} minutes.{needs}")


def _state(entry: progress.Entry) -> str:
    if not entry.get("done"):
        return ""
    tries = entry.get("tries", 0)
    how = {0: "shown", 1: "predicted at once"}.get(tries, f"predicted after {tries - 1} hint{'s' if tries > 2 else ''}")
    return f"**Done**, {how}. "


PURPOSE = (
    "Predict first, then look: whoever has bet on an answer sees more. Each lesson has an idea, the PyTorch code "
    "behind it, one question, and what the numbers say, over one seed and over many."
)
