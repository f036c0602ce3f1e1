"""Erases a person: every text, name and message goes; figures, states and the chain of events stay.

What is left of the author is a keyed digest, by which later crawls recognise the account and store nothing. Events
hold salted digests only; with the salts gone nobody can guess a text back.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, text, update
from sqlalchemy.orm import Session

from responder.cases.transitions import SYSTEM, move
from storage.alert import messages_of
from storage.assessment import Assessment
from storage.author import Author, Tombstone
from storage.case import Case
from storage.delivery import CLAIM, Delivery, make_delivery
from storage.draft import Draft, Reply
from storage.event import append_event
from storage.form_answer import FormAnswer
from storage.idempotency import forget_answers
from storage.ingest import author_digest
from storage.link import AuthorLink
from storage.listing import forget_words, list_mentions
from storage.mention import Mention, Revision
from storage.note import Note
from storage.outcome import record_outcome
from storage.search import scrub_search
from storage.source import Crawl, Refusal, Source
from storage.story import leave_story
from storage.task import Task

WHY = "the author was erased"
PHRASE = 12  # characters in a row, blanks aside, that nobody else writes by chance
SHORTEST_NEEDLE = 4  # shorter names and ids would be found in everything


@dataclass(frozen=True)
class Erased:
    """How much was erased. `deliveries` are those that take messages away at their receivers."""

    mentions: int
    cases: int
    deliveries: int


def erase_author(session: Session, source_key: str, author: str, at: datetime) -> Erased | None:
    """Erases an account of a source, given by its id there or by its name. None: there is no such account.

    A name that several accounts share raises ValueError with their ids. Open cases are closed as withdrawn. After the
    commit, Database.scrub takes the old pages out of the files as well.
    """
    account = _account(session, source_key, author)
    if account is None:
        return None
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text("PRAGMA secure_delete = ON"))  # what is overwritten is overwritten in the file too
    mentions = list(session.scalars(select(Mention).where(Mention.author_id == account.id).order_by(Mention.id)))
    cases = list(
        session.scalars(
            select(Case)
            .where((Case.author_id == account.id) | Case.mention_id.in_([mention.id for mention in mentions]))
            .order_by(Case.id)
        )
    )
    needles = _needles(account, mentions)
    deliveries = _forget_summaries(session, needles, _phrases(session, mentions), at)
    for case in cases:
        _close(session, case, at)
        deliveries += take_messages_away(session, case, at)
        forget_case(session, case)
    _forget_refusals(session, source_key, needles, [mention.external_id for mention in mentions])
    _forget_mentions(session, mentions, at)
    forget_answers(session)
    _leave_tombstone(session, source_key, account, at)
    session.flush()
    session.expire_all()
    return Erased(len(mentions), len(cases), deliveries)


def _account(session: Session, source_key: str, author: str) -> Author | None:
    there = select(Author).join(Source, Source.id == Author.source_id)
    there = there.where(Source.key == source_key, Author.erased_at.is_(None))
    by_id = session.scalar(there.where(Author.external_id.in_((author, f"name:{author}"))).limit(1))
    if by_id is not None:
        return by_id
    named = list(session.scalars(there.where(Author.name == author).order_by(Author.id)))
    if len(named) > 1:
        ids = ", ".join(one.external_id for one in named)
        raise ValueError(f"{len(named)} accounts of {source_key} are named {author!r}: give one of the ids {ids}")
    return named[0] if named else None


def _needles(account: Author, mentions: Sequence[Mention]) -> list[str]:
    """What gives the person away where rows are not linked to them."""
    words = [account.external_id.removeprefix("name:"), account.name or "", account.url or ""]
    words += [mention.url or "" for mention in mentions]
    return sorted({word for word in words if len(word) >= SHORTEST_NEEDLE})


def _close(session: Session, case: Case, at: datetime) -> None:
    if case.state != "closed":
        record_outcome(session, case, "withdrawn", {"kind": "erased"}, actor=SYSTEM, at=at)
        move(session, case, "withdraw", actor=SYSTEM, at=at)
    append_event(session, case.id, "erased", actor=SYSTEM, at=at)


def take_messages_away(session: Session, case: Case, at: datetime) -> int:
    """Nothing more is told about the case, what was told is emptied, and each receiver is asked to delete it."""
    receivers = {message.receiver: at for message in messages_of(session, case.id)}
    for delivery in session.scalars(select(Delivery).where(Delivery.case_id == case.id, Delivery.purpose != "erase")):
        if delivery.state == "claimed" and not delivery.customer_facing:
            receivers[delivery.receiver] = at + CLAIM
        elif delivery.state not in ("sent", "claimed") or delivery.purpose == "case_message":
            delivery.state = "cancelled"  # a message that counts as sent would be edited again
        delivery.payload, delivery.error = {}, WHY
    for receiver, due_at in receivers.items():
        key = f"erase:{case.id}:{receiver}"
        make_delivery(
            session, key, receiver=receiver, purpose="erase", case_id=case.id, priority=100, at=at, due_at=due_at
        )
    return len(receivers)


def forget_case(session: Session, case: Case) -> None:
    """The words of customer and staff about it. Cause, outcome, severity and times are figures and stay."""
    case.done, case.salt = None, ""
    session.execute(
        update(Draft).where(Draft.case_id == case.id).values(text="", alternatives=[], findings=[], salt="")
    )
    session.execute(update(Reply).where(Reply.case_id == case.id).values(text="", url=None, salt=""))
    session.execute(update(Note).where(Note.case_id == case.id).values(text="", salt=""))
    session.execute(update(FormAnswer).where(FormAnswer.case_id == case.id).values(comment="", salt=""))
    session.execute(update(Task).where(Task.case_id == case.id).values(text="", salt=""))


def _forget_mentions(session: Session, mentions: Sequence[Mention], at: datetime) -> None:
    for mention in mentions:
        # The id and the digest would find the review again, on the site and by guessing its text.
        mention.external_id, mention.digest = f"erased:{mention.id}", ""
        mention.gone_at = mention.gone_at or at
    forget_texts(session, mentions)
    scrub_search(session)


def forget_texts(session: Session, mentions: Sequence[Mention]) -> None:
    """Everything that was written in these mentions and in replies to them; stars, topics and times are figures."""
    ids = [mention.id for mention in mentions]
    forget_words(session, ids)
    for mention in mentions:
        leave_story(session, mention.id)  # its signature is made of the words
        mention.url = mention.reply_text = mention.why = mention.served_by = None
        mention.reach = {}
    theirs = select(Revision.id).where(Revision.mention_id.in_([mention.id for mention in mentions]))
    quoted = update(Assessment).where(Assessment.revision_id.in_(theirs))
    session.execute(quoted.values(evidence={}, things=[], statements=[]))
    session.execute(update(Revision).where(Revision.id.in_(theirs)).values(text="", title=None, salt=""))
    session.flush()
    list_mentions(session, ids, words=False)


def _forget_refusals(session: Session, source_key: str, needles: Sequence[str], external_ids: Sequence[str]) -> None:
    """Items that were read and not stored may quote the person."""
    of_source = select(Crawl.id).join(Source, Source.id == Crawl.source_id).where(Source.key == source_key)
    for refusal in session.scalars(select(Refusal).where(Refusal.crawl_id.in_(of_source))):
        if refusal.external_id in external_ids or _names(refusal.excerpt or "", needles):
            refusal.external_id = refusal.excerpt = None


def _forget_summaries(session: Session, needles: Sequence[str], phrases: set[str], at: datetime) -> int:
    """Summaries, incidents, reports and private messages that name or quote the person are emptied and taken away."""
    apart = select(Delivery).where(Delivery.case_id.is_(None) | (Delivery.purpose == "direct"))
    taken: dict[tuple[str, str], datetime] = {}
    for delivery in session.scalars(apart.where(Delivery.purpose != "erase")):
        words = list(_words(delivery.payload))
        if not any(_names(one, needles) or _quotes(one, phrases) for one in words):
            continue
        of = str(delivery.payload.get("of") or delivery.key)
        if delivery.state == "claimed":
            taken[of, delivery.receiver] = at + CLAIM  # on its way right now: wait until it has arrived
        elif delivery.state == "sent":
            taken.setdefault((of, delivery.receiver), at)
        delivery.payload = {}
        if delivery.state == "due":
            delivery.state, delivery.error = "cancelled", WHY
    for (of, receiver), due_at in taken.items():
        make_delivery(
            session,
            f"erase:{of}",
            receiver=receiver,
            purpose="erase",
            payload={"of": of},
            priority=100,
            at=at,
            due_at=due_at,
        )
    return len(taken)


def _phrases(session: Session, mentions: Sequence[Mention]) -> set[str]:
    """Every stretch of PHRASE characters that the person wrote: what quotes it is found however it was cut."""
    said = session.execute(
        select(Revision.title, Revision.text).where(Revision.mention_id.in_([mention.id for mention in mentions]))
    )
    texts = ["".join((words or "").split()) for row in said for words in row]
    return {text[at : at + PHRASE] for text in texts for at in range(len(text) - PHRASE + 1)}


def _quotes(words: str, phrases: set[str]) -> bool:
    bare = "".join(words.split())
    return any(bare[at : at + PHRASE] in phrases for at in range(len(bare) - PHRASE + 1))


def _names(words: str, needles: Sequence[str]) -> bool:
    return any(needle in words or json.dumps(needle)[1:-1] in words for needle in needles)


def _words(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _words(part)
    elif isinstance(value, list):
        for part in value:
            yield from _words(part)


def _leave_tombstone(session: Session, source_key: str, account: Author, at: datetime) -> None:
    digest = author_digest(session, source_key, account.external_id)
    session.merge(Tombstone(digest=digest, erased_at=at))
    session.info.pop("tombstones", None)  # storage.ingest keeps the set that it read
    session.execute(
        delete(AuthorLink).where((AuthorLink.author_id == account.id) | (AuthorLink.other_id == account.id))
    )
    account.external_id, account.name, account.url, account.erased_at = f"erased:{account.id}", None, None, at
