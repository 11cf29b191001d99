"""A lesson's worksheet: a page for students and a page for the teacher, to be printed from the browser."""

import streamlit as st

from regdash.teaching.lessons import Lesson
from regdash.ui.lessons import runs
from regdash.ui.lessons.views import link
from regdash.words.worksheets import worksheet


def show(lesson: Lesson) -> None:
    """The worksheet as it prints; what stands around it does not."""
    with st.container(horizontal=True, vertical_alignment="center", key="lesson_sheet_links"):
        link("Back to the lesson", ":material/arrow_back:", lesson=lesson.key)
        st.caption("Print this page from your browser (Ctrl+P): students' page first, teacher's notes second.")
    st.html(STYLE + worksheet(lesson, runs.of(lesson)))


# Streamlit scrolls inside a box as high as the window, of which a browser would print the part on show.
STYLE = """<style>
.sheet { max-width: 46rem; line-height: 1.45; }
.sheet h1 { font-size: 1.5rem; padding: 0 0 .4rem; } .sheet h2 { font-size: 1.1rem; padding: .9rem 0 .2rem; }
.sheet .name { display: flex; gap: 2rem; margin-bottom: .8rem; }
.sheet .name span { flex: 1; border-bottom: 1px solid; }
.sheet ol.choices { list-style: none; padding: 0; margin: .2rem 0; } .sheet ol.choices li::before { content: "☐  "; }
.sheet table { border-collapse: collapse; margin: .4rem 0; width: 100%; font-size: .95rem; }
.sheet th, .sheet td { border: 1px solid currentColor; padding: .2rem .5rem; text-align: right; min-width: 5rem; }
.sheet th:first-child { text-align: left; font-weight: 600; }
.sheet .write { border-bottom: 1px solid currentColor; height: 2rem; opacity: .5; }
.sheet .teacher { margin-top: 3rem; padding-top: 1rem; border-top: 3px double; }
@media print {
  @page { margin: 15mm; }
  html, body, .stApp, [data-testid="stAppViewContainer"], [data-testid="stMain"], [data-testid="stMainBlockContainer"] {
    position: static !important; height: auto !important; overflow: visible !important; background: #fff !important;
    color: #000 !important; padding: 0 !important; max-width: none !important; display: block !important; }
  [data-testid="stSidebar"], [data-testid="stHeader"], [data-testid="stAppViewContainer"] + *,
  .st-key-lesson_sheet_links, .stAppDeployButton, [data-testid="stToolbar"] { display: none !important; }
  .sheet, .sheet * { color: #000 !important; } .sheet { max-width: none; }
  .sheet p, .sheet li, .sheet .name { font-size: 10pt; line-height: 1.3; margin: 0 0 .3em; }
  .sheet th, .sheet td { font-size: 9.5pt; padding: .1em .5em; }
  .sheet h1 { font-size: 15pt; padding: 0 0 .4em; margin: 0; }
  .sheet h2 { font-size: 11.5pt; padding: .5em 0 .2em; margin: 0; break-after: avoid; }
  .sheet .write { height: 1.5rem; } .sheet ul, .sheet ol { margin: 0; }
  .sheet .teacher { break-before: page; margin: 0; border: 0; padding: 0; }
}
</style>"""
