"""Moments as a person reads them: in their zone, in their language, with how long it is until then."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

WEEKDAYS = "月火水木金土日"
ZONE_COOKIE = "zone"
YEARS = range(1900, 2201)  # of days that somebody may ask for: others overflow in some zone


@lru_cache(maxsize=256)
def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


def zone_for(cookie: str | None, brand: ZoneInfo) -> ZoneInfo:
    """The zone that the browser told by its cookie; the brand's where it told none, or one that does not exist."""
    if not cookie or len(cookie) > 60 or cookie.startswith(("/", ".")):
        return brand
    return _zone(cookie) or brand


def written(at: datetime, zone: ZoneInfo, language: str, now: datetime) -> str:
    """11月22日(土) 14:05 / Sat 22 Nov, 14:05; with the year where it is another one."""
    local, year = at.astimezone(zone), now.astimezone(zone).year
    if language == "ja":
        day = f"{local.month}月{local.day}日({WEEKDAYS[local.weekday()]}) {local:%H:%M}"
        return day if local.year == year else f"{local.year}年{day}"
    return f"{local:%a} {local.day} {local:%b}{'' if local.year == year else f' {local.year}'}, {local:%H:%M}"


def day_written(at: datetime, zone: ZoneInfo, language: str) -> str:
    """2026年11月22日 / 22 Nov 2026."""
    local = at.astimezone(zone)
    return f"{local.year}年{local.month}月{local.day}日" if language == "ja" else f"{local.day} {local:%b %Y}"


def moment_of(text: str) -> datetime | None:
    """What <input type="datetime-local"> sends: a moment without a zone; None where it is none of YEARS."""
    try:
        moment = datetime.fromisoformat(text).replace(tzinfo=None, second=0) if len(text) <= 32 else None
    except ValueError:
        return None
    return moment if moment is not None and moment.year in YEARS else None


def day_of(text: str) -> date | None:
    """The day of a field or an address (2026-11-22); None: it is none, or none of YEARS."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.year in YEARS else None
