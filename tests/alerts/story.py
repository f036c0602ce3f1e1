"""Cases in a database without crawling them, and what was told about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from alerts.notify import refresh, route_cases
from alerts.routing.flush import flush_due
from alerts.routing.tree import RouteTree, route_tree
from config.settings import Settings, settings_from
from storage.case import Case
from storage.delivery import Delivery
from storage.event import append_event
from storage.group import verdicts_of
from storage.mention import Mention
from storage.source import source_by_key
from tests.alerts.conftest import NOON


@dataclass
class Story:
    """One session, one configuration, a clock."""

    session: Session
    written: Mapping[str, Any] = field(default_factory=dict)
    at: datetime = NOON

    def __post_init__(self) -> None:
        base: dict[str, Any] = {"brand": {"name": "ホテルさくら"}}
        self.settings: Settings = settings_from({**base, **self.written})
        self.tree: RouteTree = route_tree(self.settings.route, self.settings.time_intervals)

    def later(self, **by: float) -> datetime:
        self.at += timedelta(**by)
        return self.at

    def case(self, severity: str = "minor", **labels: str) -> Case:
        """A case that was just opened."""
        source = source_by_key(self.session, "maps", "file")
        number = len(self.session.scalars(select(Mention.id)).all())
        mention = Mention(
            source_id=source.id, external_id=str(number), kind="review", reach={}, digest="", first_seen_at=self.at
        )
        self.session.add(mention)
        self.session.flush()
        found = {"brand": "ホテルさくら", "location": "浅草", "topic": "staff", "severity": severity, **labels}
        case = Case(
            mention_id=mention.id, severity=severity, criteria="rating <= 2", labels=found, state="new",
            opened_at=self.at, state_at=self.at, author_history=0,
        )  # fmt: skip
        self.session.add(case)
        self.session.flush()
        append_event(self.session, case.id, "opened", actor="system", at=self.at)
        return case

    def open(self, severity: str = "minor", **labels: str) -> Case:
        """A case that was just opened and routed."""
        case = self.case(severity, **labels)
        self.route(case)
        return case

    def route(self, *cases: Case) -> list[int]:
        return route_cases(self.session, cases, self.tree, self.settings, self.at)

    def tick(self, **by: float) -> list[Delivery]:
        """Time passes, groups are flushed; what was made."""
        self.later(**by)
        made = flush_due(self.session, self.tree, self.settings, self.at)
        return [self.session.get_one(Delivery, one) for one in made]

    def move(self, case: Case, state: str, owner: str | None = None) -> list[Delivery]:
        """The case moves on and its messages follow."""
        case.state, case.owner, case.state_at = state, owner or case.owner, self.at
        append_event(self.session, case.id, "moved", actor="system", at=self.at, data={"to": state})
        made = refresh(self.session, case, self.at, self.settings)
        return [self.session.get_one(Delivery, one) for one in made]

    def told(self) -> list[tuple[str, str]]:
        """(purpose, receiver) of everything made so far, in order."""
        rows = self.session.scalars(select(Delivery).order_by(Delivery.id))
        return [(row.purpose, row.receiver) for row in rows]

    def reasons(self, case: Case) -> list[str]:
        return [verdict.reason for verdict in verdicts_of(self.session, case.id)]
