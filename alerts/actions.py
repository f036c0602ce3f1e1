"""What people can do to cases from Slack or mail, as functions that `kintsugi/` hands in: alerts knows no responder.

Each runs in a transaction of its own and may be called twice. Who may do it is asked before (alerts.permission);
whether the case is in a state for it is decided by the one transition table and comes back as Refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from alerts.view import CaseView, FindingView


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


@dataclass(frozen=True, slots=True)
class Checked:
    """What the guard says of a text, and how long it is in the site's own unit (see responder.drafting.lengths)."""

    findings: tuple[FindingView, ...]
    used: int
    most: int
    unit: str


@dataclass(frozen=True, slots=True)
class Remedy:
    """Something that the playbook suggests to offer. `limit`: why this person may not offer it alone, by name."""

    name: str
    amount: str
    currency: str
    limit: str | None = None


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

    def check(self, case_id: int, text: str) -> Checked:
        """What the guard says of a text as a reply to this case, and its length."""
        ...

    def edit(self, case_id: int, actor: str, text: str) -> Result:
        """This text is proposed from now on."""
        ...

    def ask_approval(self, case_id: int, actor: str, text: str, question: str) -> Result:
        """Proposes this text and asks somebody else to approve it."""
        ...

    def decline(self, case_id: int, actor: str, reason: str) -> Result:
        """Sends a reply back for which approval was asked."""
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

    def resolve(self, case_id: int, actor: str, done: str, cause: str, whys: Sequence[str]) -> Result:
        """What was done for the customer, and what caused it (one of `causes`), after the next of the five whys."""
        ...

    def remedies(self, case_id: int, actor: str, language: str) -> Sequence[Remedy]:
        """What may be offered in this case, the cheapest first."""
        ...

    def offer(self, case_id: int, actor: str, remedy: str, amount: str, currency: str) -> Result:
        """Offers a remedy, or asks for it where it is above this person's authority."""
        ...

    def decide_offer(self, case_id: int, actor: str, offer_id: int, approve: bool) -> Result:
        """Approves or refuses what was asked for."""
        ...

    def redeem_offer(self, case_id: int, actor: str, offer_id: int) -> Result:
        """The customer took it."""
        ...

    def withdraw_offer(self, case_id: int, actor: str, offer_id: int) -> Result:
        """Takes an offer back."""
        ...

    def add_task(
        self, case_id: int, actor: str, words: str, kind: str, assignee: str | None, due_at: datetime | None
    ) -> Result:
        """Something to do. `kind`: process, staff or customer."""
        ...

    def finish_task(self, case_id: int, actor: str, task_id: int) -> Result:
        """It is done."""
        ...

    def staff_note(self, case_id: int, actor: str, text: str) -> Result:
        """How the colleague who faced it is helped."""
        ...

    def start_checklist(self, case_id: int, actor: str) -> Result:
        """The steps of the playbook become tasks."""
        ...

    def ask_why(self, case_id: int, actor: str, answers: Sequence[str]) -> Result:
        """The next of the five whys."""
        ...

    def progress(self, case_id: int, stage: str, until: datetime) -> str:
        """The text that tells the customer of a stage (received, investigating, delayed, resolved, thanks)."""
        ...

    def told_customer(self, case_id: int, actor: str, stage: str, text: str) -> Result:
        """The customer was told this."""
        ...

    def asked_in_person(self, case_id: int, actor: str, text: str) -> Result:
        """A lead asked the customer whether all is well now."""
        ...

    def thanked(self, case_id: int, actor: str, text: str) -> Result:
        """The customer was thanked for having told us."""
        ...

    def merge(self, case_id: int, actor: str, into: str) -> Result:
        """Makes the case a part of another one."""
        ...

    def split(self, case_id: int, actor: str, reason: str) -> Result:
        """Takes a merged case out again."""
        ...

    def link(self, case_id: int, actor: str, other: str, shown_by: str) -> Result:
        """The authors of this and another case are one person. `shown_by`: handle, order_number, said_so."""
        ...

    def unlink(self, case_id: int, actor: str, link_id: int) -> Result:
        """Takes a link back."""
        ...

    def report_entry(self, text: str, place: str | None, happened_at: datetime, actor: str, language: str) -> Result:
        """What a customer told a colleague becomes a mention of the source `staff`."""
        ...

    def snooze(self, case_id: int, actor: str, until: datetime) -> Result:
        """Waits until a moment."""
        ...

    def note(self, case_id: int, actor: str, text: str, said_in: str | None = None) -> Result:
        """Adds a note to the timeline; what was said in one place (a message's channel and ts) once."""
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
