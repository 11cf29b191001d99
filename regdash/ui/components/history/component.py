"""Registration and mounting of the history component (the .js beside this file)."""

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlencode

import streamlit as st

_mount = st.components.v2.component(
    "regdash_history", js=(Path(__file__).parent / "component.js").read_text(encoding="utf-8"), isolate_styles=False
)


def settled(missing: Mapping[str, list[str]]) -> None:
    """Tell the browser that the address is now that of the page shown: once a run, when its controls are drawn.

    `missing` are parameters that belong into the address and are not there yet. It stands at the end of the sidebar,
    where its empty place moves nothing.
    """
    address = urlencode({name: st.query_params.get_all(name) for name in st.query_params}, doseq=True)
    with st.sidebar:  # `address` is there because the browser looks again only when something has changed
        _mount(key="history", data={"address": address, "missing": dict(missing)})
