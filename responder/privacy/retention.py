"""Lets go of what was kept long enough: texts, names, drafts and messages go as in an erasure, and figures stay.

No tombstone is left, since nobody asked to be forgotten: who writes again is a new author. The mention itself stays
known by its id, so that a site that still shows it does not bring the text back. A mention whose case is open is kept
until the case is closed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, or_, select, text, update
from sqlalchemy.orm import Session

from responder.cases.transitions import SYSTEM
from responder.privacy.erasure import forget_case, forget_texts, take_messages_away
from storage.author import Author
from storage.case import OPEN_STATES, Case
from storage.delivery import Delivery
from storage.event import append_event
from storage.link import AuthorLink
from storage.mention import KEPT, LET_GO, Mention
from storage.source import Crawl, Refusal, Source

AT_ONCE = 500  # mentions of one transaction


@dataclass(frozen=True)
class LetGo:
    """How much was let go."""

    mentions: int
    cases: int
    authors: int


def let_go(session: Session, source_key: str, before: datetime, at: datetime) -> LetGo:
    """Lets go of at most AT_ONCE mentions of a source that were posted (or else first seen) before a moment."""
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text("PRAGMA secure_delete = ON"))  # what is overwritten is overwritten in the file too
    mentions = _older(session, source_key, before)
    ids = [mention.id for mention in mentions]
    cases = list(session.scalars(select(Case).where(Case.mention_id.in_(ids)).order_by(Case.id)))
    for case in cases:
        take_messages_away(session, case, at)
        forget_case(session, case)
        append_event(session, case.id, "let_go", actor=SYSTEM, at=at)
        case.author_id = None
    authors = {mention.author_id for mention in mentions if mention.author_id is not None}
    for mention in mentions:
        mention.digest, mention.author_id = LET_GO, None
    forget_texts(session, mentions)
    return LetGo(len(mentions), len(cases), _forget_authors(session, authors, at))


def let_go_beside(session: Session, source_key: str, before: datetime) -> None:
    """What was read of a source before a moment and not stored: its excerpts."""
    crawls = select(Crawl.id).join(Source, Source.id == Crawl.source_id)
    crawls = crawls.where(Source.key == source_key, Crawl.started_at < before)
    kept = or_(Refusal.excerpt.is_not(None), Refusal.external_id.is_not(None))
    session.execute(
        update(Refusal).where(Refusal.crawl_id.in_(crawls), kept).values(excerpt=None, external_id=None),
        execution_options={"synchronize_session": False},
    )


def let_go_told(session: Session, before: datetime) -> None:
    """What was told of no single case (reports, summaries, incidents) before a moment: its words."""
    told = (Delivery.case_id.is_(None), Delivery.made_at < before, Delivery.state.not_in(("due", "claimed")))
    session.execute(update(Delivery).where(*told).values(payload={}), execution_options={"synchronize_session": False})


def _older(session: Session, source_key: str, before: datetime) -> Sequence[Mention]:
    """The index holds what is kept only: what was let go is not looked at again."""
    open_case = select(Case.id).where(Case.mention_id == Mention.id, Case.state.in_(OPEN_STATES)).exists()
    of_source = select(Source.id).where(Source.key == source_key).scalar_subquery()
    kept = select(Mention).where(Mention.source_id == of_source, text(f"mention.{KEPT}"), ~open_case).limit(AT_ONCE)
    dated = session.scalars(kept.where(Mention.posted_at < before)).all()
    undated = kept.where(Mention.posted_at.is_(None), Mention.first_seen_at < before)
    return dated or session.scalars(undated).all()


def _forget_authors(session: Session, authors: set[int], at: datetime) -> int:
    """Those of whom nothing else is kept."""
    session.flush()
    known = set(session.scalars(select(Mention.author_id).where(Mention.author_id.in_(authors)).distinct()))
    known |= set(session.scalars(select(Case.author_id).where(Case.author_id.in_(authors)).distinct()))
    gone = authors - known
    for author in session.scalars(select(Author).where(Author.id.in_(gone))):
        author.external_id, author.name, author.url, author.erased_at = f"erased:{author.id}", None, None, at
    session.execute(delete(AuthorLink).where(AuthorLink.author_id.in_(gone) | AuthorLink.other_id.in_(gone)))
    return len(gone)
