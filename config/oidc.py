"""Signing in to the pages at a provider of identities by OpenID Connect."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from pydantic import Field, field_validator

from config.people import Rank
from config.section import Section


class OidcSettings(Section):
    """Which provider, and what its claims make of somebody here. The secret is OIDC_CLIENT_SECRET."""

    issuer: str
    client_id: str = Field(min_length=1)
    # What stands on the button, such as the name of the provider. null: words for any provider.
    name: str | None = None
    scopes: list[str] = ["openid", "email", "profile"]
    # The claim whose values (one or a list) are looked up in `roles`; the highest role found counts.
    role_claim: str = "groups"
    roles: dict[str, Rank] = {}
    # The role of somebody whom neither `roles` nor `people` knows. null: they are refused.
    role: Rank | None = None
    # The claim that holds a key of `people`. null: whoever has the same e-mail address there.
    person_claim: str | None = None

    @field_validator("issuer")
    @classmethod
    def _reached_by_tls(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme == "https" and parts.hostname and not parts.query and not parts.fragment:
            return value
        if parts.scheme == "http" and _this_machine(parts.hostname or ""):
            return value
        raise ValueError(
            f"{value!r} is no issuer: write it as the provider does, https://login.example.jp/realms/hotel"
        )

    @field_validator("scopes")
    @classmethod
    def _openid(cls, value: list[str]) -> list[str]:
        return value if "openid" in value else ["openid", *value]


def _this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
