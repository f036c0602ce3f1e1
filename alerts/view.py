"""What a message about a case can show: plain data that `kintsugi/views/caseview.py` reads from the rows."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class ClockView:
    """One clock: acknowledge, first_response, resolution or follow_up."""

    name: str
    due_at: datetime
    met_at: datetime | None = None
    missed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class FindingView:
    """What the guard says about the draft. `level` is block or warn."""

    rule: str
    level: str
    why: str


@dataclass(frozen=True, slots=True)
class PublishingView:
    """An approved reply that is not live yet. `state`: due, claimed (on its way), given_up or unclear (parked)."""

    text: str
    state: str
    due_at: datetime
    error: str | None = None


@dataclass(frozen=True, slots=True)
class QuestionView:
    """Somebody asked for approval of the reply. `text` is what they wrote to it, perhaps nothing."""

    by: str  # person id
    by_name: str
    until: datetime
    text: str = ""


@dataclass(frozen=True, slots=True)
class OfferView:
    """A remedy for the customer. `state`: see storage.offer; asked waits for an approval."""

    offer_id: int
    remedy: str
    amount: str
    currency: str
    state: str
    by_name: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class TaskView:
    """Something to do. `kind`: step (of the playbook), process, staff or customer."""

    task_id: int
    kind: str
    text: str
    assignee: str | None = None  # their name
    due_at: datetime | None = None
    done: bool = False


@dataclass(frozen=True, slots=True)
class FollowUpView:
    """What a person owes the customer after the resolution. `kind`: lead (a lead asks in person) or thanks."""

    kind: str
    due_at: datetime
    done_at: datetime | None = None
    done_by: str | None = None  # their name
    text: str = ""  # a message for it; empty when it is done


@dataclass(frozen=True, slots=True)
class LinkView:
    """Another account that is shown to be the same person's."""

    link_id: int
    name: str
    source: str
    shown_by: str


@dataclass(frozen=True, slots=True)
class CaseView:
    """One case as a person should see it now.

    Texts of customers are raw here: `alerts.messages.masking.masked` and the escaping of each receiver are applied when
    a message is built, so that nothing depends on who filled the view. Absent is None or empty.
    """

    ref: str
    case_id: int
    severity: str = "none"
    state: str = "new"
    outcome: str | None = None
    opened_at: datetime | None = None
    brand: str = ""
    # What was said, and by whom.
    stars: float | None = None
    stars_before: float | None = None
    author: str | None = None
    author_history: int = 0  # earlier cases of the same author
    language: str = ""
    location: str | None = None
    source: str = ""
    source_kind: str = ""
    kind: str = "review"
    url: str | None = None
    copies: int = 0  # how often others repeated it
    reach: int = 0  # how many it reached, as far as sites tell, those of the copies included
    posted_at: datetime | None = None
    gone_at: datetime | None = None
    title: str | None = None
    text: str = ""
    evidence: str | None = None  # the deciding sentence
    topics: tuple[str, ...] = ()  # strongest first
    urgency: str = "normal"
    reasons: tuple[str, ...] = ()
    criteria: str = ""
    # Who works on it, until when.
    clocks: tuple[ClockView, ...] = ()
    waiting: str | None = None  # customer, approval, snoozed
    waiting_until: datetime | None = None
    owner: str | None = None  # person id (Slack user id)
    owner_name: str | None = None
    team: str | None = None
    known_causes: tuple[str, ...] = ()  # causes that earlier cases of this place and topic ended with
    # What to say.
    strategy: str | None = None
    strategy_why: str | None = None
    draft: str = ""  # empty: a person must write; the findings say why
    draft_language: str = ""
    alternatives: tuple[tuple[str, str], ...] = ()  # (tone, text)
    findings: tuple[FindingView, ...] = ()
    # How it will be published: manual, or the channel, with the time in which an approval can be taken back.
    channel: str = "manual"
    undo: timedelta = timedelta(0)
    publishing: PublishingView | None = None
    approved: str | None = None  # approved, and waits for somebody to post it by hand
    question: QuestionView | None = None
    # What is done besides the reply.
    offers: tuple[OfferView, ...] = ()
    tasks: tuple[TaskView, ...] = ()
    whys: tuple[str, ...] = ()  # answers so far
    whys_needed: int = 0  # before it can be resolved
    merged_into: str | None = None  # the case that this one is a part of
    parts: tuple[tuple[int, str], ...] = ()  # (case id, reference) of the cases merged into this one
    links: tuple[LinkView, ...] = ()
    # What was said, and what came of it.
    reply: str | None = None
    reply_at: datetime | None = None
    cause: str | None = None
    done: str | None = None
    follow_ups: tuple[FollowUpView, ...] = ()
    timeline: tuple[str, ...] = ()  # newest last, in words


def owes(view: CaseView, kind: str) -> FollowUpView | None:
    """The follow-up of this kind that is still to be done."""
    return next((one for one in view.follow_ups if one.kind == kind and one.done_at is None), None)


def view_digest(view: CaseView) -> str:
    """Digest of everything that the view shows: an equal one needs no edit."""
    body = json.dumps(asdict(view), sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(body.encode("utf-8", "surrogatepass")).hexdigest()
