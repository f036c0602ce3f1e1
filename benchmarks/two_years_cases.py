"""The cases of benchmarks/two_years.py: opened, answered, resolved and closed, as far as their time has come."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from benchmarks.two_years_rows import END, Rows
from storage.alert import Alert
from storage.case import Case, CaseClock
from storage.delivery import Delivery
from storage.draft import Draft, Reply
from storage.event import Event
from storage.follow_up import FollowUp
from storage.form_answer import FormAnswer
from storage.outcome import Outcome
from storage.task import Task

TEXT = "このたびは申し訳ございませんでした。" * 4
OUTCOMES = ("recovered", "improved", "unchanged", "lost")
CAUSES = ("process", "people", "facilities:shower", "supply", "outside", "unknown", "information")
Step = tuple[datetime, str, str, dict[str, Any]]  # when, the kind of event, the state after it, its data


@dataclass(frozen=True)
class Course:
    """How one case goes, to an end that may not have come yet."""

    opened: datetime
    taken: datetime
    answered: datetime
    resolved: datetime
    asked: datetime
    closed: datetime
    dismissed: bool
    outcome: str
    cause: str

    def steps(self, severity: str) -> list[Step]:
        """Its events up to END."""
        path: list[Step] = [
            (self.opened, "opened", "new", {"severity": severity, "criteria": "rating <= 2"}),
            (self.opened, "drafted", "new", {"playbook": "apology"}),
            (self.taken, "acknowledge", "acknowledged", {}),
        ]
        if self.dismissed:
            path.append((self.answered, "dismiss", "closed", {"reason": "not_negative"}))
        else:
            path += [
                (self.answered, "answer", "answering", {}),
                (self.answered, "posted", "answering", {"by": "manual"}),
                (self.resolved, "resolve", "resolved", {"cause": self.cause}),
                (self.asked, "follow_up", "following_up", {}),
                (self.closed, "outcome", "following_up", {"outcome": self.outcome}),
                (self.closed, "close", "closed", {}),
            ]
        return [step for step in path if step[0] < END]

    def clocks(self) -> tuple[tuple[str, datetime, datetime], ...]:
        """Name, due, met."""
        return (
            ("acknowledge", self.opened + timedelta(minutes=60), self.taken),
            ("first_response", self.opened + timedelta(hours=8), self.answered),
            ("resolution", self.opened + timedelta(days=5), self.resolved),
        )


class Cases:
    """Draws them, in the order in which they are opened."""

    def __init__(self, draw: random.Random, rows: Rows, key: bytes) -> None:
        self._draw, self._rows, self._key = draw, rows, key
        self._case = self._event = 0

    def open(
        self, mention: int, author: int, at: datetime, severity: str, topic: str, place: str | None, source: str,
        language: str,
    ) -> None:  # fmt: skip
        """A case with its clocks, draft, reply, events and end."""
        opened = at + timedelta(minutes=22)
        if opened >= END:
            return
        self._case += 1
        case, course = self._case, self._course(opened)
        gone = course.steps(severity)
        state, done = gone[-1][2], {name for _, name, _, _ in gone}
        labels = {"brand": "Hotel Sora", "source": source, "topic": topic, "severity": severity, "language": language}
        outcome = "not_a_case" if "dismiss" in done else course.outcome if "outcome" in done else None
        self._rows.add(
            Case, id=case, mention_id=mention, author_id=author, state=state, severity=severity, criteria="rating <= 2",
            labels=labels | ({"location": place} if place else {}), playbook="apology", strategy="apology",
            team="front", owner=None if state == "new" else self._draw.choice(("sato", "kim", "lee")),
            salt=f"{case:016x}", cause=course.cause if "resolve" in done else None,
            done="お詫びして返金した" if "resolve" in done else None, outcome=outcome, opened_at=opened,
            state_at=gone[-1][0],
        )  # fmt: skip
        self._events(case, gone)
        self._answer(case, course, state, language)
        if "posted" in done:
            self._rows.add(
                Reply, case_id=case, text=TEXT, channel="manual", approved_by="sato", approved_at=course.answered,
                posted_by="sato", posted_at=course.answered, salt=f"{case:016x}",
            )  # fmt: skip
        if "resolve" in done:
            self._aftermath(case, course, "follow_up" in done)
        if "outcome" in done:
            self._rows.add(
                Outcome, case_id=case, name=course.outcome, evidence={"kind": "rating"}, found_at=course.closed
            )

    def _course(self, opened: datetime) -> Course:
        draw = self._draw
        taken = opened + timedelta(minutes=draw.randrange(3, 240))
        answered = taken + timedelta(minutes=draw.randrange(10, 900))
        resolved = answered + timedelta(hours=draw.randrange(1, 150))
        return Course(
            opened, taken, answered, resolved, resolved + timedelta(days=3), resolved + timedelta(days=14),
            dismissed=draw.random() < 0.08, outcome=draw.choices(OUTCOMES, (20, 15, 55, 10))[0],
            cause=draw.choice(CAUSES),
        )  # fmt: skip

    def _answer(self, case: int, course: Course, state: str, language: str) -> None:
        """Its clocks, its draft, and who was told."""
        for name, due, met in course.clocks():
            self._rows.add(
                CaseClock, case_id=case, name=name, started_at=course.opened, due_at=due,
                met_at=met if met < END else None, missed_at=due if due < min(met, END) else None,
            )  # fmt: skip
        self._rows.add(
            Draft, case_id=case, number=1, language=language, text=TEXT, drafter="templates", made_at=course.opened,
            salt=f"{case:016x}",
        )  # fmt: skip
        self._rows.add(
            Alert, case_id=case, state="resolved" if state == "closed" else "firing", receivers=["social"],
            path=["social"], fired_at=course.opened, state_at=course.steps("none")[-1][0],
        )  # fmt: skip
        self._rows.add(
            Delivery, key=f"case:{case}:social", receiver="social", purpose="case_message", case_id=case, state="sent",
            payload={"case": case}, due_at=course.opened, made_at=course.opened, sent_at=course.opened,
        )  # fmt: skip

    def _aftermath(self, case: int, course: Course, followed: bool) -> None:
        draw, resolved = self._draw, course.resolved
        for days in (3, 14):
            due = resolved + timedelta(days=days)
            self._rows.add(FollowUp, case_id=case, kind="look", due_at=due, done_at=due if due < END else None)
        if draw.random() < 0.15:
            done = resolved + timedelta(days=draw.randrange(1, 30))
            self._rows.add(
                Task, case_id=case, kind="process", text="直す", salt="s", made_by="sato", made_at=resolved,
                due_at=resolved + timedelta(days=14), done_at=done if done < END else None,
            )  # fmt: skip
        if followed and draw.random() < 0.2:
            self._rows.add(
                FormAnswer, case_id=case, round=1, recovered=draw.choice(("yes", "yes", "partly", "no")),
                satisfaction=draw.randint(1, 5), nps=draw.randint(0, 10), comment="", salt="s", language="ja",
                at=course.asked,
            )  # fmt: skip

    def _events(self, case: int, path: list[Step]) -> None:
        before = ""
        for number, (at, kind, _, data) in enumerate(path, start=1):
            self._event += 1
            event = Event(
                case_id=case, number=number, kind=kind, actor="system" if number < 3 else "sato", at=at, data=data
            )
            before = event.expected_digest(self._key, before)
            self._rows.add(
                Event, id=self._event, case_id=case, number=number, kind=kind, actor=event.actor, at=at, data=data,
                digest=before,
            )  # fmt: skip
