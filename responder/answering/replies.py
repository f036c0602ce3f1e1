"""Replies: a person approves a text, it goes live, and the site shows it.

A review has one reply of its owner. A newer approval replaces an older one that was not posted; a newer posting
replaces what was live. A channel that publishes by itself gets its delivery in the approving transaction, due when
the approval can no longer be taken back. Events keep salted digests, never the text.
"""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.settings import Settings
from responder.cases.clocks import meet_clock
from responder.cases.refused import Refused
from responder.cases.transitions import SYSTEM, move
from responder.channels.channel import same_text
from responder.channels.opening import MANUAL, NEVER_TWICE
from storage.case import Case, case_of_mention
from storage.delivery import Delivery, delivery_of, make_delivery
from storage.draft import Draft, Reply, approved_reply, live_reply
from storage.event import append_event, text_digest
from storage.mention import Mention
from storage.note import write_note

ON_SITE = "site"  # the channel of a reply that somebody typed on the site itself
AUTOMATIC = "automatic"  # who approved what a line of publish.automatic let through
_UNFINISHED = ("due", "given_up", "unclear")
LONGEST = 10_000  # characters; no site takes as many


def approve(
    session: Session,
    case: Case,
    text: str,
    *,
    actor: str,
    at: datetime,
    channel: str = MANUAL,
    draft: Draft | None = None,
    settings: Settings | None = None,
    despite: str | None = None,
    rule: str | None = None,
) -> Reply | Refused:
    """A person stands for this text. It becomes the one reply that waits to be posted; the case is being answered.

    With `settings` the guard is asked: what it blocks is refused as `guard_block`; what it warns of is refused as
    `guard_warning` unless `despite` gives the reason to say it all the same. A channel that publishes by itself needs
    them; without, a text that a person posts by hand is taken as it is. The same text approved twice is one reply.
    `rule` is the line of publish.automatic that approves instead of a person; a warning stops it as a block does.
    """
    if settings is None and channel != MANUAL:
        raise ValueError(f"the guard must see what {channel} publishes: hand over the settings")
    refused = _unfit(case, text, actor) or _unpermitted(actor, rule, settings) or _taken(session, case, channel)
    if refused is not None:
        return refused
    warnings = _guarded(session, case, text, settings, despite) if settings is not None else []
    if isinstance(warnings, Refused):
        return warnings
    waiting = approved_reply(session, case.id)
    if waiting is not None and waiting.text == text and waiting.channel == channel and not _stuck(session, waiting):
        return waiting
    if waiting is not None:
        withdraw(session, waiting, "replaced", actor, at)
    reply = _add(session, case, text, channel=channel, by=actor, at=at, draft=draft)
    data: dict[str, Any] = {"reply": reply.id, "channel": channel, "text": text_digest(text, reply.salt)}
    if rule is not None:
        data["rule"] = rule
    if draft is not None:
        data |= {"draft": draft.number, "edited": draft.text != text}
    if warnings and despite is not None:
        note = write_note(session, case.id, despite, kind="reason", actor=actor, at=at)
        data |= {"warnings": warnings, "despite": note.id}
    append_event(session, case.id, "approved", actor=actor, at=at, data=data)
    move(session, case, "answer", actor=actor, at=at)
    if settings is not None and channel != MANUAL:
        make_delivery(
            session,
            publish_key(reply),
            receiver=channel,
            purpose="publish",
            case_id=case.id,
            customer_facing=True,
            at=at,
            due_at=at + settings.publish.undo,
        )
    return reply


def undo(session: Session, case: Case, *, actor: str, at: datetime) -> Reply | Refused:
    """Takes an approval back before it is published. What may be live already is not undone: `too_late`."""
    waiting = approved_reply(session, case.id)
    if waiting is None:
        return Refused("nothing", f"{case.ref} has no approved reply that waits to be posted")
    delivery = delivery_of(session, publish_key(waiting))
    if delivery is not None and (delivery.state in ("claimed", "unclear") or delivery.unclear):
        return Refused("too_late", "the reply is on its way to the site: look there; what is live can be taken down")
    withdraw(session, waiting, "undone", actor, at)
    return waiting


def take_down(session: Session, case: Case, *, actor: str, at: datetime, reason: str) -> Delivery | Refused:
    """A person has our live reply deleted on its site; it counts as live until the site has done that."""
    live = live_reply(session, case.id)
    if live is None:
        return Refused("nothing", f"{case.ref} has no live reply")
    if live.channel in (MANUAL, ON_SITE, "email"):
        return Refused(
            "by_hand", f"{case.ref} was answered by hand or by mail: delete it on the site, where it has one"
        )
    if not reason.strip():
        return Refused("needs_reason", "say why the reply is taken down")
    note = write_note(session, case.id, reason, kind="reason", actor=actor, at=at)
    append_event(session, case.id, "take_down_asked", actor=actor, at=at, data={"reply": live.id, "note": note.id})
    key = f"take_down:{live.id}:{note.id}"
    return make_delivery(
        session, key, receiver=live.channel, purpose="take_down", case_id=case.id, customer_facing=True, at=at
    )


def withdraw(session: Session, reply: Reply, why: str, actor: str, at: datetime) -> None:
    """The reply is not, or no longer, the one that customers read; a delivery that waits is cancelled."""
    reply.withdrawn_at = at
    delivery = delivery_of(session, publish_key(reply))
    if delivery is not None and delivery.state in _UNFINISHED:
        delivery.state, delivery.error = "cancelled", f"the reply was withdrawn: {why}"
    session.flush()
    append_event(session, reply.case_id, "reply_withdrawn", actor=actor, at=at, data={"reply": reply.id, "why": why})


