"""Who looks at a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from storage.account import ROLES

if TYPE_CHECKING:
    from config.settings import Settings
    from storage.account import Account


@dataclass(frozen=True, slots=True)
class Viewer:
    """A signed-in person. `actor` is the name under which events tell what they do."""

    account_id: int
    name: str
    actor: str
    role: str
    team: str | None = None
    language: str | None = None
    session: str = ""  # digest of the session

    def may(self, least: str) -> bool:
        """Whether the role is at least this one."""
        return ROLES.index(self.role) >= ROLES.index(least)


def viewer_of(account: Account, settings: Settings, session: str = "") -> Viewer:
    """The viewer behind an account. A person under `people` appears by the name that stands there."""
    person = settings.people.get(account.person or "")
    return Viewer(
        account_id=account.id,
        name=person.name if person else account.name,
        actor=account.actor,
        role=account.role,
        team=person.team if person else None,
        language=account.language,
        session=session,
    )


def why_not_on(viewer: Viewer, case: Any) -> str | None:
    """Why this person may not work on a case (`not_your_role`, `not_your_team`); None: they may.

    As in Slack: agents work on cases of their own team and of no team, leads on all (`alerts.permission`).
    """
    if not viewer.may("agent"):
        return "not_your_role"
    if viewer.may("lead") or case.owner == viewer.actor or case.team in (None, viewer.team):
        return None
    return "not_your_team"
