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
    by_source = [f"{source} {count}" for source, count in report.volume.items()]
    moods = [f"{say(name)} {count}" for name, count in (
        ("negative", mood.negative), ("neutral", mood.neutral), ("positive", mood.positive)
    )]  # fmt: skip
    lines = [
        say.line(
            "volume",
            say("count", n=sum(report.volume.values())) + say.aside(say("before", n=report.volume_before)),
            *by_source,
        ),
        say.line("net", _signed(mood.net) + say.aside(say("before", n=_signed(before.net))), *moods),
    ]
    if report.topics:
        counted = [
            f"{say.topic(name)} {count}" + say.aside(say("before", n=earlier)) for name, count, earlier in report.topics
        ]
        lines.append(say.line("topics", *counted))
    if report.ratings:
        stars = [
            f"{source} " + say("ratings_count", mean=f"{mean:.1f}", n=n) for source, (mean, n) in report.ratings.items()
        ]
        lines.append(say.line("ratings", *stars))
    return lines


def _cases(report: WeeklyReport, say: Words) -> list[str]:
    opened = [
        f"{say.severity(name)} {report.opened[name]}"
        for name in ("critical", "major", "minor", "none")
        if report.opened.get(name)
    ]
    new = f"{say('opened')} {sum(report.opened.values())}" + (say.aside(say.series(opened)) if opened else "")
    outcomes = [f"{say.outcome(name)} {count}" for name, count in report.outcomes.items()]
    return [
        say.line("cases", new, f"{say('open_now')} {report.open_now}"),
        say.line("outcomes", *(outcomes or [say("none")])),
        say.line("recovery", say.share(report.recovery)),
        say.line("funnel", " → ".join(f"{say(step)} {count}" for step, count in report.funnel)),
    ]


def _speed(report: WeeklyReport, say: Words) -> list[str]:
    lines = [
        say.line(
            name,
            f"{say('median')} {say.duration(times.median)}",
            f"{say('p90')} {say.duration(times.p90)}" + say.aside(f"n={times.count}"),
        )
        for name, times in (("first_response", report.first_response), ("resolution", report.resolution))
    ]
    lines.append(say.line("acknowledged_in_time", say.share(report.acknowledged_in_time)))
    lines.append(say.line("answered_in_time", say.share(report.answered_in_time)))
    return lines


def _signed(value: float | None) -> str:
    return "–" if value is None else f"{value * 100:+.0f}"
