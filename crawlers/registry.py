"""The kinds of sources, by name. A new kind is one new file and one line here."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from pydantic import ValidationError

from config.mistakes import ConfigurationError, describe
from config.section import Section
from config.source import SourceSettings
from crawlers.kind import Kind

NAMES = (
    "file", "feed", "app_store", "app_store_connect", "google_play", "google_play_console", "google_business",
    "google_places", "trustpilot", "yelp", "review_page", "page", "mastodon", "bluesky", "reddit", "hacker_news",
    "youtube", "x", "facebook_page", "instagram", "stack_exchange", "drop", "imap", "webhook",
)  # fmt: skip


def kind_named(name: str) -> Kind:
    """The kind of that name. Raises ConfigurationError with the nearest right one."""
    if name not in NAMES:
        from difflib import get_close_matches

        near = get_close_matches(name, NAMES, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"choose one of {', '.join(NAMES)}"
        raise ConfigurationError([f"kind: there is no kind {name!r}; {hint}"])
    kind: Kind = import_module(f"crawlers.{name}").KIND
    return kind


def options_for(key: str, kind: Kind, given: dict[str, Any]) -> Section:
    """The options of a source, validated by its kind. Raises ConfigurationError, one line a mistake."""
    try:
        return kind.options.model_validate(given)
    except ValidationError as error:
        raise ConfigurationError(describe(error, kind.options, f"sources.{key}", SourceSettings.model_fields)) from None


def variables_of(options: Section) -> list[str]:
    """The environment variables that hold the tokens of a source: the values of its options ending in `_env`."""
    values = ((name, getattr(options, name)) for name in type(options).model_fields)
    return [value for name, value in values if name.endswith("_env") and isinstance(value, str)]
