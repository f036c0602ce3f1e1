"""Who has a new case: its team by the route tree, its owner by the team's rule, and the plan if nobody answers."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import structlog
from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from alerts.escalating.assignment import Desk, assign
from alerts.escalating.escalation import AddTime, OnCall, freeze_plan, resume
from alerts.escalating.oncall import CalendarError, on_call, read_calendar
from alerts.messages.deliveries import thread_replies
from alerts.messages.wording import Words
from alerts.routing.tree import resolve
from config.settings import Settings
from kintsugi.context import Context
from responder.cases.business_time import due_at
from responder.cases.idle import release_idle
from storage.absence import absent
from storage.case import OPEN_STATES, Case
from storage.event import append_event

log = structlog.get_logger(__name__)

LOOKED_AT = 5000  # cases back, for who was given one last


def give_to_team(session: Session, case: Case, context: Context, language: str | None) -> None:
    """Names the team and, where the team wants that, the owner; freezes the plan of escalation."""
    settings = context.settings
    receivers = resolve(context.tree(), case.labels, context.at).receivers
    case.team = next((name for name in receivers if name in settings.teams), None)
    choice = assign(
        settings,
        case.team,
        _desk(session, case, context.at),
        context.at,
        language=language,
        location=case.mention.location,
        served_by=person_named(settings, case.mention.served_by),
    )
    case.owner = choice.person
    data = {"team": case.team, "owner": choice.person, "why": choice.reason}
    append_event(session, case.id, "assigned", actor="system", at=context.at, data=data)
    freeze_plan(session, case, settings, business_time(settings))


def person_named(settings: Settings, name: str | None) -> str | None:
    """The person id of whom a source names by id, mail address or name. None: nobody, or several of that name."""
    wanted = _plain(name)
    if not wanted:
        return None
    found = [
        key
        for key, person in settings.people.items()
        if wanted in (_plain(key), _plain(person.name), _plain(person.email))
    ]
    return found[0] if len(found) == 1 else None


def _plain(name: str | None) -> str:
    """As names are compared: without width, case and spaces, since 佐藤 花子 is also written 佐藤　花子."""
    return "".join(unicodedata.normalize("NFKC", name or "").casefold().split())


def let_go_of_idle(session: Session, settings: Settings, words: Words, at: datetime) -> list[int]:
    """Cases that were taken and left alone are free again: their plan goes on, and their threads say so.

    Returns the ids of the cases.
    """
    released = release_idle(session, at, settings)
    for case, owner in released:
        resume(session, case, at, business_time(settings))
        reason = f"released:{int(at.timestamp())}"
        thread_replies(session, case, reason, words["thread.released"], at, mention=owner)
    return [case.id for case, _owner in released]


def business_time(settings: Settings) -> AddTime:
    """Adds business time of a team to a moment."""
    return lambda since, wait, team: due_at(since, wait, settings.hours_of(team), settings.brand.zone)


def on_call_of(settings: Settings, folder: Path) -> OnCall:
    """Who is on call for a team. A calendar that cannot be read means nobody, and a line in the log."""

    def people(team: str, at: datetime) -> Sequence[str]:
        place = settings.teams[team].on_call if team in settings.teams else None
        if place is None:
            return []
        try:
            return on_call(read_calendar(place, folder), settings.people, at)
        except CalendarError as error:
            log.error("on-call calendar", team=team, error=str(error))
            return []

    return people


# Made once: making a statement costs more than asking it.
_LOAD = (
    select(Case.owner, func.count()).where(Case.owner.is_not(None), Case.state.in_(OPEN_STATES)).group_by(Case.owner)
)
_LAST = (
    select(Case.owner)
    .where(Case.team == bindparam("team"), Case.owner.is_not(None))
    .where(Case.id != bindparam("case"), Case.id > bindparam("after"))
    .order_by(Case.id.desc())
    .limit(1)
)


def _desk(session: Session, case: Case, at: datetime) -> Desk:
    load = {owner or "": count for owner, count in session.execute(_LOAD)}
    asked = {"team": case.team, "case": case.id, "after": case.id - LOOKED_AT}
    last = session.scalar(_LAST, asked) if case.team is not None else None
    return Desk(away=absent(session, at), load=load, last=last)
