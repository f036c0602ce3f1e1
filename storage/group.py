"""Groups of alerts: what one receiver is told together, and when it was last told."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.schema import Row


class AlertGroup(Row):
    """Alerts of one route node that share the values of its `group_by` labels."""

    __tablename__ = "alert_group"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)  # node, receiver and group labels
    node: Mapped[str]  # its name in the route tree
    receiver: Mapped[str]
    labels: Mapped[dict[str, Any]] = mapped_column(default=dict)
    interval: Mapped[int]  # group_interval in seconds, as it was when the group was made
    repeat: Mapped[int]  # repeat_interval in seconds
    due_at: Mapped[datetime | None] = mapped_column(index=True)  # the next flush; None: nothing to watch
    told_at: Mapped[datetime | None]  # when the receiver was last told something
    summaries: Mapped[int] = mapped_column(default=0)  # how many were sent


class GroupMember(Row):
    """One case in one group."""

    __tablename__ = "alert_group_member"
    __table_args__ = (UniqueConstraint("group_id", "case_id"), Index(None, "case_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("alert_group.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    joined_at: Mapped[datetime]
    told_at: Mapped[datetime | None]
    told_severity: Mapped[str | None]  # what the receiver was told; a higher one is news
    summary: Mapped[int | None]  # number of the summary that listed it; None: it has a message of its own


class Verdict(Row):
    """Why a receiver was told about a case, or why not. A verdict that only repeats the last one adds no row."""

    __tablename__ = "alert_verdict"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    receiver: Mapped[str]
    told: Mapped[bool]
    # first, new_members, severity_rose, repeat_due, all_resolved, silenced:3, inhibited:K-7, mute_time:nights …
    reason: Mapped[str]
    at: Mapped[datetime]


def due_groups(session: Session, at: datetime, limit: int = 100) -> list[AlertGroup]:
    """Groups whose next flush is due, the longest overdue first."""
    query = select(AlertGroup).where(AlertGroup.due_at <= at).order_by(AlertGroup.due_at, AlertGroup.id).limit(limit)
    return list(session.scalars(query))


def verdicts_of(session: Session, case_id: int) -> list[Verdict]:
    """The verdicts on a case, oldest first."""
    return list(session.scalars(select(Verdict).where(Verdict.case_id == case_id).order_by(Verdict.id)))
