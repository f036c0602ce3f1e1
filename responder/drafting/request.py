"""What a draft is asked for with: one mention, what is known of it, and the replies before it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from config.amount import Amount
from config.brand import BrandSettings
from responder.drafting.playbooks import Playbooks


@dataclass(frozen=True, slots=True)
class Recent:
    """An earlier reply on the same source: its text and the phrase ids of its draft."""

    text: str
    phrases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NamedThing:
    """A thing in the words of the text, which begins at `start` there: whether it was bad, and how sure that is."""

    text: str
    start: int
    bad: bool
    p: float


def named_things(known: Sequence[Mapping[str, Any]]) -> tuple[NamedThing, ...]:
    """The things of an assessment, as a draft is asked for with them."""
    return tuple(
        NamedThing(str(one["text"]), int(one["start"]), one["mood"] == "negative", float(one["p"])) for one in known
    )


@dataclass(frozen=True, slots=True)
class DraftRequest:
    """One mention with what is known of it.

    topics: names, strongest first; reasons: names from the assessment; evidence: the sentence that decided;
    things: what the text names as bad or good, those first that matter most; intent: what its writer wants, and how
    sure that is;
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
    things: tuple[NamedThing, ...] = ()
    intent: str | None = None
    intent_p: float = 0.0
    source_kind: str | None = None
    kind: str | None = None
    location: str | None = None
    recent: tuple[Recent, ...] = ()
    seed: int = 0
    author_history: int = 0
    recurring: bool = False
    customer_value: Amount | None = None
