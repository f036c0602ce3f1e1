"""What time alone brings. A tick asks the rows what is due; it keeps nothing in memory.

Its parts run alone: where one fails, that is logged and counted, and the others go on. Each has a row that says when
it should have been made again, so that whoever watches sees which part does not run any more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import partial

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from kintsugi.app import App
from kintsugi.metrics.steps import TICK_FAILURES
from kintsugi.operating.readiness import EVERY, PART, TICKED
from kintsugi.steps.outlook import make_outlook
from kintsugi.steps.reporting import make_due
from kintsugi.steps.retention import keep_no_longer
from storage.alone import alone
from storage.due import Due, came_round

log = structlog.get_logger(__name__)
Part = Callable[[App, datetime], None]


def tick(app: App) -> None:
    """Notices missed clocks, follow-ups and silence; makes due reports and the daily root.

    Raises what the database raises where not even the end of the tick can be written down.
    """
    from kintsugi.desk.photos import sweep

    at = app.clock.now()
    parts: dict[str, Part] = {
        "clocks": _on_cases(_clocks),
        "offers": _on_cases(_offers),
        "waits": _on_cases(_waits),
        "silence": _on_cases(_silence),
        "follow_ups": _on_cases(_follow_ups),
        "idle": _on_cases(_idle),
        "watchdog": _watchdog,
        "reminders": _reminders,
        "escalation": _escalation,
        "spikes": _spikes,
        "digest": _digest,
        "outlook": make_outlook,
        "reports": make_due,
        "root": _daily_root,
        "retention": keep_no_longer,
        "tallies": _tallies,
        "photos": sweep,
    }
    failed = {name for name, part in parts.items() if not _made(name, part, app, at)}
    with app.database.write() as session:
        rows = {row.name: row for row in session.scalars(select(Due).where(Due.name.startswith(PART)))}
        for name in parts:
            row = rows.pop(PART + name, None)
            if name not in failed or row is None:
                session.merge(Due(name=PART + name, at=at if name in failed else at + EVERY))
        for unknown in rows.values():  # of another version
            session.delete(unknown)
        session.merge(Due(name=TICKED, at=at + EVERY))


def _made(name: str, part: Part, app: App, at: datetime) -> bool:
    try:
        part(app, at)
    except Exception as error:
        TICK_FAILURES.labels(name).inc()
        log.error("a part of the look at the clock failed", part=name, error=error, exc_info=error)
        return False
    return True


def _on_cases(look: Callable[[Session, App, datetime], Iterable[int]]) -> Part:
    """A part that decides about cases; the messages of those that it returns are to show the truth again."""

    def part(app: App, at: datetime) -> None:
        from storage.work import add_work

        with app.database.write() as session:
            alone(session, "cases")
            changed = set(look(session, app, at))
            if changed:
                add_work(session, "refresh", sorted(changed), at)

    return part


def _clocks(session: Session, _app: App, at: datetime) -> Iterable[int]:
    from responder.cases import clocks

    return [clock.case_id for clock in clocks.note_missed(session, at)]


def _offers(session: Session, _app: App, at: datetime) -> Iterable[int]:
    from responder.answering import offers

    return offers.expire(session, at)


def _waits(session: Session, app: App, at: datetime) -> Iterable[int]:
    from responder.cases import waits

    return waits.wake_up(session, at, app.settings)


def _silence(session: Session, app: App, at: datetime) -> Iterable[int]:
    from responder.outcome import outcomes

    return outcomes.from_silence(session, at, app.settings)


def _follow_ups(session: Session, app: App, at: datetime) -> Iterable[int]:
    """Customers are asked before the looks are done: who was asked is found by the look that is due."""
    from kintsugi.steps.asking import ask_due, call_people
    from responder.outcome import follow_ups

    ask_due(session, app.settings, app.channels, at)
    changed = follow_ups.run_due(session, at)
    call_people(session, app.settings, at)
    return changed


def _idle(session: Session, app: App, at: datetime) -> Iterable[int]:
    from alerts.messages.wording import words_for
    from kintsugi.steps.ownership import let_go_of_idle

    return let_go_of_idle(session, app.settings, words_for(app.settings.brand.languages), at)


def _watchdog(app: App, at: datetime) -> None:
    """Looks before the steps are run: what it finds should have run before."""
    from alerts.escalating.escalation import overdue_steps

    with app.database.write() as session:
        alone(session, "cases")
        for step in overdue_steps(session, at):
            log.error("an escalation step is late", case=step.case_id, step=step.number, due=step.due_at.isoformat())


def _escalation(app: App, at: datetime) -> None:
    from alerts.escalating.escalation import run_due_steps
    from alerts.messages.wording import words_for
    from kintsugi.steps.ownership import on_call_of

    words = words_for(app.settings.brand.languages)
    with app.database.write() as session:
        alone(session, "cases")
        run_due_steps(session, app.settings, on_call_of(app.settings, app.folder), words, at)


def _reminders(app: App, at: datetime) -> None:
    from alerts.escalating.reminders import remind
    from alerts.messages.wording import words_for

    with app.database.write() as session:
        alone(session, "cases")
        remind(session, app.settings, words_for(app.settings.brand.languages), at)


def _spikes(app: App, at: datetime) -> None:
    from alerts.spikes.watch import watch

    with app.database.write() as session:
        watch(session, at, app.settings, app.pictures.note)
    app.pictures.draw(app.settings, at)


def _digest(app: App, at: datetime) -> None:
    from alerts.escalating.digest import digest, next_digest
    from storage.absence import absent

    settings = app.settings
    if settings.slack.digest is None:
        return
    with app.database.write() as session:
        if came_round(session, "digest", at, lambda after: next_digest(settings, after)) is not None:
            digest(session, settings, absent(session, at), at)


def _daily_root(app: App, at: datetime) -> None:
    from storage.log import daily_root, write_root

    with app.database.write() as session:
        if came_round(session, "root", at, partial(_next_midnight, app)) is not None:
            write_root(app.roots_file, daily_root(session, at))


def _tallies(app: App, at: datetime) -> None:
    from storage.tally import settle_tallies

    with app.database.write() as session:
        if came_round(session, "tallies", at, partial(_next_midnight, app)) is not None:
            settle_tallies(session)


def _next_midnight(app: App, after: datetime) -> datetime:
    local = after.astimezone(app.settings.brand.zone)
    return (local + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
