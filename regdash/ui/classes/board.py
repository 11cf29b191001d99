"""A question as a class sees it: its choices, then how often each was chosen as bars with numbers, then the truth."""

from html import escape

import streamlit as st

from regdash.classes.room import Room
from regdash.figures import theme
from regdash.teaching.lessons import Lesson
from regdash.words import classes as words


def show(lesson: Lesson, room: Room, mine: int | None = None) -> None:
    """Draw it; `mine` is what this browser has chosen."""
    st.header(lesson.question.text, anchor=False)
    choices = lesson.question.choices[: room.n_choices]
    said = words.in_words(choices, room.tally, room.right) if room.tally else ""
    rows = [_row(room, place, choice, mine=mine == place) for place, choice in enumerate(choices)]
    colour = theme.palette(st.context.theme.type).verdicts["better"]
    label = f' aria-label="{escape(said, quote=True)}"' if said else ""
    st.html(f'{STYLE}<ul class="regdash-board" style="--right:{colour}"{label}>{"".join(rows)}</ul>')


def _row(room: Room, place: int, choice: str, *, mine: bool) -> str:
    """One choice. What tells the right one is a word and a mark, not its colour alone."""
    right = room.right == place
    marks = [*(["✓ right"] if right else []), *(["your answer"] if mine else [])]
    text = f"<span>{escape(words.lettered(place, choice))}{''.join(f' <em>{mark}</em>' for mark in marks)}</span>"
    if room.tally is None:
        return f"<li><div>{text}</div></li>"
    votes, total = room.tally[place], sum(room.tally)
    width = 100 * votes / total if total else 0
    kind = "" if room.right is None else ' class="right"' if right else ' class="wrong"'
    bar = f'<div class="bar"><i style="width:{width:.1f}%"></i></div>'
    return f"<li{kind}><div>{text}<b>{words.share(votes, total)}</b></div>{bar}</li>"


STYLE = """<style>
.st-key-class_board h2, .st-key-class_student h2 {
  font-size: clamp(1.3rem, 2vw, 2.4rem); line-height: 1.25; padding: 0 0 .6rem; }
.regdash-board { list-style: none; margin: 0 !important; padding: 0 !important;
  font-size: clamp(1rem, 1.35vw, 1.7rem); }
.regdash-board li { margin: 0 0 .7em !important; padding: 0; }
.regdash-board div { display: flex; gap: .8em; align-items: baseline; }
.regdash-board span { flex: 1 1 60%; }
.regdash-board b { font-variant-numeric: tabular-nums; white-space: nowrap; }
.regdash-board em { font-style: normal; font-size: .8em; font-weight: 600; padding: 0 .5em; border: 2px solid;
  border-radius: 1em; white-space: nowrap; }
.regdash-board .bar { height: 1em; margin-top: .2em; border-radius: .2em; overflow: hidden;
  background: color-mix(in srgb, currentColor 10%, transparent); }
.regdash-board i { display: block; height: 100%; background: color-mix(in srgb, currentColor 55%, transparent); }
.regdash-board .right { font-weight: 600; } .regdash-board .right em:first-of-type { color: var(--right); }
.regdash-board .right i { background: var(--right); }
.regdash-board .wrong i { background: color-mix(in srgb, currentColor 30%, transparent); }
@media (forced-colors: active) {
  .regdash-board .bar { border: 1px solid CanvasText; }
  .regdash-board i { background: Highlight !important; forced-color-adjust: none; }
}
</style>"""
