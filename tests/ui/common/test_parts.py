"""Parts of a page. That a visitor's move is drawn though a part asks is seen in a browser: test_page_settings.py."""

from streamlit.runtime.state.common import WidgetMetadata
from streamlit.runtime.state.session_state import SessionState, WStates
from streamlit.testing.v1 import AppTest

from regdash.ui.common import parts


def test_streamlit_still_says_what_a_browser_has_changed():
    """Private names, used by `parts._has_moved`. If one is gone: is a slider that is moved in the moment in which a
    part asks still sent as that part's message? If not, `parts.py` has done its work; if so, see what
    `SessionState._call_callbacks` asks to know which widgets have changed.
    """
    state = SessionState()
    assert isinstance(state._new_widget_state, WStates)
    assert state._new_widget_state.widget_metadata == {}
    assert not state._widget_changed("a widget")
    assert "fragment_id" in WidgetMetadata.__dataclass_fields__


def script():
    import streamlit as st

    from regdash.ui.common import parts

    def draw(what: str) -> None:
        st.text(f"{what} {parts.is_alone()}")

    parts.part(draw)("a part")


def test_a_part_is_drawn_with_the_page():
    app = AppTest.from_function(script).run()
    assert not app.exception
    assert [text.value for text in app.text] == ["a part False"]


def test_outside_of_a_page_nothing_is_run_alone():
    assert not parts.is_alone()


def page():
    import streamlit as st

    from regdash.ui.common import parts

    def draw() -> None:
        st.text(f"{parts.is_asked()}")

    st.checkbox("alone", key="alone", on_change=lambda: st.rerun("a body"))
    st.checkbox("whole", key="whole")
    parts.body(draw, "a body")


def test_a_body_is_drawn_with_its_page_and_alone_where_a_callback_asks():
    app = AppTest.from_function(page).run()
    assert not app.exception
    assert [text.value for text in app.text] == ["False"]
    app.checkbox(key="whole").check().run()
    assert [text.value for text in app.text] == ["False"]
    app.checkbox(key="alone").check().run()
    assert [text.value for text in app.text] == ["True"]
    assert not app.checkbox


def test_what_a_browser_says_of_a_body_is_of_its_page():
    AppTest.from_function(page).run()
    assert parts.is_of_page("")
    assert all(parts.is_of_page(body) for body in parts._bodies())
    assert not parts.is_of_page("a part")
