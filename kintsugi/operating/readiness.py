"""Whether a process can do its work now: the schema is current, the model answers, somebody looks at the clock."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from sentiment.mention_text import MentionText
from storage.due import Due

if TYPE_CHECKING:
    from kintsugi.app import App
    from sentiment.assessor import Assessor

log = structlog.get_logger(__name__)

TICKED = "tick"  # the name of its row: when the next tick should be made
PART = "tick:"  # before the names of its parts: when each should be made again
EVERY = timedelta(seconds=30)
LATE = timedelta(minutes=2)


def parts_late(session: Session, at: datetime) -> dict[str, float]:
    """How many seconds each part of the tick is overdue; 0 for what ran when it should have."""
    rows = session.scalars(select(Due).where(Due.name.startswith(PART)).order_by(Due.name))
    return {row.name.removeprefix(PART): max(0.0, (at - row.at).total_seconds()) for row in rows}


class Readiness:
    """Looks at one installation. The schema is only looked at until it is current: a running process keeps it so."""

    def __init__(self, app: App, *, with_model: bool = True) -> None:
        self._app, self._current, self._with_model = app, False, with_model
        self._answered: Assessor | None = None

    def missing(self) -> Iterator[str]:
        """What is in the way, one line each, without inner details; nothing when all is well."""
        app = self._app
        try:
            self._current = self._current or not app.database.behind()
            with app.database.read() as session:
                row = session.get(Due, TICKED)
                late_parts = parts_late(session, app.clock.now())
        except Exception as error:
            log.error("not ready", error=error)
            yield "the database does not answer"
            return
        if not self._current:
            yield "the schema of the database is older than this version: the start migrates it"
        if row is None:
            yield "nothing has looked at the clock yet"
        elif app.clock.now() > row.at + LATE:
            late = int((app.clock.now() - row.at).total_seconds())
            yield f"the look at the clock is {late} s late: the engine stands still, or runs nowhere"
        else:
            for part, seconds in late_parts.items():
                if seconds > LATE.total_seconds():
                    yield f"{part} fails at every look at the clock since {int(seconds)} s: the log says why"
        try:
            if self._with_model:
                self._ask_the_model(app.assessor)
        except Exception as error:
            log.error("not ready", error=error)
            yield "the model does not load"

    def _ask_the_model(self, assessor: Assessor) -> None:
        """Once for each model that is opened: some are only read when they are first asked."""
        if assessor is not self._answered:
            assessor.assess([MentionText(text="ok")])
            self._answered = assessor
