"""Moments as sources write them. What cannot be read is unknown, with its reason, and never "now"."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from email.utils import parsedate_to_datetime

from crawlers.parsing.ago import ago, count_of, hour_of

_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
# How far ahead of us a source's clock may be. A date without a zone may be off by a day.
_AHEAD, _AHEAD_UNZONED = timedelta(hours=1), timedelta(days=1)

_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "r": 2018, "h": 1988, "s": 1925}
_MONTH_NAMES = (
    "jan january|feb february|mar march|apr april|may|jun june|jul july|aug august|sep sept september|oct october|"
    "nov november|dec december"
)
_MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES.split("|"), start=1) for name in names.split()}

_TIME = (
    r"(?:[t\s,]*(?:(午前|午後)\s*)?"
    r"(\d{1,2})(?:[:時](\d{1,2})?)?(?:[:分](\d{1,2}))?(?:[.,](\d+))?[分秒]?\s*([ap]\.?m\.?)?)?"
)
_ZONE = r"\s*(z|utc|gmt|jst|kst|[+-]\d{2}:?\d{2}|[+-]\d{2})?"
# Abbreviations that mean one zone only in mails and feeds; the mail reader knows those of RFC 2822 besides.
_ABBREVIATED = {
    "BST": "+0100", "CEST": "+0200", "CET": "+0100", "WEST": "+0100", "WET": "+0000", "EEST": "+0300", "EET": "+0200",
    "MSK": "+0300", "HKT": "+0800", "SGT": "+0800", "PHT": "+0800", "ICT": "+0700", "AEST": "+1000", "AEDT": "+1100",
    "ACST": "+0930", "AWST": "+0800", "NZST": "+1200", "NZDT": "+1300", "HST": "-1000", "AKST": "-0900",
    "AKDT": "-0800", "BRT": "-0300",
}  # fmt: skip
_ZONE_NAME = re.compile(rf"\b({'|'.join(_ABBREVIATED)})\b(?=$|\s+\d{{4}}$)")
# JavaScript writes GMT+0900 (Japan Standard Time).
_GMT_OFFSET = re.compile(r"\b(?:GMT|UTC)\s*([+-]\d{1,2}:?\d{2})(?:\s*\([^()]*\))?", re.IGNORECASE)
_KANJI_NUMBER = re.compile(r"[〇零一二三四五六七八九十]{1,4}(?=年|月|日|時|分)")
_EXTRA = r"\s*(?:投稿|訪問|宿泊|利用|更新|に投稿|の口コミ|に\w{1,12}でレビュー済み)*"
# What stands before a date on pages; a day of a visit is none of a review.
_BEFORE = re.compile(
    r"(?:(?:reviewed|posted|published|written|updated|edited)(?:\s+in\s+[^\d]{2,40}?\s+on|\s+on)?\s*:?"
    r"|(?:投稿|掲載|更新|登録|作成|レビュー|口コミ投稿)日時?\s*[::]?)\s+(?=\S)|(?:投稿|掲載|更新|登録|レビュー|口コミ投稿)日時?\s*[::]?(?=\d)"
)
# 5.3.2024 and 5/3/2024: which is the day can be told where one is no month, and by the points.
_YEAR_LAST = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})")
_NUMERIC = re.compile(
    rf"(\d{{4}})\s*[-/.年년]\s*(\d{{1,2}})\s*[-/.月월]\s*(\d{{1,2}})[日일]?(?:\([^)]*\))?{_TIME}{_ZONE}{_EXTRA}"
)
_ERA = re.compile(
    rf"(令和|平成|昭和|[rhs])\.?\s*(元|\d{{1,2}})\s*[-/.年]\s*(\d{{1,2}})\s*[-/.月]\s*(\d{{1,2}})日?(?:\([^)]*\))?{_TIME}{_ZONE}{_EXTRA}"
)
_YEARLESS = re.compile(rf"(\d{{1,2}})\s*[/月]\s*(\d{{1,2}})日?(?:\([^)]*\))?{_TIME}{_ZONE}{_EXTRA}")
_ENGLISH = re.compile(
    rf"(?:[a-z]{{3,9}},?\s+)?([a-z]{{3,9}})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?(?:\s+(\d{{4}}))?(?:,?\s+at)?{_TIME}{_ZONE}"
)
_BRITISH = re.compile(
    rf"(?:[a-z]{{3,9}},?\s+)?(\d{{1,2}})(?:st|nd|rd|th)?\s+([a-z]{{3,9}})\.?,?(?:\s+(\d{{4}}))?(?:,?\s+at)?{_TIME}{_ZONE}"
)
_MONTH_ONLY = re.compile(
    r"\d{4}\s*[-/.年]\s*\d{1,2}月?(?:\s*(?:訪問|宿泊|利用|に訪問|に宿泊|に利用))*|[a-z]{3,9}\.?,?\s+\d{4}|\d{4}年?"
)
# A day, the name of a month and a year; reading takes milliseconds, which hostile pages must not have by the thousand.
_PARTS = (
    re.compile(r"(?<!\d)\d{1,2}(?!\d)"),
    re.compile(r"[^\W\d_]{3,}|[\u3041-\u9fff\uac00-\ud7a3]"),
    re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)"),
)
_LONGEST_LOCALISED = 80
_LOCALISED = ("es", "fr", "de", "it", "pt", "nl", "ko", "zh", "pl", "sv", "tr", "ru", "en", "ja")


@dataclass(frozen=True, slots=True)
class Moment:
    """`at` is aware and in UTC, or None with the `reason` why it is unknown."""

    at: datetime | None
    reason: str | None = None


def read_date(given: object, at: datetime, zone: tzinfo = UTC) -> Moment:
    """Reads a moment: ISO, RFC 2822, epoch s/ms, relative, Japanese eras, without year; `at` is when it was read.

    What has no zone is taken to be in `zone`. A month without a day, a date in the future, and one before 1990 are
    unknown.
    """
    if given is None or given == "":
        return Moment(None, "no date given")
    try:
        found, zoned = _read(given, at, zone)
    except (ValueError, OverflowError, OSError) as error:
        return Moment(None, f"date {str(given)[:40]!r}: {error}")
    if found is None:
        return Moment(None, f"date {str(given)[:40]!r} cannot be read")
    if found > at + (_AHEAD if zoned else _AHEAD_UNZONED):
        return Moment(None, f"date {str(given)[:40]!r} is in the future")
    if found < _EARLIEST:
        return Moment(None, f"date {str(given)[:40]!r} is before 1990")
    return Moment(found)


def _read(given: object, at: datetime, zone: tzinfo) -> tuple[datetime | None, bool]:
    """The moment in UTC, and whether the source itself named the zone."""
    if isinstance(given, datetime):
        return _utc(given, zone), given.tzinfo is not None
    if isinstance(given, date):
        return _utc(datetime(given.year, given.month, given.day), zone), False  # noqa: DTZ001 (the zone is added)
    if isinstance(given, bool):
        return None, False
    if isinstance(given, int | float):
        return _epoch(float(given)), True
    text = str(given)
    if len(text) > 200:
        raise ValueError("too long for a date")
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return _written(unicodedata.normalize("NFKC", text).strip(), at, zone)
    if text.isdigit() and len(text) != 8:  # fromisoformat reads 2026W01-like runs of digits; epochs are meant.
        return _epoch(float(text)), True
    return _utc(moment, zone), moment.tzinfo is not None


def _written(text: str, at: datetime, zone: tzinfo) -> tuple[datetime | None, bool]:
    text = _GMT_OFFSET.sub(r"\1", text)
    text = _ZONE_NAME.sub(lambda found: _ABBREVIATED[found[1]], text)
    if re.fullmatch(r"-?\d{9,19}(\.\d+)?", text):
        return _epoch(float(text)), True
    if re.fullmatch(r"\d{8}", text):
        return _utc(datetime.strptime(text, "%Y%m%d"), zone), False  # noqa: DTZ007 (the zone is added)
    try:
        moment = datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", text))
    except ValueError:
        pass
    else:
        return _utc(moment, zone), moment.tzinfo is not None
    lower = text.lower().strip(" .。")
    relative = ago(lower, at, zone)
    if relative is not None:
        return relative, True
    lower = _BEFORE.sub("", lower, count=1) if _BEFORE.match(lower) else lower
    if _MONTH_ONLY.fullmatch(lower):  # Before the others, which would take March 2023 for the 20th at 23:00.
        raise ValueError("a month without a day")
    parts = _calendar(lower, at, zone)
    if parts is not None:
        return parts
    try:
        moment = parsedate_to_datetime(re.sub(r"([+-]\d{2}):(\d{2})$", r"\1\2", text))
    except ValueError:
        return _localised(text, at, zone)
    # The mail reader gives no zone where there is none, where it is -0000, and where it does not know its name.
    unzoned = moment.tzinfo is None and text[-1].isdigit() and not text.endswith("-0000")
    return _utc(moment, zone if unzoned else UTC), not unzoned


def _epoch(number: float) -> datetime:
    """Seconds, milliseconds, micro- or nanoseconds: told apart by size."""
    for _ in range(3):
        if abs(number) < 1e11:
            break
        number /= 1000
    return datetime.fromtimestamp(number, UTC)


def _calendar(text: str, at: datetime, zone: tzinfo) -> tuple[datetime, bool] | None:
    text = _KANJI_NUMBER.sub(lambda found: str(count_of(found[0])), text)
    text = re.sub(r"\((?:mon|tue|wed|thu|fri|sat|sun|[月火水木金土日])\)", " ", text)
    if found := _NUMERIC.fullmatch(text):
        return _at_time(int(found[1]), int(found[2]), int(found[3]), found.groups()[3:], zone)
    if found := _ERA.fullmatch(text):
        year = _ERAS[found[1]] + (1 if found[2] == "元" else int(found[2]))
        return _at_time(year, int(found[3]), int(found[4]), found.groups()[4:], zone)
    for pattern, month_at, day_at in ((_ENGLISH, 1, 2), (_BRITISH, 2, 1)):
        found = pattern.fullmatch(text)
        if found and found[month_at] in _MONTHS:
            month, day = _MONTHS[found[month_at]], int(found[day_at])
            if found[3]:
                return _at_time(int(found[3]), month, day, found.groups()[3:], zone)
            return _nearest_past(month, day, found.groups()[3:], at, zone)
    if found := _YEAR_LAST.match(text):
        return _year_last(found, text, zone)
    if found := _YEARLESS.fullmatch(text):
        return _nearest_past(int(found[1]), int(found[2]), found.groups()[2:], at, zone)
    return None


def _year_last(found: re.Match[str], text: str, zone: tzinfo) -> tuple[datetime, bool]:
    first, second = int(found[1]), int(found[3])
    if first <= 12 and second <= 12 and first != second and found[2] != ".":
        raise ValueError("the day or the month may come first")
    day, month = (second, first) if second > 12 else (first, second)
    rest = re.fullmatch(_TIME + _ZONE, text[found.end() :])
    if rest is None:
        raise ValueError("cannot be read")
    return _at_time(int(found[4]), month, day, rest.groups(), zone)


def _nearest_past(
    month: int, day: int, rest: tuple[str | None, ...], at: datetime, zone: tzinfo
) -> tuple[datetime, bool]:
    """A day without its year is the last one that has come."""
    this_year = at.astimezone(zone).year
    for year in range(this_year, this_year - 9, -1):  # 29 February may be years away.
        try:
            moment, zoned = _at_time(year, month, day, rest, zone)
        except ValueError:
            continue
        if moment <= at + _AHEAD:
            return moment, zoned
    raise ValueError("no such day")


def _at_time(year: int, month: int, day: int, rest: tuple[str | None, ...], zone: tzinfo) -> tuple[datetime, bool]:
    half, hour, minute, second, _, meridiem, offset = rest
    half = half or {"a": "午前", "p": "午後"}.get((meridiem or "")[:1])
    clock = hour_of(int(hour or 0), half)
    named = _offset(offset)
    moment = datetime(year, month, day, clock, int(minute or 0), int(second or 0), tzinfo=named or zone)
    return moment.astimezone(UTC), named is not None


def _offset(text: str | None) -> tzinfo | None:
    if not text:
        return None
    if text in ("z", "utc", "gmt"):
        return UTC
    if text in ("jst", "kst"):
        text = "+0900"
    digits = text[1:].replace(":", "").ljust(4, "0")
    return datetime.strptime(f"{text[0]}{digits}", "%z").tzinfo


def _localised(text: str, at: datetime, zone: tzinfo) -> tuple[datetime | None, bool]:
    """Month names of other languages. Slow, and only reached when nothing above reads it."""
    if len(text) > _LONGEST_LOCALISED or not all(part.search(text) for part in _PARTS):
        return None, False
    import dateparser

    found = dateparser.parse(
        text,
        languages=list(_LOCALISED),
        settings={
            "RELATIVE_BASE": at.astimezone(zone).replace(tzinfo=None),
            "REQUIRE_PARTS": ["day", "month", "year"],
            "PARSERS": ["absolute-time"],
        },
    )
    return (_utc(found, zone), found.tzinfo is not None) if found else (None, False)


def _utc(moment: datetime, zone: tzinfo) -> datetime:
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
