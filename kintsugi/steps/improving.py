"""The drafter `llm`: asks the endpoint for a better draft of a case that has a composed one, outside any transaction.

Nothing waits for a model: a case is told with its composed draft, and its message is edited when a better one has
come. Whoever wrote or approved something meanwhile is not overruled. An answer that is no use leaves the composed draft
and an event that says why.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import structlog
from sqlalchemy import Select, String, cast, select
from sqlalchemy.orm import Session, aliased

from config.drafts import KEY
from kintsugi.app import App
from kintsugi.steps.drafting import keep_draft, request_for
from responder.cases.transitions import BEFORE_RESOLVED
from storage.alone import alone
from storage.case import Case
from storage.draft import Draft, approved_reply, latest_draft, live_reply
from storage.event import Event, append_event
from storage.work import add_work

if TYPE_CHECKING:
    from responder.drafting.drafts import DraftResult
    from responder.drafting.llm import FellBack

log = structlog.get_logger(__name__)

YOUNG = timedelta(days=1)  # an older case has its reply, or somebody at work on it
AT_ONCE = 10
_TOLD = ("drafted", "drafter_fell_back")


def improve_drafts(app: App) -> int:
    """Asks for what is due, one after the other. Returns for how many cases the endpoint was asked."""
    if app.settings.drafts.drafter != "llm":
        return 0
    with app.database.read() as session:
        due = list(session.scalars(_due(app.clock.now()).limit(AT_ONCE)))
    return sum(_improve(app, draft_id) for draft_id in due)


def _due(at: datetime) -> Select[int]:
    """Composed drafts that may be better: the newest of their case, not asked for yet, with something to say.

    What a person must write is never asked for, and must not fill the places of what is.
    """
    other = aliased(Draft)
    newer = select(other.id).where(other.case_id == Case.id, other.number > Draft.number).exists()
    asked = select(Event.id).where(Event.case_id == Case.id, Event.kind == "drafter_fell_back").exists()
    return (
        select(Draft.id)
        .join(Case, Case.id == Draft.case_id)
        .where(Case.state.in_(BEFORE_RESOLVED), Case.opened_at >= at - YOUNG, ~newer, ~asked)
        .where(Draft.drafter == "composed", Draft.text != "")
        .where(cast(Draft.findings, String).not_like("%person_must_write%"))
        .order_by(Draft.id.desc())
    )


def _improve(app: App, draft_id: int) -> bool:
    from responder.drafting.drafts import compose
    from responder.drafting.llm import Budget, Endpoint, attempt, person_must_write

    settings, key = app.settings.drafts, app.secrets.named(KEY)
    assert settings.url is not None
    assert settings.model is not None
    with app.database.read() as session:
        draft = session.get_one(Draft, draft_id)
        case = session.get_one(Case, draft.case_id)
        if not _still_wanted(session, case, draft_id):
            return False
        request = request_for(session, case, app.context())
        left = settings.calls_per_day - _calls_today(session, app)
    composed = compose(request)
    if person_must_write(composed):
        return False
    budget = Budget(left)
    endpoint = Endpoint(settings.url, settings.model, key, settings.timeout.total_seconds())
    result = attempt(request, composed, endpoint, budget)
    _keep(app, draft_id, result, left - budget.calls)
    return True


def _keep(app: App, draft_id: int, result: DraftResult | FellBack, calls: int) -> None:
    from responder.drafting.llm import FellBack

    at = app.clock.now()
    with app.database.write() as session:
        alone(session, "cases")
        case = session.get_one(Case, session.get_one(Draft, draft_id).case_id)
        if isinstance(result, FellBack):
            log.warning("the language model gave no draft", case=case.ref, reason=result.reason, why=result.why)
            data = {"reason": result.reason, "calls": calls}
            append_event(session, case.id, "drafter_fell_back", actor="system", at=at, data=data)
        elif _still_wanted(session, case, draft_id):
            keep_draft(session, case, result, "llm", at, calls=calls)
        else:
            data = {"reason": "late", "calls": calls}
            append_event(session, case.id, "drafter_fell_back", actor="system", at=at, data=data)
        add_work(session, "refresh", [case.id], at)


def _still_wanted(session: Session, case: Case, draft_id: int) -> bool:
    """Nobody wrote, approved or posted anything since."""
    newest = latest_draft(session, case.id)
    answered = approved_reply(session, case.id) is not None or live_reply(session, case.id) is not None
    return newest is not None and newest.id == draft_id and not answered and case.state in BEFORE_RESOLVED


def _calls_today(session: Session, app: App) -> int:
    """Calls since midnight in the brand's time zone, from the events that tell of them."""
    midnight = app.clock.now().astimezone(app.settings.brand.zone).replace(hour=0, minute=0, second=0, microsecond=0)
    told = (
        select(Event.data)
        .join(Case, Case.id == Event.case_id)
        .where(Case.opened_at >= midnight - YOUNG, Event.kind.in_(_TOLD), Event.at >= midnight)
    )
    return sum(int(data.get("calls", 0)) for data in session.scalars(told))
