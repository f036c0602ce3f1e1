"""One case as the API shows it: the view that Slack and the pages show, its texts masked."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from pydantic import Field
from sqlalchemy.orm import Session

from alerts.messages.plain import cleaned, public
from alerts.view import CaseView
from kintsugi.web.api.caller import Caller
from kintsugi.web.api.problem import not_found
from kintsugi.web.api.values import Shown, case_number
from kintsugi.web.queries.whole_case import LOOKED, WholeCase, looked_lately, whole_case
from storage.account import write_audit
from storage.case import Case

if TYPE_CHECKING:
    from kintsugi.app import App

LONGEST = 10_000


class Clock(Shown):
    """One clock. `due_at` is in business time already."""

    name: str
    due_at: datetime
    met_at: datetime | None
    missed_at: datetime | None


class Finding(Shown):
    """What the guard says of the draft; `level` is block or warn."""

    rule: str
    level: str
    why: str


class Publishing(Shown):
    """An approved reply that is not live yet."""

    text: str
    state: str
    due_at: datetime
    error: str | None


class Question(Shown):
    """Somebody asked for approval of the reply."""

    by: str
    by_name: str
    until: datetime
    text: str


class Offer(Shown):
    """A remedy for the customer."""

    offer_id: int
    remedy: str
    amount: str
    currency: str
    state: str
    by_name: str
    until: datetime | None


class Task(Shown):
    """Something to do."""

    task_id: int
    kind: str
    text: str
    assignee: str | None
    due_at: datetime | None
    done: bool


class FollowUp(Shown):
    """What a person owes the customer after the resolution; `kind` is lead or thanks, `text` a message for it."""

    kind: str
    due_at: datetime
    done_at: datetime | None
    done_by: str | None
    text: str


class Link(Shown):
    """Another account that is shown to be the same person's."""

    link_id: int
    source: str
    shown_by: str


class Alternative(Shown):
    """The draft in another tone."""

    tone: str
    text: str


class Told(Shown):
    """One line of the timeline, in words."""

    at: datetime
    what: str


class CaseAnswer(Shown):
    """One case as it is now."""

    ref: str
    severity: str
    state: str
    outcome: str | None
    opened_at: datetime | None
    stars: float | None
    stars_before: float | None
    author: str | None = Field(description="Null until POST /cases/{ref}/author, which is written down.")
    author_history: int
    language: str
    location: str | None
    source: str
    source_kind: str
    kind: str
    url: str | None
    copies: int
    reach: float
    posted_at: datetime | None
    gone_at: datetime | None
    title: str | None
    text: str
    evidence: str | None
    topics: list[str]
    urgency: str
    reasons: list[str]
    criteria: str
    clocks: list[Clock]
    waiting: str | None
    waiting_until: datetime | None
    owner: str | None
    owner_name: str | None
    team: str | None
    known_causes: list[str]
    strategy: str | None
    strategy_why: str | None
    draft: str = Field(description="Names the author as ○○○ for whom the name is masked.")
    draft_language: str
    alternatives: list[Alternative]
    findings: list[Finding]
    channel: str
    undo: timedelta
    publishing: Publishing | None
    approved: str | None
    question: Question | None
    offers: list[Offer]
    tasks: list[Task]
    whys: list[str]
    whys_needed: int
    merged_into: str | None
    parts: list[str]
    links: list[Link]
    reply: str | None
    reply_at: datetime | None
    cause: str | None
    done: str | None
    follow_ups: list[FollowUp] = Field(description="`asked_in_person` and `thanked` say that they are done.")
    timeline: list[Told]


def case_by_ref(session: Session, ref: str) -> Case:
    """The case of this name. Raises ProblemError where there is none."""
    case = session.get(Case, case_number(ref))
    if case is None:
        raise not_found(f"case K-{case_number(ref)}")
    return case


def case_answer(session: Session, case: Case, caller: Caller, app: App) -> CaseAnswer:
    """The case as this caller may see it."""
    return _answer(_whole(session, case, caller, app))


def read_case(app: App, ref: str, caller: Caller) -> CaseAnswer:
    """The same by its name. Where the author's name is shown because the case is the caller's, that is written down."""
    at = app.clock.now()
    with app.database.read() as session:
        case = case_by_ref(session, ref)
        whole = _whole(session, case, caller, app)
        noted = not whole.named or whole.view.author is None or looked_lately(session, case.id, caller.viewer, at)
    if not noted:
        with app.database.write() as session:
            write_audit(session, LOOKED, actor=caller.actor, at=at, case=case.id)
    return _answer(whole)


def _whole(session: Session, case: Case, caller: Caller, app: App) -> WholeCase:
    return whole_case(session, case, caller.viewer, app, app.settings.brand.languages[0])


def _answer(whole: WholeCase) -> CaseAnswer:
    shown: dict[str, Any] = asdict(_masked(whole.view))
    return CaseAnswer.model_validate(
        shown
        | {
            "author": whole.view.author if whole.named else None,
            "alternatives": [{"tone": tone, "text": cleaned(text)} for tone, text in whole.view.alternatives],
            "parts": [ref for _, ref in whole.view.parts],
            "timeline": [{"at": at, "what": what} for at, what in whole.timeline],
        }
    )


def _masked(view: CaseView) -> CaseView:
    return replace(
        view,
        title=public(view.title, 500) if view.title else None,
        text=public(view.text, LONGEST),
        evidence=public(view.evidence, 2000) if view.evidence else None,
        reply=public(view.reply, LONGEST) if view.reply else None,
        draft=cleaned(view.draft),
    )
