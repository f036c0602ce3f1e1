"""Who may do what. Asked on every action, so that an old, replayed or forged button can do no more than its presser."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from alerts.view import CaseView
from config.people import Person
from config.settings import Settings

Action = Literal[
    "claim",
    "approve",
    "undo",
    "posted",
    "escalate",
    "not_a_case",
    "resolve",
    "snooze",
    "note",
    "open_case",
    "silence",
    "read",
]
# Whoever is in `people` may do these to any case.
_FOR_ALL: frozenset[str] = frozenset(("escalate", "note", "open_case", "read"))


@dataclass(frozen=True, slots=True)
class Allowed:
    """The person may."""


@dataclass(frozen=True, slots=True)
class Denied:
    """The person may not: unknown_person, not_your_team, needs_a_lead, no_such_case."""

    reason: str
    detail: str = ""


def permission(action: Action, person_id: str, view: CaseView | None, settings: Settings) -> Allowed | Denied:
    """Whether a person may do something to a case (None: the action concerns no case).

    People work on cases of their own team and on cases of no team; leads (roles that approve) on all. Silencing
    needs a lead where there is one.
    """
    person = settings.people.get(person_id)
    if person is None:
        return Denied("unknown_person", person_id)
    if action in _FOR_ALL or _leads(person, settings):
        return Allowed()
    if action == "silence":
        someone_leads = any(_leads(other, settings) for other in settings.people.values())
        return Denied("needs_a_lead") if someone_leads else Allowed()
    if view is None:
        return Denied("no_such_case")
    if view.owner == person_id or view.team is None or view.team == person.team:
        return Allowed()
    return Denied("not_your_team", view.team)


def _leads(person: Person, settings: Settings) -> bool:
    role = settings.roles.get(person.role)
    return role is not None and role.approves
