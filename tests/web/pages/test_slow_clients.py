"""Slow clients: who sends or reads by drops is cut off, and meanwhile everybody else is served."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from urllib.request import urlopen

import pytest

from kintsugi.web.rendering import STATIC
from kintsugi.web.server import WebServer
from tests.web.pages.house import House

SLOW = 50  # connections at once
ASKED = 40  # large files, more than any buffer between us holds
HALF_A_BODY = (
    b"POST /login HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    b"Content-Length: 99\r\n\r\nname="
)


@pytest.fixture
def port(house: House, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    for name in ("impatience.HEAD_WITHIN", "impatience.READ_WITHIN", "guard.BODY_WITHIN"):
        monkeypatch.setattr(f"kintsugi.web.{name}", 0.3)
    server = WebServer(house.web, house.app.settings.web.model_copy(update={"port": 0}))
    yield server.port
    threading.Thread(target=server.close).start()


def connected(port: int, sends: bytes) -> socket.socket:
    made = socket.create_connection(("127.0.0.1", port), timeout=20)
    made.sendall(sends)
    return made


def last_words(one: socket.socket) -> bytes:
    """What is answered before the connection ends; a test that waits for its end in vain fails by a timeout."""
    said = b""
    try:
        while part := one.recv(65536):
            said += part
    except ConnectionResetError:
        pass
    return said


@pytest.mark.parametrize("sends", [b"", b"G", b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: "])
def test_who_never_ends_a_head_is_cut_off_and_keeps_nobody_waiting(port: int, sends: bytes) -> None:
    with ExitStack() as stack:
        slow = [stack.enter_context(connected(port, sends)) for _ in range(SLOW)]
        with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=20) as answer:
            assert answer.status == 200
        assert {last_words(one) for one in slow} == {b""}


def test_who_never_ends_a_body_is_cut_off(port: int) -> None:
    with connected(port, HALF_A_BODY) as slow:
        said = last_words(slow)
    assert said == b"" or said.startswith(b"HTTP/1.1 4")


def test_who_does_not_read_is_cut_off(port: int) -> None:
    one = b"GET /static/vendor/vega.min.js HTTP/1.1\r\nHost: x\r\n\r\n"
    with socket.socket() as slow:
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        slow.settimeout(20)
        slow.connect(("127.0.0.1", port))
        slow.sendall(one * ASKED)
        time.sleep(3)  # ten times as long as anybody may
        said = last_words(slow)
    assert len(said) < ASKED * (STATIC / "vendor" / "vega.min.js").stat().st_size
