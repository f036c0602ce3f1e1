"""What changed and why: the few findings of a report that matter, with the numbers that carry them.

A change is a finding when chance does not explain it, at 5 % over all comparisons of its kind together. Where there are
fewer than three, the largest plain facts follow, and they are marked as what they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from math import log10
from typing import TYPE_CHECKING, Any

from reports.scope import cases_path, complaints_path, mentions_path, spike_path
from reports.share import Share, chance_of_difference, distance, verdict

if TYPE_CHECKING:
    from reports.report import Report

MOST = 3
CLEARLY = 2.58  # standard errors between two means: 1 %, since several sources are compared
CONCENTRATED = 0.6  # of the complaints at one place or source: then it is named
LEAST_USUAL = 4  # comparisons before a usual range is one


@dataclass(frozen=True)
class Finding:
    """One statement: the words of `kind` with `values`, the mentions behind it, and how much it weighs.

    `sure`: more than chance explains it. Otherwise it is a plain fact.
    """

    kind: str
    weight: float
    sure: bool = True
    values: dict[str, Any] = field(default_factory=dict)
    link: str | None = None


def findings(report: Report) -> list[Finding]:
    """At most three, the weightiest first; a plain fact never stands before a finding."""
    found = [*_spikes(report), *_topics(report), *_places(report), *_mood(report), *_volume(report)]
    found += [*_speed(report), *_ratings(report), *_uplift(report)]
    sure = sorted(found, key=lambda one: -one.weight)[:MOST]
    return [*sure, *_facts(report, {one.kind for one in sure})][:MOST]


def _topics(report: Report) -> Iterator[Finding]:
    for line in report.topics:
        if line.verdict not in ("up", "down"):
            continue
        yield Finding(
            f"topic_{line.verdict}",
            _weight(chance_of_difference(line.now, line.before)) + (line.verdict == "up"),
            values={"topic": line.topic, "now": line.now, "before": line.before, **_where(report, line.topic)},
            link=complaints_path(report.period, report.scope, line.topic),
        )


def _where(report: Report, topic: str) -> dict[str, Any]:
    """The place, else the source, from which most of the complaints about a topic come."""
    counted = report.tally.of_topic(topic)
    whole = sum(count for (kind, _), count in counted.items() if kind == "source")
    for wanted, several in (("place", len(report.places)), ("source", len(report.volume))):
        for (kind, name), count in counted.most_common():
            if kind == wanted and several > 1 and count >= 3 and count >= CONCENTRATED * whole:
                return {"where": name, "there": Share(count, whole)}
    return {}


def _places(report: Report) -> Iterator[Finding]:
    for line in report.places:
        if line.verdict in ("up", "down"):
            yield Finding(
                "place_worse" if line.verdict == "up" else "place_better",
                _weight(line.chance) + (1 if line.verdict == "up" else -1),
                values={"place": line.place, "share": line.negative, "usual": line.usual},
                link=mentions_path(report.period, report.scope, place=line.place, sentiment="negative"),
            )


def _mood(report: Report) -> Iterator[Finding]:
    now, before = report.sentiments, report.sentiments_before
    said = verdict(now.negatives, before.negatives)
    if said in ("up", "down"):
        yield Finding(
            "mood_worse" if said == "up" else "mood_better",
            _weight(chance_of_difference(now.negatives, before.negatives)),
            values={"now": now.negatives, "before": before.negatives, "net": now.net, "net_before": before.net},
            link=mentions_path(report.period, report.scope, sentiment="negative"),
        )


def _volume(report: Report) -> Iterator[Finding]:
    if len(report.usual) < LEAST_USUAL:
        return
    low, high = min(report.usual), max(report.usual)
    if low <= report.mentions <= high:
        return
    beyond = (
        (report.mentions - high) / max(1, high) if report.mentions > high else (low - report.mentions) / max(1, low)
    )
    if beyond < 0.1:
        return  # just outside a range of so few is nothing to act on
    yield Finding(
        "volume_high" if report.mentions > high else "volume_low",
        3.0 + min(4.0, 4 * beyond),
        values={"n": report.mentions, "low": low, "high": high, "times": len(report.usual)},
        link=mentions_path(report.period, report.scope),
    )


def _spikes(report: Report) -> Iterator[Finding]:
    for one in report.incidents[:1]:
        yield Finding(
            "spike_over" if one.ended_at else "spike_on",
            5.0 + min(5.0, one.mentions / max(1.0, one.expected)) + (one.ended_at is None) * 3,
            values={
                "labels": one.labels, "n": one.mentions, "negative": one.negative, "expected": one.expected,
                "since": one.since, "ended": one.ended_at,
            },
            link=spike_path(one.id, "spike"),
        )  # fmt: skip


def _speed(report: Report) -> Iterator[Finding]:
    before = {line.state: line.in_time for line in report.times_before}
    for line in report.times:
        was = before.get(line.state)
        if line.in_time is None or was is None or line.state not in ("acknowledged", "answered", "resolved"):
            continue
        said = verdict(line.in_time, was, 3)
        if said in ("up", "down"):
            yield Finding(
                f"{'faster' if said == 'up' else 'slower'}_{line.state}",
                _weight(chance_of_difference(line.in_time, was)) + (2 if said == "down" else 0),
                values={"now": line.in_time, "before": was},
                link=cases_path(report.period, report.scope, f"in_time:{line.state}"),
            )


def _ratings(report: Report) -> Iterator[Finding]:
    for source, now in report.ratings.items():
        before = report.ratings_before.get(source)
        z = distance(now, before) if before is not None else None
        if z is not None and before is not None and abs(z) >= CLEARLY:
            yield Finding(
                "rating_up" if z > 0 else "rating_down",
                abs(z) + (z < 0),
                values={"source": source, "now": now, "before": before},
                link=mentions_path(report.period, report.scope, source=source),
            )


def _uplift(report: Report) -> Iterator[Finding]:
    apart = report.uplift.interval
    if apart is not None and apart[0] > 0 and report.uplift.answered.raised.whole >= 10:
        yield Finding(
            "uplift",
            2.0,
            values={
                "answered": report.uplift.answered.raised, "unanswered": report.uplift.unanswered.raised,
                "difference": report.uplift.difference, "interval": apart, "days": len(report.uplift.window.days),
            },
            link=cases_path(report.uplift.window, report.scope, "raised:answered"),
        )  # fmt: skip


def _facts(report: Report, told: set[str]) -> Iterator[Finding]:
    """Plain facts, the most useful first, where findings are few."""
    if not any(kind.startswith("topic") for kind in told):
        yield from _fact_topic(report)
    kept = next((line.in_time for line in report.times if line.state == "answered"), None)
    if kept is not None and kept.whole and not any(kind.endswith("_answered") for kind in told):
        path = cases_path(report.period, report.scope, "in_time:answered")
        yield _fact("answered", 0.9, path if kept.part else None, share=kept)
    if report.recovery.whole:
        path = cases_path(report.period, report.scope, "recovered")
        yield _fact("recovery", 0.8, path if report.recovery.part else None, share=report.recovery)
    if report.mentions and not told & {"mood_worse", "mood_better"}:
        earlier = report.sentiments_before.negatives
        path = mentions_path(report.period, report.scope, sentiment="negative")
        now = report.sentiments.negatives
        yield _fact("mood", 0.7, path if now.part else None, now=now, earlier=earlier if earlier.whole else None)


def _fact_topic(report: Report) -> Iterator[Finding]:
    """What was complained about most. Where several topics share that place they are named; many are no fact."""
    complaints = [line for line in report.topics if line.now.part]
    first = [line for line in complaints if line.now.part == complaints[0].now.part]
    if not 0 < len(first) <= MOST:
        return
    names = [line.topic for line in first]
    known = {"n": first[0].now.part, "whole": report.sentiments.negative}
    path = complaints_path(report.period, report.scope, ",".join(names))
    if len(names) > 1:
        yield _fact("topics", 1.0, path, topics=names, **known)
    else:
        earlier = first[0].before.part if report.sentiments_before.total else None
        yield _fact("topic", 1.0, path, topic=names[0], earlier=earlier, **known, **_where(report, names[0]))


def _fact(name: str, weight: float, link: str | None, **values: Any) -> Finding:
    return Finding(f"fact_{name}", weight, sure=False, values=values, link=link)


def _weight(chance: float | None) -> float:
    """1 % weighs 2, one in a million 6; more than 12 is no better."""
    return min(12.0, -log10(max(chance or 1e-12, 1e-12)))
