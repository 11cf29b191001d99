"""From one view of the Lessons page to another: the address says which one is shown."""

import streamlit as st


def link(label: str, icon: str, **query: str) -> None:
    """A button that leads to the view with this `query`. (A link to the page one is on changes no address.)"""
    key = "lessons_to_" + "_".join([*query.values(), label[:12]])
    st.button(label, icon=icon, key=key, on_click=_go, kwargs=query)


def _go(**query: str) -> None:
    st.query_params.from_dict(query)
