"""One source that is due, as the parent hands it to the crawling process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from crawlers.parsing.brand import Brand

if TYPE_CHECKING:  # The crawling process needs no settings reader, and half a second less to start.
    from config.settings import Settings


@dataclass(frozen=True, slots=True)
class CrawlJob:
    """What to read, from where on, and what is ours in it. Plain values: it travels as JSON."""

    key: str
    kind: str
    at: datetime  # the moment of the crawl
    options: dict[str, Any] = field(default_factory=dict)
    cursor: dict[str, Any] = field(default_factory=dict)
    look_back: timedelta = timedelta(days=30)
    since: datetime | None = None  # a backfill: read from here on instead
    language: str | None = None
    location: str | None = None
    timezone: str = "UTC"
    all_mentions: bool | None = None  # None: as the kind has it
    terms_accepted: bool = False
    names: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    exact: bool = False
    locations: tuple[tuple[str, tuple[str, ...]], ...] = ()
    contact: str | None = None
    delay: float = 1.0
    obey_robots: bool = True
    max_response_mb: int = 16
    timeout: float = 30.0
    budget: int | None = None  # requests that are left of today
    keep: str | None = None  # a file for the last answer of a crawl that found nobody

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of dates that name none."""
        return ZoneInfo(self.timezone)

    @property
    def from_when(self) -> datetime:
        """The beginning of the window that is read completely."""
        return self.since or self.at - self.look_back

    def brand(self) -> Brand:
        """What recognises the brand in texts."""
        return Brand(self.names, self.exclude, self.exact, self.locations)

    def as_json(self) -> dict[str, Any]:
        """What `from_json` reads back."""
        return {
            one.name: _plain(getattr(self, one.name)) for one in fields(self) if getattr(self, one.name) is not None
        }

    @classmethod
    def from_json(cls, given: dict[str, Any]) -> CrawlJob:
        """The job that `as_json` wrote."""
        since = given.get("since")
        return cls(
            **{
                **given,
                "at": datetime.fromisoformat(given["at"]),
                "since": datetime.fromisoformat(since) if since else None,
                "look_back": timedelta(seconds=given["look_back"]),
                "names": tuple(given["names"]),
                "exclude": tuple(given["exclude"]),
                "locations": tuple((place, tuple(words)) for place, words in given["locations"]),
            }
        )


def jobs_for(
    settings: Settings,
    keys: Sequence[str],
    cursors: Mapping[str, dict[str, Any]],
    *,
    at: datetime,
    since: datetime | None = None,
) -> list[CrawlJob]:
    """The jobs of configured sources; a source without cursor is read for the first time."""
    return [_job(settings, key, cursors.get(key) or {}, at, since) for key in keys]


def _job(settings: Settings, key: str, cursor: dict[str, Any], at: datetime, since: datetime | None) -> CrawlJob:
    source, brand, crawlers = settings.sources[key], settings.brand, settings.crawlers
    return CrawlJob(
        key=key,
        kind=source.kind,
        at=at,
        options=source.options,
        cursor=cursor,
        look_back=source.look_back,
        since=since,
        language=source.language,
        location=source.location,
        timezone=brand.timezone,
        all_mentions=source.all_mentions,
        terms_accepted=source.terms_accepted,
        names=tuple(brand.names),
        exclude=tuple(brand.exclude),
        exact=brand.exact,
        locations=tuple((place.name, tuple(place.match)) for place in brand.locations),
        contact=crawlers.contact,
        delay=crawlers.delay,
        obey_robots=crawlers.obey_robots,
        max_response_mb=crawlers.max_response_mb,
        timeout=crawlers.timeout,
    )


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return value.total_seconds() if isinstance(value, timedelta) else value
