"""Findings and advice as sentences of one edition."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import tzinfo
from typing import Any

from reports.advice import Advice, advise
from reports.findings import Finding, findings
from reports.report import Report
from reports.share import Mean, Share
from reports.words import Words, percent, signed


@dataclass(frozen=True)
class Statement:
    """One sentence or two, and the path of what is behind it."""

    text: str
    link: str | None


def what_changed(report: Report, say: Words) -> tuple[str | None, list[Statement]]:
    """What chance has to do with it (None: all three are findings), and the statements."""
    found = findings(report)
    told = [Statement(_finding(one, say, report.period.zone), one.link) for one in found]
    sure = sum(one.sure for one in found)
    if not report.mentions:
        return say("what.empty"), told
    if not sure:
        return say("what.nothing"), told
    return (say("what.rest") if sure < len(found) or len(found) < 3 else None), told


def what_to_do(report: Report, say: Words) -> list[Statement]:
    """The steps; one sentence that nothing is pressing, where there are none."""
    steps = [Statement(_advice(one, say), one.link) for one in advise(report)]
    return steps or [Statement(say("do.nothing"), None)]


def _finding(one: Finding, say: Words, zone: tzinfo) -> str:
    values = {name: _said(name, value, one.kind, say, zone) for name, value in one.values.items()}
    there = one.values.get("there")
    values.setdefault("labels", "")
    text = say(f"what.{one.kind}", **values)
    if isinstance(there, Share):
        text = say.sentences((text, say("what.where", part=there.part, where=values["where"])))
    return text


def _said(name: str, value: Any, kind: str, say: Words, zone: tzinfo) -> str:
    """A value as it stands in a sentence: shares of topics by their count, others by their per cent."""
    if name == "earlier":
        known = say.brief(value) if isinstance(value, Share) else None if value is None else say.count(value)
        return "" if known is None else say.aside(say("what.earlier", n=known))
    if isinstance(value, Share):
        return say.counted(value) if kind.startswith("topic") else say.brief(value)
    if isinstance(value, Mean):
        return say.mean(value)
    match name:
        case "topic":
            return say.name("topic", value)
        case "topics":
            return say.names(say.name("topic", one) for one in value)
        case "labels":
            return about(value, say)
        case "usual":
            return percent(value)
        case "net" | "net_before":
            return signed(None if value is None else value * 100)
        case "difference":
            return signed(value, 1)
        case "expected":
            return f"{value:,.0f}"
        case "since" | "ended":
            return "" if value is None else say.moment(value, zone)
    return f"{value:,}" if isinstance(value, int) else str(value)


def about(labels: dict[str, str], say: Words) -> str:
    """What a spike is about: 浅草・接客."""
    named = [say.name(kind, value) if kind in ("topic", "sentiment") else value for kind, value in labels.items()]
    return ("・" if say.japanese else " / ").join(named) or say("incidents.everything")


def _advice(one: Advice, say: Words) -> str:
    values: dict[str, str] = {}
    for name, value in one.values.items():
        if isinstance(value, Share):
            values[name] = say.brief(value)
        elif name in ("topic", "cause"):
            values[name] = say.name(name, value)
        elif name == "cases":
            values[name] = say.series(f"K-{case}" for case in value)
        else:
            values[name] = f"{value:,}" if isinstance(value, int) else str(value)
    kind = f"late_{values['state']}" if one.kind == "late" else one.kind
    return say(f"do.{kind}", **values)
