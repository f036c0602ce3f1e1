"""Where the pages are served, and what must be true before that is a public address."""

from __future__ import annotations

import ipaddress
from datetime import timedelta
from urllib.parse import urlsplit

from pydantic import Field, field_validator, model_validator

from config.duration import Duration
from config.oidc import OidcSettings
from config.section import Section


class WebSettings(Section):
    """The pages. Everybody signs in; beyond this machine everything is encrypted."""

    listen: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    public_url: str | None = None
    behind_proxy: bool = False
    certificate: str | None = None
    certificate_key: str | None = None
    session: Duration = timedelta(hours=12)
    oidc: OidcSettings | None = None
    status_port: int | None = Field(default=None, ge=0, le=65535)

    @field_validator("public_url")
    @classmethod
    def _an_origin(cls, value: str | None) -> str | None:
        if value is None:
            return None
        parts = urlsplit(value)
        if parts.scheme not in ("https", "http") or not parts.hostname or parts.path not in ("", "/") or parts.query:
            raise ValueError(f"{value!r} is no address of a site: write it like https://kintsugi.example.jp")
        return value.rstrip("/")

    @model_validator(mode="after")
    def _public_only_with_tls(self) -> WebSettings:
        if (self.certificate is None) != (self.certificate_key is None):
            raise ValueError("certificate and certificate_key are needed together")
        if _on_this_machine(self.listen) or self.certificate is not None:
            return self
        if self.behind_proxy and self.secure:
            return self
        raise ValueError(
            f"listen: {self.listen} can be reached by others, and passwords would travel in the open: set certificate "
            "and certificate_key, or behind_proxy: true with an https public_url"
        )

    @property
    def secure(self) -> bool:
        """Whether browsers reach us by TLS."""
        return self.certificate is not None or (self.public_url or "").startswith("https://")

    @property
    def address(self) -> str:
        """What people type, without a slash at the end."""
        if self.public_url is not None:
            return self.public_url
        host = f"[{self.listen}]" if ":" in self.listen else self.listen
        return f"{'https' if self.certificate else 'http'}://{host}:{self.port}"


def _on_this_machine(listen: str) -> bool:
    if listen == "localhost":
        return True
    try:
        return ipaddress.ip_address(listen).is_loopback
    except ValueError:
        return False
