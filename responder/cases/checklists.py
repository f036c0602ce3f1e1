"""Checklists: the steps of a playbook become tasks of the case; its remedies are shown with who may offer them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from config.settings import Settings
from responder.answering.authority import house_limit, personal_limit
from responder.cases.tasks import add_task
from responder.drafting.playbooks import Playbook, Tongue
from storage.case import Case
from storage.task import Task, tasks_of


@dataclass(frozen=True)
class OfferableRemedy:
    """One remedy of the playbook. `limit` is None where this person may offer it now, else the limit's name.

    `authority` and `per_month` can be asked for; `case_limit`, `budget` and `no_rate` cannot.
    """

    name: str
    amount: str
    currency: str
    limit: str | None


def start_checklist(
    session: Session, case: Case, playbook: Playbook, language: Tongue, *, actor: str, at: datetime
) -> list[Task]:
    """The steps of the playbook as tasks, in their order; those of an earlier call where it was started before."""
    known = [task for task in tasks_of(session, case.id) if task.kind == "step"]
    if known:
        return known
    tasks = [
        add_task(session, case, step, kind="step", assignee=case.owner, actor=actor, at=at)
        for step in playbook.steps[language]
    ]
    return [task for task in tasks if isinstance(task, Task)]


def remedies_for(
    session: Session, case: Case, playbook: Playbook, language: Tongue, *, actor: str, at: datetime, settings: Settings
) -> list[OfferableRemedy]:
    """What the playbook suggests to offer, the cheapest first, with the limit that stands against it."""
    team = case.team or (settings.people[actor].team if actor in settings.people else None)
    found = []
    for remedy in sorted(playbook.remedies, key=lambda one: one.cost.amount):
        limit = house_limit(session, case, team, remedy.cost, at, settings)
        limit = limit or personal_limit(session, case, actor, remedy.cost, at, settings)
        amount = format(remedy.cost.amount, "f")
        found.append(
            OfferableRemedy(remedy.name[language], amount, remedy.cost.currency, limit.reason if limit else None)
        )
    return found
