"""The daily digest: everybody with open cases gets them as a private message, the next due first.

It names cases and no customer's words, so that an erasure has nothing to find in it.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from alerts.messages.summary import MARKS
from alerts.messages.wording import Words, name_of, say, words_for
from config.settings import Settings
from storage.case import OPEN_STATES, Case, CaseClock, clocks_of, waiting_for
from storage.delivery import make_delivery

MOST = 30  # cases in one message


def next_digest(settings: Settings, after: datetime) -> datetime:
    """The first moment after `after` at which the digest is due, by the wall clock of the brand."""
    clock = settings.slack.digest
    assert clock is not None
    local = after.astimezone(settings.brand.zone)
    moment = local.replace(hour=clock.hour, minute=clock.minute, second=0, microsecond=0)
    return moment if moment > after else moment + timedelta(days=1)


def digest(session: Session, settings: Settings, away: Collection[str], at: datetime) -> list[int]:
    """Makes one private message for each person who has open cases and is not away; once a person and day.

    Returns the ids of the deliveries. Without a Slack receiver there is nowhere to send it.
    """
    through = next((name for name, one in settings.all_receivers().items() if one.kind == "slack"), None)
    if through is None:
        return []
    day = at.astimezone(settings.brand.zone).date().isoformat()
    made = []
    for person in sorted(set(settings.people) - set(away)):
        text = _text(session, person, settings)
        if text is not None:
            payload = {"person": person, "text": text}
            made.append(
                make_delivery(
                    session, f"digest:{day}:{person}", receiver=through, purpose="direct", payload=payload, at=at
                ).id
            )
    return made


def _text(session: Session, person: str, settings: Settings) -> str | None:
    cases = session.scalars(select(Case).where(Case.owner == person, Case.state.in_(OPEN_STATES))).all()
    if not cases:
        return None
    words = words_for([*settings.people[person].languages, *settings.brand.languages])
    # A case whose clocks stand comes last.
    rows = [(_next_clock(session, case), case) for case in cases]
    rows.sort(key=lambda row: (row[0] is None, row[0].due_at if row[0] else row[1].opened_at, row[1].id))
    lines = [say(words, "digest" if len(cases) > 1 else "digest.one", n=len(cases))]
    lines += [_line(session, case, clock, settings, words) for clock, case in rows[:MOST]]
    if len(rows) > MOST:
        lines.append(say(words, "more", n=len(rows) - MOST))
    return "\n".join(lines)


def _next_clock(session: Session, case: Case) -> CaseClock | None:
    return next((clock for clock in clocks_of(session, case.id) if clock.met_at is None), None)


def _line(session: Session, case: Case, clock: CaseClock | None, settings: Settings, words: Words) -> str:
    facts = [f"{MARKS.get(case.severity, '')} {case.ref}", name_of(words, "severity", case.severity)]
    if case.labels.get("location"):
        facts.append(str(case.labels["location"]))
    if case.labels.get("topic"):
        facts.append(name_of(words, "topic", str(case.labels["topic"])))
    waiting = waiting_for(session, case.id)
    facts.append(name_of(words, "waiting", waiting.what) if waiting else name_of(words, "state", case.state))
    if clock is not None:
        due = f"{clock.due_at.astimezone(settings.brand.zone):%m/%d %H:%M}"
        name = name_of(words, "clock", clock.name)
        facts.append(f"{name} {words['missed' if clock.missed_at else 'due']} {due}")
    return " · ".join(facts)
