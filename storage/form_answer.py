"""What customers answered on the short form after a recovery."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.schema import Row


class FormAnswer(Row):
    """One answer. A case that was re-opened and resolved again may be asked again: one answer a round."""

    __tablename__ = "form_answer"
    __table_args__ = (UniqueConstraint("case_id", "round"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    round: Mapped[int]  # the how-manieth resolution of the case it is about: 1, 2 …
    recovered: Mapped[str]  # yes, partly, no
    satisfaction: Mapped[int | None]  # 1 to 5
    nps: Mapped[int | None]  # 0 to 10
    comment: Mapped[str]  # erased with the author, and its salt with it
    salt: Mapped[str]
    language: Mapped[str]  # of the form
    at: Mapped[datetime]


def answer_of_round(session: Session, case_id: int, round_: int) -> FormAnswer | None:
    """The answer of one round; None: nobody answered yet."""
    return session.scalar(select(FormAnswer).where(FormAnswer.case_id == case_id, FormAnswer.round == round_))
