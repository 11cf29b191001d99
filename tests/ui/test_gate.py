"""The gate, as an ASGI server would call it. What a whole page makes of it is seen in a browser."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.proto.BackMsg_pb2 import BackendOperationRequest, BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from regdash.ui import gate as module
from regdash.ui.gate import ALLOWED, MAX_MESSAGE, Gate, Turnstile, headers, is_closed, is_own_origin, kind_of


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


def socket(*frames, origin=b"http://here", rate=1e6):
    """What reached the app of these frames, and what was sent back."""
    app, sent = Echo(), []
    queue = [{"type": "websocket.receive", "bytes": frame} for frame in frames] + [{"type": "websocket.disconnect"}]

    async def receive():
        return queue.pop(0)

    async def send(each):
        sent.append(each)

    scope = {"type": "websocket", "path": "/_stcore/stream", "headers": [(b"host", b"here")]}
    if origin is not None:
        scope["headers"].append((b"origin", origin))
    asyncio.run(Gate(app, rate=rate)(scope, receive, send))
    return app.seen, sent


def request(path, method="GET", scheme="http"):
    sent = []

    async def receive():
        return {"type": "http.request"}

    async def send(each):
        sent.append(each)

    scope = {"type": "http", "path": path, "method": method, "scheme": scheme, "headers": []}
    asyncio.run(Gate(Echo())(scope, receive, send))
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


def test_a_flood_waits_for_itself_and_others_for_their_own_turn_only():
    """Ten sockets with fifty messages each, and one with a single message: at most one of each is before it."""
    order = []

    async def one(turnstile, name, n):
        for _ in range(n):
            await turnstile.turn()
            order.append(name)

    async def all_of_them():
        turnstile = Turnstile(rate=2000, burst=1)
        floods = [asyncio.create_task(one(turnstile, f"flood {i}", 50)) for i in range(10)]
        await asyncio.sleep(0.01)
        before = len(order)
        await one(turnstile, "honest", 1)
        waited = order.index("honest") - before
        await asyncio.gather(*floods)
        return waited

    assert asyncio.run(all_of_them()) <= 12


def test_a_burst_passes_at_once_and_then_the_pace_is_kept():
    turnstile = Turnstile(rate=20, burst=10)
    waits = [turnstile.claim(100.0) for _ in range(50)]
    assert waits[:10] == [0.0] * 10
    assert waits[10:] == pytest.approx([0.05 * n for n in range(1, 41)])
    assert turnstile.claim(101.0) == pytest.approx(1.05), "who comes later waits behind those in line"
    assert [turnstile.claim(1000.0) for _ in range(11)] == [*[0.0] * 10, pytest.approx(0.05)]


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
    asyncio.run(Gate(app)(scope, None, send))
    assert module.SCRIPT not in sent[0]["bytes"]
    got = ForwardMsg.FromString(sent[0]["bytes"]).new_session
    assert (got.main_script_path, got.page_script_hash) == ("script.py", "1234")
    assert sent[1]["text"] == "no bytes"
