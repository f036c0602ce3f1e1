"""What customers tell us directly: entries of staff, the complaint pages, and what came in on them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import FileResponse
from pydantic import StringConstraints
from sqlalchemy import select
from sqlalchemy.orm import Session

from kintsugi.desk.photos import photo_of
from kintsugi.desk.staff_entry import record_staff_entry
from kintsugi.web.api.answer import NOT_MODIFIED, answered, done
from kintsugi.web.api.once import Posted, posted
from kintsugi.web.api.problem import ProblemError, documented, not_found
from kintsugi.web.api.values import Moment, Sent, Shown, Text, Word
from kintsugi.web.pages.places import address_of_page, qr_code
from kintsugi.web.queries.whole_case import LOOKED
from responder.channels.opening import INTAKE
from storage.account import write_audit
from storage.case import case_of_mention
from storage.mention import Mention, latest_revision
from storage.source import Source

if TYPE_CHECKING:
    from kintsugi.app import App

Place = Annotated[str, Path(min_length=1, max_length=200, pattern=r"^[^\x00/]+$")]
Reference = Annotated[str, Path(pattern=r"^[A-Za-z0-9-]{1,64}$")]
Customer = Annotated[str, StringConstraints(min_length=1, max_length=80, pattern=r"^[^\x00]*$")]


class NewEntry(Sent):
    """What a customer said or what staff saw. `happened_at` is now unless given; `customer`: who, if that is known."""

    text: Text
    place: Word | None = None
    happened_at: Moment | None = None
    heard: Literal["in_person", "seen", "phone"] = "in_person"
    customer: Customer | None = None
    language: Literal["ja", "en"] | None = None


class Entry(Shown):
    """The mention that it became. A case opens by the same criteria as for any other."""

    mention: int


class PageRow(Shown):
    """One complaint page: its address for customers, and what it is about."""

    place: str
    name: dict[str, str]
    address: str


class Pages(Shown):
    """Every complaint page, in the order of the settings."""

    items: list[PageRow]


class Received(Shown):
    """One complaint as its customer left it, with how to reach them."""

    reference: str
    mention: int
    case: str | None
    text: str
    name: str | None
    contact: str | None
    photo: bool


def router(app: App) -> APIRouter:
    """The routes."""
    routes = APIRouter(tags=["entries"])

    @routes.post("/staff", status_code=201, response_model=Entry, responses=posted())
    def record_entry(new: NewEntry, post: Posted) -> Response:
        """Records what a customer told a colleague; the same again is the same mention."""

        def work(app: App, session: Session) -> Response:
            post.caller.needs_action(session, "report", None, app)
            places = [one.name for one in app.settings.brand.locations]
            if new.place is not None and new.place not in places:
                raise ProblemError(422, "unknown_place", f"place: one of {', '.join(places) or 'brand.locations'}")
            if not new.text.strip():
                raise ProblemError(422, "empty", "text: write at least one word")
            mention = record_staff_entry(
                app, new.text, new.place, new.happened_at or app.clock.now(), post.caller.actor,
                new.language or app.settings.brand.languages[0], heard=new.heard, customer=new.customer,
            )  # fmt: skip
            return done(Entry(mention=mention), 201, Location=f"mentions/{mention}")

        return post.once(app, work)

    @routes.get("/complaint-pages", response_model=Pages, responses=documented() | NOT_MODIFIED)
    def list_complaint_pages(request: Request) -> Response:
        """The pages on which customers complain to us."""
        pages = app.settings.complaints.pages.items()
        rows = [PageRow(place=key, name=dict(one.name), address=address_of_page(app, key)) for key, one in pages]
        return answered(request, Pages(items=rows))

    @routes.get("/complaint-pages/{place}/qr.svg", response_class=Response, responses=_file("image/svg+xml"))
    def get_qr_code(place: Place) -> Response:
        """The QR code of a page as SVG."""
        if place not in app.settings.complaints.pages:
            raise not_found("such complaint page")
        return Response(qr_code(address_of_page(app, place)), media_type="image/svg+xml")

    _look(app, routes)
    return routes


def _look(app: App, routes: APIRouter) -> None:
    """What came in by the complaint pages."""

    @routes.post("/received/{reference}/look", response_model=Received, responses=posted())
    def look_at_received(reference: Reference, post: Posted) -> Response:
        """One complaint with its contact; the look is written down."""

        def work(app: App, session: Session) -> Response:
            post.caller.needs_action(session, "report", None, app)
            mention = session.scalar(
                select(Mention).join(Source).where(Source.key == INTAKE, Mention.external_id == reference)
            )
            if mention is None:
                raise not_found(f"complaint {reference}")
            write_audit(session, LOOKED, actor=post.caller.actor, at=app.clock.now(), mention=mention.id)
            return done(_received(app, session, mention, reference))

        return post.once(app, work)

    @routes.get("/received/{reference}/photo", response_class=Response, responses=_file("image/jpeg"))
    def get_photo(reference: Reference) -> Response:
        """Its photo."""
        file = photo_of(app, reference)
        if file is None:
            raise not_found(f"photo of {reference}")
        return FileResponse(file, media_type="image/jpeg")


def _received(app: App, session: Session, mention: Mention, reference: str) -> Received:
    case, author = case_of_mention(session, mention.id), mention.author
    return Received(
        reference=reference,
        mention=mention.id,
        case=case.ref if case is not None else None,
        text=latest_revision(session, mention.id).text,
        name=author.name if author is not None else None,
        contact=author.external_id if author is not None and author.external_id != reference else None,
        photo=photo_of(app, reference) is not None,
    )


def _file(media: str) -> dict[int | str, dict[str, Any]]:
    shown = {"description": "the file", "content": {media: {"schema": {"type": "string", "format": "binary"}}}}
    return {200: shown, **documented(404)}
