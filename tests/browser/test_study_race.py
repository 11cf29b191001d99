"""What Streamlit does when a part of the page is due again before the page's last run has been sent to the browser."""

from playwright.sync_api import WebSocketRoute
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.browser.explore import Visit
from tests.browser.study import DRAWN, Study


class Overtaking:
    """Stands between browser and server. Once `begin` was called, the first part of the page that is run by itself (the
    study's progress) is dropped from the page's next run and asked for again: what a busy server does by itself.
    """

    def __init__(self, route: WebSocketRoute) -> None:
        self.server, self.browser = route.connect_to_server(), route
        self.server.on_message(self.down)
        route.on_message(self.up)
        self.asked: bytes = b""  # the browser's last request for the part
        self.part = ""
        self.begun = self.active = self.whole = False
        self.dropped = 0

    def begin(self) -> None:
        assert self.part
        self.begun = self.active = True

    def up(self, message: str | bytes) -> None:
        assert isinstance(message, bytes)
        request = BackMsg.FromString(message).rerun_script
        if request.is_auto_rerun and request.fragment_id == self.part:
            self.asked = message
        if not (self.begun and request.is_auto_rerun):  # its own request is the only one then
            self.server.send(message)

    def down(self, message: str | bytes) -> None:
        assert isinstance(message, bytes)
        news = ForwardMsg.FromString(message)
        kind = news.WhichOneof("type")
        if kind == "new_session":
            self.whole = not news.metadata.run.fragment_ids
        part = news.delta.fragment_id if kind == "delta" else ""
        self.part = self.part or part  # the first part of the page
        if self.active and self.whole and part and part == self.part:
            self.dropped += 1
            return
        self.browser.send(message)
        if self.active and self.whole and kind == "script_finished":
            self.active = False
            self.server.send(self.asked)


def test_no_part_of_the_page_overwrites_another(visit: Visit) -> None:
    study = Study(visit(None))
    between: list[Overtaking] = []
    study.page.route_web_socket("**/_stcore/stream", lambda route: between.append(Overtaking(route)))
    study.open(width=256, epochs=1000, seeds=12, seed=55)
    study.button("Run study").click()
    study.page.wait_for_function(DRAWN, arg=3)
    between[-1].begin()
    study.button("Cancel").click()
    study.finished("What is below is incomplete.")
    assert between[-1].dropped > 0
    assert len(study.charts) == 3
