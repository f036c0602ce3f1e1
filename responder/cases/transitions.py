"""The one transition table, and the only door to `case.state`.

Every move writes an event in the caller's transaction. A move that does not fit the present state is refused with a
named reason and changes nothing, so that a stale press in Slack is harmless.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy.orm import Session

from config.settings import Settings
from responder.cases.causes import is_cause
from responder.cases.clocks import meet_clock, start_clock
from responder.cases.plan import cancel_follow_ups, plan_follow_ups
from responder.cases.refused import Refused
from responder.cases.waits import stop_waiting
from storage.case import OPEN_STATES, Case, lock_case
from storage.event import Event, append_event, text_digest
from storage.listing import list_mentions
from storage.note import write_note
from storage.outcome import record_outcome

SYSTEM = "system"
MAX_WORDS = 4000  # characters of what a person writes into one field


@dataclass(frozen=True)
class Move:
    """One line of the table. `needs` names what the caller must hand over; `by` says who may."""

    name: str
    sources: tuple[str, ...]
    target: str
    by: Literal["person", "system", "anyone"] = "anyone"
    needs: tuple[str, ...] = ()


BEFORE_RESOLVED = ("new", "acknowledged", "investigating", "answering")
AFTER_RESOLVED = ("resolved", "following_up", "closed")
STARTS_CLOCKS = ("resolve", "reopen", "release")

MOVES: dict[str, Move] = {
    move.name: move
    for move in (
        Move("acknowledge", ("new",), "acknowledged", by="person"),
        Move("release", ("acknowledged",), "new", by="system"),
        Move("investigate", ("new", "acknowledged", "answering"), "investigating", by="person"),
        Move("answer", ("new", "acknowledged", "investigating"), "answering"),
        Move("resolve", ("acknowledged", "investigating", "answering"), "resolved", "person", ("done", "cause")),
        Move("follow_up", ("resolved",), "following_up"),
        Move("close", ("resolved", "following_up"), "closed"),
        Move("dismiss", OPEN_STATES, "closed", by="person", needs=("reason",)),
        Move("withdraw", OPEN_STATES, "closed", by="system"),
        Move("thank", ("answering",), "closed", by="system"),
        Move("merge", BEFORE_RESOLVED, "closed", by="person", needs=("into",)),
        Move("reopen", AFTER_RESOLVED, "investigating", needs=("reason",)),
    )
}


@dataclass(frozen=True)
class Moved:
    """The move was made."""

    name: str
    before: str
    after: str
    event: Event


def move(
    session: Session,
    case: Case,
    name: str,
    *,
    actor: str,
    at: datetime,
    settings: Settings | None = None,
    **data: Any,
) -> Moved | Refused:
    """Makes one move of the table, with all that belongs to it: clocks, follow-ups, the end of a wait, the event.

    `resolve` takes `done` (what was done for the customer) and `cause` (see responder.cases.causes); `dismiss` and
    `reopen` take `reason`; `merge` takes `into`, a case id (responder.cases.merging). `release` takes the owner away.
    `resolve`, `reopen` and `release` start clocks and need `settings`.
    An unknown name raises ValueError.
    """
    if name not in MOVES:
        raise ValueError(f"{name!r} is no move: use one of {', '.join(MOVES)}")
    wanted = MOVES[name]
    lock_case(session, case)
    refused = _refusal(case, wanted, actor, data)
    if refused is not None:
        return refused
    if name in STARTS_CLOCKS and settings is None:
        raise ValueError(f"{name} starts clocks: hand over the settings")
    before = case.state
    case.state, case.state_at = wanted.target, at
    told = _take_in(session, case, name, actor, at, data)
    event = append_event(session, case.id, name, actor=actor, at=at, data={"from": before, "to": wanted.target, **told})
    _follow_through(session, case, wanted, actor, at, settings)
    return Moved(name, before, wanted.target, event)


def possible(case: Case, actor: str) -> list[str]:
    """The names of the moves that fit the present state for this actor, in the order of the table."""
    return [name for name, wanted in MOVES.items() if _misplaced(case, wanted, actor) is None]


def _misplaced(case: Case, wanted: Move, actor: str) -> Refused | None:
    if case.state == wanted.target and case.state not in wanted.sources:
        return Refused("already", f"{case.ref} is {case.state} already")
    if case.state not in wanted.sources:
        return Refused("wrong_state", f"{case.ref} is {case.state}: {wanted.name} is not possible from there")
    if wanted.name == "reopen" and case.merged_into is not None:
        return Refused("merged", f"{case.ref} is part of K-{case.merged_into}: split it first")
    if (wanted.by == "person") == (actor == SYSTEM) and wanted.by != "anyone":
        return Refused(
            "not_yours", f"{wanted.name} is made by {'a person' if wanted.by == 'person' else 'the service'}"
        )
    return None


def _refusal(case: Case, wanted: Move, actor: str, data: dict[str, Any]) -> Refused | None:
    misplaced = _misplaced(case, wanted, actor)
    if misplaced is not None:
        return misplaced
    for need in wanted.needs:
        value = data.get(need)
        if value is None or not str(value).strip():
            return Refused(f"needs_{need}", f"{wanted.name} needs {need}: say it in a few words")
        if len(str(value)) > MAX_WORDS:
            return Refused("too_long", f"{need} has {len(str(value))} characters: at most {MAX_WORDS} are kept")
    if "cause" in wanted.needs and not is_cause(str(data["cause"])):
        return Refused("unknown_cause", f"{data['cause']!r} is no cause: see `kintsugi cases causes`")
    if wanted.name in ("close", "withdraw", "thank") and case.outcome is None:
        return Refused("needs_outcome", f"{case.ref} has no outcome yet: it closes when one is known")
    return None


def _take_in(session: Session, case: Case, name: str, actor: str, at: datetime, data: dict[str, Any]) -> dict[str, Any]:
    """Keeps what came with the move, and returns what its event may tell of it: names and digests, no text."""
    told: dict[str, Any] = {}
    if name == "acknowledge" or (name in ("investigate", "reopen") and case.owner is None and actor != SYSTEM):
        case.owner = actor
        told["owner"] = actor
    if name == "release":
        told["owner"], case.owner = case.owner, None
    if name == "resolve":
        case.done, case.cause = str(data["done"]).strip(), str(data["cause"])
        list_mentions(session, [case.mention_id], words=False)
        told |= {"cause": case.cause, "done": text_digest(case.done, case.salt)}
    if name == "merge":
        case.merged_into = data["into"]
        told["into"] = data["into"]
    if name == "reopen":
        # The next round earns its own outcome. A customer who was lost stays lost until there is evidence.
        told["outcome"] = case.outcome
        case.outcome = "lost" if case.outcome == "lost" else None
    if "reason" in MOVES[name].needs:
        told["note"] = write_note(session, case.id, str(data["reason"]), kind="reason", actor=actor, at=at).id
    return told


def _follow_through(
    session: Session, case: Case, wanted: Move, actor: str, at: datetime, settings: Settings | None
) -> None:
    """What belongs to having arrived: waits ended, clocks met or started, dates planned, an outcome found."""
    if wanted.name == "release" and settings is not None:
        start_clock(session, case, "acknowledge", at, settings)
    elif wanted.name != "withdraw":
        meet_clock(session, case, "acknowledge", at)
    if wanted.target in ("resolved", "closed"):
        stop_waiting(session, case, actor=actor, at=at, settings=settings)
    if wanted.target == "closed" or wanted.name == "reopen":
        cancel_follow_ups(session, case, at)
    if wanted.name == "resolve" and settings is not None:
        meet_clock(session, case, "resolution", at)
        start_clock(session, case, "follow_up", at, settings)
        plan_follow_ups(session, case, at, settings)
    if wanted.name == "reopen" and settings is not None:
        start_clock(session, case, "resolution", at, settings)
    if wanted.name == "dismiss":
        record_outcome(session, case, "not_a_case", {"kind": "dismissed", "by": actor}, actor=actor, at=at)
