"""Teams, people and roles."""

from __future__ import annotations

from config.amount import Amount
from config.section import Section


class Team(Section):
    """A team; also a receiver of its name (its channel)."""

    channel: str | None = None


class Person(Section):
    """A person, keyed by Slack user id."""

    name: str
    team: str | None = None
    role: str = "agent"
    languages: list[str] = []


class Role(Section):
    """What a role may offer without approval, and whether it approves for others."""

    authority: Amount
    approves: bool = False
