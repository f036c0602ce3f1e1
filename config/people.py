"""Teams, people and roles; who is given a new case, and who is told next when nobody takes it."""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

from config.amount import Amount
from config.clocks import BusinessHours
from config.duration import Duration
from config.section import Section

Rank = Literal["viewer", "agent", "lead", "approver", "admin"]
RANKS: tuple[Rank, ...] = ("viewer", "agent", "lead", "approver", "admin")  # each may what those before it may


class EscalationStep(Section):
    """After how much business time without an owner who is told: exactly one of the three."""

    after: Duration
    person: str | None = None
    receiver: str | None = None
    on_call: str | None = None  # a team with an on-call calendar

    @model_validator(mode="after")
    def _exactly_one(self) -> EscalationStep:
        if len([one for one in (self.person, self.receiver, self.on_call) if one]) != 1:
            raise ValueError("an escalation step tells exactly one of person, receiver, on_call")
        return self

    @property
    def tell(self) -> str:
        """`person:U…`, `receiver:quality` or `on_call:front-desk`."""
        if self.person:
            return f"person:{self.person}"
        return f"receiver:{self.receiver}" if self.receiver else f"on_call:{self.on_call}"


class Team(Section):
    """A team; also a receiver of its name (its channel)."""

    channel: str | None = None
    # How a new case finds its owner: people take it themselves, in turn, or who has the fewest open cases.
    assign: Literal["claim", "round_robin", "least_loaded"] = "claim"
    # The team's on-call calendar: an https address or a file (iCalendar). An event's title or attendee is the person.
    on_call: str | None = None
    # Who is told next; without it, the plan under `escalation`.
    escalation: list[EscalationStep] | None = None
    # The team's own hours, in which waits of its escalation count; without them, those under `clocks`.
    business_hours: BusinessHours | None = None
    # How much the team may offer in a calendar month, all people and approvals together. null: no such limit.
    budget: Amount | None = None


class Person(Section):
    """A person, keyed by Slack user id."""

    name: str
    team: str | None = None
    role: str = "agent"
    languages: list[str] = []
    locations: list[str] = []
    email: str | None = None
    # Names of time_intervals in which this person works; none: always.
    works: list[str] = []


class Role(Section):
    """What a role may offer without approval, and whether it approves for others.

    `authority` is for one case, all that was offered in it together, so that slices count as the whole. `per_month` is
    for one person in a calendar month; null: no such limit. `rank` is what else the role may do (RANKS): without it
    that of its name, else lead where it approves, else agent.
    """

    authority: Amount
    per_month: Amount | None = None
    approves: bool = False
    rank: Rank | None = None


def rank_of_role(name: str, role: Role) -> Rank:
    """The rank of a role of this name."""
    if role.rank is not None:
        return role.rank
    own: Rank = next((rank for rank in RANKS if rank == name), "agent")
    return "lead" if role.approves and RANKS.index(own) < RANKS.index("lead") else own
