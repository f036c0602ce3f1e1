"""A report as plain text: for the terminal, and as the lines of a Slack message."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from reports.weekly import WeeklyReport
from reports.words import Words


def title_of(report: WeeklyReport, language: str) -> str:
    """The heading."""
    return Words(language)("title", brand=report.brand)


def lines_of(report: WeeklyReport, language: str, zone: ZoneInfo) -> list[str]:
    """The report, one statement a line, in the brand's time zone."""
    say = Words(language)
    day = "%Y/%m/%d" if language == "ja" else "%d %b %Y"
    # The period ends at midnight: its last day is the one before.
    last = report.period.end.astimezone(zone).date().toordinal() - 1
    start = report.period.start.astimezone(zone).date()
    return [
        say("span", start=start.strftime(day), end=start.fromordinal(last).strftime(day)),
        *_voices(report, say),
        *_cases(report, say),
        *_speed(report, say),
    ]


def _voices(report: WeeklyReport, say: Words) -> list[str]:
    mood, before = report.sentiments, report.sentiments_before
    lines = [
        f"{say('volume')}: {say('count', n=sum(report.volume.values()))}"
        f" ({say('before', n=report.volume_before)}) – "
        + ", ".join(f"{source} {count}" for source, count in report.volume.items()),
        f"{say('net')}: {_signed(mood.net)} ({say('before', n=_signed(before.net))}) – "
        f"{say('negative')} {mood.negative}, {say('neutral')} {mood.neutral}, {say('positive')} {mood.positive}",
    ]
    if report.topics:
        topics = ", ".join(
            f"{say.topic(name)} {count} ({say('before', n=earlier)})" for name, count, earlier in report.topics
        )
        lines.append(f"{say('topics')}: {topics}")
    if report.ratings:
        stars = ", ".join(
            f"{source} {say('ratings_count', mean=f'{mean:.1f}', n=n)}" for source, (mean, n) in report.ratings.items()
        )
        lines.append(f"{say('ratings')}: {stars}")
    return lines


def _cases(report: WeeklyReport, say: Words) -> list[str]:
    opened = ", ".join(
        f"{say.severity(name)} {report.opened[name]}"
        for name in ("critical", "major", "minor", "none")
        if report.opened.get(name)
    )
    outcomes = ", ".join(f"{say.outcome(name)} {count}" for name, count in report.outcomes.items())
    return [
        f"{say('cases')}: {say('opened')} {sum(report.opened.values())} ({opened or say('none')}), "
        f"{say('open_now')} {report.open_now}",
        f"{say('outcomes')}: {outcomes or say('none')}",
        f"{say('recovery')}: {say.share(report.recovery)}",
        f"{say('funnel')}: " + " → ".join(f"{say(step)} {count}" for step, count in report.funnel),
    ]


def _speed(report: WeeklyReport, say: Words) -> list[str]:
    lines = []
    for name, times in (("first_response", report.first_response), ("resolution", report.resolution)):
        lines.append(
            f"{say(name)}: {say('median')} {say.duration(times.median)}, {say('p90')} {say.duration(times.p90)} "
            f"(n={times.count})"
        )
    lines.append(f"{say('acknowledged_in_time')}: {say.share(report.acknowledged_in_time)}")
    lines.append(f"{say('answered_in_time')}: {say.share(report.answered_in_time)}")
    return lines


def _signed(value: float | None) -> str:
    return "–" if value is None else f"{value * 100:+.0f}"
