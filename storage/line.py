"""Where work waits: rows that the embedded engine claims, or the line of another engine, which a session knows of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from sqlalchemy.orm import Session

LINE = "line"  # where a session whose engine has a line of its own keeps it, in `session.info`


class Line(Protocol):
    """What an engine offers in place of work rows. Both write in the transaction of `session` and commit nothing."""

    def put(self, session: Session, step: str, subjects: Sequence[int]) -> None:
        """These rows are to be processed by this step."""

    def announce(self, session: Session, deliveries: Iterable[int]) -> None:
        """These deliveries are due now. Each is announced once; later ones are found by their rows."""


def line_of(session: Session) -> Line | None:
    """The line of this session's engine; None where work waits as rows."""
    line: Line | None = session.info.get(LINE)
    return line
