"""What is new in what a browser says.

With each message a browser sends the values of all its widgets, also with one by which a part of the page asks for
something by itself. It may not have heard yet of what a click before has changed (*Restore*, *Modified: reset*): then
it says the old values, and they would be taken for moves. So of a part's message only what is new goes on.
"""

from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates

MOST = 500  # widgets whose values are remembered; a page has some forty


class News:
    """Of one connection."""

    def __init__(self) -> None:
        self._said: frozenset[int] = frozenset()  # fingerprints of what the last message said

    def only(self, asked: ClientState) -> None:
        """Take out of a part's message what the message before said as well; remember what any message says."""
        prints = {_fingerprint(state): state for state in asked.widget_states.widgets}
        fresh = [state for one, state in prints.items() if _happens(state) or one not in self._said]
        if asked.fragment_id and len(fresh) < len(asked.widget_states.widgets):
            asked.widget_states.CopyFrom(WidgetStates(widgets=fresh))
        self._said = frozenset(prints) if len(prints) <= MOST else frozenset()


def _happens(state: WidgetState) -> bool:
    """Whether it is an event, such as a click, and not a value that stays."""
    return (state.WhichOneof("value") or "").endswith("trigger_value")


def _fingerprint(state: WidgetState) -> int:
    return hash((state.id, state.SerializeToString(deterministic=True)))
