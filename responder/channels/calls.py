"""Calls to a site's API, and what its answers mean for a reply that is on its way.

An answer that never came after a request that writes is `Unclear`; before the request went out it is `Temporary`.
Nothing that is said of a failure holds a header, and so no token.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from responder.channels.channel import Failed, Permanent, Temporary, Unclear

if TYPE_CHECKING:
    import httpx2

_ANSWER_WITHIN = 10.0  # seconds; all calls of one reply together must end within a delivery's claim
_LONGEST_WAIT = timedelta(hours=6)
_EXPIRED = b'"ExpiredToken"'  # Bluesky says so with status 400.
_RESETS = ("x-rate-limit-reset", "ratelimit-reset", "x-ratelimit-reset")
Meaning = Callable[[int, Any], Temporary | Permanent | None]
Token = Callable[[bool], dict[str, str]]  # headers that sign a request; True: the last ones were refused


class Calls:
    """One site's API. `meaning` reads what the site says in a way of its own; None leaves it to the status."""

    def __init__(self, name: str, base_url: str, token: Token, meaning: Meaning | None = None) -> None:
        self._name, self._base_url = name, base_url.rstrip("/")
        self._token, self._meaning = token, meaning

    def get(self, path: str, **query: Any) -> Any:
        """What the site answers, read as JSON. Raises Failed."""
        return self.ask("GET", path, params=query)

    def send(self, method: str, path: str, **body: Any) -> Any:
        """A request that changes something: `json`, `data` (a form) or `params`. Raises Failed."""
        return self.ask(method, path, writes=True, **body)

    def ask(self, method: str, path: str, *, writes: bool = False, **body: Any) -> Any:
        """Any request; one that writes and gets no answer is Unclear. Raises Failed."""
        answer = self._answer(method, path, writes, self._token(False), body)
        if answer.status_code == 401 or _EXPIRED in answer.content[:200]:  # An access token may end before its time.
            answer = self._answer(method, path, writes, self._token(True), body)
        found = _json(answer)
        if self._meaning is not None and (said := self._meaning(answer.status_code, found)) is not None:
            raise Failed(said)
        if not answer.is_success:
            raise Failed(self._problem(answer, found, writes))
        return found

    def _answer(
        self, method: str, path: str, writes: bool, headers: dict[str, str], body: dict[str, Any]
    ) -> httpx2.Response:
        import httpx2

        body = {**body, "headers": {**headers, **body.get("headers", {})}}
        try:
            return _client().request(method, self._base_url + path, **body)
        except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout, httpx2.UnsupportedProtocol) as error:
            raise Failed(Temporary(f"{self._name} cannot be reached: {type(error).__name__}")) from None
        except httpx2.HTTPError as error:
            said = f"{self._name} did not answer: {type(error).__name__}"
            raise Failed(Unclear(said) if writes else Temporary(said)) from None

    def _problem(self, answer: httpx2.Response, found: Any, writes: bool) -> Temporary | Permanent | Unclear:
        status = answer.status_code
        said = f"{self._name}: HTTP {status}: {what_it_says(found)}"
        if status == 401:
            return Permanent("revoked", f"{said}; sign in again and store the new token")
        if status in (408, 425, 429, 503):
            return Temporary(said, wait_of(answer.headers))
        if status >= 500:
            return Unclear(said) if writes else Temporary(said)
        if status in (404, 410):
            return Permanent("gone", f"{said}; what it answers is no longer there")
        return Permanent("refused", said)


@cache
def _client() -> httpx2.Client:
    """One for all sites: reading the certificates that are trusted takes longer than most calls."""
    import httpx2

    return httpx2.Client(timeout=_ANSWER_WITHIN, follow_redirects=False)


def what_it_says(found: Any) -> str:
    """The line in which a site explains its refusal."""
    errors = found.get("errors") if isinstance(found, dict) else None
    first = errors[0] if isinstance(errors, list) and errors else found
    if isinstance(first, dict):
        error = first.get("error")
        inner = error.get("message") if isinstance(error, dict) else None
        words = (inner, first.get("detail"), first.get("error_description"), first.get("message"), error)
        return next((str(one)[:200] for one in words if one), "no reason given")
    return str(first)[:200] if first else "no reason given"


def wait_of(headers: Mapping[str, str]) -> timedelta | None:
    """How long the site asks us to wait: Retry-After (seconds or a date), or the end of its window."""
    asked = headers.get("retry-after")
    if asked:
        return _until(asked)
    return next((_until(headers[name]) for name in _RESETS if headers.get(name)), None)


def _until(value: str) -> timedelta | None:
    now = datetime.now(UTC)
    try:
        number = float(value)
        seconds = number - time.time() if number > 1e9 else number
        wait = timedelta(seconds=seconds)
    except (ValueError, OverflowError):
        try:
            wait = datetime.fromisoformat(value) - now
        except (ValueError, TypeError):
            try:
                wait = parsedate_to_datetime(value) - now
            except (ValueError, TypeError):
                return None
    return min(max(wait, timedelta(seconds=1)), _LONGEST_WAIT)


def _json(answer: httpx2.Response) -> Any:
    try:
        return answer.json()
    except ValueError:
        return answer.text[:200]
