"""Causes: the taxonomy under which a resolved case is filed, so that causes can be counted (Pareto, fishbone)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from responder.cases.refused import Refused
from storage.case import Case
from storage.listing import Listing
from storage.note import Note, notes_of, write_note

WHYS = 5
LONGEST_WHY = 1000  # characters
ALIKE = 300  # complaints of the same place and topic that are looked at
RECURS = 2  # cases that ended with a cause before it counts as known
_DETAIL = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")


@dataclass(frozen=True)
class Cause:
    """One branch of the fishbone, with its name in both languages."""

    name: str
    en: str
    ja: str


CAUSES: dict[str, Cause] = {
    cause.name: cause
    for cause in (
        Cause("process", "Process: how the work is organised", "業務の手順"),
        Cause("people", "People: skill, attention, staffing", "人（技能・配慮・人員）"),
        Cause("system", "System: software and equipment", "システム・機器"),
        Cause("facilities", "Facilities: rooms, buildings, places", "施設・設備"),
        Cause("product", "Product: what was sold", "商品・サービスそのもの"),
        Cause("information", "Information: what we said or failed to say", "案内・情報"),
        Cause("policy", "Policy: a rule of ours", "社内の規則・方針"),
        Cause("supply", "Supply: stock, material, shortage", "在庫・仕入れ"),
        Cause("third_party", "Third party: supplier, carrier, partner", "取引先・外部業者"),
        Cause("outside", "Outside: weather, outage, event", "外的要因（天候・障害など）"),
        Cause("expectation", "Expectation: it worked, but another thing was expected", "期待との相違"),
        Cause("unknown", "Unknown after investigation", "調査しても不明"),
    )
}


def is_cause(text: str) -> bool:
    """Whether this is a cause: a name of the taxonomy, alone or with a detail (`process:room-assignment`)."""
    name, colon, detail = text.partition(":")
    return name in CAUSES and (not colon or _DETAIL.fullmatch(detail) is not None)


def known_causes(session: Session, case: Case) -> list[tuple[str, int]]:
    """What earlier cases about the last complaints of this place and topic ended with: at most three, the most
    frequent first, each with its count.
    """
    same = (
        select(Listing.mention_id)
        .where(Listing.sentiment == "negative")
        .where(Listing.topic == case.labels.get("topic"), Listing.location == case.labels.get("location"))
        .order_by(Listing.hour.desc())
        .limit(ALIKE)
    )
    causes = session.scalars(
        select(Case.cause)
        .where(Case.mention_id.in_(same), Case.cause.is_not(None), Case.id < case.id)
        .order_by(Case.id.desc())
    )
    return [(cause, count) for cause, count in Counter(causes).most_common(3) if cause]


def recurs(session: Session, case: Case) -> bool:
    """Whether the failure could have been foreseen: a cause of ours ended cases of this kind before."""
    ours = [one for one in CAUSES if one not in ("unknown", "outside", "expectation")]
    return any(
        count >= RECURS and cause.partition(":")[0] in ours for cause, count in known_causes(session, case)
    )  # fmt: skip


def ask_why(session: Session, case: Case, answer: str, *, actor: str, at: datetime) -> Note | Refused:
    """Writes down the next of the five whys: why did that happen? The last answer is the cause to remove."""
    asked = len(whys_of(session, case))
    if asked >= WHYS:
        return Refused("enough", f"{case.ref} has its five whys: name the cause")
    if not answer.strip() or len(answer) > LONGEST_WHY:
        return Refused("needs_answer", f"answer in at most {LONGEST_WHY} characters")
    return write_note(session, case.id, answer, kind="why", actor=actor, at=at)


def whys_of(session: Session, case: Case) -> Sequence[str]:
    """The answers so far, the first why first."""
    return [note.text for note in notes_of(session, case.id, "why")]
