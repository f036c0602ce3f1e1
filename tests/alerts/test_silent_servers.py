"""Places that take a connection and never answer: each is given up in time, as something to try again."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from pydantic import SecretStr

from alerts.receivers.opening import open_receivers
from alerts.receivers.receiver import Result, Sent, Temporary
from config.error import ConfigurationError
from config.settings import Secrets, settings_from
from tests.alerts.conftest import a_view

KINDS = ("slack", "mail", "hook", "mattermost", "discord", "teams")


@pytest.fixture
def silent() -> Iterator[int]:
    """The port of a server that accepts and says nothing."""
    with socket.create_server(("127.0.0.1", 0), backlog=32) as server:
        yield server.getsockname()[1]


def receivers_at(port: int, monkeypatch: pytest.MonkeyPatch, within: str = "1s") -> dict[str, object]:
    monkeypatch.setenv("CHAT", f"http://127.0.0.1:{port}/")
    chats = {kind: {kind: {"url_from": "CHAT"}} for kind in ("mattermost", "discord", "teams")}
    settings = settings_from(
        {
            "brand": {"name": "x"},
            "receivers": {
                "slack": {"slack": {"channel": "#x"}},
                "mail": {"email": {"to": ["a@example.jp"]}},
                "hook": {"webhook": {"url": f"http://127.0.0.1:{port}/"}},
                **chats,
            },
            "route": {"receiver": "mail"},
            "smtp": {"host": "127.0.0.1", "port": port, "security": "none"},
            "slack": {"api_url": f"http://127.0.0.1:{port}/api/"},
            "delivery": {"answer_within": within},
        }
    )
    return dict(open_receivers(settings, Secrets(_env_file=None, slack_bot_token=SecretStr("xoxb-1"))))


def test_a_receiver_that_hangs_is_tried_again_later(silent: int, monkeypatch: pytest.MonkeyPatch) -> None:
    receivers = receivers_at(silent, monkeypatch)

    def told(kind: str) -> Result:
        result: Result = receivers[kind].deliver(f"k:{kind}", "case_message", {}, a_view(), None)  # type: ignore[attr-defined]  # receivers of all kinds
        return result

    began = time.monotonic()
    with ThreadPoolExecutor(len(KINDS)) as all_at_once:
        results = dict(zip(KINDS, all_at_once.map(told, KINDS), strict=True))
    assert time.monotonic() - began < 12, "not as long as is waited for where nothing is set"
    assert {kind: type(result) for kind, result in results.items()} == dict.fromkeys(KINDS, Temporary)
    # Where the message may have arrived all the same, the place is asked first if it can be asked.
    assert {kind for kind, result in results.items() if isinstance(result, Temporary) and result.unclear} >= {
        "slack", "hook", "teams",
    }  # fmt: skip


def test_a_webhook_whose_answer_never_ends_has_taken_the_event(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        ended = threading.Event()

        def drip() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\nx")
                ended.wait(10)

        thread = threading.Thread(target=drip)
        thread.start()
        hook = receivers_at(server.getsockname()[1], monkeypatch)["hook"]
        assert hook.deliver("k", "case_message", {}, a_view(), None) == Sent({})  # type: ignore[attr-defined]  # see above
        ended.set()
        thread.join()


def test_a_time_to_answer_must_end_before_the_claim_of_a_delivery_does() -> None:
    for wrong in ("0s", "5m"):
        with pytest.raises(ConfigurationError, match="answer_within"):
            settings_from({"brand": {"name": "x"}, "delivery": {"answer_within": wrong}})
