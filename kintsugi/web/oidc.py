"""OpenID Connect: sends a browser to the provider and finds out who comes back (authorization code, PKCE, nonce).

What the browser keeps meanwhile is one random secret in a cookie. State, nonce and verifier are digests of it, so that
an answer counts only in the browser that asked, and who sees the address of the request learns nothing of the others.
"""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import TYPE_CHECKING, Any

import structlog

if TYPE_CHECKING:
    from authlib.integrations.httpx_client import OAuth2Client

    from kintsugi.app import App

CALLBACK = "/login/oidc/callback"
PATIENCE = 10.0  # seconds for one answer of the provider
LEEWAY = 60  # seconds that its clock may be off
# Only signatures by a key of the provider: with a shared secret or none anybody could be anybody.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Strange:
    """Who came back is nobody we can name. `reason` names the words of the page: unreachable, denied, token …"""

    reason: str


class Provider:
    """The configured provider; what it says of itself is read once, its keys again when it signs with a new one."""

    def __init__(self, app: App) -> None:
        assert app.settings.web.oidc is not None, "asked only where it is set"
        self._app, self._set = app, app.settings.web.oidc
        self._lock = Lock()
        self._about: dict[str, Any] | None = None
        self._keys: dict[str, Any] | None = None

    def way_in(self, secret: str) -> str | Strange:
        """The address to send the browser to, which keeps `secret`."""
        about = self._known()
        if isinstance(about, Strange):
            return about
        with self._client() as client:
            address, _ = client.create_authorization_url(
                about["authorization_endpoint"],
                state=derived(secret, "state"),
                nonce=derived(secret, "nonce"),
                code_verifier=derived(secret, "verifier"),
            )
            return str(address)

    def claims(self, secret: str, answer: Mapping[str, str]) -> dict[str, Any] | Strange:
        """What the provider vouches for of whoever came back with this answer. Verified: issuer, key, time, nonce."""
        from authlib.common.errors import AuthlibBaseError
        from httpx2 import HTTPError
        from joserfc.errors import JoseError

        if answer.get("state") != derived(secret, "state"):
            return Strange("state")
        if "code" not in answer:
            return Strange("denied")
        try:
            with self._client() as client:
                return self._exchanged(client, secret, answer)
        except (AuthlibBaseError, JoseError, ValueError, TypeError, KeyError) as error:
            log.warning("sign-in refused", why=type(error).__name__, issuer=self._set.issuer)
            return Strange("token")
        except HTTPError as error:
            log.warning("provider of identities unreachable", why=str(error), issuer=self._set.issuer)
            return Strange("unreachable")

    def _exchanged(self, client: OAuth2Client, secret: str, answer: Mapping[str, str]) -> dict[str, Any] | Strange:
        about = self._known()
        if isinstance(about, Strange):
            return about
        if answer.get("iss", about["issuer"]) != about["issuer"]:  # RFC 9207: another provider's answer
            return Strange("token")
        token = client.fetch_token(
            about["token_endpoint"], code=answer["code"], code_verifier=derived(secret, "verifier")
        )
        claims = self._verified(about, token, derived(secret, "nonce"), self._app.clock.now())
        if "email" not in claims and "userinfo_endpoint" in about:
            more = client.get(about["userinfo_endpoint"]).raise_for_status().json()
            if more.get("sub") != claims["sub"]:
                raise ValueError("userinfo speaks of somebody else")
            claims = more | claims
        return claims

    def _verified(self, about: dict[str, Any], token: dict[str, Any], nonce: str, at: datetime) -> dict[str, Any]:
        from authlib.oidc.core import CodeIDToken
        from joserfc import jwt
        from joserfc.errors import JoseError
        from joserfc.jwk import KeySet

        try:
            keys = KeySet.import_key_set(self._signing_keys(about, anew=False))
            read = jwt.decode(token["id_token"], keys, algorithms=ALGORITHMS)
        except (JoseError, ValueError):
            keys = KeySet.import_key_set(self._signing_keys(about, anew=True))
            read = jwt.decode(token["id_token"], keys, algorithms=ALGORITHMS)
        ours = {"nonce": nonce, "client_id": self._set.client_id, "access_token": token.get("access_token")}
        wanted = {
            "iss": {"essential": True, "value": about["issuer"]},
            "aud": {"essential": True, "value": self._set.client_id},
        }
        claims = CodeIDToken(read.claims, read.header, wanted, ours)
        claims.validate(now=int(at.timestamp()), leeway=LEEWAY)
        if not isinstance(claims["sub"], str) or not claims["sub"]:
            raise ValueError("sub is no text")
        return dict(claims)

    def _known(self) -> dict[str, Any] | Strange:
        """What the provider says of itself, once it has said the truth about its name."""
        import httpx2

        with self._lock:
            if self._about is None:
                address = self._set.issuer.rstrip("/") + "/.well-known/openid-configuration"
                try:
                    said = httpx2.get(address, timeout=PATIENCE).raise_for_status().json()
                    missing = {"authorization_endpoint", "token_endpoint", "jwks_uri"} - said.keys()
                except (httpx2.HTTPError, ValueError, AttributeError) as error:
                    log.warning("provider of identities unreachable", why=str(error), issuer=self._set.issuer)
                    return Strange("unreachable")
                if missing or said.get("issuer") != self._set.issuer:
                    log.warning("web.oidc.issuer is not what the provider calls itself", issuer=said.get("issuer"))
                    return Strange("unreachable")
                self._about = said
            return self._about

    def _signing_keys(self, about: dict[str, Any], *, anew: bool) -> Any:
        import httpx2

        with self._lock:
            if self._keys is None or anew:
                self._keys = httpx2.get(about["jwks_uri"], timeout=PATIENCE).raise_for_status().json()
            return self._keys

    def _client(self) -> OAuth2Client:
        from authlib.integrations.httpx_client import OAuth2Client

        secret = self._app.secrets.oidc_client_secret
        client: OAuth2Client = OAuth2Client(
            self._set.client_id,
            secret.get_secret_value() if secret is not None else None,
            token_endpoint_auth_method="client_secret_basic" if secret is not None else "none",  # a method
            scope=" ".join(self._set.scopes),
            redirect_uri=self._app.settings.web.address + CALLBACK,
            code_challenge_method="S256",
            timeout=PATIENCE,
        )
        return client


def derived(secret: str, what: str) -> str:
    """A digest of the browser's secret for one use: 43 characters, as PKCE wants of a verifier."""
    return urlsafe_b64encode(hashlib.sha256(f"{what}:{secret}".encode()).digest()).decode().rstrip("=")
