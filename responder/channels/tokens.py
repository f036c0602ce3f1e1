"""What signs a request: fixed tokens, access tokens that are fetched again before they end, signed assertions."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

from responder.channels.calls import Calls, Token
from responder.channels.channel import Failed, Permanent

_EARLY = 60.0  # seconds before its end in which an access token is not used any more


def bearer(token: str) -> dict[str, str]:
    """The header that carries a token."""
    return {"Authorization": f"Bearer {token}"}


def fixed(token: str) -> Token:
    """A token that somebody stored. Refused once, it is refused for good."""
    return lambda _refused: bearer(token)


def basic(name: str, password: str) -> dict[str, str]:
    """The header of HTTP Basic authentication."""
    return {"Authorization": f"Basic {base64.b64encode(f'{name}:{password}'.encode()).decode()}"}


class AccessToken:
    """An access token of OAuth 2, fetched when it is needed, kept until it ends."""

    def __init__(
        self, name: str, url: str, form: Callable[[], dict[str, str]], headers: dict[str, str] | None = None
    ) -> None:
        signs = headers or {}
        self._name, self._form = name, form
        self._calls = Calls(name, url, lambda _refused: signs, _refusal_of(name))
        self._headers: dict[str, str] = {}
        self._ends = 0.0

    def __call__(self, refused: bool) -> dict[str, str]:
        """The headers. Raises Failed: `revoked` where the grant behind it is no longer accepted."""
        if refused or time.monotonic() > self._ends:
            found = self._calls.ask("POST", "", data=self._form())
            token = found.get("access_token") if isinstance(found, dict) else None
            if not isinstance(token, str):
                raise Failed(Permanent("revoked", f"{self._name}: no access token: sign in again"))
            self._headers = bearer(token)
            self._ends = time.monotonic() + float(found.get("expires_in") or 3600) - _EARLY
        return self._headers


def refreshed(client: str, secret: str, token: str) -> dict[str, str]:
    """The form that asks for an access token by a refresh token."""
    return {"grant_type": "refresh_token", "client_id": client, "client_secret": secret, "refresh_token": token}


def service_account(name: str, key: str, scope: str, url: str) -> AccessToken:
    """An access token of a Google service account; `key` is its JSON or the path of it. Raises ValueError."""
    try:
        account = json.loads(_text(key))
        mail, private = str(account["client_email"]), str(account["private_key"])
    except (KeyError, TypeError, ValueError, OSError):
        raise ValueError("no service account key (JSON with client_email and private_key)") from None

    def form() -> dict[str, str]:
        now = datetime.now(UTC)
        claims = {"iss": mail, "scope": scope, "aud": url, "iat": now, "exp": now + timedelta(minutes=30)}
        grant = "urn:ietf:params:oauth:grant-type:jwt-bearer"
        return {"grant_type": grant, "assertion": signed(name, claims, private, "RS256")}

    return AccessToken(name, url, form)


def signed(name: str, claims: dict[str, Any], key: str, algorithm: str, key_id: str | None = None) -> str:
    """A JWT. Raises Failed, which says nothing of the key."""
    import jwt

    try:
        return jwt.encode(claims, pem(key), algorithm=algorithm, headers={"kid": key_id} if key_id else None)
    except (ValueError, TypeError, OSError, jwt.PyJWTError):
        said = f"{name}: the private key cannot sign with {algorithm}: is it complete?"
        raise Failed(Permanent("revoked", said)) from None


def pem(key: str) -> str:
    """A private key: the PEM itself, with \\n written out or not, or the path of its file."""
    return key.replace("\\n", "\n") if "-----BEGIN" in key else _text(key)


def oauth1(
    method: str, url: str, query: dict[str, str], consumer: tuple[str, str], token: tuple[str, str]
) -> dict[str, str]:
    """The header of OAuth 1.0a with HMAC-SHA1 (RFC 5849) for a request whose body, if it has one, is JSON."""
    given = {
        "oauth_consumer_key": consumer[0],
        "oauth_nonce": secrets.token_hex(16),
        "oauth_signature_method": "HMAC-SHA1",
        "oauth_timestamp": str(int(time.time())),
        "oauth_token": token[0],
        "oauth_version": "1.0",
    }
    line = "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in sorted({**query, **given}.items()))
    base = "&".join((method, _quoted(url), _quoted(line)))
    key = f"{_quoted(consumer[1])}&{_quoted(token[1])}"
    # The algorithm is the one that the site asks for.
    mac = hmac.new(key.encode(), base.encode(), hashlib.sha1).digest()
    given["oauth_signature"] = base64.b64encode(mac).decode()
    return {"Authorization": "OAuth " + ", ".join(f'{name}="{_quoted(value)}"' for name, value in given.items())}


def _quoted(text: str) -> str:
    return quote(text, safe="-._~")


def _text(given: str) -> str:
    return given if given.lstrip().startswith("{") else Path(given).read_text(encoding="utf-8")


def _refusal_of(name: str) -> Callable[[int, Any], Permanent | None]:
    """A token that is asked for and refused was revoked, whatever the status."""

    def meaning(status: int, found: Any) -> Permanent | None:
        if status not in (400, 401, 403):
            return None
        why = found.get("error_description") or found.get("error") if isinstance(found, dict) else None
        said = f"{name}: no access token: {str(why or f'HTTP {status}')[:200]}; sign in again and store the new secrets"
        return Permanent("revoked", said)

    return meaning
