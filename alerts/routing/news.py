"""Is there anything to tell a receiver about a group? A pure decision with a name, as Alertmanager's dedup stage."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from config.comparison import SEVERITY_ORDER

Reason = Literal["first", "new_members", "severity_rose", "all_resolved", "repeat_due", "nothing_new"]


@dataclass(frozen=True, slots=True)
class News:
    """Why the receiver is told, and about which cases."""

    reason: Reason
    new: tuple[int, ...] = ()
    risen: tuple[int, ...] = ()


def news(
    firing: Mapping[int, str],
    told: Mapping[int, str],
    resolved: Collection[int],
    *,
    told_at: datetime | None,
    repeat: timedelta,
    at: datetime,
) -> News:
    """What is new since `told_at`.

    `firing`: case → severity of all that fires and may be heard. `told`: case → severity that the receiver was told.
    `resolved`: cases that need nobody any more. Someone who acknowledged a case ends its repeats, not its group.
    """
    new = tuple(case for case in firing if case not in told)
    risen = tuple(case for case in firing if case in told and _rank(firing[case]) > _rank(told[case]))
    if new:
        return News("first" if told_at is None else "new_members", new, risen)
    if risen:
        return News("severity_rose", risen=risen)
    if told and told_at is not None and all(case in resolved for case in told):
        return News("all_resolved")
    if firing and told_at is not None and at - told_at >= repeat:
        return News("repeat_due")
    return News("nothing_new")


def _rank(severity: str) -> int:
    return SEVERITY_ORDER.index(severity)
