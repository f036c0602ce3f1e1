"""What all moves of a case have in common: one transaction, the case locked, its messages shown anew."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from alerts.messages.deliveries import thread_replies
from alerts.messages.wording import say, words_for
from kintsugi.app import App
from responder.cases.refused import Refused
from storage.alone import alone
from storage.case import Case, case_id_of
from storage.work import add_work

Act = Callable[[Session, Case, datetime], object]


class CaseMoves:
    """Moves of one installation. Every method returns None when it is done, or why it was refused.

    Who may do it is asked before (alerts.permission); what a state or an authority forbids is refused here.
    """

    def __init__(self, app: App) -> None:
        self._app = app

    def _do(self, case_id: int, act: Act) -> Refused | None:
        at = self._app.clock.now()
        with self._app.database.write() as session:
            alone(session, "cases")
            case = session.get(Case, case_id, with_for_update={"key_share": True})
            if case is None:
                return Refused("unknown", f"there is no case K-{case_id}: `kintsugi cases list` shows them")
            result = act(session, case, at)
            if isinstance(result, Refused):
                session.rollback()
                return result
            add_work(session, "refresh", [case.id], at)
            return None

    def _tell(self, session: Session, case: Case, reason: str, at: datetime, person: str | None, **said: str) -> None:
        """In the threads of the case: the words `thread.REASON`; a person is mentioned, the owner unless named."""
        words = words_for(self._app.settings.brand.languages)
        key = f"{reason}:{int(at.timestamp())}"
        thread_replies(session, case, key, say(words, f"thread.{reason}", **said), at, mention=person)

    def _name(self, person: str) -> str:
        known = self._app.settings.people.get(person)
        return known.name if known else person


def other_case(session: Session, case: Case, ref: str) -> Case | Refused:
    """The case that somebody names beside this one."""
    try:
        other = session.get(Case, case_id_of(ref))
    except ValueError as error:
        return Refused("unknown", str(error))
    if other is None:
        return Refused("unknown", f"there is no case {ref.strip()[:40]}")
    if other.id == case.id:
        return Refused("same_case", f"{case.ref} is this case: name another one")
    return other
