"""Chooses the channel of a source: that of its kind where its tokens are there, otherwise a person posts by hand."""

from __future__ import annotations

from importlib import import_module
from typing import Any, cast

from pydantic import ValidationError

from config.error import ConfigurationError
from config.mistakes import describe
from config.settings import Secrets, Settings
from config.source import SourceSettings
from responder.channels.account import Account, ChannelOptions, Missing
from responder.channels.channel import Channel
from storage.mention import Mention

INTAKE = "intake"  # the source of the complaint pages
MANUAL = "manual"  # a person copies the reply to the site and says that it was posted
# The kinds of sources that have a channel; its module has that name.
CHANNEL_OF = {
    name: name
    for name in (
        "google_business", "app_store_connect", "google_play_console", "trustpilot", "mastodon", "bluesky", "reddit",
        "youtube", "x", "facebook_page", "instagram",
    )
} | {"imap": "email", INTAKE: "email"}  # fmt: skip

# Sites that neither replace nor change a reply: a second one would stand beside the first.
NEVER_TWICE = frozenset(("bluesky", "x", "instagram", "email"))


class Channels:
    """The channels of one installation, by the names of its sources. Nothing is contacted until one publishes."""

    def __init__(self, settings: Settings, secrets: Secrets) -> None:
        self._settings, self._secrets = settings, secrets
        self._opened: dict[str, Channel | str] = {}

    def of(self, source: str) -> Channel | None:
        """The channel of a source; None: by hand."""
        opened = self._open(source)
        return None if isinstance(opened, str) else opened

    def name_of(self, source: str) -> str:
        """The name of that channel: MANUAL where it is None."""
        configured = configured_source(source, self._settings)
        return MANUAL if self.of(source) is None or configured is None else CHANNEL_OF[configured.kind]

    def name_for(self, mention: Mention) -> str:
        """The channel that answers this very mention: a complaint without a mail address is answered by hand."""
        name = self.name_of(mention.source.key)
        return MANUAL if name == "email" and address_of(mention) is None else name

    def why_by_hand(self, source: str) -> str | None:
        """Why a source has no channel; None where it has one. Raises ConfigurationError for options that are wrong."""
        self._opened.pop(source, None)
        try:
            self._opened[source] = open_channel(source, self._settings, self._secrets)
        except Missing as error:
            return str(error)
        return None

    def _open(self, source: str) -> Channel | str:
        if source not in self._opened:
            try:
                self._opened[source] = open_channel(source, self._settings, self._secrets)
            except Missing as error:
                self._opened[source] = str(error)
            except ConfigurationError as error:
                self._opened[source] = "; ".join(error.lines)
        return self._opened[source]


def configured_source(source: str, settings: Settings) -> SourceSettings | None:
    """A source as it is configured. The complaint pages are one that nobody needs to name."""
    return SourceSettings(kind=INTAKE) if source == INTAKE else settings.sources.get(source)


def address_of(mention: Mention) -> str | None:
    """Where the author of a mention can be mailed; None: no address is known."""
    author = mention.author.external_id if mention.author else ""
    return author if mention.source.kind in ("imap", INTAKE) and "@" in author.strip("@") else None


def open_channel(source: str, settings: Settings, secrets: Secrets) -> Channel:
    """The channel of a source. Raises Missing, and ConfigurationError for what stands wrongly under `reply`."""
    configured = configured_source(source, settings)
    if configured is None:
        raise Missing(f"there is no source {source!r} in the configuration")
    if configured.reply == MANUAL:
        raise Missing("reply: manual")
    if configured.kind not in CHANNEL_OF:
        raise Missing(f"there is no channel for the kind {configured.kind}")
    module: Any = import_module(f"responder.channels.{CHANNEL_OF[configured.kind]}")
    kind: type[ChannelOptions] = module.Options
    own = cast("dict[str, Any]", configured.reply)
    unknown = [name for name in own if name not in kind.model_fields]
    if unknown:
        known = ", ".join(kind.model_fields)
        raise ConfigurationError([f"sources.{source}.reply: there is no option {unknown[0]!r}; there are {known}"])
    try:
        options = kind.model_validate({**configured.options, **own})
    except ValidationError as error:
        missing = [str(one["loc"][0]) for one in error.errors() if one["type"] == "missing"]
        if missing and not own:
            raise Missing(f"`reply: {{{missing[0]}: …}}` is not set") from None
        raise ConfigurationError(describe(error, kind, f"sources.{source}.reply")) from None
    channel: Channel = module.open_channel(options, Account(source, secrets, settings.smtp))
    return channel
