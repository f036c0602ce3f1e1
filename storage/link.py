"""Links between accounts of one person: only where somebody can show it, never guessed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.schema import Row

# A verified handle in the profile, the same order number, or the person said so.
SHOWN_BY = ("handle", "order_number", "said_so")


class AuthorLink(Row):
    """Two accounts that belong to one person, and how that was shown. Unlinking keeps the row."""

    __tablename__ = "author_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("author.id"), index=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("author.id"), index=True)
    shown_by: Mapped[str]
    linked_by: Mapped[str]
    linked_at: Mapped[datetime]
    unlinked_by: Mapped[str | None]
    unlinked_at: Mapped[datetime | None]


def linked_authors(session: Session, author_id: int) -> set[int]:
    """The ids of every account that is shown to be this person's, `author_id` included."""
    found, fresh = {author_id}, {author_id}
    while fresh:
        rows = session.execute(
            select(AuthorLink.author_id, AuthorLink.other_id).where(
                AuthorLink.unlinked_at.is_(None),
                AuthorLink.author_id.in_(fresh) | AuthorLink.other_id.in_(fresh),
            )
        )
        fresh = {one for row in rows for one in row} - found
        found |= fresh
    return found
