"""The tables of a report, once for all renderers: HTML, CSV and XLSX show the same rows, so their totals agree."""

from __future__ import annotations

from reports.outlook_lines import how_right, looked_at, watch_lines
from reports.recovery_tables import (
    cases_table,
    causes_table,
    funnel_table,
    money_table,
    outcomes_table,
    paradox_table,
    recovery_table,
    tasks_table,
    times_table,
)
from reports.report import Report
from reports.scope import complaints_path, mentions_path, spike_path
from reports.share import Share
from reports.statements import about
from reports.tables import Cell, Section, mean_cell, number, section, share_cell
from reports.words import Words, percent, signed


def sections(report: Report, say: Words) -> list[Section]:
    """All tables, in the order of a report."""
    made = [
        _volume(report, say),
        _mood(report, say),
        _topics(report, say),
        _places(report, say),
        _incidents(report, say),
        _outlook(report, say),
        cases_table(report, say),
        outcomes_table(report, say),
        funnel_table(report, say),
        times_table(report, say),
        recovery_table(report, say),
        paradox_table(report, say),
        causes_table(report, say),
        tasks_table(report, say),
        money_table(report, say),
    ]
    return [one for one in made if one is not None]


def _volume(report: Report, say: Words) -> Section:
    rows = []
    for source in sorted(report.volume.keys() | report.volume_before.keys()):
        now, before = report.volume.get(source, 0), report.volume_before.get(source, 0)
        stars, earlier = report.ratings.get(source), report.ratings_before.get(source)
        path = mentions_path(report.period, report.scope, source=source)
        was = mentions_path(report.period.before, report.scope, source=source)
        means = [mean_cell(stars, say, path), mean_cell(earlier, say, was)]
        rows.append([Cell(source), number(now, path), number(before, was), *means])
    before = sum(report.volume_before.values())
    path, was = mentions_path(report.period, report.scope), mentions_path(report.period.before, report.scope)
    rows.append([Cell(say("volume.sum")), number(report.mentions, path), number(before, was), Cell(""), Cell("")])
    usual = (
        say("volume.usual", times=len(report.usual), low=f"{min(report.usual):,}", high=f"{max(report.usual):,}")
        if len(report.usual) > 1
        else say("volume.usual_few")
    )
    return section("volume", say, ("source", "mentions", "before", "stars", "stars_before"), rows, usual)


def _mood(report: Report, say: Words) -> Section:
    now, before = report.sentiments, report.sentiments_before
    rows = []
    for mood in ("negative", "neutral", "positive"):
        share = Share(getattr(now, mood), now.total)
        path = mentions_path(report.period, report.scope, sentiment=mood)
        was = Share(getattr(before, mood), before.total)
        then = mentions_path(report.period.before, report.scope, sentiment=mood)
        shares = [share_cell(share, path), share_cell(was, then)]
        rows.append([Cell(say.name("sentiment", mood)), number(share.part, path), *shares])
    net = signed(None if now.net is None else now.net * 100)
    if now.interval is not None:
        low, high = (signed(edge * 100) for edge in now.interval)
        net += say.aside(say("head.span", start=low, end=high))
    earlier = None if before.net is None else round(before.net * 100, 2)
    value = None if now.net is None else round(now.net * 100, 2)
    path, then = mentions_path(report.period, report.scope), mentions_path(report.period.before, report.scope)
    net_before = Cell(signed(earlier), earlier, then if before.total else None)
    rows.append([Cell(say("mood.net")), Cell(""), Cell(net, value, path if now.total else None), net_before])
    return section("mood", say, ("sentiment", "count", "share", "before"), rows, say("mood.note"))


def _topics(report: Report, say: Words) -> Section:
    rows = []
    for line in report.topics:
        path = complaints_path(report.period, report.scope, line.topic)
        verdict = Cell(say(f"verdict.{line.verdict}"))
        was = complaints_path(report.period.before, report.scope, line.topic)
        cells = [number(line.now.part, path), share_cell(line.now, path), number(line.before.part, was), verdict]
        rows.append([Cell(say.name("topic", line.topic)), *cells])
    note = say("topics.note") if rows else say("topics.none")
    return section("topics", say, ("topic", "count", "share", "before", "verdict"), rows, note)


def _places(report: Report, say: Words) -> Section:
    rows = []
    for line in report.places:
        path = mentions_path(report.period, report.scope, place=line.place, sentiment="negative")
        share = Cell(say.brief(line.negative), line.negative.value, path)
        named = mentions_path(report.period, report.scope, sentiment="negative", place=report.scope.place or "*")
        usual = Cell(percent(line.usual), line.usual, named)
        rows.append([Cell(line.place), share, usual, Cell(say(f"place.{line.verdict}"))])
    note = say("places.note") if rows else say("places.none")
    return section("places", say, ("place", "negative", "usual", "verdict"), rows, note)


def _incidents(report: Report, say: Words) -> Section:
    zone = report.period.zone
    rows = [
        [
            Cell(about(one.labels, say) + (say("incidents.bot") if one.bot_like else ""), None, f"/spikes/{one.id}"),
            Cell(say.moment(one.since, zone)),
            Cell(say.moment(one.ended_at, zone) if one.ended_at else say("incidents.going")),
            number(one.mentions, spike_path(one.id, "spike")),
            number(one.negative, spike_path(one.id, "spike_negative")),
            Cell(f"{one.expected:,.0f}", round(one.expected, 1), f"/spikes/{one.id}"),
        ]
        for one in report.incidents
    ]
    columns = ("what", "since", "ended", "count", "negative", "expected")
    return section("incidents", say, columns, rows, "" if rows else say("incidents.none"))


def _outlook(report: Report, say: Words) -> Section | None:
    made = report.outlook
    if made is None or not made.judged:
        return None
    rows = [
        [
            Cell(line.name),
            Cell(line.now, one.now.value, line.link),
            Cell(line.usual, one.usual, line.usual_link),
            Cell(line.limit, one.limit),
            Cell(say.sentences(line.signs)),
            Cell(line.record),
        ]
        for one, line in zip((*made.watched, *made.failed), watch_lines(made, report.period.zone, say), strict=True)
    ]
    columns = ("subject", "now", "usual", "limit", "signs", "record")
    told = (*(() if rows else (say("outlook.none"),)), looked_at(made, say), *how_right(made, say))
    return section("outlook", say, columns, rows, say.sentences(told))
