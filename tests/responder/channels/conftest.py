"""Each site with the channel that publishes on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest

from config.settings import Secrets, Settings, SmtpSettings, settings_from
from config.source import SourceSettings
from responder.channels.channel import Channel
from responder.channels.opening import open_channel
from tests.responder.channels.mail_site import Mail
from tests.responder.channels.review_sites import AppStoreConnect, GoogleBusiness, GooglePlay, Trustpilot
from tests.responder.channels.server import FakeSite
from tests.responder.channels.social_sites import Bluesky, Facebook, Instagram, Mastodon, Reddit, X, YouTube

SITES = (
    GoogleBusiness, AppStoreConnect, GooglePlay, Trustpilot, Mastodon, Bluesky, Reddit, YouTube, X, Facebook, Instagram,
)  # fmt: skip


@dataclass
class Place:
    """A site, and our channel to it with the tokens that the site takes."""

    site: Any

    def channel(self, **other: str) -> Channel:
        """The channel; `other` names tokens that are not the right ones."""
        changed: dict[str, Any] = {"sources": {"s": SourceSettings.model_validate(self.site.source())}}
        if isinstance(self.site, Mail):
            changed["smtp"] = SmtpSettings.model_validate(self.site.smtp())
        settings = plain_settings().model_copy(update=changed)
        return open_channel("s", settings, secrets_of(self.site.secrets | other))


@cache
def plain_settings() -> Settings:
    """Read once: the defaults are a long file."""
    return settings_from({"brand": {"name": "x"}})


def secrets_of(tokens: dict[str, str]) -> Secrets:
    """The tokens as .env has them."""
    return Secrets(_env_file=None, **{name.lower(): value for name, value in tokens.items()})  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def no_tokens(monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine's own tokens must not open anything."""
    for site in (*SITES, Mail):
        for name in site.secrets:
            monkeypatch.delenv(name, raising=False)


@pytest.fixture(params=SITES, ids=lambda site: site.kind)
def place(request: pytest.FixtureRequest) -> Iterator[Place]:
    site: FakeSite = request.param()
    yield Place(site)
    site.close()


@pytest.fixture
def mail() -> Iterator[Place]:
    site = Mail()
    yield Place(site)
    site.close()
