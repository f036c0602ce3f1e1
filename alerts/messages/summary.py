"""One message about several cases: listed by severity, without any text of customers, so that none is left behind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from alerts.messages.wording import Words, name_of, say
from config.comparison import SEVERITY_ORDER
from storage.case import Case

MARKS = {"critical": "🚨", "major": "🟠", "minor": "🟡", "none": "⚪"}
LINES_A_BLOCK = 30
MOST = 900  # cases in one message; the rest goes into the next one


def parts(cases: Sequence[Case]) -> Iterator[list[Case]]:
    """The cases by severity, then age, in portions that fit a message."""
    ordered = sorted(cases, key=lambda case: (-SEVERITY_ORDER.index(case.severity), case.id))
    for start in range(0, len(ordered), MOST):
        yield ordered[start : start + MOST]


def summary(cases: Sequence[Case], labels: dict[str, Any], words: Words) -> dict[str, Any]:
    """The payload of a notice that lists these cases."""
    done = all(case.state in ("resolved", "following_up", "closed") for case in cases)
    where = " · ".join(
        name_of(words, "topic", str(value)) if key == "topic" else str(value) for key, value in labels.items()
    )
    title = say(words, "summary.resolved" if done else "summary", n=len(cases))
    lines = [_line(case, words) for case in cases]
    return {
        "title": f"{title} — {where}" if where else title,
        "severity": "none" if done else max((case.severity for case in cases), key=SEVERITY_ORDER.index),
        "lines": ["\n".join(lines[at : at + LINES_A_BLOCK]) for at in range(0, len(lines), LINES_A_BLOCK)],
        "cases": [case.id for case in cases],
    }


def _line(case: Case, words: Words) -> str:
    labels = case.labels
    facts = [f"{MARKS.get(case.severity, '')} {case.ref}"]
    if labels.get("rating"):
        facts.append(f"★{labels['rating']}")
    if labels.get("location"):
        facts.append(str(labels["location"]))
    if labels.get("topic"):
        facts.append(name_of(words, "topic", str(labels["topic"])))
    if case.state != "new":
        facts.append(f"→ {name_of(words, 'state', case.state)}")
    return " · ".join(facts)
