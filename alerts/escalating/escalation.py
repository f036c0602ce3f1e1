"""Escalation: who is told next when nobody acknowledged, as a plan that is frozen when the case opens.

Editing the configuration later does not derail plans that run. Acknowledging ends the plan; a case that goes back to
`new` (its owner let go of it) resumes with the steps that were not told. The watchdog finds steps that should have
run and did not: the operator is told, because silence here looks like peace.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from alerts.messages.deliveries import case_message, direct_message, thread_replies
from alerts.messages.wording import Words, say
from alerts.routing.verdicts import note_verdict
from config.people import EscalationStep as Written
from config.settings import Settings
from storage.case import Case
from storage.escalation import EscalationStep, due_steps, steps_of
from storage.event import append_event

# Adds business time to a moment: (since, wait, team) → due.
AddTime = Callable[[datetime, timedelta, str | None], datetime]
# Who is on call for a team at a moment: person ids, the first one first; empty when nobody is.
OnCall = Callable[[str, datetime], Sequence[str]]
LATE = timedelta(minutes=5)


def freeze_plan(session: Session, case: Case, settings: Settings, add_time: AddTime) -> list[EscalationStep]:
    """Writes down the plan of a new case: the one of its team, else the general one. Twice is as once.

    A repeat failure goes one level up: whoever stands on the first step is told at once.
    """
    known = steps_of(session, case.id)
    if known:
        return known
    team = settings.teams.get(case.team or "")
    written: Sequence[Written] = settings.escalation if team is None or team.escalation is None else team.escalation
    due = case.opened_at
    for number, step in enumerate(written, start=1):
        after = timedelta(0) if number == 1 and case.author_history else step.after
        due = add_time(due, after, case.team)
        wait = int(after.total_seconds())
        session.add(EscalationStep(case_id=case.id, number=number, tell=step.tell, wait=wait, due_at=due))
    session.flush()
    return steps_of(session, case.id)


def run_due_steps(session: Session, settings: Settings, on_call: OnCall, words: Words, at: datetime) -> list[int]:
    """Tells whoever is next for every case that nobody acknowledged; returns the ids of the deliveries."""
    made = []
    for step in due_steps(session, at):
        case = session.get_one(Case, step.case_id)
        if case.state != "new":
            _end(step, "acknowledged", at)
        else:
            made += _run(session, case, step, settings, on_call, words, at)
    return made


def escalate_now(
    session: Session, case: Case, settings: Settings, on_call: OnCall, words: Words, at: datetime, *, actor: str
) -> list[int] | None:
    """Somebody asked for the next step of the plan. None: there is no further step."""
    step = next((one for one in steps_of(session, case.id) if one.ended in (None, "acknowledged")), None)
    if step is None:
        return None
    append_event(session, case.id, "escalation_asked", actor=actor, at=at, data={"step": step.number})
    return _run(session, case, step, settings, on_call, words, at)


def resume(session: Session, case: Case, at: datetime, add_time: AddTime) -> None:
    """Nobody has it any more: steps that were not told count again from now."""
    due = at
    for step in steps_of(session, case.id):
        if step.ended in (None, "acknowledged"):
            due = add_time(due, timedelta(seconds=step.wait), case.team)
            step.due_at, step.ended, step.ended_at, step.alarmed_at = due, None, None, None


def overdue_steps(session: Session, at: datetime) -> list[EscalationStep]:
    """The watchdog: steps of cases still new that are late and did not run, each reported once; marks them."""
    query = (
        select(EscalationStep)
        .join(Case, Case.id == EscalationStep.case_id)
        .where(Case.state == "new", EscalationStep.ended.is_(None), EscalationStep.due_at <= at - LATE)
        .where(EscalationStep.alarmed_at.is_(None))
        .order_by(EscalationStep.id)
    )
    found = list(session.scalars(query))
    for step in found:
        step.alarmed_at = at
    return found


def _run(
    session: Session,
    case: Case,
    step: EscalationStep,
    settings: Settings,
    on_call: OnCall,
    words: Words,
    at: datetime,
) -> list[int]:
    kind, _, who = step.tell.partition(":")
    people = list(on_call(who, at)) if kind == "on_call" else [who] if kind == "person" else []
    text = say(words, "thread.escalation", step=step.number)
    made = []
    if kind == "receiver":
        made.append(case_message(session, case, who, at))
        note_verdict(session, case.id, who, True, f"escalation:{step.number}", at)
    made += thread_replies(session, case, f"escalation:{step.number}", text, at, mention=people[0] if people else None)
    for person in people:
        made += direct_message(session, case, person, f"escalation:{step.number}", text, settings, at)
    _end(step, "told" if people or kind == "receiver" else "nobody", at)
    append_event(session, case.id, "escalated", actor="system", at=at, data={"step": step.number, "tell": step.tell})
    return made


def _end(step: EscalationStep, how: str, at: datetime) -> None:
    step.ended, step.ended_at = how, at
