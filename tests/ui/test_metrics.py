"""Numbers are for this machine alone."""

from types import SimpleNamespace

import pytest
from starlette.requests import Request

from regdash.ui.metrics import FORWARDED, _answer


def asked(host, **headers):
    sent = [(name.encode(), value.encode()) for name, value in headers.items()]
    answer = _answer(Request({"type": "http", "method": "GET", "headers": sent, "client": (host, 50000)}))
    return SimpleNamespace(status_code=answer.status_code, text=answer.body.decode())


def test_this_machine_gets_them():
    for host in ("127.0.0.1", "::1"):
        answer = asked(host)
        assert answer.status_code == 200
        assert "regdash_memory_bytes" in answer.text


@pytest.mark.parametrize("host", ["192.168.1.5", "10.0.0.1", "2001:db8::1", "testclient"])
def test_others_do_not_learn_that_there_are_any(host):
    answer = asked(host)
    assert answer.status_code == 404
    assert "regdash" not in answer.text


@pytest.mark.parametrize("header", FORWARDED)
def test_a_proxy_on_this_machine_speaks_for_others(header):
    assert asked("127.0.0.1", **{header: "192.168.1.5"}).status_code == 404
