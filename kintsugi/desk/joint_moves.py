"""Moves that concern two cases or two accounts: merge and split, link and unlink."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from kintsugi.desk.case_moves import CaseMoves, other_case
from responder.cases import linking, merging
from responder.cases.refused import Refused
from storage.case import Case
from storage.link import AuthorLink, linked_authors
from storage.work import add_work


class JointMoves(CaseMoves):
    """Merge, split, link, unlink."""

    def merge(self, case_id: int, actor: str, into: str) -> Refused | None:
        """Makes the case a part of another one (`K-7`)."""

        def act(session: Session, case: Case, at: datetime) -> object:
            whole = other_case(session, case, into)
            if isinstance(whole, Refused):
                return whole
            add_work(session, "refresh", [whole.id], at)
            return merging.merge(session, case, whole, actor=actor, at=at)

        return self._do(case_id, act)

    def split(self, case_id: int, actor: str, reason: str) -> Refused | None:
        """Takes a merged case out again."""
        settings = self._app.settings

        def act(session: Session, case: Case, at: datetime) -> object:
            if case.merged_into is not None:
                add_work(session, "refresh", [case.merged_into], at)
            return merging.split(session, case, actor=actor, at=at, settings=settings, reason=reason)

        return self._do(case_id, act)

    def link(self, case_id: int, actor: str, other: str, shown_by: str) -> Refused | None:
        """The authors of this and another case (`K-7`) are one person; `shown_by`: storage.link.SHOWN_BY."""

        def act(session: Session, case: Case, at: datetime) -> object:
            second = other_case(session, case, other)
            if isinstance(second, Refused):
                return second
            if case.author_id is None or second.author_id is None:
                return Refused("no_author", "one of the two cases names no author: there is nothing to link")
            if case.author_id == second.author_id:
                return Refused("already", "both cases are of the same account")
            add_work(session, "refresh", [second.id], at)
            return linking.link(session, case.author_id, second.author_id, shown_by=shown_by, actor=actor, at=at)

        return self._do(case_id, act)

    def unlink(self, case_id: int, actor: str, link_id: int) -> Refused | None:
        """Takes a link of the case's author back."""

        def act(session: Session, case: Case, at: datetime) -> object:
            row = session.get(AuthorLink, link_id)
            own = linked_authors(session, case.author_id) if case.author_id is not None else set()
            if row is None or row.author_id not in own:
                return Refused("unknown", f"the author of {case.ref} has no link {link_id}")
            return linking.unlink(session, row, actor=actor, at=at)

        return self._do(case_id, act)
