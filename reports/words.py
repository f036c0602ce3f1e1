"""The words of reports in Japanese and English, and figures as a reader of that language writes them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta, tzinfo
from decimal import Decimal
from functools import cache
from pathlib import Path

import yaml

from reports.period import Period
from reports.share import Mean, Share

WORDING = Path(__file__).with_name("wording")
SMALL = 20  # below this a share is written as counts alone
MINUS = "−"


@cache
def written(language: str) -> dict[str, str]:
    """Every word by `section.key`; of English where there is no edition in this language."""
    file = WORDING / f"{'ja' if language == 'ja' else 'en'}.yaml"
    sections = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return {f"{section}.{key}": str(text) for section, lines in sections.items() for key, text in lines.items()}


class Words:
    """The words of one edition: ja, or English for every other language."""

    def __init__(self, language: str) -> None:
        self.japanese = language == "ja"
        self.language = "ja" if self.japanese else "en"
        self._words = written(self.language)

    def __call__(self, key: str, /, **values: object) -> str:
        text = self._words[key]
        return text.format(**values) if values else text

    def name(self, group: str, value: str) -> str:
        """The word for a domain value; one that a team added keeps its name."""
        return self._words.get(f"{group}.{value}") or value.replace("_", " ")

    def line(self, label: str, *parts: str) -> str:
        """`Label: a, b` with the punctuation of the language."""
        return f"{label}{'：' if self.japanese else ': '}{self.series(parts)}"

    def aside(self, text: str) -> str:
        """Brackets around a remark."""
        return f"（{text}）" if self.japanese else f" ({text})"

    def series(self, parts: Iterable[str]) -> str:
        """A list within a sentence."""
        return ("、" if self.japanese else ", ").join(parts)

    def names(self, named: Iterable[str]) -> str:
        """Things named in a sentence: 「個人情報」と「アプリ」 / privacy and the app."""
        first = [f"「{one}」" for one in named] if self.japanese else list(named)
        return ("と" if self.japanese else " and ").join(part for part in (self.series(first[:-1]), first[-1]) if part)

    def sentences(self, parts: Iterable[str]) -> str:
        """Sentences after each other."""
        return ("" if self.japanese else " ").join(part for part in parts if part)

    def count(self, n: int) -> str:
        """1,234件 / 1,234."""
        return self("form.count", n=f"{n:,}")

    def share(self, share: Share) -> str:
        """Counts alone where they are small; otherwise per cent with the 95 % interval."""
        if not share.whole:
            return self("form.none")
        counts = self("form.of", part=f"{share.part:,}", whole=f"{share.whole:,}")
        if share.whole < SMALL or share.value is None or share.interval is None:
            return counts
        low, high = (f"{100 * edge:.0f}" for edge in share.interval)
        return f"{share.value:.0%}" + self.aside(self.series((counts, self("form.interval", low=low, high=high))))

    def brief(self, share: Share) -> str:
        """The same within a sentence, without the interval: 12%（400件中48件）."""
        if share.whole < SMALL or share.value is None:
            return self("form.none") if not share.whole else self("form.of", part=share.part, whole=share.whole)
        return percent(share.value) + self.aside(self("form.of", part=f"{share.part:,}", whole=f"{share.whole:,}"))

    def counted(self, share: Share) -> str:
        """The count before its share: 48件（12%）; small wholes as counts."""
        if share.whole < SMALL or share.value is None:
            return self.brief(share)
        return self.count(share.part) + self.aside(percent(share.value))

    def mean(self, value: Mean | None) -> str:
        """4.2（31件）; a dash where nothing was counted."""
        if value is None or value.mean is None:
            return "–"
        return self("form.stars", mean=f"{value.mean:.1f}", n=f"{value.count:,}")

    def duration(self, span: timedelta | None) -> str:
        """`3h 20m`, `2日4時間`; a dash where nothing was measured."""
        if span is None:
            return "–"
        minutes = round(span.total_seconds() / 60)
        days, minutes = divmod(minutes, 1440)
        hours, minutes = divmod(minutes, 60)
        units = ("日", "時間", "分") if self.japanese else ("d", "h", "m")
        parts = [f"{n}{unit}" for n, unit in zip((days, hours, minutes), units, strict=True) if n]
        return ("" if self.japanese else " ").join(parts[:2]) or f"0{units[2]}"

    def day(self, day: date) -> str:
        """2026年11月9日（月） / Mon 9 Nov 2026."""
        if self.japanese:
            return f"{day.year}年{day.month}月{day.day}日（{'月火水木金土日'[day.weekday()]}）"
        return f"{_DAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]} {day.year}"

    def moment(self, at: datetime, zone: tzinfo) -> str:
        """11月9日 14:05 / 9 Nov 14:05, by the clock of the zone."""
        local = at.astimezone(zone)
        if self.japanese:
            return f"{local.month}月{local.day}日 {local:%H:%M}"
        return f"{local.day} {_MONTHS[local.month - 1]} {local:%H:%M}"

    def span(self, period: Period) -> str:
        """The first and the last day of a period."""
        days = period.days
        if len(days) == 1:
            return self("head.one_day", start=self.day(days[0]))
        return self("head.span", start=self.day(days[0]), end=self.day(days[-1]))

    def money(self, amount: Decimal | None, currency: str | None) -> str:
        """12,000 JPY; cents only where there are any."""
        if amount is None or currency is None:
            return "–"
        return f"{amount:,.0f} {currency}" if amount == amount.to_integral_value() else f"{amount:,.2f} {currency}"


def percent(value: float) -> str:
    """12%, and 0.4% where whole per cents would say nothing."""
    return f"{value:.1%}" if 0 < value < 0.01 else f"{value:.0%}"


def signed(value: float | None, digits: int = 0) -> str:
    """+12, −3; a dash for nothing."""
    if value is None:
        return "–"
    rounded = round(value, digits) + 0.0  # no negative zero
    return ("+" if rounded > 0 else MINUS if rounded < 0 else "±") + f"{abs(rounded):.{digits}f}"


_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
