"""Registration and mounting of the page component (the .html, .css and .js beside this file)."""

from pathlib import Path

import streamlit as st

from regdash.ui.components.plotly import LIBRARY, PATH

_HERE = Path(__file__).parent

_mount = st.components.v2.component(
    "regdash_page",
    html=(_HERE / "component.html").read_text(encoding="utf-8"),
    css=(_HERE / "component.css").read_text(encoding="utf-8"),
    js=f"{LIBRARY}\n{(_HERE / 'component.js').read_text(encoding='utf-8')}",
    isolate_styles=False,  # most of its rules are for the page around it
)


def page(name: str, *, said: str, heading: str = "", charts_follow: bool = False) -> None:
    """What a page needs besides what it shows: its style; focus that is not lost; and for readers who cannot see it

    name           of the page: when another one comes, the sidebar of a phone gives way
    said           a sentence that is read out whenever it changes, but not when the page opens
    heading        the page's first heading, where it shows none
    charts_follow  whether the chart library is loaded ahead, for charts that are not there yet
    """
    _mount(
        key=f"page_{name}",
        data={"page": name, "said": said, "heading": heading, "library": PATH if charts_follow else ""},
    )
