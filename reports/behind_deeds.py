"""The cases behind figures about what was done in some days, or stands open now: tasks, offers, answers, findings.

The same rules as in reports/tasks.py, money.py, satisfaction.py and cohort.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, select, true
from sqlalchemy.orm import InstrumentedAttribute

from reports.money import UNPAID
from reports.satisfaction import SATISFIED
from reports.tasks import KINDS
from storage.case import OPEN_STATES, Case, CaseClock
from storage.follow_up import FollowUp
from storage.form_answer import FormAnswer
from storage.offer import OFFER_STATES, Offer
from storage.outcome import Outcome
from storage.task import Task


@dataclass(frozen=True)
class Deeds:
    """What was done from `since` until before `until` (None: ever), seen `at` a moment."""

    since: datetime | None
    until: datetime | None
    at: datetime

    def mentions(self, kind: str, value: str) -> Select[int]:
        """The mentions of the cases that such a figure counts; of a name that is none there are none."""
        return select(Case.mention_id).where(self._counted(kind, value))

    def _counted(self, kind: str, value: str) -> ColumnElement[bool]:
        match kind.partition("_"):
            case ("open", _, ""):
                return Case.state.in_(OPEN_STATES)
            case ("overdue", _, ""):
                clock = CaseClock.met_at.is_(None) & (CaseClock.due_at < self.at)
                return Case.state.in_(OPEN_STATES) & exists().where(CaseClock.case_id == Case.id, clock)
            case ("tasks", _, what):
                kinds = KINDS if not value else (value,) if value in KINDS else ()
                return Case.id.in_(select(Task.case_id).where(Task.kind.in_(kinds), self._task(what)))
            case ("offers", _, what):
                return Case.id.in_(select(Offer.case_id).where(self._offer(what, value)))
            case ("said", _, what):
                return Case.id.in_(select(FormAnswer.case_id).where(self._answer(what)))
            case ("asked", _, ""):
                return Case.id.in_(select(FollowUp.case_id).where(self._during(FollowUp.done_at)))
            case ("won", _, "back"):
                first = select(Outcome.case_id).where(Outcome.name == "recovered").group_by(Outcome.case_id)
                found = first.having(self._during(func.min(Outcome.found_at)))
                return (Case.outcome == "recovered") & Case.id.in_(found)
        return false()

    def _task(self, what: str) -> ColumnElement[bool]:
        match what:
            case "made":
                return self._during(Task.made_at)
            case "done":
                return self._during(Task.done_at)
            case "open":
                return Task.done_at.is_(None)
            case "overdue":
                return Task.done_at.is_(None) & (Task.due_at < self.at)
        return false()

    def _offer(self, what: str, value: str) -> ColumnElement[bool]:
        """Made in this time, whole or by state; or with money in a currency."""
        currency = Offer.currency == value if value else true()
        match what:
            case "":
                state = Offer.state == value if value in OFFER_STATES else true() if not value else false()
                return self._during(Offer.made_at) & state
            case "standing":
                return self._during(Offer.made_at) & Offer.state.in_(UNPAID) & currency
            case "redeemed":
                return self._during(Offer.redeemed_at) & currency
        return false()

    def _answer(self, what: str) -> ColumnElement[bool]:
        """The last answer of each case counts."""
        last = select(func.max(FormAnswer.id)).where(self._during(FormAnswer.at)).group_by(FormAnswer.case_id)
        said: dict[str, ColumnElement[bool]] = {
            "recovered": FormAnswer.recovered == "yes",
            "satisfied": FormAnswer.satisfaction >= SATISFIED,
            "nps": FormAnswer.nps.is_not(None),
        }
        return FormAnswer.id.in_(last) & said.get(what, false())

    def _during(self, moment: ColumnElement[datetime] | InstrumentedAttribute[datetime | None]) -> ColumnElement[bool]:
        since = true() if self.since is None else moment >= self.since
        return and_(moment.is_not(None), since, true() if self.until is None else moment < self.until)
