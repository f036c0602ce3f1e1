"""Outcomes: how a recovery ended, from what the customer did, never from our own opinion.

Every finding names its evidence, and the evidence is rows: the revision that changed, the reply that came before it.
A later finding replaces an earlier one with an event. Nothing that a review did before our reply counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from config.settings import Settings
from responder.cases.clocks import clock_of
from responder.cases.transitions import AFTER_RESOLVED, SYSTEM, move
from storage.assessment import assessment_of, severity_rank
from storage.case import Case, case_of_mention
from storage.draft import Reply, live_reply
from storage.event import Event, append_event
from storage.form_answer import FormAnswer
from storage.link import AuthorLink, linked_authors
from storage.mention import Revision, latest_revision
from storage.outcome import Outcome, record_outcome

GOOD = 4.0  # stars from which a customer counts as recovered
RETURNED_WITHIN = timedelta(days=90)  # what is said later says nothing about this recovery
Finding = tuple[str, dict[str, Any]]


def from_revision(session: Session, revision_id: int, at: datetime, settings: Settings) -> Outcome | None:
    """What an edited review says about its case. None: nothing new, or nothing that followed our reply.

    A rating up is `improved`, or `recovered` at four stars and more when the text is no longer negative. A rating or
    a mood that went down is `lost`, and a case that was thought done is open again.
    """
    revision = session.get_one(Revision, revision_id)
    case = case_of_mention(session, revision.mention_id)
    if case is None or revision.number == 1 or case.outcome == "not_a_case":
        return None
    _tell(session, case, revision, at)
    if case.merged_into is not None:
        return None
    reply = _reply_before(session, case, _said_at(revision))
    finding = _finding(session, revision, reply) if reply is not None else None
    if finding is None:
        return None
    name, evidence = finding
    found = record_outcome(session, case, name, evidence, actor=SYSTEM, at=at)
    if found is not None and name == "lost" and case.state in AFTER_RESOLVED:
        why = f"{evidence['kind']}: {evidence['before']} → {evidence['after']}"
        move(session, case, "reopen", actor=SYSTEM, at=at, settings=settings, reason=why)
    return found


def from_form(session: Session, case: Case, answer: FormAnswer, at: datetime, settings: Settings) -> Outcome | None:
    """What the customer answered when we asked. None: the case is none, or the finding is not new.

    Yes is `recovered`, partly `improved`, no `lost`; a case that was thought done is then open again.
    """
    if case.outcome == "not_a_case" or case.merged_into is not None:
        return None
    evidence = {
        "kind": "form",
        "answer": answer.id,
        "recovered": answer.recovered,
        "satisfaction": answer.satisfaction,
        "nps": answer.nps,
    }
    name = {"yes": "recovered", "partly": "improved", "no": "lost"}[answer.recovered]
    found = record_outcome(session, case, name, evidence, actor=SYSTEM, at=at)
    if found is not None and name == "lost" and case.state in AFTER_RESOLVED:
        move(session, case, "reopen", actor=SYSTEM, at=at, settings=settings, reason="form: not recovered")
    return found


def from_return(session: Session, revisions: Sequence[Revision], at: datetime) -> list[int]:
    """What the first words of later mentions say about earlier cases of their authors: whoever was let down, was
    answered, came back and is content is `recovered`. Returns the ids of the cases.

    A complaint is no finding here: it opens a case of its own, as a repeat failure.
    """
    authors = {revision.mention.author_id for revision in revisions if revision.number == 1} - {None}
    if not authors:
        return []
    known = set(session.scalars(select(Case.author_id).where(Case.author_id.in_(authors)).distinct()))
    linked = select(AuthorLink.author_id, AuthorLink.other_id).where(
        AuthorLink.unlinked_at.is_(None), or_(AuthorLink.author_id.in_(authors), AuthorLink.other_id.in_(authors))
    )
    known |= {one for row in session.execute(linked) for one in row}
    found = (_returned(session, one, at) for one in revisions if one.number == 1 and one.mention.author_id in known)
    return [case_id for case_id in found if case_id is not None]


def from_gone(session: Session, mention_id: int, at: datetime) -> Outcome | None:
    """The mention was deleted: the case is withdrawn and closed. That is not a success, whoever asked for it."""
    case = case_of_mention(session, mention_id)
    if case is None or case.outcome == "not_a_case" or case.merged_into is not None:
        return None
    reply = live_reply(session, case.id)
    evidence = {"kind": "gone", "reply": reply.id if reply else None}
    found = record_outcome(session, case, "withdrawn", evidence, actor=SYSTEM, at=at)
    if case.state != "closed":
        move(session, case, "withdraw", actor=SYSTEM, at=at)
    return found


def from_silence(session: Session, at: datetime, settings: Settings) -> list[int]:
    """For the tick: `unchanged` for every case whose review still says the same N days after our reply.

    A case that was resolved without a public reply is counted from its resolution. Returns the ids of the cases.
    """
    long_ago = at - settings.follow_up.unchanged_after
    silent = []
    for case in session.scalars(
        select(Case)
        .where(Case.outcome.is_(None), Case.merged_into.is_(None), Case.state != "closed", Case.opened_at <= long_ago)
        .order_by(Case.id)
    ):
        since, reply = _silent_since(session, case)
        if since is None or since > long_ago:
            continue
        evidence = {
            "kind": "silence",
            "since": since.isoformat(),
            "days": (at - since).days,
            "rating": latest_revision(session, case.mention_id).rating,
            "reply": reply.id if reply else None,
        }
        record_outcome(session, case, "unchanged", evidence, actor=SYSTEM, at=at)
        silent.append(case.id)
    return silent


def _returned(session: Session, revision: Revision, at: datetime) -> int | None:
    """The author's last case before these words, if they show that it ended well."""
    mention, assessment = revision.mention, assessment_of(session, revision.id)
    assert mention.author_id is not None
    if assessment is None or assessment.sentiment != "positive" or assessment.severity != "none":
        return None
    if mention.source.kind == "feed":  # A paper that reports again is no customer who comes back.
        return None
    if revision.rating is not None and revision.rating < GOOD:
        return None
    said_at = mention.posted_at or revision.seen_at
    case = session.scalar(
        select(Case)
        .where(Case.author_id.in_(linked_authors(session, mention.author_id)), Case.mention_id != mention.id)
        .where(Case.merged_into.is_(None), Case.outcome.is_distinct_from("not_a_case"), Case.opened_at < said_at)
        .order_by(Case.id.desc())
        .limit(1)
    )
    if case is None or case.outcome in ("recovered", "withdrawn"):
        return None
    since, reply = _silent_since(session, case)
    if since is None or not since < said_at <= since + RETURNED_WITHIN:
        return None
    evidence = {
        "kind": "returned",
        "mention": mention.id,
        "rating": revision.rating,
        "days": (said_at - since).days,
        "reply": reply.id if reply else None,
    }
    record_outcome(session, case, "recovered", evidence, actor=SYSTEM, at=at)
    return case.id


