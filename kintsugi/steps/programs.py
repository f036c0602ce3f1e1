"""Tells other programs what happened: CloudEvents 1.0 in JSON, signed as Standard Webhooks describe.

The event id is the delivery key, also when it is sent again, so that a program that keeps the ids it has seen gets
each event once.
"""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING

from alerts.receivers.incoming import post
from alerts.receivers.receiver import Permanent, Result
from alerts.receivers.webhook import signature
from storage.delivery import Delivery
from storage.event import LOG_KEY
from storage.webhook_out import WebhookOut

if TYPE_CHECKING:
    from kintsugi.context import Context
    from storage.database import Database


def tell(database: Database, context: Context, delivery_id: int) -> Result:
    """Sends one claimed delivery of a webhook."""
    with database.read() as session:
        delivery = session.get_one(Delivery, delivery_id)
        webhook = session.get(WebhookOut, int(delivery.receiver.removeprefix("webhook:")))
        secret = webhook.secret(session.info[LOG_KEY]) if webhook is not None else ""
    if webhook is None or webhook.ended_at is not None:
        return Permanent("the webhook was ended meanwhile: register it again")
    body = json.dumps(_event(delivery, context), ensure_ascii=False).encode("utf-8", "replace")
    now = int(context.at.timestamp())
    headers = {
        "Content-Type": "application/cloudevents+json; charset=utf-8",
        "webhook-id": delivery.key,
        "webhook-timestamp": str(now),
        "webhook-signature": signature(_key(secret), delivery.key, now, body),
    }
    within = context.settings.delivery.answer_within.total_seconds()
    return post(webhook.url, body, headers, delivery.receiver, within)


def _event(delivery: Delivery, context: Context) -> dict[str, object]:
    said = delivery.payload
    return {
        "specversion": "1.0",
        "id": delivery.key,
        "source": f"/kintsugi/{context.settings.brand.name}",
        "type": f"kintsugi.{said['type']}",
        "subject": said["subject"],
        "time": said["at"],
        "datacontenttype": "application/json",
        "data": said["data"],
    }


def _key(secret: str) -> bytes:
    return base64.b64decode(secret.removeprefix("whsec_"))
