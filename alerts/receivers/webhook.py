"""The receiver `webhook`: CloudEvents 1.0 in JSON, signed as Standard Webhooks describe.

The event id is the delivery key, so that a receiver that keeps the ids it has seen gets each event once. The
signature is `v1,` + base64(HMAC-SHA256(secret, id.timestamp.body)) in the header `webhook-signature`.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Any

from alerts.messages.plain import cleaned, public
from alerts.receivers.incoming import ANSWER_WITHIN, address_from, post
from alerts.receivers.receiver import Address, Result
from alerts.view import CaseView
from config.route import WebhookReceiver as WebhookOptions
from config.settings import Secrets, Settings


class WebhookReceiver:
    """An address that takes events of every purpose, edits and erasures included."""

    def __init__(
        self,
        name: str,
        url: str,
        secret: str | None,
        brand: str,
        clock: Callable[[], float] = time.time,
        within: float = ANSWER_WITHIN,
    ) -> None:
        self._name = name
        self._url = url
        self._secret = _key(secret) if secret else None
        self._brand = brand
        self._clock = clock
        self._within = within

    def deliver(
        self,
        key: str,
        purpose: str,
        payload: Mapping[str, Any],
        view: CaseView | None,
        address: Address | None,  # noqa: ARG002  # the receiver finds the case by its subject
    ) -> Result:
        """Posts one event."""
        now = int(self._clock())
        event = {
            "specversion": "1.0",
            "id": key,
            "source": f"/kintsugi/{self._brand}",
            "type": f"kintsugi.{purpose}",
            "subject": view.ref if view else None,
            "time": datetime.fromtimestamp(now, UTC).isoformat(),
            "datacontenttype": "application/json",
            "data": {**payload, "case": _shown(view) if view else None},
        }
        body = json.dumps({name: value for name, value in event.items() if value is not None}, default=str).encode()
        headers = {"Content-Type": "application/cloudevents+json; charset=utf-8", "webhook-id": _header(key)}
        headers["webhook-timestamp"] = str(now)
        if self._secret is not None:
            headers["webhook-signature"] = signature(self._secret, headers["webhook-id"], now, body)
        return post(self._url, body, headers, f"webhook {self._name}", self._within)


def signature(secret: bytes, event_id: str, timestamp: int, body: bytes) -> str:
    """The value of `webhook-signature`."""
    signed = f"{event_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode()


def open_receiver(name: str, options: WebhookOptions, settings: Settings, secrets: Secrets) -> WebhookReceiver:
    """The receiver of an address. Raises ConfigurationError when its secret is named and not set."""
    secret = address_from(secrets, options.secret_from, name) if options.secret_from else None
    within = settings.delivery.answer_within.total_seconds()
    return WebhookReceiver(name, options.url, secret, settings.brand.name, within=within)


def _shown(view: CaseView) -> dict[str, Any]:
    """The case as data, its texts masked."""
    masked = replace(
        view,
        text=public(view.text, 10_000),
        title=public(view.title, 500) if view.title else None,
        evidence=public(view.evidence, 2000) if view.evidence else None,
        author=cleaned(view.author) if view.author else None,
        reply=public(view.reply, 10_000) if view.reply else None,
        draft=cleaned(view.draft),
    )
    return asdict(masked)


def _key(secret: str) -> bytes:
    """`whsec_` + base64, as Standard Webhooks write secrets; any other text is the key itself."""
    if secret.startswith("whsec_"):
        try:
            return base64.b64decode(secret.removeprefix("whsec_"), validate=True)
        except binascii.Error:
            pass
    return secret.encode()


def _header(key: str) -> str:
    """The id as a header may carry it."""
    return key if key.isascii() and key.isprintable() else hashlib.sha256(key.encode()).hexdigest()