def _silent_since(session: Session, case: Case) -> tuple[datetime | None, Reply | None]:
    reply = live_reply(session, case.id)
    if reply is not None:
        return reply.posted_at, reply
    resolution = clock_of(session, case.id, "resolution")
    return (resolution.met_at if resolution and case.state in AFTER_RESOLVED else None), None


def _tell(session: Session, case: Case, revision: Revision, at: datetime) -> None:
    """The timeline names every edit, once, whatever it means."""
    edits = select(Event).where(Event.case_id == case.id, Event.kind == "revised")
    if any(event.data["revision"] == revision.number for event in session.scalars(edits)):
        return
    before = _numbered(session, revision, revision.number - 1)
    data = {"revision": revision.number, "before": before.rating, "after": revision.rating}
    append_event(session, case.id, "revised", actor=SYSTEM, at=at, data=data)


def _said_at(revision: Revision) -> datetime:
    """When it was said: the site's own time where it gives one, else when we first saw it."""
    return revision.edited_at or revision.seen_at


def _reply_before(session: Session, case: Case, moment: datetime) -> Reply | None:
    """The reply that the customer could read when they edited."""
    return session.scalar(
        select(Reply)
        .where(Reply.case_id == case.id, Reply.posted_at < moment)
        .order_by(Reply.posted_at.desc())
        .limit(1)
    )


def _numbered(session: Session, revision: Revision, number: int) -> Revision:
    return session.scalars(
        select(Revision).where(Revision.mention_id == revision.mention_id, Revision.number == number)
    ).one()


def _finding(session: Session, revision: Revision, reply: Reply) -> Finding | None:
    """Compares what is said now with what was said when we answered, and with the version before this one."""
    earlier = list(
        session.scalars(
            select(Revision)
            .where(Revision.mention_id == revision.mention_id, Revision.number < revision.number)
            .order_by(Revision.number)
        )
    )
    assert reply.posted_at is not None
    answered = [one for one in earlier if _said_at(one) <= reply.posted_at]
    base, previous = (answered or earlier)[-1 if answered else 0], earlier[-1]
    evidence: dict[str, Any] = {"revision": revision.number, "base": base.number, "reply": reply.id}
    if revision.rating is not None and base.rating is not None and previous.rating is not None:
        if revision.rating > base.rating:
            won = revision.rating >= GOOD and _mood(session, revision) not in (None, "negative")
            evidence |= {"kind": "rating_up", "before": base.rating, "after": revision.rating}
            return ("recovered" if won else "improved"), evidence
        if revision.rating < previous.rating:
            return "lost", evidence | {"kind": "rating_down", "before": previous.rating, "after": revision.rating}
    return _text_finding(session, revision, base, evidence)


def _text_finding(session: Session, revision: Revision, base: Revision, evidence: dict[str, Any]) -> Finding | None:
    """The rating is the same, or there is none: what does the model say of the new words?"""
    before, after = assessment_of(session, base.id), assessment_of(session, revision.id)
    if before is None or after is None:
        return None
    moods = ("negative", "neutral", "positive")
    change = moods.index(after.sentiment) - moods.index(before.sentiment)
    if change < 0 or (change == 0 and severity_rank(after.severity) > severity_rank(before.severity)):
        words = (before.sentiment, after.sentiment) if change else (before.severity, after.severity)
        return "lost", evidence | {"kind": "text_down", "before": words[0], "after": words[1]}
    if change > 0:
        won = after.sentiment == "positive" and revision.rating is None
        evidence |= {"kind": "text_up", "before": before.sentiment, "after": after.sentiment}
        return ("recovered" if won else "improved"), evidence
    return None


def _mood(session: Session, revision: Revision) -> str | None:
    assessment = assessment_of(session, revision.id)
    return assessment.sentiment if assessment else None
