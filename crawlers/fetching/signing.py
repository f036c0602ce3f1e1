"""Tokens for APIs of one's own accounts: signed assertions, and access tokens that are fetched with them."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import jwt

from crawlers.fetching.visit import Ask, Failure, Visit, secret
from crawlers.parsing.jsonbody import dig, load

_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def key_text(name: str) -> str:
    """A private key from the environment: the PEM itself, with \\n written out or not, or the path of its file."""
    given = secret(name)
    if "-----BEGIN" in given or given.lstrip().startswith("{"):
        return given.replace("\\n", "\n") if "-----BEGIN" in given and "{" not in given else given
    try:
        return Path(given).read_text(encoding="utf-8")
    except OSError as error:
        raise Failure(f"{name}: neither a key nor a readable file ({error.strerror})") from None


def signed(claims: dict[str, Any], key: str, algorithm: str, key_id: str | None = None) -> str:
    """A JWT. Raises Failure that says nothing of the key."""
    try:
        return jwt.encode(claims, key, algorithm=algorithm, headers={"kid": key_id} if key_id else None)
    except (ValueError, TypeError, jwt.PyJWTError):
        raise Failure(f"the private key cannot sign with {algorithm}: is it complete?") from None


async def token_for(visit: Visit, url: str, form: dict[str, str], headers: dict[str, str] | None = None) -> str:
    """An access token by OAuth 2. Raises Failure."""
    body = urlencode(form).encode()
    answer = await visit.ask(Ask(url, "POST", {**_FORM, **(headers or {})}, body, accept=frozenset((400, 401))))
    found = load(answer.body)
    token = dig(found, "access_token")
    if not isinstance(token, str):
        problem = dig(found, "error_description") or dig(found, "error") or f"HTTP {answer.status}"
        raise Failure(f"{url}: no access token: {str(problem)[:200]}; sign in again and store the new secrets")
    return token


async def service_account_token(visit: Visit, env: str, scope: str, url: str) -> str:
    """An access token of a Google service account, whose JSON key (or its path) is in the variable `env`."""
    try:
        account = json.loads(key_text(env))
        mail, key = account["client_email"], account["private_key"]
    except (ValueError, KeyError, TypeError):
        raise Failure(f"{env}: no service account key (JSON with client_email and private_key)") from None
    issued = visit.at
    claims = {"iss": mail, "scope": scope, "aud": url, "iat": issued, "exp": issued + timedelta(minutes=30)}
    form = {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": signed(claims, key, "RS256")}
    return await token_for(visit, url, form)


def bearer(token: str) -> dict[str, str]:
    """The header that carries a token."""
    return {"Authorization": f"Bearer {token}"}
