"""The chart component as Python sees it; what a browser makes of it is tested there."""

import json

import pytest

from regdash.ui.components import plotly
from regdash.ui.components.chart import component
from regdash.ui.components.picture import component as picture_component
from regdash.ui.components.script import PLACES


def test_the_library_is_there_and_both_components_load_it_the_same_way():
    assert plotly.FILE.exists()
    assert all(module.SCRIPT.text.startswith(f"{PLACES}\n{plotly.LOADER}") for module in (component, picture_component))


def test_a_number_that_a_browser_cannot_parse_is_an_error_here():
    payload = {"title": "", "caption": "", "data": [{"y": [float("nan")]}], "wide": {}, "narrow": {}}
    with pytest.raises(ValueError, match="not JSON compliant"):
        component.chart(payload, alt="", settings="", level=2, file_stem="", key="chart")


def test_chart_and_picture_load_the_same_library(monkeypatch):
    sent = []

    def note(*, data, **_):
        sent.append((data if isinstance(data, dict) else json.loads(data[4:]))["library"])

    for module in (component, picture_component):
        monkeypatch.setattr(module, "_mount", note)
    component.chart({}, alt="", settings="", level=2, file_stem="", key="chart")
    words = picture_component.Words(alt="", headline="", settings="", stem="")
    picture_component.picture({"frames": {"surface": b""}}, words=words, key="picture")
    assert sent == [f"app/static/{plotly.NAME}"] * 2


def test_equal_charts_have_equal_versions_and_others_do_not(monkeypatch):
    sent = []
    monkeypatch.setattr(component, "_mount", lambda **kwargs: sent.append(kwargs["data"]["version"]))
    for title in ("a", "a", "b"):
        payload = {"title": title, "caption": "", "data": [], "wide": {}, "narrow": {}}
        component.chart(payload, alt="", settings="", level=2, file_stem="", key="chart")
    assert sent[0] == sent[1] != sent[2]
