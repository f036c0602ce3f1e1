"""The receiver `discord`: an incoming webhook, without any mention. It cannot edit."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from alerts.messages.plain import shortened
from alerts.messages.wording import Words, words_for
from alerts.receivers.incoming import ANSWER_WITHIN, address_from, post
from alerts.receivers.mattermost import SILENT, markdown
from alerts.receivers.receiver import Address, Result, Sent
from alerts.view import CaseView
from config.route import ChatReceiver
from config.settings import Secrets, Settings

_MOST = 2000  # characters of a message


class DiscordReceiver:
    """One channel of Discord."""

    def __init__(self, name: str, url: str, words: Words, within: float = ANSWER_WITHIN) -> None:
        self._name = name
        self._url = url
        self._words = words
        self._within = within

    def deliver(
        self,
        key: str,  # noqa: ARG002  # a webhook of Discord carries no key
        purpose: str,
        payload: Mapping[str, Any],
        view: CaseView | None,
        address: Address | None,
    ) -> Result:
        """Posts one message; after a crash it may come twice."""
        if purpose in SILENT:
            return Sent(dict(address or {}))
        text = shortened(markdown(purpose, payload, view, self._words), _MOST)
        body = {"content": text, "allowed_mentions": {"parse": []}, "flags": 4}  # 4: no previews of links
        return post(
            self._url,
            json.dumps(body).encode(),
            {"Content-Type": "application/json"},
            f"discord {self._name}",
            self._within,
        )


def open_receiver(name: str, options: ChatReceiver, settings: Settings, secrets: Secrets) -> DiscordReceiver:
    """The receiver of an incoming webhook. Raises ConfigurationError when its address is not set."""
    url = address_from(secrets, options.url_from, name)
    return DiscordReceiver(
        name, url, words_for(settings.brand.languages), settings.delivery.answer_within.total_seconds()
    )
