"""The customer's own word on a recovery: a signed link to a short form, and what the answer changes.

A link names a case and the round of its resolution, ends at a moment, and is signed; nothing of it is stored. It works
once, because a round has one answer.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from config.settings import Settings
from responder.cases.clocks import meet_clock
from responder.cases.refused import Refused
from responder.cases.transitions import AFTER_RESOLVED, SYSTEM, move
from responder.outcome import outcomes
from responder.outcome.follow_ups import close_finished
from storage.case import Case, lock_case
from storage.event import Event, append_event, text_digest
from storage.form_answer import FormAnswer, answer_of_round

RECOVERED = ("yes", "partly", "no")
SATISFACTION = range(1, 6)
NPS = range(11)
LONGEST_COMMENT = 2000  # characters

# 5 bytes of case, 2 of round, 4 of seconds and 16 of signature: no bit of the 36 characters is without meaning.
_TOKEN = re.compile(r"[A-Za-z0-9_-]{36}")
_BODY = 11


@dataclass(frozen=True, slots=True)
class FormLink:
    """What a token says."""

    case_id: int
    round: int
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Said:
    """An answer as it was given."""

    recovered: str
    satisfaction: int | None = None
    nps: int | None = None
    comment: str = ""
    language: str = "ja"


def token_of(link: FormLink, key: bytes) -> str:
    """The token that stands in the address of the form."""
    body = (
        link.case_id.to_bytes(5)
        + link.round.to_bytes(2)
        + int(link.expires_at.timestamp()).to_bytes(4)
    )  # fmt: skip
    return base64.urlsafe_b64encode(body + _signature(body, key)).decode()


def read_token(token: str, key: bytes) -> FormLink | None:
    """What a token says; None: it was not signed with this key. Takes the same time wherever it differs."""
    if not _TOKEN.fullmatch(token):
        return None
    whole = base64.urlsafe_b64decode(token)
    body = whole[:_BODY]
    if not hmac.compare_digest(whole[_BODY:], _signature(body, key)):
        return None
    ends = datetime.fromtimestamp(int.from_bytes(body[7:]), UTC)
    return FormLink(int.from_bytes(body[:5]), int.from_bytes(body[5:7]), ends)


def link_to_form(session: Session, case: Case, at: datetime, settings: Settings) -> FormLink | Refused:
    """The link for the present round of a case. Refused where there is nothing to ask about, or no need."""
    round_ = round_of(session, case.id)
    if round_ == 0 or case.state not in AFTER_RESOLVED:
        return Refused("not_resolved", f"{case.ref} is {case.state}: the customer is asked when it is resolved")
    if not case.salt:
        return Refused("erased", f"the author of {case.ref} was erased and is asked nothing")
    if answer_of_round(session, case.id, round_) is not None:
        return Refused("answered", f"the customer of {case.ref} has answered already")
    return FormLink(case.id, round_, (at + settings.follow_up.link_expires).replace(microsecond=0))


def why_closed(session: Session, link: FormLink, at: datetime) -> str | None:
    """Why a signed link takes no answer: `answered`, or `expired` (too late, asked anew, or erased). None: it does."""
    if answer_of_round(session, link.case_id, link.round) is not None:
        return "answered"
    case = session.get(Case, link.case_id)
    if case is None or not case.salt or link.expires_at <= at or round_of(session, case.id) != link.round:
        return "expired"
    return None


def record_answer(
    session: Session, link: FormLink, said: Said, at: datetime, settings: Settings
) -> FormAnswer | Refused:
    """Keeps an answer with its event, and what it says about the outcome. Refused where `why_closed` says so.

    What is out of range raises ValueError: the form checks it first.
    """
    if said.recovered not in RECOVERED or len(said.comment) > LONGEST_COMMENT:
        raise ValueError(f"no answer of the form: {said.recovered!r}, {len(said.comment)} characters")
    if said.satisfaction not in (None, *SATISFACTION) or said.nps not in (None, *NPS):
        raise ValueError(f"no answer of the form: satisfaction {said.satisfaction}, NPS {said.nps}")
    case = session.get(Case, link.case_id)
    if case is not None:
        lock_case(session, case)
    closed = why_closed(session, link, at)
    if closed is not None or case is None:
        return Refused(closed or "expired", "this link takes no answer any more")
    answer = FormAnswer(
        case_id=case.id, round=link.round, recovered=said.recovered, satisfaction=said.satisfaction, nps=said.nps,
        comment=said.comment.strip(), salt=secrets.token_hex(8), language=said.language, at=at,
    )  # fmt: skip
    session.add(answer)
    session.flush()
    _tell(session, answer, at)
    meet_clock(session, case, "follow_up", at)
    move(session, case, "follow_up", actor=SYSTEM, at=at)
    outcomes.from_form(session, case, answer, at, settings)
    close_finished(session, at, case)
    return answer


def round_of(session: Session, case_id: int) -> int:
    """How often the case was resolved."""
    resolved = select(func.count()).select_from(Event).where(Event.case_id == case_id, Event.kind == "resolve")
    return session.scalar(resolved) or 0


def form_key(secret: bytes) -> bytes:
    """The key of the links, made of the installation's secret: knowing one does not give the other."""
    return hmac.new(secret, b"form links", hashlib.sha256).digest()


def _signature(body: bytes, key: bytes) -> bytes:
    return hmac.new(key, b"feedback" + body, hashlib.sha256).digest()[:16]


def _tell(session: Session, answer: FormAnswer, at: datetime) -> None:
    data = {
        "answer": answer.id,
        "recovered": answer.recovered,
        "satisfaction": answer.satisfaction,
        "nps": answer.nps,
        "comment": text_digest(answer.comment, answer.salt) if answer.comment else None,
    }
    append_event(session, answer.case_id, "form_answered", actor=SYSTEM, at=at, data=data)
