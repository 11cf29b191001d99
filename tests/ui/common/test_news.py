"""What a browser says again with a part's message is no news. That no move is undone by it is seen in a browser."""

from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.WidgetStates_pb2 import WidgetState

from regdash.ui.common import news
from regdash.ui.common.news import News

OLD, MOVED = WidgetState(id="dropout", double_value=0.6), WidgetState(id="dropout", double_value=0.5)
OTHER = WidgetState(id="width", int_value=64)
CLICK, CALL = WidgetState(id="button", trigger_value=True), WidgetState(id="part", json_trigger_value='{"call": 1}')


def passed(*messages):
    """What is left of the widgets of each (fragment, widgets)."""
    of_one, left = News(), []
    for part, widgets in messages:
        asked = ClientState(fragment_id=part, page_script_hash="page")
        asked.widget_states.widgets.extend(widgets)
        of_one.only(asked)
        assert asked.page_script_hash == "page"
        left.append(list(asked.widget_states.widgets))
    return left


def test_a_message_for_the_page_says_all():
    assert passed(("", [OLD, OTHER]), ("", [OLD, OTHER]))[1] == [OLD, OTHER]


def test_of_one_for_a_part_what_was_said_before_is_taken_out():
    """The value may be an old one: a click has changed it meanwhile, and the browser has not heard of it."""
    assert passed(("", [OLD, OTHER, CLICK]), ("part", [OLD, OTHER, CALL]))[1] == [CALL]


def test_what_is_new_in_it_stays():
    assert passed(("", [OLD, OTHER]), ("part", [MOVED, OTHER, CALL]))[1] == [MOVED, CALL]
    assert passed(("part", [OLD, OTHER, CALL]))[0] == [OLD, OTHER, CALL]
    assert passed(("", [OLD]), ("part", [MOVED]), ("part", [OLD]))[1:] == [[MOVED], [OLD]]


def test_events_are_always_new():
    assert passed(("part", [CLICK, CALL]), ("part", [CLICK, CALL]))[1] == [CLICK, CALL]


def test_who_sends_very_many_has_them_all_heard(monkeypatch):
    monkeypatch.setattr(news, "MOST", 1)
    assert passed(("", [OLD, OTHER]), ("part", [OLD, OTHER]))[1] == [OLD, OTHER]
