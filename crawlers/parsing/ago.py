"""Moments by their distance: 3日前, 先週, 昨日 12:30, yesterday at 3 pm, 2w, a few days ago."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, tzinfo

_DIGITS = {sign: value for value, sign in enumerate("〇一二三四五六七八九")} | {"零": 0, "元": 1, "数": 3}
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
_CLOCKED = ("今日", "本日", "today", "昨日", "きのう", "yesterday", "一昨日", "おととい")
_MONTHS_AGO = {"先月": 1, "last month": 1, "先々月": 2, "昨年": 12, "去年": 12, "last year": 12, "一昨年": 24}
_NOW = {"たった今", "今", "たったいま", "just now", "now", "a moment ago", "moments ago"}
_WORDS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "a few": 3, "few": 3, "several": 3, "a couple of": 2, "couple of": 2,
}  # fmt: skip
_RELATIVE = re.compile(
    r"(?:約|およそ|about\s+|over\s+|almost\s+|more than\s+|less than\s+)?"
    rf"(\d{{1,4}}|{'|'.join(sorted(_WORDS, key=len, reverse=True))}|半|[〇一二三四五六七八九十数]{{1,3}})\s*"
    rf"({'|'.join(sorted(_UNITS, key=len, reverse=True))})\s*半?(?:以上)?(?:前|まえ|\s*ago)?"
    r"(?:に投稿|に編集|\s*\((?:編集済み|edited)\)|\s+new|\s*[・·]?\s*新着)?"
)
_RELATIVE_ENDS = ("前", "まえ", "ago", "に投稿", "に編集", "(編集済み)", "(edited)", "新着")
_CLOCK = re.compile(r"[,\s]*(?:at\s+|の\s*)?(午前|午後)?\s*(\d{1,2})(?:[:時](\d{1,2})?)?分?\s*([ap])?\.?(?:m\.?)?")


def ago(text: str, at: datetime, zone: tzinfo) -> datetime | None:
    """The moment that a lower-case text names by its distance from `at`, or None. Raises ValueError for no number."""
    text = re.sub(r"^(?:edited|posted|updated|投稿日?時?|更新日?時?|掲載日?時?)[:\s]*", "", text)
    if text in _NOW:
        return at
    if text in _DAYS_AGO:
        return at - timedelta(days=_DAYS_AGO[text])
    if text in _MONTHS_AGO:
        return _months_before(at, _MONTHS_AGO[text])
    day = next((word for word in _CLOCKED if text.startswith(word)), None)
    if day and (time := _CLOCK.fullmatch(text[len(day) :])):
        then = (at - timedelta(days=_DAYS_AGO[day])).astimezone(zone)
        half = time[1] or {"a": "午前", "p": "午後"}.get(time[4] or "")
        moment = then.replace(hour=hour_of(int(time[2]), half), minute=int(time[3] or 0), second=0, microsecond=0)
        return moment.astimezone(UTC)
    found = _RELATIVE.fullmatch(text)
    # 3日 alone is the third of a month as likely as three days: only 前, ago or a short English unit says so.
    if not found or not (any(end in text for end in _RELATIVE_ENDS) or re.fullmatch(r"\d+\s?[a-z]+", text)):
        return None
    unit = _UNITS[found[2]]
    if found[1] == "半":  # 半年前, 半日前
        return _months_before(at, 6) if unit == "y" else at - timedelta(seconds=_SECONDS.get(unit, 30 * 86400) / 2)
    count = count_of(found[1])
    if unit in _SECONDS:
        return at - timedelta(seconds=count * _SECONDS[unit])
    return _months_before(at, count * (12 if unit == "y" else 1))


def count_of(text: str) -> int:
    """A number in digits, in words, or in kanji below a hundred (十一, 二〇)."""
    if text.isdigit():
        return int(text)
    if text in _WORDS:
        return _WORDS[text]
    tens, ten, ones = text.partition("十")
    try:
        if ten:
            return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)
        return int("".join(str(_DIGITS[sign]) for sign in text))
    except KeyError:
        raise ValueError(f"{text!r} is no number") from None


def _months_before(at: datetime, months: int) -> datetime:
    index = at.year * 12 + at.month - 1 - months
    if index < 12:
        raise ValueError("too long ago")
    year, month = divmod(index, 12)
    last = (date(year + (month == 11), (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return at.replace(year=year, month=month + 1, day=min(at.day, last))


def hour_of(clock: int, half: str | None) -> int:
    """The hour of 24, where `half` may be 午前 or 午後."""
    if half == "午後" and clock < 12:
        return clock + 12
    return 0 if half == "午前" and clock == 12 else clock
