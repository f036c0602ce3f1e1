"""Posting JSON to somebody's address, and what the answer means. Shared by webhooks of all kinds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from alerts.receivers.receiver import Permanent, Result, Sent, Temporary
from config.mistakes import ConfigurationError
from config.settings import Secrets

ANSWER_WITHIN = 15.0  # seconds
_TRY_AGAIN = (408, 409, 425, 429)


def post(url: str, body: bytes, headers: Mapping[str, str], name: str, within: float = ANSWER_WITHIN) -> Result:
    """Posts once, and waits for the head of an answer only: its body says nothing that matters, and may never end.

    A redirect is not followed: an address that moved must be corrected by a person.
    """
    import httpx2

    try:
        with httpx2.stream(
            "POST", url, content=body, headers=dict(headers), timeout=within, follow_redirects=False
        ) as answer:
            return _meaning(answer.status_code, answer.headers.get("Retry-After"), name)
    except httpx2.HTTPError as error:
        return Temporary(f"{name}: no answer ({type(error).__name__}: {error})", unclear=True)
    except ValueError as error:
        return Permanent(f"{name}: the address is not usable: {error}")


def _meaning(code: int, retry_after: str | None, name: str) -> Result:
    if 200 <= code < 300:
        return Sent({})
    status = f"{name}: HTTP {code}"
    if code in _TRY_AGAIN or code >= 500:
        return Temporary(status, _retry_after(retry_after))
    return Permanent(f"{status}: correct the address (it was refused for good)")


def address_from(secrets: Secrets, variable: str, name: str) -> str:
    """The secret address in an environment variable. Raises ConfigurationError where it is missing."""
    url = secrets.named(variable)
    if not url:
        raise ConfigurationError([f"receivers.{name}: put the secret or address into {variable} (environment or .env)"])
    return url


def _retry_after(value: str | None) -> timedelta | None:
    try:
        return timedelta(seconds=max(1.0, float(value))) if value else None
    except ValueError:
        return None
