"""Webhooks out: which addresses are told what; a test, what became of each event, and events sent again."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Literal, get_args
from urllib.parse import urlsplit

from fastapi import APIRouter, Query, Request, Response
from pydantic import AfterValidator, Field
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kintsugi.web.api.answer import NOT_MODIFIED, answered, done, must_match
from kintsugi.web.api.cursor import Paging
from kintsugi.web.api.once import Posted, posted
from kintsugi.web.api.problem import ProblemError, documented, not_found
from kintsugi.web.api.values import Id, Moment, Number, Sent, Shown
from storage.account import write_audit
from storage.delivery import Delivery
from storage.event import LOG_KEY
from storage.webhook_out import EVENTS, WebhookOut, tell_program

if TYPE_CHECKING:
    from kintsugi.app import App

Event = Literal["case.opened", "case.changed", "outcome.recorded", "spike.opened", "spike.closed"]
assert get_args(Event) == EVENTS
MOST_WEBHOOKS = 50
MOST_AT_ONCE = 1000
HERE = ("localhost", "127.0.0.1", "::1")


def _safe_address(url: str) -> str:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise ValueError("an address like https://example.jp/hook is needed") from None
    if not host or parts.username is not None or port == 0:
        raise ValueError("an address like https://example.jp/hook is needed, without name and password")
    if parts.scheme == "http" and host not in HERE:
        raise ValueError("events travel encrypted: https is needed, except on this machine itself")
    return url


class NewWebhook(Sent):
    """Where to tell what. Plain http is for this machine itself only."""

    url: Annotated[str, Field(max_length=2000, pattern=r"^https?://[!-~]+$"), AfterValidator(_safe_address)]
    events: Annotated[list[Event], Field(min_length=1, max_length=20)]
    note: Annotated[str, Field(max_length=200, pattern=r"^[^\x00]*$")] = ""


class WebhookRow(Shown):
    """One address."""

    id: int
    url: str
    events: list[str]
    note: str
    made_by: str
    made_at: datetime
    ended_at: datetime | None


class Registered(WebhookRow):
    """A new address with the secret that signs its events (Standard Webhooks), shown this once."""

    secret: str


class Webhooks(Shown):
    """Every address, ended ones last."""

    items: list[WebhookRow]


class DeliveryRow(Shown):
    """One event. `state`: due, claimed, sent, given_up (with its error)."""

    id: int
    event: str
    type: str
    subject: str
    state: str
    attempts: int
    due_at: datetime
    made_at: datetime
    sent_at: datetime | None
    error: str | None


class DeliveryPage(Shown):
    """One page; `next` is the cursor of the following one, null at the end."""

    items: list[DeliveryRow]
    next: str | None


class Replay(Sent):
    """Which events to send again: some deliveries, or all since a moment (at most 1,000). They keep their ids."""

    deliveries: Annotated[list[Number], Field(min_length=1, max_length=200)] | None = None
    since: Moment | None = None


class Replayed(Shown):
    """How many are sent again."""

    replayed: int


def router(app: App) -> APIRouter:
    """The routes."""
    routes = APIRouter(tags=["webhooks"])

    @routes.get("/webhooks", response_model=Webhooks, responses=documented() | NOT_MODIFIED)
    def list_webhooks(request: Request) -> Response:
        """Which addresses are told what."""
        query = select(WebhookOut).order_by(WebhookOut.ended_at.is_not(None), WebhookOut.id).limit(MOST_WEBHOOKS * 4)
        with app.database.read() as session:
            found = [WebhookRow.model_validate(one) for one in session.scalars(query)]
        return answered(request, Webhooks(items=found))

    @routes.post("/webhooks", status_code=201, response_model=Registered, responses=posted())
    def register_webhook(new: NewWebhook, post: Posted) -> Response:
        """Tells an address from now on."""

        def work(app: App, session: Session) -> Response:
            live = session.scalar(select(func.count()).where(WebhookOut.ended_at.is_(None))) or 0
            if live >= MOST_WEBHOOKS:
                raise ProblemError(409, "too_many_webhooks", f"at most {MOST_WEBHOOKS} are told: end one first")
            at, actor = app.clock.now(), post.caller.actor
            events = [name for name in EVENTS if name in new.events]
            made = WebhookOut(url=new.url, events=events, note=new.note, made_by=actor, made_at=at, ended_at=None)
            session.add(made)
            session.flush()
            write_audit(session, "webhook_made", actor=actor, at=at, webhook=made.id, host=urlsplit(new.url).hostname)
            shown = WebhookRow.model_validate(made).model_dump()
            return done(Registered(**shown, secret=made.secret(session.info[LOG_KEY])), 201)

        return post.once(app, work)

    @routes.post("/webhooks/{webhook_id}/end", response_model=WebhookRow, responses=posted())
    def end_webhook(webhook_id: Id, post: Posted) -> Response:
        """Tells it nothing any more."""

        def work(app: App, session: Session) -> Response:
            webhook, at = _webhook(session, webhook_id), app.clock.now()
            must_match(post.if_match, WebhookRow.model_validate(webhook))
            webhook.ended_at = webhook.ended_at or at
            write_audit(session, "webhook_ended", actor=post.caller.actor, at=at, webhook=webhook_id)
            return done(WebhookRow.model_validate(webhook))

        return post.once(app, work)

    @routes.post("/webhooks/{webhook_id}/test", status_code=201, response_model=DeliveryRow, responses=posted())
    def test_webhook(webhook_id: Id, post: Posted) -> Response:
        """Sends an event of the type kintsugi.test."""

        def work(app: App, session: Session) -> Response:
            webhook, at = _live(session, webhook_id), app.clock.now()
            key = f"test:{at.timestamp():.6f}"
            sent = tell_program(session, webhook.id, "test", key, "test", at, {"by": post.caller.actor})
            return done(_row(sent), 201)

        return post.once(app, work)

    _deliveries(app, routes)
    return routes


def _deliveries(app: App, routes: APIRouter) -> None:
    @routes.get(
        "/webhooks/{webhook_id}/deliveries", response_model=DeliveryPage, responses=documented(404) | NOT_MODIFIED
    )
    def list_deliveries(request: Request, webhook_id: Id, asked: Annotated[Paging, Query()]) -> Response:
        """What became of each event, the newest first."""
        with app.database.read() as session:
            webhook = _webhook(session, webhook_id)
            query = select(Delivery).where(Delivery.receiver == webhook.receiver).order_by(Delivery.id.desc())
            if asked.after_id is not None:
                query = query.where(Delivery.id < asked.after_id)
            found = session.scalars(query.limit(asked.limit + 1)).all()
        page, following = asked.cut(found, lambda one: (None, one.id))
        return answered(request, DeliveryPage(items=[_row(one) for one in page], next=following))

    @routes.post("/webhooks/{webhook_id}/replay", response_model=Replayed, responses=posted())
    def replay_events(webhook_id: Id, which: Replay, post: Posted) -> Response:
        """Sends events again."""
        if (which.deliveries is None) == (which.since is None):
            raise ProblemError(422, "either", "give deliveries or since")

        def work(app: App, session: Session) -> Response:
            webhook, at = _live(session, webhook_id), app.clock.now()
            query = select(Delivery).where(Delivery.receiver == webhook.receiver, Delivery.state != "claimed")
            if which.deliveries is not None:
                query = query.where(Delivery.id.in_(which.deliveries))
            else:
                query = query.where(Delivery.made_at >= which.since)
            found = session.scalars(query.order_by(Delivery.id).limit(MOST_AT_ONCE)).all()
            if which.deliveries is not None and len(found) < len(set(which.deliveries)):
                raise not_found("such delivery of this webhook that is not on its way")
            for delivery in found:
                delivery.state, delivery.attempts, delivery.due_at, delivery.made_at = "due", 0, at, at
            return done(Replayed(replayed=len(found)))

        return post.once(app, work)


def _webhook(session: Session, webhook_id: int) -> WebhookOut:
    webhook = session.get(WebhookOut, webhook_id)
    if webhook is None:
        raise not_found(f"webhook {webhook_id}")
    return webhook


def _live(session: Session, webhook_id: int) -> WebhookOut:
    webhook = _webhook(session, webhook_id)
    if webhook.ended_at is not None:
        raise ProblemError(409, "ended", f"webhook {webhook_id} has ended: register it again")
    return webhook


def _row(delivery: Delivery) -> DeliveryRow:
    return DeliveryRow(
        id=delivery.id,
        event=delivery.key,
        type=f"kintsugi.{delivery.payload.get('type', '')}",
        subject=str(delivery.payload.get("subject", "")),
        state=delivery.state,
        attempts=delivery.attempts,
        due_at=delivery.due_at,
        made_at=delivery.made_at,
        sent_at=delivery.sent_at,
        error=delivery.error,
    )
