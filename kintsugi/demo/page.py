"""The demo's cases in a browser, as Slack would show them: read-only, on this machine only, nothing from elsewhere.

It draws the Block Kit blocks that `alerts.slack.blocks` builds. Texts of customers are hostile: everything is escaped,
only http addresses become links, and the page may run no script at all.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from html import escape, unescape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from zoneinfo import ZoneInfo

import typer
from sqlalchemy import select

from alerts.slack.blocks import case_message
from alerts.wording import words_for
from config.mistakes import ConfigurationError
from kintsugi.app import App
from kintsugi.caseview import view_of
from kintsugi.timeline import timeline
from storage.case import Case

Block = Mapping[str, Any]
PORT = 8000
HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
STYLE = """
body{font:15px/1.5 Lato,"Hiragino Sans","Noto Sans CJK JP",sans-serif;margin:0;color:#1d1c1d;background:#fff}
h1{font-size:18px;margin:0;padding:14px 24px;border-bottom:1px solid #ddd}main{padding:0 24px;max-width:760px}
article{border-bottom:1px solid #eee;padding:14px 0}h2{font-size:17px;margin:2px 0}small{color:#616061}
.fields{display:grid;grid-template-columns:1fr 1fr;gap:6px}blockquote{border-left:4px solid #ddd;margin:2px 0;
padding-left:10px}.button{display:inline-block;border:1px solid #bbb;border-radius:4px;padding:3px 10px;margin:3px;
font-weight:700;font-size:13px}.primary{background:#007a5a;color:#fff}.danger{color:#e01e5a;border-color:#e01e5a}
details{margin-top:6px}
"""


class PageServer(ThreadingHTTPServer):
    """Serves the page of one installation on 127.0.0.1. Raises ConfigurationError when the port is taken."""

    daemon_threads = True

    def __init__(self, app: App, port: int = PORT) -> None:
        self.app = app
        try:
            super().__init__(("127.0.0.1", port), _Handler)
        except OSError as error:
            raise ConfigurationError(
                [f"127.0.0.1:{port} cannot be had ({error.strerror}): end what listens there and start the demo again"]
            ) from None

    @property
    def address(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.server_address[1]}/"


def serve(app: App, port: int = PORT) -> None:
    """Keeps the page open until Ctrl-C."""
    with PageServer(app, port) as server:
        try:
            typer.echo(f"{server.address} shows the cases as Slack would; Ctrl-C ends")
            server.serve_forever()
        except KeyboardInterrupt:
            typer.echo()


def page(app: App) -> str:
    """The whole page: every case, the newest first, with its timeline."""
    settings = app.settings
    words, names = words_for(settings.brand.languages), {key: one.name for key, one in settings.people.items()}
    articles = []
    with app.database.read() as session:
        for case_id in session.scalars(select(Case.id).order_by(Case.id.desc())):
            message = case_message(view_of(session, case_id, settings), words, interactive=True)
            body = "".join(drawn(block, settings.brand.zone, names) for block in message.blocks)
            lines = "<br>".join(escape(line) for line in timeline(session, case_id, settings))
            articles.append(f"<article>{body}<details><summary>K-{case_id}</summary>{lines}</details></article>")
    title = escape(settings.brand.name)
    return (
        f'<!doctype html><html lang="{escape(settings.brand.languages[0])}"><meta charset="utf-8">'
        f"<title>{title}</title><style>{STYLE}</style><h1># {title}</h1><main>{''.join(articles)}</main></html>"
    )


def drawn(block: Block, zone: ZoneInfo, names: Mapping[str, str]) -> str:
    """One block as HTML. `names`: the people whom a text may mention."""

    def text(part: Block) -> str:
        raw = str(part["text"])
        return marked_up(raw, zone, names) if part["type"] == "mrkdwn" else escape(raw)

    match block["type"]:
        case "header":
            return f"<h2>{text(block['text'])}</h2>"
        case "section":
            fields = "".join(f"<div>{text(one)}</div>" for one in block.get("fields") or [])
            said = f"<div>{text(block['text'])}</div>" if block.get("text") else ""
            return said + (f'<div class="fields">{fields}</div>' if fields else "")
        case "context":
            return f"<small>{' '.join(text(one) for one in block['elements'] if 'text' in one)}</small>"
        case "actions":
            return "".join(
                f'<span class="button {escape(str(one.get("style", "")))}">{text(one["text"])}</span>'
                for one in block["elements"]
            )
        case "divider":
            return "<hr>"
        case other:
            return f"<div>[{escape(str(other))}]</div>"


def marked_up(text: str, zone: ZoneInfo, names: Mapping[str, str]) -> str:
    """Slack's markup as HTML: links, mentions, dates, bold, quotations. Everything else stays text."""
    pieces = [_angle(piece, zone, names) for piece in re.split(r"(<[^<>]+>)", text)]
    lines = "".join(pieces).split("\n")
    return "".join(
        f"<blockquote>{line[5:]}</blockquote>" if line.startswith("&gt; ") else f"{line}<br>" for line in lines
    )


def _angle(piece: str, zone: ZoneInfo, names: Mapping[str, str]) -> str:
    if not (piece.startswith("<") and piece.endswith(">")):
        return re.sub(r"(?<![\w*])\*([^*\n]+)\*(?![\w*])", r"<b>\1</b>", escape(unescape(piece)))
    target, _, label = piece[1:-1].partition("|")
    if moment := re.fullmatch(r"!date\^(\d{1,11})\^.*", target):
        return f"{datetime.fromtimestamp(int(moment[1]), UTC).astimezone(zone):%Y-%m-%d %H:%M}"
    if target.startswith("@"):
        return f"<b>@{escape(names.get(target[1:], target[1:]))}</b>"
    shown = escape(unescape(label or target))
    if target.startswith(("https://", "http://")):
        return f'<a href="{escape(unescape(target))}" rel="noreferrer noopener">{shown}</a>'
    return shown


class _Handler(BaseHTTPRequestHandler):
    server: PageServer

    def do_GET(self) -> None:
        found = self.path.partition("?")[0] == "/"
        body = (page(self.server.app) if found else "<!doctype html>404").encode("utf-8", "replace")
        self.send_response(200 if found else 404)
        for name, value in {**HEADERS, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """A line a request would bury what the demo printed."""
