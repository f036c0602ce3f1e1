"""The demo's page: what Slack would show, read-only, and nothing that a customer wrote is markup."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from datetime import UTC, datetime
from pathlib import Path
from urllib.error import HTTPError
from zoneinfo import ZoneInfo

import pytest

from config.clock import SetClock
from config.mistakes import ConfigurationError
from kintsugi.app import App, open_app
from kintsugi.crawling import store_items
from kintsugi.demo.page import PageServer, drawn, marked_up
from kintsugi.engines.embedded import EmbeddedEngine
from storage.item import Item

ROOT = Path(__file__).parents[2]
NOON = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)
TOKYO = ZoneInfo("Asia/Tokyo")
SETTINGS = """\
brand: {name: "Hotel <Sora>", timezone: Asia/Tokyo}
route: {receiver: console, group_wait: 0s}
sentiment: {model: cues-1}
log: {level: error}
"""
HOSTILE = "部屋が汚くて最悪でした。<script>alert(1)</script> <!channel> \" onload='x' *太字* javascript:alert(1)"


@pytest.fixture
def app(tmp_path: Path) -> App:
    (tmp_path / "kintsugi.yaml").write_text(SETTINGS, encoding="utf-8")
    (tmp_path / ".env").write_text(f"KINTSUGI_LOG_KEY={'k' * 64}\n", encoding="utf-8")
    opened = open_app(tmp_path / "kintsugi.yaml", SetClock(NOON))
    item = Item(external_id="1", kind="review", text=HOSTILE, rating=1.0, author_name="<b>x</b>", posted_at=NOON)
    store_items(opened.database, "book", "file", [item], NOON)
    engine = EmbeddedEngine(opened)
    engine.start()
    engine.settle()
    engine.close()
    return opened


def test_a_case_is_shown_and_what_was_said_is_no_markup(app: App) -> None:
    with PageServer(app, 0) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with urllib.request.urlopen(server.address) as answer:
            body = answer.read().decode()
            policy = answer.headers["Content-Security-Policy"]
        with pytest.raises(HTTPError, match="404"):
            urllib.request.urlopen(server.address + "etc/passwd")
        with pytest.raises(HTTPError, match="501"):
            urllib.request.urlopen(server.address, data=b"claim")
        server.shutdown()
    assert "K-1" in body
    assert "担当する" in body
    assert "&lt;script&gt;" in body
    assert "Hotel &lt;Sora&gt;" in body
    for evil in ("<script", "<b>x</b>", "src=", 'href="javascript'):
        assert evil not in body
    assert policy.startswith("default-src 'none'")


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("*K-1* a &amp; b", "<b>K-1</b> a &amp; b<br>"),
        ("<@U1> <@U2>", "<b>@佐藤</b> <b>@U2</b><br>"),
        ("<!date^1793588400^{date}|x>", "2026-11-02 12:00<br>"),
        ("<https://e.jp/*1*?a&amp;b|文>", '<a href="https://e.jp/*1*?a&amp;b" rel="noreferrer noopener">文</a><br>'),
        ("<javascript:alert(1)|x>", "x<br>"),
        ('<https://e.jp/"onclick=x|y>', '<a href="https://e.jp/&quot;onclick=x" rel="noreferrer noopener">y</a><br>'),
        ("> 一行\n二行", "<blockquote>一行</blockquote>二行<br>"),
    ],
)  # fmt: skip
def test_the_markup_of_slack_is_drawn(said: str, shown: str) -> None:
    assert marked_up(said, TOKYO, {"U1": "佐藤"}) == shown


def test_a_block_of_a_kind_to_come_is_named(app: App) -> None:
    assert drawn({"type": "<x>"}, TOKYO, {}) == "<div>[&lt;x&gt;]</div>"


def test_a_port_that_is_taken_is_said_in_a_line(app: App) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(ConfigurationError, match="cannot be had"):
        PageServer(app, taken.getsockname()[1])


def test_ctrl_c_ends_it_with_code_0(app: App) -> None:
    code = (
        "from pathlib import Path; from kintsugi.app import open_app; from kintsugi.demo.page import serve;"
        f"serve(open_app(Path({str(app.folder / 'kintsugi.yaml')!r})), 0)"
    )
    running = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert running.stdout is not None
    assert running.stdout.readline().startswith("http://127.0.0.1:")
    running.send_signal(signal.SIGINT)
    running.communicate(timeout=30)
    assert running.returncode == 0
