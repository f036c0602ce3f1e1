"""The receiver `teams`: an adaptive card to a workflow of Microsoft Teams ("post to a channel when a webhook …")."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from alerts.messages.case_text import case_text
from alerts.messages.plain import one_line, public
from alerts.messages.wording import Words, words_for
from alerts.receivers.incoming import ANSWER_WITHIN, address_from, post
from alerts.receivers.mattermost import SILENT, literal
from alerts.receivers.receiver import Address, Result, Sent
from alerts.view import CaseView
from config.route import ChatReceiver
from config.settings import Secrets, Settings

_COLOURS = {"critical": "Attention", "major": "Warning", "minor": "Accent"}
_MOST = 24_000  # bytes; Teams takes 28 KB


class TeamsReceiver:
    """One channel of Teams."""

    def __init__(self, name: str, url: str, words: Words, within: float = ANSWER_WITHIN) -> None:
        self._name = name
        self._url = url
        self._words = words
        self._within = within

    def deliver(
        self,
        key: str,  # noqa: ARG002  # a workflow carries no key
        purpose: str,
        payload: Mapping[str, Any],
        view: CaseView | None,
        address: Address | None,
    ) -> Result:
        """Posts one card; after a crash it may come twice."""
        if purpose in SILENT:
            return Sent(dict(address or {}))
        blocks = self._case(purpose, payload, view) if view else self._notice(payload)
        while len(json.dumps(blocks)) > _MOST:
            blocks.pop()
        card: dict[str, Any] = {
            "type": "AdaptiveCard",
            "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
            "version": "1.4",
            "body": blocks,
        }
        url = case_text(view, self._words).url if view else None
        if url:
            card["actions"] = [{"type": "Action.OpenUrl", "title": self._words["open"], "url": url}]
        attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "content": card}
        body = json.dumps({"type": "message", "attachments": [attachment]}).encode()
        return post(self._url, body, {"Content-Type": "application/json"}, f"teams {self._name}", self._within)

    def _case(self, purpose: str, payload: Mapping[str, Any], view: CaseView) -> list[dict[str, Any]]:
        body = case_text(view, self._words)
        title = _text(body.title, size="Large", weight="Bolder", color=_COLOURS.get(view.severity, "Default"))
        said = payload.get("text") or payload.get("note")
        blocks = [title, *([_text(str(said), weight="Bolder")] if said else [])]
        if purpose != "case_message":
            return blocks
        facts = [{"title": name, "value": literal(value)} for name, value in body.facts]
        draft = _text(self._words["draft"], weight="Bolder")
        return [
            *blocks,
            _text(body.quote, isSubtle=True),
            {"type": "FactSet", "facts": facts},
            draft,
            _text(body.draft),
        ]

    def _notice(self, payload: Mapping[str, Any]) -> list[dict[str, Any]]:
        title = _text(one_line(str(payload.get("title", "")), 150), size="Large", weight="Bolder")
        return [title, *(_text(public(str(line), 3000)) for line in payload.get("lines", []))]


def _text(text: str, **more: Any) -> dict[str, Any]:
    return {"type": "TextBlock", "text": literal(text), "wrap": True, **more}


def open_receiver(name: str, options: ChatReceiver, settings: Settings, secrets: Secrets) -> TeamsReceiver:
    """The receiver of a workflow's address. Raises ConfigurationError when it is not set."""
    url = address_from(secrets, options.url_from, name)
    return TeamsReceiver(
        name, url, words_for(settings.brand.languages), settings.delivery.answer_within.total_seconds()
    )
