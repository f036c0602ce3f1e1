"""Whether a request was signed by somebody who knows the secret, as Standard Webhooks describe."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime

TOLERANCE = 300  # seconds that the sender's clock may be off


def why_not_signed(headers: Mapping[str, str], body: bytes, secret: str, at: datetime) -> str | None:
    """None: the body is from who it should be from, and of now. Otherwise what is wrong, without saying what is right.

    Signed is `webhook-id.webhook-timestamp.body` by HMAC-SHA256; `webhook-signature` may hold several, with spaces.
    """
    event, moment, given = (headers.get(f"webhook-{name}", "") for name in ("id", "timestamp", "signature"))
    if not (event and moment and given):
        return "webhook-id, webhook-timestamp and webhook-signature are needed"
    if not (moment.isascii() and moment.isdigit() and len(moment) < 16):
        return "webhook-timestamp: seconds since 1970 are needed"
    if abs(at.timestamp() - int(moment)) > TOLERANCE:
        return f"webhook-timestamp is more than {TOLERANCE} seconds off"
    signed = hmac.new(_key(secret), f"{event}.{moment}.".encode("utf-8", "replace") + body, hashlib.sha256).digest()
    right = ("v1," + base64.b64encode(signed).decode()).encode()
    if not any(hmac.compare_digest(one.encode("utf-8", "replace"), right) for one in given.split(" ")):
        return "webhook-signature does not fit the body and the secret"
    return None


def _key(secret: str) -> bytes:
    """`whsec_` + base64, as Standard Webhooks write secrets; any other text is the key itself."""
    if secret.startswith("whsec_"):
        try:
            return base64.b64decode(secret.removeprefix("whsec_"), validate=True)
        except binascii.Error:
            pass
    return secret.encode()
