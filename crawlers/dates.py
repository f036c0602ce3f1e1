"""Moments as sources write them. What cannot be read is unknown, with its reason, and never "now"."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from email.utils import parsedate_to_datetime

_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
# How far ahead of us a source's clock may be. A date without a zone may be off by a day.
_AHEAD, _AHEAD_UNZONED = timedelta(hours=1), timedelta(days=1)

_DIGITS = {sign: value for value, sign in enumerate("〇一二三四五六七八九")} | {"零": 0, "元": 1, "数": 3}
_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "r": 2018, "h": 1988, "s": 1925}
_UNITS = {
    "秒": "s", "分": "m", "時間": "h", "日": "d", "週間": "w", "週": "w", "か月": "o", "ヶ月": "o", "カ月": "o",
    "ヵ月": "o", "ケ月": "o", "箇月": "o", "月": "o", "年": "y",
    "s": "s", "sec": "s", "secs": "s", "second": "s", "seconds": "s",
    "m": "m", "min": "m", "mins": "m", "minute": "m", "minutes": "m",
    "h": "h", "hr": "h", "hrs": "h", "hour": "h", "hours": "h",
    "d": "d", "day": "d", "days": "d", "w": "w", "wk": "w", "wks": "w", "week": "w", "weeks": "w",
    "mo": "o", "mos": "o", "month": "o", "months": "o", "y": "y", "yr": "y", "yrs": "y", "year": "y", "years": "y",
}  # fmt: skip
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_DAYS_AGO = {
    "今日": 0, "本日": 0, "today": 0, "昨日": 1, "きのう": 1, "前日": 1, "yesterday": 1, "一昨日": 2, "おととい": 2,
    "先週": 7, "last week": 7, "先々週": 14,
}  # fmt: skip
_MONTHS_AGO = {"先月": 1, "last month": 1, "先々月": 2, "昨年": 12, "去年": 12, "last year": 12, "一昨年": 24}
_NOW = {"たった今", "今", "たったいま", "just now", "now", "a moment ago", "moments ago"}
_MONTH_NAMES = (
    "jan january|feb february|mar march|apr april|may|jun june|jul july|aug august|sep sept september|oct october|"
    "nov november|dec december"
)
_MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES.split("|"), start=1) for name in names.split()}

_TIME = (
    r"(?:[t\s,]*(?:(午前|午後)\s*)?"
    r"(\d{1,2})(?:[:時](\d{1,2}))?(?:[:分](\d{1,2}))?(?:[.,](\d+))?[分秒]?\s*([ap]\.?m\.?)?)?"
)
_ZONE = r"\s*(z|utc|gmt|jst|kst|[+-]\d{2}:?\d{2}|[+-]\d{2})?"
_EXTRA = r"\s*(?:投稿|訪問|宿泊|利用|更新|に投稿|の口コミ|に\w{1,12}でレビュー済み)*"
# What stands before a date on pages; a day of a visit is none of a review.
_BEFORE = re.compile(
    r"(?:(?:reviewed|posted|published|written|updated|edited)(?:\s+in\s+[^\d]{2,40}?\s+on|\s+on)?\s*:?"
    r"|(?:投稿|掲載|更新|登録|作成|レビュー|口コミ投稿)日時?\s*[::]?)\s+(?=\S)|(?:投稿|掲載|更新|登録|レビュー|口コミ投稿)日時?\s*[::]?(?=\d)"
)
# 5.3.2024 and 5/3/2024: which is the day can be told where one is no month, and by the points.
_YEAR_LAST = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})")
_NUMERIC = re.compile(
    rf"(\d{{4}})\s*[-/.年]\s*(\d{{1,2}})\s*[-/.月]\s*(\d{{1,2}})日?(?:\([^)]*\))?{_TIME}{_ZONE}{_EXTRA}"
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
_RELATIVE = re.compile(
    r"(?:約|およそ|about\s+|over\s+|almost\s+)?(\d{1,4}|an?|one|[〇一二三四五六七八九十数]{1,3})\s*"
    rf"({'|'.join(sorted(_UNITS, key=len, reverse=True))})\s*半?(?:以上)?(?:前|まえ|\s*ago)?"
    r"(?:に投稿|に編集|\(編集済み\))?"
)
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
    relative = _relative(lower, at, zone)
    if relative is not None:
        return relative, True
    lower = _BEFORE.sub("", lower, count=1) if _BEFORE.match(lower) else lower
    if _MONTH_ONLY.fullmatch(lower):  # Before the others, which would take March 2023 for the 20th at 23:00.
        raise ValueError("a month without a day")
    parts = _calendar(lower, at, zone)
    if parts is not None:
        return parts
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return _localised(text, at, zone)
    return _utc(moment, UTC), True


def _epoch(number: float) -> datetime:
    """Seconds, milliseconds, micro- or nanoseconds: told apart by size."""
    for _ in range(3):
        if abs(number) < 1e11:
            break
        number /= 1000
    return datetime.fromtimestamp(number, UTC)


def _relative(text: str, at: datetime, zone: tzinfo) -> datetime | None:
    text = re.sub(r"^(?:edited|posted|updated|投稿|更新)[:\s]*", "", text)
    if text in _NOW:
        return at
    if text in _DAYS_AGO:
        return at - timedelta(days=_DAYS_AGO[text])
    if text in _MONTHS_AGO:
        return _months_before(at, _MONTHS_AGO[text])
    word, _, clock = text.partition(" ")
    if word.rstrip(",") in _DAYS_AGO and (time := re.fullmatch(r"(?:at )?(\d{1,2}):(\d{2})", clock)):
        day = (at - timedelta(days=_DAYS_AGO[word.rstrip(",")])).astimezone(zone)
        return day.replace(hour=int(time[1]), minute=int(time[2]), second=0, microsecond=0).astimezone(UTC)
    found = _RELATIVE.fullmatch(text)
    # 3日 alone is the third of a month as likely as three days: only 前, ago or a short English unit says so.
    if not found or not (
        text.endswith(("前", "まえ", "ago", "に投稿", "に編集", "(編集済み)")) or re.fullmatch(r"\d+\s?[a-z]+", text)
    ):
        return None
    count, unit = _count(found[1]), _UNITS[found[2]]
    if unit in _SECONDS:
        return at - timedelta(seconds=count * _SECONDS[unit])
    return _months_before(at, count * (12 if unit == "y" else 1))


def _count(text: str) -> int:
    if text.isdigit():
        return int(text)
    if text in ("a", "an", "one"):
        return 1
    tens, ten, ones = text.partition("十")
    if ten:
        return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)
    return int("".join(str(_DIGITS[sign]) for sign in text))


def _months_before(at: datetime, months: int) -> datetime:
    index = at.year * 12 + at.month - 1 - months
    if index < 12:
        raise ValueError("too long ago")
    year, month = divmod(index, 12)
    last = (date(year + (month == 11), (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return at.replace(year=year, month=month + 1, day=min(at.day, last))


def _calendar(text: str, at: datetime, zone: tzinfo) -> tuple[datetime, bool] | None:
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
    clock = int(hour or 0)
    if (half == "午後" or (meridiem or "").startswith("p")) and clock < 12:
        clock += 12
    elif (half == "午前" or (meridiem or "").startswith("a")) and clock == 12:
        clock = 0
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
    if not re.search(r"\d", text) or not re.search(r"[^\W\d_]", text):
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
