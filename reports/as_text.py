"""A report as plain text: whole for the terminal, in brief for Slack and for mail programs without HTML."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from reports.report import Report
from reports.scope import cases_path, mentions_path
from reports.sections import sections
from reports.share import Share
from reports.statements import Statement, what_changed, what_to_do
from reports.tables import Section
from reports.words import SMALL, Words, percent, signed


def title_of(report: Report, language: str) -> str:
    """The heading."""
    say = Words(language)
    names = [name for name in (report.scope.place, report.scope.source) if name is not None]
    part = say.aside(say("head.part", names=say.series(names))) if names else ""
    return say(f"head.{report.kind}", brand=report.brand) + part


def brief_of(report: Report, language: str) -> list[str]:
    """What must be known, a paragraph each: the span, what changed, the main figures, what to do."""
    say = Words(language)
    chance, found = what_changed(report, say)
    return [
        say.span(report.period),
        "\n".join([say("what.title"), *_bullets(found), *([chance] if chance else [])]),
        "\n".join(
            say.line(one.name, one.text + (say.aside(one.remark) if one.remark else ""))
            for one in main_figures(report, say)
        ),
        "\n".join([say(f"do.{report.kind}"), *_bullets(what_to_do(report, say))]),
    ]


def text_of(report: Report, language: str) -> str:
    """Everything but the quotes' links: statements first, then every table, a row a line."""
    say = Words(language)
    remark, found = what_changed(report, say)
    lines = [title_of(report, language), say.span(report.period), compared(report, say), ""]
    lines += [say("what.title"), *_bullets(found), *([f"  {remark}"] if remark else []), ""]
    lines += [say(f"do.{report.kind}"), *_bullets(what_to_do(report, say)), ""]
    for section in sections(report, say):
        lines += [*_table(section), ""]
    lines += list(_quotes(report, say))
    return "\n".join(lines).rstrip()


@dataclass(frozen=True)
class MainFigure:
    """One of the five on top of a report: what it is called, what stands beside it, and the mentions behind it."""

    name: str
    text: str
    remark: str
    link: str | None


def main_figures(report: Report, say: Words) -> list[MainFigure]:
    """The five figures on top of a report."""
    when = (report.period, report.scope)
    before = say.count(sum(report.volume_before.values())) if report.volume_before else "–"
    net, was = report.sentiments.net, report.sentiments_before.net
    every = mentions_path(*when) if report.mentions else None
    overdue = say("tile.overdue", n=len({case for case, _ in report.overdue})) if report.overdue else ""
    opened = cases_path(None, report.scope, "open") if report.open_now else None
    score, earlier = (signed(None if one is None else one * 100) for one in (net, was))
    return [
        MainFigure(say("tile.mentions"), say.count(report.mentions), say("tile.before", n=before), every),
        MainFigure(say("tile.net"), score, say("tile.before", n=earlier), every),
        _share_figure(say, "answered", answered_in_time(report), cases_path(*when, "in_time:answered")),
        _share_figure(say, "recovery", report.recovery, cases_path(*when, "recovered")),
        MainFigure(say("tile.open"), say.count(report.open_now), overdue, opened),
    ]


def _share_figure(say: Words, name: str, share: Share, link: str) -> MainFigure:
    """A share and its counts; small ones as counts alone."""
    path = link if share.part else None
    if share.value is None or share.whole < SMALL:
        return MainFigure(say(f"tile.{name}"), say.brief(share), "", path)
    counts = say("form.of", part=f"{share.part:,}", whole=f"{share.whole:,}")
    return MainFigure(say(f"tile.{name}"), percent(share.value), counts, path)


def answered_in_time(report: Report) -> Share:
    """First responses that were in time."""
    return next((line.in_time for line in report.times if line.state == "answered" and line.in_time), Share(0, 0))


def compared(report: Report, say: Words) -> str:
    """With what the figures are compared."""
    told = say("head.compared", span=say.span(report.period.before))
    return told if report.volume_before else say.sentences((told, say("head.no_before")))


def _bullets(statements: list[Statement]) -> list[str]:
    return [f"• {one.text}" for one in statements]


def _table(section: Section) -> Iterator[str]:
    yield section.title
    if section.rows:
        yield "  " + " | ".join(section.columns)
    for row in section.rows:
        yield "  " + " | ".join(cell.text or "–" for cell in row)
    if section.note:
        yield f"  {section.note}"


def _quotes(report: Report, say: Words) -> Iterator[str]:
    for name in ("worst", "best"):
        quotes = getattr(report, name)
        if quotes:
            yield say(f"quotes.{name}")
        for quote in quotes:
            where = [text for text in (quote.place, quote.source) if text]
            stars = [] if quote.stars is None else [f"★{quote.stars:g}"]
            text = f"「{quote.text}」" if say.japanese else f"“{quote.text}”"
            yield f"  {text}" + say.aside(say.series([*where, *stars]))
