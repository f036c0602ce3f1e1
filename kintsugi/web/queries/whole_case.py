"""Everything that the page of a case shows, read from the rows for one viewer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from alerts.view import CaseView
from kintsugi.views.caseview import view_of
from kintsugi.views.timeline import told
from kintsugi.web.difference import Piece, pieces
from kintsugi.web.viewer import Viewer, why_not_on
from storage.account import Audit
from storage.case import Case
from storage.draft import Reply, approved_reply
from storage.event import events_of
from storage.link import linked_authors
from storage.listing import Listing
from storage.mention import Mention, Revision, revisions_of
from storage.note import Note, notes_of
from storage.offer import Offer, offers_of
from storage.source import Source
from storage.task import Task, tasks_of

if TYPE_CHECKING:
    from kintsugi.app import App

LOOK = timedelta(minutes=15)  # how long one look at a clear name lasts
LOOKED = "looked_at_author"
MASK = "○○○"
HISTORY = 20


@dataclass(frozen=True, slots=True)
class Version:
    """What the mention said at one time, with what changed since the version before."""

    number: int
    seen_at: datetime
    stars: float | None
    title: str | None
    text: Sequence[Piece]


@dataclass(frozen=True, slots=True)
class Earlier:
    """Another mention of the same author."""

    mention_id: int
    case_id: int | None
    outcome: str | None
    at: datetime
    source: str
    stars: float | None
    sentiment: str | None
    text: str


@dataclass(frozen=True, slots=True)
class WholeCase:
    """One case for one viewer. With `named` False the author's name is masked in everything that we wrote."""

    view: CaseView
    case: Case
    named: bool
    why_not: str | None  # why this viewer may not work on it
    timeline: Sequence[tuple[datetime, str]]
    versions: Sequence[Version]
    earlier: Sequence[Earlier]
    notes: Sequence[Note]
    tasks: Sequence[Task]
    offers: Sequence[Offer]
    approved: Reply | None


def whole_case(session: Session, case: Case, viewer: Viewer, app: App, language: str) -> WholeCase:
    """The case as this viewer may see it."""
    settings, at = app.settings, app.clock.now()
    view = view_of(session, case.id, settings, app.channels)
    named = view.author is None or case.owner == viewer.actor or looked_lately(session, case.id, viewer, at)
    return WholeCase(
        view=view if named else _masked(view),
        case=case,
        named=named,
        why_not=why_not_on(viewer, case),
        timeline=[
            (event.at, told(event, settings, japanese=language == "ja")) for event in events_of(session, case.id)
        ],
        versions=_versions(revisions_of(session, case.mention_id)),
        earlier=_earlier(session, case),
        notes=notes_of(session, case.id),
        tasks=tasks_of(session, case.id),
        offers=offers_of(session, case.id),
        approved=approved_reply(session, case.id),
    )


def looked_lately(session: Session, case_id: int, viewer: Viewer, at: datetime) -> bool:
    """Whether this viewer's look at the author of this case was written down a moment ago."""
    looks = select(Audit.data).where(Audit.what == LOOKED, Audit.actor == viewer.actor, Audit.at > at - LOOK)
    return any(data.get("case") == case_id for data in session.scalars(looks))


def hidden(text: str, name: str) -> str:
    """A text without the name of its author, whole or only the first or the last: replies greet by one of them.

    A name of one character would take others away with it. What follows a name may be Japanese: 「Meyer様」.
    """
    for one in (name, *name.split()):
        if len(one) > 1:
            word = rf"(?<!\w){re.escape(one)}(?!\w)" if one.isascii() else re.escape(one)
            text = re.sub(word, MASK, text, flags=re.ASCII)
    return text


def _masked(view: CaseView) -> CaseView:
    """Without the author's name, wherever a draft or a reply addresses them by it."""
    name = view.author or ""

    def hide(text: str) -> str:
        return hidden(text, name)

    return replace(
        view,
        author=MASK,
        draft=hide(view.draft),
        alternatives=tuple((tone, hide(text)) for tone, text in view.alternatives),
        reply=hide(view.reply) if view.reply else view.reply,
        follow_ups=tuple(replace(one, text=hide(one.text)) for one in view.follow_ups),
        done=hide(view.done) if view.done else view.done,
        publishing=replace(view.publishing, text=hide(view.publishing.text)) if view.publishing else None,
    )


def _versions(revisions: Sequence[Revision]) -> list[Version]:
    found, before = [], None
    for one in revisions:
        found.append(Version(one.number, one.seen_at, one.rating, one.title, pieces(before, one.text)))
        before = one.text
    return found[::-1]


def _earlier(session: Session, case: Case) -> list[Earlier]:
    if case.author_id is None:
        return []
    rows = session.execute(
        select(
            Listing.mention_id,
            Case.id,
            Case.outcome,
            Listing.at,
            Source.key,
            Revision.rating,
            Listing.sentiment,
            Revision.text,
        )
        .join(Mention, Mention.id == Listing.mention_id)
        .join(Revision, Revision.id == Listing.revision_id)
        .join(Source, Source.id == Listing.source_id)
        .outerjoin(Case, Case.mention_id == Listing.mention_id)
        .where(Mention.author_id.in_(linked_authors(session, case.author_id)), Mention.id != case.mention_id)
        .order_by(Listing.at.desc())
        .limit(HISTORY)
    )
    return [Earlier(*row) for row in rows]
