"""Asks customers whether it worked: by mail where that is allowed, else by a link that the owner hands on.

What they answer becomes an event and evidence (responder.outcome.feedback), and the owner is told in the thread.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import structlog
from sqlalchemy.orm import Session

from alerts.messages.deliveries import thread_replies
from alerts.messages.plain import public
from alerts.messages.wording import say, words_for
from config.settings import Settings
from kintsugi.context import Context
from kintsugi.web.language import words_in
from kintsugi.web.moments import day_written
from responder.cases.clocks import meet_clock
from responder.cases.refused import Refused
from responder.cases.transitions import SYSTEM, move
from responder.channels.channel import Channel, Failed, Outgoing, Permanent, Published, Result, Temporary, Unclear
from responder.channels.opening import Channels, address_of
from responder.outcome import follow_ups
from responder.outcome.feedback import FormLink, Said, form_key, link_to_form, record_answer, token_of
from storage.alone import alone
from storage.assessment import assessment_of, severity_rank
from storage.case import Case
from storage.database import Database
from storage.delivery import (
    Delivery,
    make_delivery,
    record_permanent,
    record_sent,
    record_temporary,
    record_unclear,
)
from storage.event import LOG_KEY, append_event
from storage.form_answer import FormAnswer
from storage.mention import latest_revision, revisions_of
from storage.work import add_work

if TYPE_CHECKING:
    from kintsugi.app import App

log = structlog.get_logger(__name__)

PURPOSE = "ask"
LONGEST_SHOWN = 600  # characters of a comment in a thread
SETTLED = ("resolved", "following_up")


def form_address(session: Session, link: FormLink, settings: Settings) -> str:
    """What a customer opens."""
    return f"{settings.web.address}/f/{token_of(link, form_key(session.info[LOG_KEY]))}"


def ask_due(session: Session, settings: Settings, channels: Channels, at: datetime) -> list[int]:
    """For the tick: asks where a look is due, once a round. Returns the ids of the deliveries."""
    if settings.web.public_url is None:  # no customer could open the link
        return []
    made = []
    for follow_up in follow_ups.due(session, at):
        case = session.get_one(Case, follow_up.case_id)
        link = link_to_form(session, case, at, settings) if follow_up.kind == "look" else None
        if not isinstance(link, FormLink) or case.state not in SETTLED or case.mention.gone_at is not None:
            continue
        key = f"ask:{case.id}:{link.round}"
        if _may_mail(case, settings, channels):
            made.append(
                make_delivery(
                    session, key, receiver="email", purpose=PURPOSE, case_id=case.id, customer_facing=True, at=at
                ).id
            )
            continue
        words, until = words_for(settings.brand.languages), link.expires_at.astimezone(settings.brand.zone)
        told = say(words, "thread.form_link", link=form_address(session, link, settings), until=f"{until:%Y-%m-%d}")
        made += thread_replies(session, case, key, told, at)
    return made


def call_people(session: Session, settings: Settings, at: datetime) -> list[int]:
    """For the tick: says in the thread, once, that a person should ask or thank the customer now."""
    words, made = words_for(settings.brand.languages), []
    for one in follow_ups.to_call(session, at):
        case, text = session.get_one(Case, one.case_id), say(words, f"thread.follow_up.{one.kind}")
        made += thread_replies(session, case, f"follow_up:{one.id}", text, at)
        one.called_at = at
    return made


def deliver_question(database: Database, context: Context, delivery_id: int) -> None:
    """Mails one claimed delivery of PURPOSE. What may have arrived is parked for a person, never sent twice."""
    with database.read() as session:
        case = session.get_one(Case, session.get_one(Delivery, delivery_id).case_id)
        question = _question(session, case, context.settings, context.at)
        source, channels = case.mention.source.key, context.channels()
        channel = channels.of(source) if channels.name_of(source) == "email" else None
    result: Result | Refused
    if isinstance(question, Refused):
        result = question
    elif channel is None:
        result = Permanent("refused", "the source has no mail channel any more: hand the link on by hand")
    else:
        result = _mailed(channel, question)
    with database.write() as session:
        alone(session, "cases")
        delivery = session.get_one(Delivery, delivery_id)
        case = session.get_one(Case, delivery.case_id)
        _record(session, delivery, case, result, context.at)
        add_work(session, "refresh", [case.id], context.at)


def take_answer(app: App, link: FormLink, said: Said) -> FormAnswer | Refused:
    """Keeps what a customer answered and tells the owner. Refused where the link takes no answer any more."""
    at, settings = app.clock.now(), app.settings
    with app.database.write() as session:
        alone(session, "cases")
        answer = record_answer(session, link, said, at, settings)
        if isinstance(answer, Refused):
            return answer
        case = session.get_one(Case, link.case_id)
        words = words_for(settings.brand.languages)
        told = say(
            words,
            "thread.form_answered",
            recovered=words[f"recovered.{answer.recovered}"],
            satisfaction=f"{answer.satisfaction}/5" if answer.satisfaction else "–",
            nps="–" if answer.nps is None else f"{answer.nps}/10",
        )
        if answer.comment:
            told += f"\n{public(answer.comment, LONGEST_SHOWN)}"
        thread_replies(session, case, f"form:{answer.id}", told, at)
        add_work(session, "refresh", [case.id], at)
        return answer


def form_language(session: Session, case: Case) -> str:
    """Japanese for whoever wrote Japanese, English for everybody else."""
    for revision in reversed(revisions_of(session, case.mention_id)):
        assessment = assessment_of(session, revision.id)
        if assessment is not None:
            return "ja" if assessment.language == "ja" else "en"
    return "ja" if (case.mention.language_hint or "").startswith("ja") else "en"


def _may_mail(case: Case, settings: Settings, channels: Channels) -> bool:
    """Whether the operator lets us mail, there is an address, and no lead asks in person."""
    grave = severity_rank(case.severity) >= severity_rank("major")
    return (
        settings.follow_up.mail
        and not grave
        and address_of(case.mention) is not None
        and channels.name_for(case.mention) == "email"
    )


def _question(session: Session, case: Case, settings: Settings, at: datetime) -> Outgoing | Refused:
    """The mail. Refused where meanwhile there is nothing to ask any more."""
    if case.state not in SETTLED:
        return Refused("wrong_state", f"{case.ref} is {case.state}: there is nothing to ask now")
    link = link_to_form(session, case, at, settings)
    if isinstance(link, Refused):
        return link
    language, mention = form_language(session, case), case.mention
    words = words_in(language)
    name = mention.author.name if mention.author else None
    text = words(
        "ask.mail",
        name=words("ask.to", name=name) if name and "@" not in name else words("ask.to_nobody"),
        brand=settings.brand.name,
        link=form_address(session, link, settings),
        until=day_written(link.expires_at, settings.brand.zone, language),
        signature=settings.brand.signature.get(language) or settings.brand.name,
    )
    return Outgoing(
        number=case.id,
        text=text,
        approved_at=at,
        mention=mention.external_id,
        author=address_of(mention),
        title=latest_revision(session, mention.id).title or words("ask.subject", brand=settings.brand.name),
        language=language,
    )


def _mailed(channel: Channel, question: Outgoing) -> Result:
    try:
        return channel.publish(question)
    except Failed as failed:
        return failed.result
    except Exception as error:
        log.error("question not mailed", exc_info=error)
        return Unclear(f"{type(error).__name__}: {error}")


def _record(session: Session, delivery: Delivery, case: Case, result: Result | Refused, at: datetime) -> None:
    if isinstance(result, Published):
        record_sent(delivery, at, result.address)
        append_event(session, case.id, "asked", actor=SYSTEM, at=at, data={"channel": delivery.receiver})
        meet_clock(session, case, "follow_up", at)
        move(session, case, "follow_up", actor=SYSTEM, at=at)
    elif isinstance(result, Temporary):
        record_temporary(delivery, at, result.error, result.retry_after)
    elif isinstance(result, Unclear):
        record_unclear(delivery, f"{result.error}; look into the mail server's log, then retry or leave it")
    elif isinstance(result, Permanent):
        record_permanent(delivery, f"{result.reason}: {result.error}")
    else:
        delivery.state, delivery.error = "cancelled", result.why
