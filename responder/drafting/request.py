"""What a draft is asked for with: one mention, what is known of it, and the replies before it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypedDict

from config.amount import Amount
from config.brand import BrandSettings
from responder.drafting.playbooks import Playbooks


@dataclass(frozen=True, slots=True)
class Recent:
    """An earlier reply on the same source: its text and the phrase ids of its draft."""

    text: str
    phrases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Heard:
    """Words of the text, which begin at `start` there: whether they tell something bad, and how sure that is."""

    text: str
    start: int
    bad: bool
    p: float


class HeardFields(TypedDict):
    """What a `DraftRequest` is told of a text beyond its sentiment, topics and severity."""

    things: tuple[Heard, ...]
    statements: tuple[Heard, ...]
    intent: str | None
    intent_p: float
    next_step: str | None
    next_step_p: float


def heard_fields(known: Mapping[str, Any]) -> HeardFields:
    """Those fields from the shape of an assessment; a model that does not tell something leaves its key out or None."""
    intent, step = known.get("intent") or {}, known.get("next_step") or {}
    return HeardFields(
        things=_heard(known.get("things") or ()),
        statements=_heard(known.get("statements") or ()),
        intent=intent.get("label"),
        intent_p=float(intent.get("p", 0.0)),
        next_step=step.get("label"),
        next_step_p=float(step.get("p", 0.0)),
    )


def _heard(spans: Sequence[Mapping[str, Any]]) -> tuple[Heard, ...]:
    return tuple(
        Heard(str(one["text"]), int(one["start"]), one["mood"] == "negative", float(one["p"])) for one in spans
    )


@dataclass(frozen=True, slots=True)
class DraftRequest:
    """One mention with what is known of it.

    topics: names, strongest first; reasons: names from the assessment; evidence: the sentence that decided;
    things: what the text names as bad or good, and statements: the clauses that tell a failure or praise something,
    those first that matter most; intent: what its writer wants, and next_step: what they need of us, and how sure
    that is;
    recent: the last 50 replies on this source, newest first; seed: any number, for planned variation;
    author_history: earlier failures of the same author; recurring: the cause was known before; customer_value: what a
    customer is worth by the operator's own figures.
    """

    text: str
    brand: BrandSettings
    playbooks: Playbooks
    rating: float | None = None
    author: str | None = None
    language: str = "ja"
    sentiment: str = "negative"
    topics: tuple[str, ...] = ()
    severity: str = "minor"
    reasons: tuple[str, ...] = ()
    evidence: str | None = None
    things: tuple[Heard, ...] = ()
    statements: tuple[Heard, ...] = ()
    intent: str | None = None
    intent_p: float = 0.0
    next_step: str | None = None
    next_step_p: float = 0.0
    source_kind: str | None = None
    kind: str | None = None
    location: str | None = None
    recent: tuple[Recent, ...] = ()
    seed: int = 0
    author_history: int = 0
    recurring: bool = False
    customer_value: Amount | None = None
