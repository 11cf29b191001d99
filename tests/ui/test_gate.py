"""The gate, as an ASGI server would call it. What a whole page makes of it is seen in a browser."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.proto.BackMsg_pb2 import BackendOperationRequest, BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from regdash.ui import gate as module
from regdash.ui.common import order
from regdash.ui.common.turns import PLACES, Turns
from regdash.ui.gate import ALLOWED, MAX_MESSAGE, Gate, headers, is_closed, is_own_origin, kind_of


def message(kind, value=True):
    made = BackMsg()
    kind, _, operation = kind.partition(".")
    if kind == "rerun_script":
        made.rerun_script.query_string = "width=8"
    elif operation:
        getattr(made.backend_operation_request, operation).SetInParent()
    elif kind == "file_urls_request":
        made.file_urls_request.request_id = "1"
    else:
        setattr(made, kind, value)
    return made.SerializeToString()


OPERATION = "backend_operation_request"
OPERATIONS = [field.name for field in BackendOperationRequest.DESCRIPTOR.oneofs_by_name["payload"].fields]
KINDS = [field.name for field in BackMsg.DESCRIPTOR.oneofs_by_name["type"].fields if field.name != OPERATION]
KINDS += [f"{OPERATION}.{name}" for name in OPERATIONS]


class Echo:
    """An app that notes what reaches it."""

    def __init__(self):
        self.seen = []

    async def __call__(self, scope, receive, send):
        if scope["type"] == "http":
            await send({"type": "http.response.start", "status": 200, "headers": [(b"server", b"uvicorn")]})
            await send({"type": "http.response.body", "body": b""})
            return
        while (got := await receive())["type"] != "websocket.disconnect":
            self.seen.append(got.get("bytes"))


NEW_SESSION = ForwardMsg()
NEW_SESSION.new_session.initialize.session_id = "a session"


class Quick(Echo):
    """Its runs are done as soon as they are asked for."""

    async def __call__(self, scope, receive, send):
        async def noting():
            got = await receive()
            if kind_of(got.get("bytes") or b"") == "rerun_script":
                for said in (NEW_SESSION, ForwardMsg(script_finished=ForwardMsg.FINISHED_SUCCESSFULLY)):
                    await send({"type": "websocket.send", "bytes": said.SerializeToString()})
            return got

        await super().__call__(scope, noting, send)


def socket(*frames, origin=b"http://here", made=Echo):
    """What reached the app of these frames, and what was sent back."""
    app, sent = made(), []
    queue = [{"type": "websocket.receive", "bytes": frame} for frame in frames] + [{"type": "websocket.disconnect"}]

    async def receive():
        return queue.pop(0)

    async def send(each):
        sent.append(each)

    scope = {"type": "websocket", "path": "/_stcore/stream", "headers": [(b"host", b"here")]}
    if origin is not None:
        scope["headers"].append((b"origin", origin))
    asyncio.run(Gate(app, Turns())(scope, receive, send))
    return app.seen, sent


def request(path, method="GET", scheme="http"):
    sent = []

    async def receive():
        return {"type": "http.request"}

    async def send(each):
        sent.append(each)

    scope = {"type": "http", "path": path, "method": method, "scheme": scheme, "headers": []}
    asyncio.run(Gate(Echo(), Turns())(scope, receive, send))
    return sent[0]["status"], dict(sent[0]["headers"])


@pytest.mark.parametrize("kind", KINDS)
def test_of_all_kinds_of_messages_only_those_that_pages_use_pass(kind):
    data = message(kind)
    assert kind_of(data) == kind
    seen, _ = socket(data)
    assert seen == ([data] if kind in ALLOWED else [])


def test_what_harms_others_is_among_those_that_are_dropped():
    harmful = {"clear_cache", "load_git_info", "set_run_on_save", "debug_shutdown_runtime", "file_urls_request"}
    harmful |= {f"{OPERATION}.install_skills", f"{OPERATION}.dismiss_skills_nudge"}  # they write to this machine's disk
    assert harmful <= {*KINDS} - ALLOWED
    assert {*KINDS} >= ALLOWED


@given(st.binary(max_size=200))
def test_garbage_is_dropped_and_ends_nothing(data):
    seen, sent = socket(data, message("app_heartbeat"))
    assert seen[-1] == message("app_heartbeat")
    assert sent == []


def test_a_message_that_is_too_large_ends_the_connection():
    seen, sent = socket(b"x" * (MAX_MESSAGE + 1), message("app_heartbeat"))
    assert seen == []
    assert sent == [{"type": "websocket.close", "code": 1009}]


@pytest.mark.parametrize("origin", [b"http://evil.example", b"null", b"http://[", b"https://here.evil.example"])
def test_a_page_of_another_site_is_refused_before_streamlit_hears_of_it(origin):
    seen, sent = socket(message("rerun_script"), origin=origin)
    assert seen == []
    assert sent == [{"type": "websocket.close", "code": 1008}]


def test_ones_own_page_and_programs_may_connect():
    for origin in (b"http://here", b"https://here", None):
        assert socket(message("rerun_script"), origin=origin)[0]


def test_an_origin_that_the_host_allows_may_connect(monkeypatch):
    monkeypatch.setattr(module.config, "get_option", lambda _: ["https://public.example/"])
    assert is_own_origin("https://public.example", "inner:8501")
    assert not is_own_origin("https://other.example", "inner:8501")


def test_connections_are_bounded(monkeypatch):
    monkeypatch.setattr(module, "MAX_SOCKETS", 0)
    assert socket(message("rerun_script")) == ([], [{"type": "websocket.close", "code": 1013}])


def test_a_run_gives_its_place_back_when_streamlit_says_that_it_is_done():
    """Twice as many connections as there are places, none of which closes: all are served at once."""
    done, said = [], ForwardMsg()
    said.script_finished = ForwardMsg.FINISHED_SUCCESSFULLY

    async def app(_scope, receive, send):
        await receive()
        await send({"type": "websocket.send", "bytes": said.SerializeToString()})
        done.append(asyncio.get_running_loop().time())
        await asyncio.Event().wait()

    async def all_of_them():
        async def receive():
            return {"type": "websocket.receive", "bytes": message("rerun_script")}

        async def send(_):
            pass

        scope, gate = {"type": "websocket", "path": "/_stcore/stream", "headers": []}, Gate(app, Turns())
        visits = [asyncio.create_task(gate(scope, receive, send)) for _ in range(2 * PLACES)]
        await asyncio.sleep(0)
        while len(done) < len(visits) and not any(each.done() for each in visits):
            await asyncio.sleep(0)
        assert len(done) == len(visits), "somebody waited for a place until it was taken away"
        for each in visits:
            each.cancel()

    asyncio.run(all_of_them())


@pytest.mark.parametrize(
    "path", ["/_stcore/upload_file/a/b", "/_stcore/metrics", "/_stcore/agent/openapi.json", "/component/x/y.html"]
)
def test_what_no_page_uses_is_closed(path):
    assert request(path)[0] == 404
    assert is_closed(path)


def test_only_reading_is_allowed():
    assert request("/", "POST")[0] == 404
    assert request("/", "DELETE")[0] == 404
    assert request("/", "GET")[0] == 200


def test_every_answer_has_the_headers_and_does_not_name_the_server():
    for path in ("/", "/_stcore/metrics"):
        _, sent = request(path)
        assert headers().items() <= sent.items()
        assert b"server" not in sent
    assert b"strict-transport-security" not in request("/")[1]
    assert b"strict-transport-security" in request("/", scheme="https")[1]


def test_who_may_show_it_in_a_frame_is_a_choice_of_the_host():
    assert b"frame-ancestors 'self'" in headers()[b"content-security-policy"]
    assert headers()[b"x-frame-options"] == b"SAMEORIGIN"
    open_to_one = headers("https://lms.example.org")
    assert b"frame-ancestors 'self' https://lms.example.org" in open_to_one[b"content-security-policy"]
    assert b"x-frame-options" not in open_to_one


def test_who_closes_while_waiting_is_out_of_the_line_and_runs_nothing():
    app, line = Echo(), Turns(places=1, hold=1000)

    async def visit():
        await line.enter(await line.arrive())  # somebody else has the only place
        frames = [{"type": "websocket.receive", "bytes": message("rerun_script")}, {"type": "websocket.disconnect"}]

        async def receive():
            return frames.pop(0)

        async def send(_):
            pass

        scope = {"type": "websocket", "path": "/_stcore/stream", "headers": []}
        await asyncio.wait_for(Gate(app, line)(scope, receive, send), 5)

    asyncio.run(visit())
    assert app.seen == []


def test_a_message_that_comes_while_another_waits_is_next():
    seen, _ = socket(message("rerun_script"), message("app_heartbeat"), message("rerun_script"), made=Quick)
    assert [kind_of(each) for each in seen] == ["rerun_script", "app_heartbeat", "rerun_script"]


def test_a_run_that_waits_for_a_training_gives_its_place_back():
    """What the page's thread says of its session reaches the place of the session's connection."""
    said, line, entered = ForwardMsg(), Turns(places=1, hold=1000), []
    said.new_session.initialize.session_id = "a session"

    async def app(_scope, receive, send):
        await receive()
        entered.append(line.waiting)
        await send({"type": "websocket.send", "bytes": said.SerializeToString()})
        await asyncio.to_thread(line.rest, "a session")
        await asyncio.Event().wait()

    async def receive():
        return {"type": "websocket.receive", "bytes": message("rerun_script")}

    async def send(_):
        pass

    async def both():
        scope = {"type": "websocket", "path": "/_stcore/stream", "headers": []}
        visits = [asyncio.create_task(Gate(app, line)(scope, receive, send)) for _ in range(2)]
        async with asyncio.timeout(5):
            while len(entered) < len(visits):
                await asyncio.sleep(0)
        for each in visits:
            each.cancel()

    asyncio.run(both())


def test_nobody_learns_where_on_the_machine_the_script_lies():
    said = ForwardMsg()
    said.new_session.main_script_path = module.SCRIPT.decode()
    said.new_session.page_script_hash = "1234"
    sent = []

    async def app(_scope, _receive, send):
        await send({"type": "websocket.send", "bytes": said.SerializeToString()})
        await send({"type": "websocket.send", "text": "no bytes"})

    async def send(each):
        sent.append(each)

    scope = {"type": "websocket", "path": "/_stcore/stream", "headers": []}
    asyncio.run(Gate(app, Turns())(scope, None, send))
    assert module.SCRIPT not in sent[0]["bytes"]
    got = ForwardMsg.FromString(sent[0]["bytes"]).new_session
    assert (got.main_script_path, got.page_script_hash) == ("script.py", "1234")
    assert sent[1]["text"] == "no bytes"


class Slow:
    """An app whose runs come as far as a test says."""

    def __init__(self):
        self.seen, self.send = [], None

    async def __call__(self, _, receive, send):
        self.send = send
        while (got := await receive())["type"] != "websocket.disconnect":
            self.seen.append(got.get("bytes"))

    async def say(self, *messages):
        for said in messages:
            await self.send({"type": "websocket.send", "bytes": said.SerializeToString()})
        for _ in range(20):  # others run
            await asyncio.sleep(0)


def test_a_run_that_another_one_replaces_leaves_its_place_to_that():
    line, places = Turns(places=1, hold=1000), []

    async def app(_scope, receive, send):
        await receive()
        for how in (ForwardMsg.FINISHED_EARLY_FOR_RERUN, ForwardMsg.FINISHED_SUCCESSFULLY):
            await send({"type": "websocket.send", "bytes": finished(how).SerializeToString()})
            places.append(line._free)

    async def receive():
        return {"type": "websocket.receive", "bytes": message("rerun_script")}

    async def send(_):
        pass

    scope = {"type": "websocket", "path": "/_stcore/stream", "headers": []}
    asyncio.run(Gate(app, line)(scope, receive, send))
    assert places == [0, 1]


def finished(how):
    return ForwardMsg(script_finished=how)


A_PAGE = message("rerun_script")
A_PART = BackMsg(rerun_script={"fragment_id": "part", "page_script_hash": "page"}).SerializeToString()


def visited(scenario, *messages):
    """Runs `scenario(app, leave)` with a visitor who has sent these messages at once."""

    async def visit():
        app, mail = Slow(), asyncio.Queue()

        async def send(each):
            pass

        def leave():
            mail.put_nowait({"type": "websocket.disconnect"})

        scope = {"type": "websocket", "path": "/_stcore/stream", "headers": [(b"host", b"here")]}
        going = asyncio.create_task(Gate(app, Turns())(scope, mail.get, send))
        for data in messages:
            mail.put_nowait({"type": "websocket.receive", "bytes": data})
        while not app.seen:
            await asyncio.sleep(0)
        await scenario(app, leave)
        leave()
        await going

    asyncio.run(visit())


PAGE, PART, FIRST_ELEMENT = ForwardMsg(), ForwardMsg(), ForwardMsg()
PAGE.page_config_changed.title = "RegDash"
PART.delta.fragment_id = "a part"
FIRST_ELEMENT.delta.new_element.empty.SetInParent()


@pytest.mark.parametrize("last", [ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY])
def test_a_click_waits_until_the_first_run_has_drawn_what_is_clicked(last):
    """Streamlit would drop it; a run that is ended by another one has not drawn all."""

    async def scenario(app, _):
        await app.say(NEW_SESSION, PAGE)
        assert len(app.seen) == 1
        await app.say(finished(ForwardMsg.FINISHED_EARLY_FOR_RERUN))
        assert len(app.seen) == 1
        await app.say(finished(last))
        assert len(app.seen) == 2

    visited(scenario, A_PAGE, A_PAGE)


@pytest.mark.parametrize("begins", [PAGE, PART, finished(ForwardMsg.FINISHED_EARLY_FOR_RERUN)])
def test_a_message_waits_until_the_callbacks_of_the_one_before_are_over(begins):
    """It would end them in the middle. What the run before that says late does not count."""

    async def scenario(app, _):
        await app.say(NEW_SESSION, finished(ForwardMsg.FINISHED_SUCCESSFULLY))
        assert len(app.seen) == 2
        await app.say(PAGE, PART, finished(ForwardMsg.FINISHED_EARLY_FOR_RERUN))
        assert len(app.seen) == 2
        await app.say(NEW_SESSION, FIRST_ELEMENT)
        assert len(app.seen) == 2
        await app.say(begins)
        assert len(app.seen) == 3

    visited(scenario, A_PAGE, A_PAGE, A_PAGE)


def test_who_leaves_while_a_click_waits_is_not_kept():
    async def scenario(app, leave):
        leave()
        await app.say(finished(ForwardMsg.FINISHED_SUCCESSFULLY))
        assert len(app.seen) == 1

    visited(scenario, A_PAGE, A_PAGE)


def test_nobody_waits_for_ever_for_a_run_that_does_not_come(monkeypatch):
    monkeypatch.setattr(order, "DRAWN", 0.1)
    monkeypatch.setattr(order, "BEGUN", 0.1)
    monkeypatch.setattr(order, "DONE", 0.1)

    async def scenario(app, _):
        async with asyncio.timeout(20):
            while len(app.seen) < 3:
                await asyncio.sleep(0.01)

    visited(scenario, A_PAGE, A_PAGE, A_PART)


def test_what_is_asked_for_a_part_waits_for_the_whole_run_before_it_which_may_lead_to_another_page():
    there, away = ForwardMsg(), ForwardMsg()
    there.new_session.page_script_hash, away.new_session.page_script_hash = "page", "another"

    async def scenario(app, _):
        await app.say(there, PAGE, finished(ForwardMsg.FINISHED_SUCCESSFULLY))
        assert app.seen == [A_PAGE, A_PAGE]
        await app.say(there, PAGE, finished(ForwardMsg.FINISHED_EARLY_FOR_RERUN), away, PAGE)
        assert app.seen == [A_PAGE, A_PAGE]
        await app.say(finished(ForwardMsg.FINISHED_SUCCESSFULLY))
        assert app.seen == [A_PAGE, A_PAGE]  # and is dropped: its page is no longer on show

    visited(scenario, A_PAGE, A_PAGE, A_PART)


def test_what_is_asked_for_a_part_gives_way_to_what_is_asked_for_the_page():
    """A click does not stand behind a part that waits for a long run: it ends that run."""
    there = ForwardMsg()
    there.new_session.page_script_hash = "page"

    async def scenario(app, _):
        await app.say(there, PAGE, finished(ForwardMsg.FINISHED_SUCCESSFULLY))
        await app.say(there, PAGE)
        assert app.seen == [A_PAGE, A_PAGE, A_PART]
        await app.say(there, PART)
        assert app.seen == [A_PAGE, A_PAGE, A_PART, A_PAGE]

    visited(scenario, A_PAGE, A_PAGE, A_PART, A_PAGE)


@pytest.mark.parametrize(
    ("run", "page", "seen"), [("page", "page", 3), ("another", "another", 1), ("the script", "page", 3)]
)
def test_what_is_asked_for_a_part_of_a_page_that_was_left_is_dropped(run, page, seen):
    """Streamlit would go back to that page, and forget what the controls of the new one say. A session's first run is
    said to be of the script, and then of its page.
    """
    begins, there = ForwardMsg(), ForwardMsg()
    begins.new_session.page_script_hash, there.navigation.page_script_hash = run, page

    async def scenario(app, _):
        for _ in range(2):
            await app.say(begins, PAGE, there, finished(ForwardMsg.FINISHED_SUCCESSFULLY))
        assert len(app.seen) == seen

    visited(scenario, A_PART, A_PART, A_PART)


def test_what_is_asked_for_a_pages_body_is_asked_for_the_page(monkeypatch):
    """Streamlit's front end names the part in which a widget stands: a click there would draw that part alone."""
    monkeypatch.setattr(module.parts, "is_of_page", lambda part: part in ("", "a body"))
    asked = BackMsg()
    for part in ("a body", "a part", ""):
        asked.rerun_script.fragment_id = part
        (seen,), _ = socket(asked.SerializeToString())
        assert BackMsg.FromString(seen).rerun_script.fragment_id == ("a part" if part == "a part" else "")
