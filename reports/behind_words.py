"""What a link from a figure of a report is about, in words."""

from __future__ import annotations

from reports.returning import GROUPS
from reports.speed import CLOCKS, MOVES
from reports.tasks import KINDS
from reports.words import Words

PLAIN = ("open", "overdue", "offers", "won_back", "asked", "said_recovered", "said_satisfied", "said_nps")


def counted_said(named: str, say: Words) -> str:
    """The name of a figure, as reports/behind.py has it, as the report says it."""
    kind, _, value = named.partition(":")
    return (
        _of_cases(kind, value, say)
        or _of_deeds(kind, value, say)
        or _of_mentions(kind, value, say)
        or _plain(kind, say)
    )


def _of_cases(kind: str, value: str, say: Words) -> str | None:
    match kind:
        case "severity" | "outcome" if value:
            return say.name(kind, value)
        case "cause" if value:
            return say.series(say.name(kind, one) for one in value.split(","))
        case "reached" if value in MOVES:
            return say(f"times.{value}") if value in ("acknowledged", "closed") else say(f"funnel.{value}")
        case "in_time" if value in CLOCKS:
            return say.line(say("times.in_time"), say(f"times.{value}"))
        case "flagged" | "recovered":
            return say(f"funnel.{kind}")
        case "repeat":
            return say("recovery.repeat")
    return None


def _of_deeds(kind: str, value: str, say: Words) -> str | None:
    match kind:
        case "tasks_made" | "tasks_done" | "tasks_open" | "tasks_overdue":
            tasks = say(f"tasks.{value}") if value in KINDS else say("tasks.title")
            return say.line(tasks, say(kind.replace("_", ".")))
        case "offers" if value:
            return say.line(say("money.offers"), say.name("offer", value))
        case "offers_standing" | "offers_redeemed":
            return say(f"money.{kind.removeprefix('offers_')}") + (say.aside(value) if value else "")
    return None


def _of_mentions(kind: str, value: str, say: Words) -> str | None:
    match kind:
        case "low" | "raised":
            return say(f"behind.{kind}") + (
                say.aside(say(f"behind.{value}")) if value in ("answered", "unanswered") else ""
            )
        case "back" | "back_positive" | "back_rated" if value in GROUPS:
            return say.line(say(f"paradox.{value}"), say(f"behind.{kind}"))
        case "spike" | "spike_negative" if value:
            return say(f"behind.{kind}", number=value)
    return None


def _plain(kind: str, say: Words) -> str:
    return say(f"behind.{kind}") if kind in PLAIN else say("cases.sum")
