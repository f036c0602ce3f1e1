"""One at a time: what a single SQLite writer gives for nothing, on a database with many writers."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session


def alone(session: Session, what: str) -> None:
    """Waits until no other transaction does `what`, and keeps others waiting until this one ends.

    Call it before the first reading, and for one thing in a transaction only. On SQLite a writer is alone anyway.
    """
    if session.get_bind().dialect.name != "sqlite":
        session.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"kintsugi:{what}"))))
