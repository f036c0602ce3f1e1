"""What to do next: a few steps that follow from the figures, the most pressing first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from reports.scope import cases_path, complaints_path

if TYPE_CHECKING:
    from reports.report import Report

MOST = 4
IN_TIME = 0.8  # share of clocks met below which the plan of shifts is the question
BEYOND_US = ("unknown", "outside")  # causes with which no improvement can begin
ENOUGH = 5  # cases before a share of them asks for anything


@dataclass(frozen=True)
class Advice:
    """One step: the words of `kind` with `values`, and where to begin."""

    kind: str
    values: dict[str, Any] = field(default_factory=dict)
    link: str | None = None


def advise(report: Report) -> list[Advice]:
    """At most four steps; none where the figures ask for nothing."""
    return [*_overdue(report), *_cause(report), *_people(report), *_tasks(report), *_learn(report)][:MOST]


def _overdue(report: Report) -> Iterator[Advice]:
    cases = list(dict.fromkeys(case for case, _ in report.overdue))
    if cases:
        yield Advice("overdue", {"n": len(cases), "cases": cases[:3]}, link=cases_path(None, report.scope, "overdue"))


def _cause(report: Report) -> Iterator[Advice]:
    """Where something got worse, somebody should look: first the place, then the topic."""
    worse = next((line for line in report.places if line.verdict == "up"), None)
    if worse is not None:
        about = {
            topic: count
            for (_, place, topic, mood), count in report.tally.counts.items()
            if place == worse.place and mood == "negative" and topic
        }
        topic = max(sorted(about), key=lambda name: about[name], default="other")
        path = complaints_path(report.period, report.scope, topic, worse.place)
        yield Advice("place", {"place": worse.place, "topic": topic}, link=path)
    rising = next((line for line in report.topics if line.verdict == "up"), None)
    if rising is not None:
        path = complaints_path(report.period, report.scope, rising.topic)
        yield Advice("topic", {"topic": rising.topic, "n": rising.now.part}, link=path)


def _people(report: Report) -> Iterator[Advice]:
    for line in report.times:
        share = line.in_time
        if line.state not in ("acknowledged", "answered") or share is None or share.whole < ENOUGH:
            continue
        if (share.value or 0) < IN_TIME:
            path = cases_path(report.period, report.scope, f"in_time:{line.state}") if share.part else None
            yield Advice("late", {"state": line.state, "share": share}, link=path)
            break
    if report.repeat.part:
        yield Advice("repeat", {"n": report.repeat.part}, link=cases_path(report.period, report.scope, "repeat"))


def _tasks(report: Report) -> Iterator[Advice]:
    late = sum(line.overdue for line in report.tasks)
    if late:
        yield Advice("tasks", {"n": late}, link=cases_path(None, report.scope, "tasks_overdue"))


def _learn(report: Report) -> Iterator[Advice]:
    ours = [(cause, count) for cause, count in report.causes if cause not in BEYOND_US]
    if ours and sum(count for _, count in report.causes) >= ENOUGH:
        cause, count = ours[0]
        whole = sum(count for _, count in report.causes)
        path = cases_path(report.period, report.scope, f"cause:{cause}")
        yield Advice("pareto", {"cause": cause, "n": count, "whole": whole}, link=path)
    if report.satisfaction.asked and not report.satisfaction.answers:
        path = cases_path(report.period, report.scope, "asked")
        yield Advice("ask", {"n": report.satisfaction.asked}, link=path)
