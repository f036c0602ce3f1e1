"""Publishes approved replies from the delivery log: reads what is due, calls the channel, records what came of it.

The channel is called outside any transaction, and asks the site before it writes. What may be live and cannot be
asked for is parked as `unclear` for a person. Whatever stops a reply is told: in the case's timeline, in its thread,
and to the operator where the site no longer knows us.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from alerts.messages.deliveries import thread_replies
from alerts.messages.wording import say, words_for
from config.settings import Settings
from kintsugi.context import Context
from responder.answering.replies import AUTOMATIC, mark_posted, publish_key, withdraw
from responder.cases.transitions import SYSTEM, move
from responder.channels.channel import (
    Asked,
    Channel,
    Outgoing,
    Permanent,
    Published,
    Result,
    Temporary,
    Unclear,
    put_live,
    take_down,
)
from responder.channels.opening import INTAKE
from storage.alone import alone
from storage.assessment import assessment_of
from storage.case import Case
from storage.database import Database
from storage.delivery import (
    Delivery,
    delivery_of,
    make_delivery,
    record_due_again,
    record_permanent,
    record_sent,
    record_temporary,
    record_unclear,
)
from storage.draft import Reply
from storage.event import append_event
from storage.mention import latest_revision
from storage.outcome import record_outcome
from storage.work import add_work

log = structlog.get_logger(__name__)

PURPOSES = ("publish", "take_down")
ASK_AFTER = timedelta(seconds=30)  # a site may show what it took a moment later


def deliver_reply(database: Database, context: Context, delivery_id: int) -> None:
    """One claimed delivery of PURPOSES."""
    with database.read() as session:
        delivery = session.get_one(Delivery, delivery_id)
        purpose, reply = delivery.purpose, _reply_of(session, delivery)
        source = session.get_one(Case, reply.case_id).mention.source.key
        stopped, outgoing = _stopped(session, delivery, reply), _outgoing(session, reply)
    channel = context.channels().of(source)
    if stopped is not None:
        result: Result | str = stopped
    elif channel is None or context.channels().name_of(source) != delivery.receiver:
        result = Permanent(
            "refused", f"the source {source} has no channel {delivery.receiver} any more: post it by hand"
        )
    else:
        result = _called(channel, purpose, outgoing)
    with database.write() as session:
        alone(session, "cases")
        delivery = session.get_one(Delivery, delivery_id)
        reply = _reply_of(session, delivery)
        if isinstance(result, str):
            withdraw(session, reply, result, SYSTEM, context.at)
            delivery.state, delivery.error = "cancelled", result
        elif isinstance(result, Published):
            _done(session, delivery, reply, result, context.at)
        else:
            _not_done(session, delivery, reply, source, result, isinstance(channel, Asked), context)
        add_work(session, "refresh", [reply.case_id], context.at)


def settle_claim(session: Session, delivery: Delivery, context: Context) -> None:
    """The process ended while it was publishing: the site is asked at the next try, else a person decides."""
    reply = _reply_of(session, delivery)
    source = session.get_one(Case, reply.case_id).mention.source.key
    if isinstance(context.channels().of(source), Asked):
        record_due_again(delivery)
        delivery.unclear = True
        return
    _not_done(session, delivery, reply, source, Unclear("the process ended while it was sent"), False, context)


def _called(channel: Channel, purpose: str, outgoing: Outgoing) -> Result:
    try:
        return put_live(channel, outgoing) if purpose == "publish" else take_down(channel, outgoing)
    except Exception as error:
        # An answer of an unknown shape, perhaps after the site took the reply.
        log.error("channel failed", exc_info=error)
        return Unclear(f"{type(error).__name__}: {error}")


def _stopped(session: Session, delivery: Delivery, reply: Reply) -> Permanent | Published | str | None:
    """What happened since the approval and stands in the way: a reason to withdraw the reply, or a result."""
    if delivery.purpose == "take_down":
        return None
    case = session.get_one(Case, reply.case_id)
    if reply.posted_at is not None:
        return Published({}, reply.url)
    if reply.withdrawn_at is not None or not reply.text:
        return "withdrawn"
    if case.mention.gone_at is not None:
        return Permanent("gone", f"the mention was deleted on {case.mention.gone_at:%Y-%m-%d %H:%M} UTC")
    return "case_closed" if case.state == "closed" else None


def _outgoing(session: Session, reply: Reply) -> Outgoing:
    case = session.get_one(Case, reply.case_id)
    mention = case.mention
    revision = latest_revision(session, mention.id)
    assessment = assessment_of(session, revision.id)
    return Outgoing(
        number=reply.id,
        text=reply.text,
        approved_at=reply.approved_at,
        mention=mention.external_id,
        author=mention.author.external_id if mention.author else None,
        title=revision.title or (mention.external_id if mention.source.kind == INTAKE else None),
        language=assessment.language if assessment else None,
        address=_address(session, reply),
    )


def _address(session: Session, reply: Reply) -> dict[str, str]:
    """Where the site keeps our last reply to this case, as far as we published it."""
    earlier = session.scalars(
        select(Reply).where(Reply.case_id == reply.case_id, Reply.posted_at.is_not(None)).order_by(Reply.id.desc())
    )
    for one in earlier:
        known = delivery_of(session, publish_key(one))
        if known is not None and known.receipt.get("id"):
            return {"id": str(known.receipt["id"])}
    return {}


def _done(session: Session, delivery: Delivery, reply: Reply, result: Published, at: datetime) -> None:
    record_sent(delivery, at, {**result.address, **({"url": result.url} if result.url else {})})
    if delivery.purpose == "take_down":
        if reply.withdrawn_at is None:
            withdraw(session, reply, "taken_down", SYSTEM, at)
        return
    # What somebody typed on the site while it went out has been replaced by it.
    reply.withdrawn_at = None
    case = session.get_one(Case, reply.case_id)
    mark_posted(session, reply, actor=SYSTEM, at=at, url=result.url or case.mention.url)
    if reply.approved_by == AUTOMATIC:  # Nothing had to be put right.
        record_outcome(session, case, "not_a_case", {"kind": "thanked", "reply": reply.id}, actor=SYSTEM, at=at)
        move(session, case, "thank", actor=SYSTEM, at=at)


def _not_done(
    session: Session,
    delivery: Delivery,
    reply: Reply,
    source: str,
    result: Temporary | Permanent | Unclear,
    can_be_asked: bool,
    context: Context,
) -> None:
    at, settings = context.at, context.settings
    if isinstance(result, Temporary):
        record_temporary(delivery, at, result.error, result.retry_after, unclear=delivery.unclear)
    elif isinstance(result, Unclear) and can_be_asked:
        record_temporary(delivery, at, result.error, ASK_AFTER, unclear=True)
    elif isinstance(result, Unclear):
        record_unclear(delivery, f"{result.error}; ask the customer's side, then `kintsugi cases posted` or retry")
    else:
        record_permanent(delivery, f"{result.reason}: {result.error}")
    if delivery.state == "due":
        return
    reason = result.reason if isinstance(result, Permanent) else "unclear" if isinstance(result, Unclear) else "gave_up"
    if delivery.unclear and reason != "gone":
        record_unclear(delivery, f"an earlier try may be live, and the site cannot be asked: {delivery.error}")
    log.error("reply not published", key=delivery.key, channel=delivery.receiver, error=delivery.error)
    _tell(session, delivery, reply, reason, settings, at)
    if reason == "revoked":
        _tell_operator(session, delivery, source, settings, at)


def _tell(session: Session, delivery: Delivery, reply: Reply, reason: str, settings: Settings, at: datetime) -> None:
    """The timeline keeps the reason, and the owner is told in the thread."""
    kind = f"{delivery.purpose}_{'unclear' if delivery.state == 'unclear' else 'failed'}"
    data = {"reply": reply.id, "channel": delivery.receiver, "reason": reason}
    append_event(session, reply.case_id, kind, actor=SYSTEM, at=at, data=data)
    words = words_for(settings.brand.languages)
    case = session.get_one(Case, reply.case_id)
    why = say(words, f"thread.{kind}", channel=words[f"channel.{delivery.receiver}"], why=delivery.error or "")
    thread_replies(session, case, f"{delivery.key}:{reason}:{delivery.attempts}", why, at)


def _tell_operator(session: Session, delivery: Delivery, source: str, settings: Settings, at: datetime) -> None:
    """Once for each time that a source's tokens ended."""
    sent = (Delivery.purpose == "publish", Delivery.receiver == delivery.receiver, Delivery.state == "sent")
    last_good = session.scalar(select(func.max(Delivery.id)).where(*sent)) or 0
    words = words_for(settings.brand.languages)
    make_delivery(
        session,
        f"revoked:{source}:{last_good}",
        receiver=settings.operators_receiver(),
        purpose="notice",
        payload={
            "title": say(words, "publish.revoked", source=source),
            "lines": [delivery.error or "", words["publish.revoked.do"]],
        },
        priority=25,
        at=at,
    )


def _reply_of(session: Session, delivery: Delivery) -> Reply:
    """The key names the reply, which outlives the payload of an erased author."""
    return session.get_one(Reply, int(delivery.key.split(":")[1]))
