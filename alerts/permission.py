"""Who may do what: one table, asked on every action, so that an old, replayed or forged button can do no more than its
presser. Slack, the command line and the pages ask it alike; money is decided besides by responder.answering.authority.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from alerts.view import CaseView
from config.people import RANKS, Rank
from config.settings import Settings

Action = Literal[
    "read", "note", "escalate", "open_case", "report",
    "claim", "edit", "ask_approval", "approve", "decline", "undo", "posted",
    "not_a_case", "resolve", "snooze", "reopen", "relabel",
    "offer", "decide_offer", "redeem_offer", "withdraw_offer", "delegate",
    "task", "finish_task", "staff", "checklist", "whys", "progress", "asked_in_person", "thanked",
    "merge", "split", "link", "unlink",
    "take_down", "silence",
]  # fmt: skip
ACTIONS: tuple[Action, ...] = get_args(Action)


@dataclass(frozen=True, slots=True)
class Rule:
    """The least rank. `anywhere`: on cases of other teams too, which otherwise needs a lead."""

    least: Rank
    anywhere: bool = False


_OWN_TEAM = Rule("agent")
RULES: dict[Action, Rule] = {
    **dict.fromkeys(ACTIONS, _OWN_TEAM),
    "read": Rule("viewer", anywhere=True),
    "note": Rule("agent", anywhere=True),
    "escalate": Rule("agent", anywhere=True),
    "open_case": Rule("agent", anywhere=True),
    "report": Rule("agent", anywhere=True),
    # Whoever stands in for somebody absent is perhaps an agent: responder.answering.authority knows whose limits count.
    "decide_offer": Rule("agent", anywhere=True),
    "delegate": Rule("agent", anywhere=True),
    "take_down": Rule("lead"),
    "asked_in_person": Rule("lead"),
    "silence": Rule("lead", anywhere=True),
}
# Where nobody among the people is a lead, so that nothing stays undone for ever.
WITHOUT_A_LEAD: dict[Action, Rule] = {"silence": Rule("agent", anywhere=True), "asked_in_person": _OWN_TEAM}


@dataclass(frozen=True, slots=True)
class Allowed:
    """The person may."""


@dataclass(frozen=True, slots=True)
class Denied:
    """The person may not: unknown_person, not_your_team, needs_a_lead, needs_role, no_such_case."""

    reason: str
    detail: str = ""


def permission(action: Action, person_id: str, view: CaseView | None, settings: Settings) -> Allowed | Denied:
    """Whether a person may do something to a case (None: the action concerns no case).

    People work on cases of their own team, on their own ones and on cases of no team; leads and above on all.
    Silencing, and asking a customer in person, need a lead where there is one.
    """
    rank = settings.rank_of(person_id)
    if rank is None:
        return Denied("unknown_person", person_id)
    rule = RULES[action]
    if action in WITHOUT_A_LEAD and not any(
        at_least(settings.rank_of(one) or "viewer", "lead") for one in settings.people
    ):
        rule = WITHOUT_A_LEAD[action]
    if not at_least(rank, rule.least):
        return Denied("needs_a_lead") if rule.least == "lead" else Denied("needs_role", rule.least)
    if rule.anywhere or at_least(rank, "lead"):
        return Allowed()
    if view is None:
        return Denied("no_such_case")
    if view.owner == person_id or view.team is None or view.team == settings.people[person_id].team:
        return Allowed()
    return Denied("not_your_team", view.team)


def at_least(rank: Rank, least: Rank) -> bool:
    """Whether a rank is this one or above it."""
    return RANKS.index(rank) >= RANKS.index(least)
