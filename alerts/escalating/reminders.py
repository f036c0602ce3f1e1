"""Reminders: before a clock is missed, and before a silence ends. Each is told once."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from alerts.messages.deliveries import direct_message, thread_replies
from alerts.messages.wording import Words, name_of, say, words_for
from alerts.routing.silences import ending_soon
from config.settings import Settings
from storage.case import OPEN_STATES, Case, CaseClock
from storage.delivery import make_delivery

# A reminder comes when a fifth of the clock's time is left, at most four hours before it ends.
_SHARE_LEFT = 5
_EARLIEST = timedelta(hours=4)


def remind(session: Session, settings: Settings, words: Words, at: datetime) -> list[int]:
    """Everything that is due to be reminded of now; returns the ids of the deliveries."""
    return [*_clocks(session, settings, words, at), *_silences(session, settings, words, at)]


def _clocks(session: Session, settings: Settings, words: Words, at: datetime) -> list[int]:
    """In the threads of the case, and to its owner alone."""
    query = (
        select(CaseClock, Case)
        .join(Case, Case.id == CaseClock.case_id)
        .where(CaseClock.met_at.is_(None), CaseClock.missed_at.is_(None), Case.state.in_(OPEN_STATES))
        .where(CaseClock.due_at > at, CaseClock.due_at <= at + _EARLIEST)
        .order_by(CaseClock.due_at, CaseClock.id)
    )
    made = []
    for clock, case in session.execute(query):
        if at >= clock.due_at - min(_EARLIEST, (clock.due_at - clock.started_at) / _SHARE_LEFT):
            text = say(words, "thread.reminder", clock=name_of(words, "clock", clock.name))
            reason = f"reminder:{clock.name}:{int(clock.due_at.timestamp())}"
            made += thread_replies(session, case, reason, text, at)
            if case.owner in settings.people:
                own = words_for([*settings.people[case.owner].languages, *settings.brand.languages])
                text = say(own, "direct.reminder", clock=name_of(own, "clock", clock.name), at=_local(clock, settings))
                made += direct_message(session, case, case.owner, reason, text, settings, at)
    return made


def _local(clock: CaseClock, settings: Settings) -> str:
    return f"{clock.due_at.astimezone(settings.brand.zone):%m/%d %H:%M}"


def _silences(session: Session, settings: Settings, words: Words, at: datetime) -> list[int]:
    """To whoever made it, through any Slack receiver."""
    through = next((name for name, one in settings.all_receivers().items() if one.kind == "slack"), None)
    made = []
    for silence in ending_soon(session, at):
        if through is None or silence.made_by not in settings.people:
            continue
        ends = silence.ends_at.astimezone(settings.brand.zone)
        text = say(words, "silence.ends", matchers=", ".join(silence.matchers), at=f"{ends:%H:%M}", why=silence.reason)
        made.append(
            make_delivery(
                session,
                f"silence:{silence.id}:ends",
                receiver=through,
                purpose="direct",
                payload={"person": silence.made_by, "text": text},
                at=at,
            ).id
        )
    return made
