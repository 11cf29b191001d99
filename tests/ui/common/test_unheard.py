"""What is put into a control while a part is drawn alone. That it is then on show is seen in a browser:
test_page_settings.py.
"""

from types import SimpleNamespace

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from streamlit.runtime.state.common import WidgetMetadata
from streamlit.runtime.state.session_state import SessionState

from regdash.ui.common import unheard

WIDGET = "$$ID-dropout"


@pytest.fixture
def page():
    """What a page sees of the session."""
    return {}


@pytest.fixture
def state(monkeypatch):
    """Streamlit's session after a run that has drawn one slider, at 0.5."""
    session = SessionState()
    session._set_widget_metadata(
        WidgetMetadata(id=WIDGET, deserializer=lambda value: value, serializer=float, value_type="double_value")
    )
    session._set_key_widget_mapping(WIDGET, "dropout")
    session._old_state[WIDGET] = 0.5
    monkeypatch.setattr(unheard, "_state", lambda: session)
    return session


@pytest.fixture(autouse=True)
def drawn(monkeypatch, page):
    """The keys of the hidden widgets that were drawn."""
    keys = []
    streamlit = SimpleNamespace(session_state=page, checkbox=lambda _label, *, key, **_options: keys.append(key))
    monkeypatch.setattr(unheard, "st", streamlit)
    return keys


def says(state, value, *heard):
    """The browser sends a message."""
    state._compact_state()
    state.set_widgets_from_proto(
        WidgetStates(
            widgets=[
                WidgetState(id=WIDGET, double_value=value),
                *(WidgetState(id=f"$$ID-1f-{one}", bool_value=True) for one in heard),
            ]
        )
    )


def test_what_a_click_has_put_in_is_put_in_once_more_over_what_the_browser_still_says(state, page):
    state._new_session_state |= {"dropout": 0.6, "no control": 1}
    assert unheard.keep()
    says(state, 0.5)
    unheard.tell()
    assert page["dropout"] == 0.6
    assert "no control" not in page


def test_so_it_is_if_the_browser_says_nothing(state, page):
    state._new_session_state["dropout"] = 0.6
    unheard.keep()
    state._compact_state()
    unheard.tell()
    assert page["dropout"] == 0.6


def test_of_two_clicks_the_second_counts(state, page):
    for value in (0.6, 0.7):
        state._new_session_state["dropout"] = value
        unheard.keep()
        state._compact_state()
    says(state, 0.5)
    unheard.tell()
    assert page["dropout"] == 0.7


def test_who_never_hears_has_little_kept(state, page):
    for step in range(100):
        state._new_session_state["dropout"] = step / 100
        unheard.keep()
        state._compact_state()
    assert len(page["unheard"]["dropout"].before) == unheard._MOST


def test_a_move_since_then_stays(state, page):
    state._new_session_state["dropout"] = 0.6
    unheard.keep()
    says(state, 0.1)
    unheard.tell()
    assert "dropout" not in page


def test_a_move_back_is_a_move(state, page):
    state._new_session_state["dropout"] = 0.6
    unheard.keep()
    for value in (0.1, 0.5):
        says(state, value)
        unheard.tell()
    assert "dropout" not in page


def test_what_a_callback_of_this_run_puts_in_counts(state, page):
    for value in (0.6, 0.2):
        says(state, 0.5)
        state._new_session_state["dropout"] = value
        unheard.keep()
        unheard.tell()
    assert page["dropout"] == 0.2


def test_it_is_put_in_until_the_browser_has_drawn_a_page_with_it(state, page, drawn):
    state._new_session_state["dropout"] = 0.6
    unheard.keep()
    for _ in range(2):  # two messages from before
        page.pop("dropout", None)
        unheard.tell()
        unheard.are_told()
        unheard.are_told()  # at the end of the run, if not before
        assert page["dropout"] == 0.6
        says(state, 0.5)
    assert len(drawn) == len(set(drawn)) == 2
    page.pop("dropout")
    says(state, 0.5, drawn[-1])
    unheard.tell()
    assert "dropout" not in page


def test_who_has_heard_of_the_page_before_has_not_heard_of_the_next(state, page, drawn):
    state._new_session_state["dropout"] = 0.6
    unheard.tell()
    unheard.are_told()
    state._compact_state()
    state._new_session_state["dropout"] = 0.7
    unheard.keep()
    for value in (0.5, 0.6):
        says(state, value, drawn[0])
        unheard.tell()
        assert page["dropout"] == 0.7


def test_a_callback_knows_a_move_from_what_is_old(state):
    state._new_session_state["dropout"] = 0.6
    unheard.keep()
    says(state, 0.5)
    assert unheard.is_old("dropout")
    assert unheard.is_behind()
    assert not unheard.is_old("width")
    says(state, 0.1)
    assert not unheard.is_old("dropout")
    assert not unheard.is_behind()


def test_numbers_of_runs_begin_again(page, drawn):
    page["unheard"] = {"dropout": unheard._Put(0.6, (0.5,))}
    for _ in range(3 * unheard._NAMES):
        page["unheard_run"] = ((page.get("unheard_run", (0, True))[0] + 1) % unheard._NAMES, True)
        unheard.are_told()
    assert len(set(drawn)) == unheard._NAMES


def test_who_goes_back_is_told_by_the_address(state, page, monkeypatch):
    state._new_session_state["dropout"] = 0.6
    unheard.keep()
    monkeypatch.setattr(unheard, "_state", lambda: None)
    unheard.tell()
    assert page["unheard"] == {}
    assert "dropout" not in page


def test_nothing_put_in_is_nothing_kept(state, page):
    says(state, 0.7)
    assert not unheard.keep()
    unheard.tell()
    assert "dropout" not in page


def test_outside_of_a_page_there_is_nothing_to_keep():
    assert not unheard.keep()
