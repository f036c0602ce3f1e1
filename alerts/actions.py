"""What people can do to cases from Slack or mail, as functions that `kintsugi/` hands in: alerts knows no responder.

Each runs in a transaction of its own and may be called twice. Who may do it is asked before (alerts.permission);
whether the case is in a state for it is decided by the one transition table and comes back as Refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from alerts.view import CaseView


@dataclass(frozen=True, slots=True)
class Done:
    """It is done. `case_id`: the case that it concerned, where that is news."""

    case_id: int | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """It was not done. `reason` is a name (taken, stale, blocked …), `why` is for the person."""

    reason: str
    why: str


Result = Done | Refused


class CaseActions(Protocol):
    """The moves of a case, and what can be asked about cases."""

    def view(self, case_id: int) -> CaseView | None:
        """The case as it is now; None when there is no such case."""
        ...

    def case_at(self, channel: str, ts: str) -> int | None:
        """The case whose living message this is."""
        ...

    def claim(self, case_id: int, actor: str) -> Result:
        """Takes it. When two try at once one wins, and the other is told who did (`taken`)."""
        ...

    def approve(self, case_id: int, actor: str, text: str, despite: str) -> Result:
        """Approves this text; a channel publishes it after the undo window. `despite`: why a warning is overridden."""
        ...

    def undo(self, case_id: int, actor: str) -> Result:
        """Takes the approval back before it is published."""
        ...

    def mark_posted(self, case_id: int, actor: str, text: str) -> Result:
        """The reply was posted by hand, with this text."""
        ...

    def escalate(self, case_id: int, actor: str) -> Result:
        """The next step of the plan runs now."""
        ...

    def not_a_case(self, case_id: int, actor: str, reason: str, note: str) -> Result:
        """Closes it as not a case. `reason`: not_about_us, not_negative, duplicate, spam, other."""
        ...

    def causes(self, language: str) -> Sequence[tuple[str, str]]:
        """The causes that `resolve` takes: (name, words), at most 100."""
        ...

    def resolve(self, case_id: int, actor: str, done: str, cause: str) -> Result:
        """What was done for the customer, and what caused it (one of `causes`)."""
        ...

    def snooze(self, case_id: int, actor: str, until: datetime) -> Result:
        """Waits until a moment."""
        ...

    def note(self, case_id: int, actor: str, text: str) -> Result:
        """Adds a note to the timeline."""
        ...

    def open_case(self, text: str, url: str | None, actor: str) -> Result:
        """Opens a case from a message that somebody pointed at."""
        ...

    def mine(self, actor: str) -> Sequence[CaseView]:
        """Open cases of a person, the next due first."""
        ...

    def due(self, limit: int) -> Sequence[CaseView]:
        """Open cases of everyone, the next due first."""
        ...

    def search(self, words: str, limit: int) -> Sequence[CaseView]:
        """Cases whose mention, author or reference matches."""
        ...

    def report(self) -> str:
        """This week in a few lines."""
        ...

    def why(self, ref: str) -> Sequence[str]:
        """Why people were told about a case or a mention, or why nobody was; one reason a line."""
        ...

    def silence(self, matchers: Sequence[str], until: datetime, reason: str, actor: str) -> Result:
        """Silences what matches until a moment."""
        ...
