"""What could not be processed: parked work, deliveries that were given up or are unclear, rejected items."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.delivery import Delivery
from storage.source import Crawl, Refusal, Source
from storage.work import Work

STUCK = ("given_up", "unclear")


def parked(session: Session) -> list[dict[str, Any]]:
    """{name, state, error} of everything that waits for a person; `name` is what `put_back` takes."""
    work = session.scalars(select(Work).where(Work.state == "parked").order_by(Work.id))
    stuck = session.scalars(select(Delivery).where(Delivery.state.in_(STUCK)).order_by(Delivery.id))
    return [{"name": f"{one.step}/{one.subject}", "state": "parked", "error": one.error} for one in work] + [
        {"name": f"delivery/{one.id}", "state": one.state, "error": f"{one.key}: {one.error}"} for one in stuck
    ]


def rejected(session: Session, source_key: str, limit: int = 200) -> list[dict[str, Any]]:
    """{name, state, error} of the newest items of a source that were read and could not be used."""
    rows = session.scalars(
        select(Refusal)
        .join(Crawl, Crawl.id == Refusal.crawl_id)
        .join(Source, Source.id == Crawl.source_id)
        .where(Source.key == source_key, Refusal.disposition == "rejected")
        .order_by(Refusal.id.desc())
        .limit(limit)
    )
    return [
        {
            "name": row.external_id or f"item/{row.id}",
            "state": "rejected",
            "error": f"{row.reason}: {row.excerpt or ''}",
        }
        for row in rows
    ]


def put_back(session: Session, name: str, at: datetime) -> None:
    """Puts parked work or a stuck delivery in line again, with fresh attempts."""
    kind, _, number = name.rpartition("/")
    if kind == "delivery":
        delivery = session.get_one(Delivery, int(number))
        delivery.state, delivery.attempts, delivery.due_at, delivery.made_at = "due", 0, at, at
        # An unclear one may be live already: the receiver is asked before it is sent.
        delivery.unclear = True
    else:
        work = session.scalars(select(Work).where(Work.step == kind, Work.subject == int(number))).one()
        work.state, work.attempts, work.due_at = "due", 0, at