def publish_key(reply: Reply) -> str:
    """The key of the delivery that publishes a reply."""
    return f"publish:{reply.id}"


def mark_posted(session: Session, reply: Reply, *, actor: str, at: datetime, url: str | None = None) -> Reply | Refused:
    """The reply is live: the clock of the first response stops. Saying so twice changes nothing.

    A case that was closed meanwhile keeps its state; the reply is kept as a fact all the same.
    """
    if reply.withdrawn_at is not None:
        return Refused("replaced", "this reply was replaced by another one: post that")
    if reply.posted_at is not None:
        return reply
    delivery = delivery_of(session, publish_key(reply))
    if delivery is not None and delivery.state == "claimed" and actor != ON_SITE:
        return Refused("publishing", "this reply is being published right now: look again in a minute")
    if delivery is not None and delivery.state in _UNFINISHED:
        delivery.state, delivery.sent_at, delivery.error = "sent", at, None  # by other hands than ours
    case = session.get_one(Case, reply.case_id)
    before = live_reply(session, case.id)
    if before is not None:
        withdraw(session, before, "replaced", actor, at)
    reply.posted_by, reply.posted_at, reply.url = actor, at, url
    session.flush()
    data = {"reply": reply.id, "channel": reply.channel, "text": text_digest(reply.text, reply.salt)}
    append_event(session, case.id, "posted", actor=actor, at=at, data=data)
    meet_clock(session, case, "first_response", at)
    move(session, case, "answer", actor=actor if actor != ON_SITE else SYSTEM, at=at)
    return reply


def noticed_on_site(session: Session, mention: Mention, at: datetime) -> Reply | None:
    """What the crawler saw below a review: our reply is live, somebody typed another one, or it is gone.

    Returns the reply that is live now; None where there is no case or no reply.
    """
    case = case_of_mention(session, mention.id)
    if case is None:
        return None
    live, waiting = live_reply(session, case.id), approved_reply(session, case.id)
    if not mention.reply_text:
        if live is not None:
            withdraw(session, live, "gone_from_site", SYSTEM, at)
        return None
    if live is not None and same_text(live.text, mention.reply_text):
        return live
    seen_at = max(mention.reply_at or at, case.opened_at)
    if waiting is None or not same_text(waiting.text, mention.reply_text):
        if waiting is not None:
            withdraw(session, waiting, "answered_on_site", SYSTEM, at)
        waiting = _add(session, case, mention.reply_text, channel=ON_SITE, by=ON_SITE, at=seen_at, draft=None)
    posted = mark_posted(session, waiting, actor=ON_SITE, at=min(seen_at, at), url=mention.url)
    assert isinstance(posted, Reply)
    return posted


def _unfit(case: Case, text: str, actor: str) -> Refused | None:
    if actor == SYSTEM:
        return Refused("not_yours", "a person approves what is published")
    if case.state == "closed":
        return Refused("closed", f"{case.ref} is closed: re-open it to answer again")
    if not text.strip():
        return Refused("empty", "the reply is empty: write what the customer should read")
    if len(text) > LONGEST:
        return Refused("too_long", f"the reply has {len(text)} characters: no site takes more than {LONGEST}")
    return None


def _unpermitted(actor: str, rule: str | None, settings: Settings | None) -> Refused | None:
    """Only a line that the operator wrote approves in the place of a person."""
    lines = [str(line) for line in settings.publish.automatic] if settings is not None else []
    if (rule is not None and rule not in lines) or (actor == AUTOMATIC) != (rule is not None):
        return Refused("not_yours", "a person approves what is published; no line of publish.automatic allows this")
    return None


def _taken(session: Session, case: Case, channel: str) -> Refused | None:
    """A reply that is on its way right now, or that a site shows and cannot change, stands in the way of another."""
    sending = select(Delivery.state).where(
        Delivery.case_id == case.id, Delivery.purpose == "publish", Delivery.state.in_(("claimed", "unclear"))
    )
    states = set(session.scalars(sending))
    if "claimed" in states:
        return Refused("publishing", "a reply is being published right now: try again in a minute")
    if "unclear" in states:
        return Refused(
            "unclear", "an earlier reply may be live: look, then mark it as posted, or `kintsugi parked retry`"
        )
    if channel in NEVER_TWICE and live_reply(session, case.id) is not None:
        return Refused("answered", f"{case.ref} has a live reply, which {channel} cannot change: take it down first")
    return None


def _stuck(session: Session, reply: Reply) -> bool:
    delivery = delivery_of(session, publish_key(reply))
    return delivery is not None and delivery.state == "given_up"


def _guarded(session: Session, case: Case, text: str, settings: Settings, despite: str | None) -> list[str] | Refused:
    """The names of the warnings that a person takes upon themselves, or the refusal."""
    from responder.drafting.reply_check import findings_for

    findings = findings_for(session, case, text, settings)
    for finding in findings:
        if finding.level == "block":
            return Refused("guard_block", f"{finding.rule}: {finding.why} ({text[finding.start : finding.end][:40]})")
    if findings and not (despite or "").strip():
        return Refused("guard_warning", f"{findings[0].rule}: {findings[0].why}; say why you send it all the same")
    return sorted({finding.rule for finding in findings})


def _add(session: Session, case: Case, text: str, *, channel: str, by: str, at: datetime, draft: Draft | None) -> Reply:
    reply = Reply(
        case_id=case.id,
        draft_id=draft.id if draft else None,
        text=text,
        channel=channel,
        approved_by=by,
        approved_at=at,
        salt=secrets.token_hex(8),
    )
    session.add(reply)
    session.flush()
    return reply
