"""Takes mentions that other programs send: checked, sifted and stored as one crawl of their source."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from storage.intake import Intake

if TYPE_CHECKING:
    from crawlers.webhook import Options
    from kintsugi.app import App

FIGURES = ("fetched", "new", "revised", "unchanged", "ignored", "rejected")
KIND = "webhook"


def webhook_options(app: App, key: str) -> Options | None:
    """The options of a webhook source; None where there is none of that name. Raises ConfigurationError."""
    from crawlers.registry import options_for
    from crawlers.webhook import KIND as KIND_OF_SOURCE
    from crawlers.webhook import Options

    source = app.settings.sources.get(key)
    if source is None or source.kind != KIND:
        return None
    options = options_for(key, KIND_OF_SOURCE, source.options)
    assert isinstance(options, Options)
    return options


def take(app: App, key: str, options: Options, event_id: str, body: bytes, at: datetime) -> dict[str, Any]:
    """Stores what a body holds and returns its account; an event that was taken before changes nothing.

    Raises `crawlers.parsing.raw.Unreadable` for a body that holds no mentions.
    """
    from crawlers.parsing.raw import Page
    from crawlers.running.job import jobs_for
    from crawlers.running.reading import Sieve
    from crawlers.webhook import parse
    from kintsugi.steps.crawling import store_items

    with app.database.read() as session:
        known = session.get(Intake, (key, event_id))
        if known is not None:
            return {**known.account, "again": True}
    (job,) = jobs_for(app.settings, [key], {}, at=at)
    sieve = Sieve(job, own=True)
    entries = [sieve.sift(parsed) for parsed in parse(body, Page(options=options))]
    done = store_items(app.database, key, KIND, entries, at)
    account = {name: getattr(done, name) for name in FIGURES}
    # After the mentions: a crash between the two lets the sender try again, which changes nothing.
    with app.database.write() as session:
        session.merge(Intake(source=key, event_id=event_id, taken_at=at, account=account))
    return account
