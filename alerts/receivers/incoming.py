"""Posting JSON to somebody's address, and what the answer means. Shared by webhooks of all kinds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from alerts.receivers.receiver import Permanent, Result, Sent, Temporary
from config.mistakes import ConfigurationError
from config.settings import Secrets

_ANSWER_WITHIN = 15.0  # seconds
_TRY_AGAIN = (408, 409, 425, 429)


def post(url: str, body: bytes, headers: Mapping[str, str], name: str) -> Result:
    """Posts once. A redirect is not followed: an address that moved must be corrected by a person."""
    import httpx2

    try:
        answer = httpx2.post(url, content=body, headers=dict(headers), timeout=_ANSWER_WITHIN, follow_redirects=False)
    except httpx2.HTTPError as error:
        return Temporary(f"{name}: no answer ({type(error).__name__}: {error})", unclear=True)
    except ValueError as error:
        return Permanent(f"{name}: the address is not usable: {error}")
    if answer.is_success:
        return Sent({})
    status = f"{name}: HTTP {answer.status_code}"
    if answer.status_code in _TRY_AGAIN or answer.status_code >= 500:
        return Temporary(status, _retry_after(answer.headers.get("Retry-After")))
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
