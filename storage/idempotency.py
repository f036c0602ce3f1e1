"""Idempotency keys: what was answered to a post, so that the same post again has no second effect.

The key is taken in the transaction of the effect itself. Of two equal posts at once the second waits for the first
(on SQLite for the writer's turn, on PostgreSQL at the primary key) and then reads its answer. What was refused is
rolled back together with its key, and may be tried again.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import ForeignKey, Table, delete, insert, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.schema import Row

KEPT = timedelta(days=1)


class Idempotency(Row):
    """One post that had an effect. `body` None: the answer held somebody's words and was erased."""

    __tablename__ = "idempotency"

    token_id: Mapped[int] = mapped_column(ForeignKey("api_token.id"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[str]  # of method, address and body
    status: Mapped[int]
    headers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    body: Mapped[str | None]
    made_at: Mapped[datetime] = mapped_column(index=True)


_KEYS = cast(Table, Idempotency.__table__)


def take_key(session: Session, token_id: int, key: str, digest: str, at: datetime) -> Idempotency | None:
    """None: the key is ours now, write the answer with `keep_answer`. Otherwise the post that had it before."""
    session.execute(delete(_KEYS).where(_KEYS.c.made_at <= at - KEPT))
    row = {"token_id": token_id, "key": key, "digest": digest, "status": 0, "headers": {}, "body": "", "made_at": at}
    on_postgres = session.get_bind().dialect.name == "postgresql"
    taking = postgres_insert(_KEYS).on_conflict_do_nothing() if on_postgres else insert(_KEYS).prefix_with("OR IGNORE")
    ours = session.execute(taking.values(row).returning(_KEYS.c.key)).first()
    return None if ours is not None else session.get_one(Idempotency, (token_id, key))


def keep_answer(session: Session, token_id: int, key: str, status: int, headers: dict[str, str], body: str) -> None:
    """Writes what is answered to whoever sends the same post again."""
    mine = (_KEYS.c.token_id == token_id) & (_KEYS.c.key == key)
    session.execute(update(_KEYS).where(mine).values(status=status, headers=headers, body=body))


def forget_answers(session: Session) -> None:
    """For an erasure: the keys stay, what was answered goes."""
    session.execute(update(_KEYS).where(_KEYS.c.body.is_not(None)).values(body=None, headers={}))
