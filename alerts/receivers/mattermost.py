"""The receiver `mattermost`: an incoming webhook. It cannot edit: what changes later is not shown there."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from alerts.messages.case_text import case_text
from alerts.messages.plain import one_line, public, shortened
from alerts.messages.wording import Words, words_for
from alerts.receivers.incoming import ANSWER_WITHIN, address_from, post
from alerts.receivers.receiver import Address, Result, Sent
from alerts.view import CaseView
from config.route import ChatReceiver
from config.settings import Secrets, Settings

SILENT = ("case_edit", "notice_edit", "erase")  # purposes that an incoming webhook cannot carry out
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+!|<>~-])")


class MattermostReceiver:
    """One channel of Mattermost."""

    def __init__(self, name: str, url: str, words: Words, within: float = ANSWER_WITHIN) -> None:
        self._name = name
        self._url = url
        self._words = words
        self._within = within

    def deliver(
        self, key: str, purpose: str, payload: Mapping[str, Any], view: CaseView | None, address: Address | None
    ) -> Result:
        """Posts one message. `key` cannot be carried: after a crash a message may come twice."""
        if purpose in SILENT:
            return Sent(dict(address or {}))
        body = {"text": shortened(markdown(purpose, payload, view, self._words), 16_000), "props": {"kintsugi": key}}
        return post(
            self._url,
            json.dumps(body).encode(),
            {"Content-Type": "application/json"},
            f"mattermost {self._name}",
            self._within,
        )


def markdown(purpose: str, payload: Mapping[str, Any], view: CaseView | None, words: Words) -> str:
    """A delivery as Markdown, in which nothing of a customer is markup or a mention."""
    if view is None:
        lines = [f"**{literal(one_line(str(payload.get('title', '')), 150))}**"]
        lines += [literal(public(str(line), 3000)) for line in payload.get("lines", [])]
        return "\n\n".join(lines)
    body = case_text(view, words)
    if purpose != "case_message":
        return f"**{literal(view.ref)}** {literal(str(payload.get('text', '')))}"
    lines = [f"**{literal(body.title)}**"]
    lines += [f"*{literal(str(payload['note']))}*"] if payload.get("note") else []
    lines += ["\n".join("> " + literal(line) for line in body.quote.splitlines())]
    lines += ["\n".join(f"- {literal(name)}: {literal(value)}" for name, value in body.facts)]
    lines += [f"**{words['draft']}**", literal(body.draft)]
    if body.url and not set("()<> \n") & set(body.url):
        lines.append(f"[{words['open']}]({body.url})")
    return "\n\n".join(lines)


def literal(text: str) -> str:
    """Text that Markdown shows as it is; `@channel` and the like notify nobody."""
    return _MARKDOWN.sub(r"\\\1", text).replace("@", "@\u200b").replace("://", ":\u200b//")


def open_receiver(name: str, options: ChatReceiver, settings: Settings, secrets: Secrets) -> MattermostReceiver:
    """The receiver of an incoming webhook. Raises ConfigurationError when its address is not set."""
    url = address_from(secrets, options.url_from, name)
    return MattermostReceiver(
        name, url, words_for(settings.brand.languages), settings.delivery.answer_within.total_seconds()
    )
