"""Saved views of an account: searches of mentions under a name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.account import SavedView

MOST_VIEWS = 50


def views_of(session: Session, account_id: int) -> Sequence[SavedView]:
    """All of them, by name."""
    return session.scalars(
        select(SavedView).where(SavedView.account_id == account_id).order_by(SavedView.name, SavedView.id)
    ).all()


def keep_view(session: Session, account_id: int, name: str, query: str, at: datetime) -> SavedView | None:
    """Keeps a search; the same name again replaces it. None: there are MOST_VIEWS already."""
    mine = views_of(session, account_id)
    row = next((one for one in mine if one.name == name), None)
    if row is None:
        if len(mine) >= MOST_VIEWS:
            return None
        row = SavedView(account_id=account_id, name=name, query="", made_at=at)
        session.add(row)
    row.query = query
    return row
