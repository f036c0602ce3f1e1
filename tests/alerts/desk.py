"""An answering desk in memory: the actions that kintsugi/ hands to the Slack app, with the same promises."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from threading import Lock

from alerts.actions import Checked, Done, Refused, Remedy, Result
from alerts.view import CaseView, FindingView, PublishingView


@dataclass
class Desk:
    """Cases by id, where their messages stand, and what people did, in order."""

    cases: dict[int, CaseView] = field(default_factory=dict)
    places: dict[tuple[str, str], int] = field(default_factory=dict)
    did: list[tuple[object, ...]] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    def view(self, case_id: int) -> CaseView | None:
        return self.cases.get(case_id)

    def case_at(self, channel: str, ts: str) -> int | None:
        return self.places.get((channel, ts))

    def claim(self, case_id: int, actor: str) -> Result:
        with self._lock:
            owner = self.cases[case_id].owner
            if owner not in (None, actor):
                return Refused("taken", str(owner))
            return self._did("claim", case_id, actor, owner=actor, state="acknowledged")

    def approve(self, case_id: int, actor: str, text: str, despite: str) -> Result:
        if "補償" in text and not despite:
            return Refused("guard_warning", "補償の約束は承認が必要です")
        on_its_way = PublishingView(text, "due", datetime(2026, 3, 2, 3, 5, tzinfo=UTC))
        return self._did("approve", case_id, actor, text, despite, publishing=on_its_way, state="answering")

    def undo(self, case_id: int, actor: str) -> Result:
        return self._did("undo", case_id, actor, publishing=None)

    def mark_posted(self, case_id: int, actor: str, text: str) -> Result:
        if "補償" in text:
            return Refused("blocked", "補償の約束は承認が必要です")
        return self._did("posted", case_id, actor, text, reply=text, state="answering")

    def escalate(self, case_id: int, actor: str) -> Result:
        return self._did("escalate", case_id, actor)

    def not_a_case(self, case_id: int, actor: str, reason: str, note: str) -> Result:
        return self._did("not_a_case", case_id, actor, reason, note, state="closed", outcome="not_a_case")

    def causes(self, language: str) -> Sequence[tuple[str, str]]:
        return [("people", "人" if language == "ja" else "People"), ("process", "手順")]

    def resolve(self, case_id: int, actor: str, done: str, cause: str, whys: Sequence[str]) -> Result:
        return self._did("resolve", case_id, actor, done, cause, list(whys), state="resolved")

    def check(self, case_id: int, text: str) -> Checked:
        found = (FindingView("promise", "block", "補償の約束はできません"),) if "補償" in text else ()
        return Checked(found, len(text), 350, "characters")

    def edit(self, case_id: int, actor: str, text: str) -> Result:
        return self._did("edit", case_id, actor, text, draft=text)

    def ask_approval(self, case_id: int, actor: str, text: str, question: str) -> Result:
        return self._did("ask_approval", case_id, actor, text, question)

    def decline(self, case_id: int, actor: str, reason: str) -> Result:
        return self._did("decline", case_id, actor, reason)

    def remedies(self, case_id: int, actor: str, language: str) -> Sequence[Remedy]:
        return [Remedy("朝食券", "2000", "JPY"), Remedy("一泊無料", "30000", "JPY", "authority")]

    def offer(self, case_id: int, actor: str, remedy: str, amount: str, currency: str) -> Result:
        return self._did("offer", case_id, actor, remedy, amount, currency)

    def decide_offer(self, case_id: int, actor: str, offer_id: int, approve: bool) -> Result:
        return self._did("decide_offer", case_id, actor, offer_id, approve)

    def redeem_offer(self, case_id: int, actor: str, offer_id: int) -> Result:
        return self._did("redeem_offer", case_id, actor, offer_id)

    def withdraw_offer(self, case_id: int, actor: str, offer_id: int) -> Result:
        return self._did("withdraw_offer", case_id, actor, offer_id)

    def add_task(
        self, case_id: int, actor: str, words: str, kind: str, assignee: str | None, due_at: datetime | None
    ) -> Result:
        return self._did("add_task", case_id, actor, words, kind, assignee, due_at)

    def finish_task(self, case_id: int, actor: str, task_id: int) -> Result:
        return self._did("finish_task", case_id, actor, task_id)

    def staff_note(self, case_id: int, actor: str, text: str) -> Result:
        return self._did("staff_note", case_id, actor, text)

    def start_checklist(self, case_id: int, actor: str) -> Result:
        return self._did("start_checklist", case_id, actor)

    def ask_why(self, case_id: int, actor: str, answers: Sequence[str]) -> Result:
        return self._did("ask_why", case_id, actor, list(answers))

    def progress(self, case_id: int, stage: str, until: datetime) -> str:
        return f"{stage}: {until:%m-%d}"

    def told_customer(self, case_id: int, actor: str, stage: str, text: str) -> Result:
        return self._did("told_customer", case_id, actor, stage, text)

    def asked_in_person(self, case_id: int, actor: str, text: str) -> Result:
        return self._did("asked_in_person", case_id, actor, text)

    def thanked(self, case_id: int, actor: str, text: str) -> Result:
        return self._did("thanked", case_id, actor, text)

    def merge(self, case_id: int, actor: str, into: str) -> Result:
        return self._did("merge", case_id, actor, into)

    def split(self, case_id: int, actor: str, reason: str) -> Result:
        return self._did("split", case_id, actor, reason)

    def link(self, case_id: int, actor: str, other: str, shown_by: str) -> Result:
        return self._did("link", case_id, actor, other, shown_by)

    def unlink(self, case_id: int, actor: str, link_id: int) -> Result:
        return self._did("unlink", case_id, actor, link_id)

    def report_entry(self, text: str, place: str | None, happened_at: datetime, actor: str, language: str) -> Result:
        self.did.append(("report_entry", text, place, happened_at, actor, language))
        return Done()

    def snooze(self, case_id: int, actor: str, until: datetime) -> Result:
        return self._did("snooze", case_id, actor, until)

    def note(self, case_id: int, actor: str, text: str, said_in: str | None = None) -> Result:
        return self._did("note", case_id, actor, text)

    def open_case(self, text: str, url: str | None, actor: str) -> Result:
        self.did.append(("open_case", text, url, actor))
        return Done(77)

    def mine(self, actor: str) -> Sequence[CaseView]:
        return [case for case in self.cases.values() if case.owner == actor]

    def due(self, limit: int) -> Sequence[CaseView]:
        return list(self.cases.values())[:limit]

    def search(self, words: str, limit: int) -> Sequence[CaseView]:
        return [case for case in self.cases.values() if words in case.text][:limit]

    def report(self) -> str:
        return "今週：3件 <解決 2件>"

    def why(self, ref: str) -> Sequence[str]:
        return [f"{ref}: social: first"]

    def silence(self, matchers: Sequence[str], until: datetime, reason: str, actor: str) -> Result:
        self.did.append(("silence", list(matchers), until, reason, actor))
        return Done()

    def _did(self, what: str, case_id: int, *said: object, **changed: object) -> Result:
        self.did.append((what, case_id, *said))
        self.cases[case_id] = replace(self.cases[case_id], **changed)  # type: ignore[arg-type]  # fields by name
        return Done()
