"""How long texts and names are kept: once a day, what is older than `retention` says is let go, source by source."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import structlog
from sqlalchemy import select

from kintsugi.steps.reporting import FOLDER
from storage.due import Due
from storage.source import Source

if TYPE_CHECKING:
    from kintsugi.app import App

log = structlog.get_logger(__name__)

NAME = "retention"
MOST = 20  # transactions of one look: after years without a limit it takes several, and others must get in between
MOST_STEPS = 200


def keep_no_longer(app: App, at: datetime) -> None:
    """Lets go of what is due since the last midnight; what one look cannot do, the next one continues."""
    with app.database.read() as session:
        row = session.get(Due, NAME)
        if row is not None and row.at > at:
            return
        kept = {key: app.settings.kept_for(key) for key in session.scalars(select(Source.key).order_by(Source.key))}
    periods = {key: period for key, period in kept.items() if period is not None}
    if not _mentions(app, periods, at):
        return
    if periods:
        _beside(app, periods, at)
    local = at.astimezone(app.settings.brand.zone)
    following = (local + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    with app.database.write() as session:
        session.merge(Due(name=NAME, at=following))


def _mentions(app: App, periods: dict[str, timedelta], at: datetime) -> bool:
    """Whether all are done."""
    from responder.privacy.retention import AT_ONCE, let_go

    left, whole = MOST, 0
    for source, period in periods.items():
        while left:
            left -= 1
            with app.database.write() as session:
                gone = let_go(session, source, at - period, at)
            whole += gone.mentions
            if gone.mentions < AT_ONCE:
                break
    if whole:
        log.info("let go", mentions=whole)
        _out_of_the_search(app)
    return left > 0


def _out_of_the_search(app: App) -> None:
    from storage.search import merge_search

    for step in range(MOST_STEPS):
        with app.database.write() as session:
            if not merge_search(session, begin=step == 0):
                return


def _beside(app: App, periods: dict[str, timedelta], at: datetime) -> None:
    """Excerpts of what was refused, messages that tell of several cases, and pages of reports, which quote."""
    from responder.privacy.retention import let_go_beside, let_go_told

    shortest = at - min(periods.values())
    with app.database.write() as session:
        for source, period in periods.items():
            let_go_beside(session, source, at - period)
        let_go_told(session, shortest)
    for file in (app.folder / FOLDER).glob("*-*-*-*"):
        if _day_of(file.name) < shortest.date():
            file.unlink(missing_ok=True)


def _day_of(name: str) -> date:
    """The day of `weekly-2026-11-16-mood.png`; of what has none, a day that never comes."""
    try:
        return date.fromisoformat(name.partition("-")[2][:10])
    except ValueError:
        return date.max
