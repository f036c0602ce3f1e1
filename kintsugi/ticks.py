"""What time alone brings. A tick asks the rows what is due; it keeps nothing in memory."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog

from kintsugi.app import App
from kintsugi.readiness import EVERY, TICKED
from kintsugi.reporting import make_due
from storage.alone import alone
from storage.due import Due, came_round

log = structlog.get_logger(__name__)


def tick(app: App) -> None:
    """Notices missed clocks, follow-ups and silence; makes due reports and the daily root."""
    from alerts.wording import words_for
    from kintsugi.asking import ask_due, call_people
    from kintsugi.ownership import let_go_of_idle
    from kintsugi.photos import sweep
    from responder import clocks, follow_ups, offers, outcomes, waits
    from storage.work import add_work

    at = app.clock.now()
    with app.database.write() as session:
        alone(session, "cases")
        changed = {clock.case_id for clock in clocks.note_missed(session, at)}
        changed.update(offers.expire(session, at))
        changed.update(waits.wake_up(session, at, app.settings))
        changed.update(outcomes.from_silence(session, at, app.settings))
        ask_due(session, app.settings, app.channels, at)  # before the looks are done
        changed.update(follow_ups.run_due(session, at))
        call_people(session, app.settings, at)
        changed.update(let_go_of_idle(session, app.settings, words_for(app.settings.brand.languages), at))
        add_work(session, "refresh", sorted(changed), at)
    _escalations(app, at)
    _spikes(app, at)
    _digest(app, at)
    make_due(app, at)
    _daily_root(app, at)
    sweep(app, at)
    with app.database.write() as session:
        session.merge(Due(name=TICKED, at=at + EVERY))


def _escalations(app: App, at: datetime) -> None:
    """Reminds, and runs the steps that are due. The watchdog looks first: what it finds should have run before."""
    from alerts.escalation import overdue_steps, run_due_steps
    from alerts.reminders import remind
    from alerts.wording import words_for
    from kintsugi.ownership import on_call_of

    words = words_for(app.settings.brand.languages)
    with app.database.write() as session:
        alone(session, "cases")
        for step in overdue_steps(session, at):
            log.error("an escalation step is late", case=step.case_id, step=step.number, due=step.due_at.isoformat())
        remind(session, app.settings, words, at)
        run_due_steps(session, app.settings, on_call_of(app.settings, app.folder), words, at)


def _spikes(app: App, at: datetime) -> None:
    from alerts.spikes.watch import watch

    with app.database.write() as session:
        watch(session, at, app.settings, app.pictures.note)
    app.pictures.draw(app.settings, at)


def _digest(app: App, at: datetime) -> None:
    from alerts.digest import digest, next_digest
    from storage.absence import absent

    settings = app.settings
    if settings.slack.digest is None:
        return
    with app.database.write() as session:
        if came_round(session, "digest", at, lambda after: next_digest(settings, after)) is not None:
            digest(session, settings, absent(session, at), at)


def _daily_root(app: App, at: datetime) -> None:
    from storage.log import daily_root, write_root

    zone = app.settings.brand.zone

    def next_midnight(after: datetime) -> datetime:
        local = after.astimezone(zone)
        return (local + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)

    with app.database.write() as session:
        if came_round(session, "root", at, next_midnight) is not None:
            write_root(app.roots_file, daily_root(session, at))
