"""A read-only page that shows a channel about as Slack would."""

from __future__ import annotations

import re
from html import escape, unescape
from typing import Any

from tests.fake_slack.workspace import Workspace

_STYLE = """
body{font:15px/1.46 Lato,"Hiragino Sans","Noto Sans CJK JP",sans-serif;margin:0;display:flex;color:#1d1c1d}
nav{background:#3f0e40;color:#fff;min-width:200px;min-height:100vh;padding:16px}nav a{color:#cfc3cf;display:block}
main{padding:16px 24px;max-width:760px}article{border-bottom:1px solid #eee;padding:10px 0}
.reply{margin-left:32px;border-left:3px solid #ddd;padding-left:12px}h3{margin:4px 0}
.context{color:#616061;font-size:12px}.fields{display:grid;grid-template-columns:1fr 1fr;gap:6px}
blockquote{border-left:4px solid #ddd;margin:4px 0;padding-left:10px}
button{border:1px solid #bbb;background:#fff;border-radius:4px;padding:4px 10px;margin:2px}
button.primary{background:#007a5a;color:#fff}
"""


def channel_page(workspace: Workspace, name: str) -> str:
    """HTML of one channel, with a list of all channels beside it."""
    channels = list(workspace.channels.values())
    chosen = next((one for one in channels if one.name == name), channels[0] if channels else None)
    links = "".join(f'<a href="/{escape(one.name)}"># {escape(one.name)}</a>' for one in channels)
    messages = "".join(_message(one) for one in (chosen.messages if chosen else []))
    title = escape(chosen.name if chosen else "")
    return (
        f'<!doctype html><meta charset="utf-8"><title>#{title}</title><style>{_STYLE}</style>'
        f"<nav>{escape(workspace.team['name'])}{links}</nav><main><h2># {title}</h2>{messages}</main>"
    )


def _message(message: dict[str, Any]) -> str:
    reply = ' class="reply"' if message.get("thread_ts") not in (None, message["ts"]) else ""
    edited = ' <span class="context">(edited)</span>' if "edited" in message else ""
    blocks = message.get("blocks") or [{"type": "section", "text": {"type": "mrkdwn", "text": message["text"]}}]
    who = "Kintsugi" if message.get("bot_id") else escape(message.get("user", ""))
    return f"<article{reply}><b>{who}</b>{edited}{''.join(map(_block, blocks))}</article>"


def _block(block: dict[str, Any]) -> str:
    match block["type"]:
        case "header":
            return f"<h3>{escape(block['text']['text'])}</h3>"
        case "section":
            fields = "".join(f"<div>{_markup(one['text'])}</div>" for one in block.get("fields", []))
            text = f"<div>{_markup(block['text']['text'])}</div>" if "text" in block else ""
            return text + (f'<div class="fields">{fields}</div>' if fields else "")
        case "context":
            return f'<div class="context">{" ".join(_markup(one.get("text", "")) for one in block["elements"])}</div>'
        case "actions":
            return "".join(
                f'<button class="{one.get("style", "")}">{escape(one["text"]["text"])}</button>'
                for one in block["elements"]
            )
        case "divider":
            return "<hr>"
        case other:
            return f"<div>[{escape(other)}]</div>"


def _markup(text: str) -> str:
    """Slack's markup as HTML; everything else stays text."""
    safe = re.sub(r"<!date\^\d+\^[^|>]*\|([^>]*)>", r"\1", text)
    parts = []
    for piece in re.split(r"(<[^>]+>)", safe):
        if piece.startswith("<") and piece.endswith(">"):
            target, _, label = piece[1:-1].partition("|")
            shown = escape(unescape(label or target))
            parts.append(
                f'<a href="{escape(unescape(target))}">{shown}</a>' if target.startswith("http") else f"<b>{shown}</b>"
            )
        else:
            parts.append(escape(unescape(piece)))
    html = re.sub(r"\*([^*\n]+)\*", r"<b>\1</b>", "".join(parts))
    lines = [
        f"<blockquote>{line[5:]}</blockquote>" if line.startswith("&gt; ") else f"{line}<br>"
        for line in html.split("\n")
    ]
    return "".join(lines)
