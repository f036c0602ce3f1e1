"""The complaint pages with their QR codes, and what came in on them with its contact and photo."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import FileResponse
from sqlalchemy import select

from config.complaints import ComplaintPage
from kintsugi.desk.photos import photo_of
from kintsugi.web.access import viewer_here
from kintsugi.web.language import words_in
from kintsugi.web.rendering import page
from responder.channels.opening import INTAKE
from storage.account import write_audit
from storage.case import case_of_mention
from storage.mention import Mention, latest_revision
from storage.source import Source

if TYPE_CHECKING:
    from kintsugi.app import App

LOOKED = "looked_at_author"


def router(app: App) -> APIRouter:
    """The routes."""
    routes = APIRouter()

    def known(place: str) -> ComplaintPage:
        found = app.settings.complaints.pages.get(place)
        if found is None:
            raise HTTPException(404)
        return found

    @routes.get("/places")
    def places(request: Request) -> Response:
        """All pages."""
        rows = [(word, one, address_of_page(app, word)) for word, one in app.settings.complaints.pages.items()]
        return page(app, request, "places.html", pages=rows, local=app.settings.web.public_url is None)

    @routes.get("/places/{place}/qr")
    def sheet(request: Request, place: str) -> Response:
        """To print and put up."""
        one, address = known(place), address_of_page(app, place)
        return page(
            app, request, "places_sheet.html", one=one, address=address, place=place, words=words_in,
            languages=[name for name in app.settings.brand.languages if name in ("ja", "en")][:2] or ["en"],
            local=app.settings.web.public_url is None,
        )  # fmt: skip

    @routes.get("/places/{place}/qr.svg")
    def svg(place: str) -> Response:
        """The code alone, to place into a design of one's own."""
        known(place)
        name = f'attachment; filename="{place}.svg"'
        code = qr_code(address_of_page(app, place))
        return Response(code, media_type="image/svg+xml", headers={"Content-Disposition": name})

    _received_pages(app, routes)
    return routes


def _received_pages(app: App, routes: APIRouter) -> None:
    """What came in by these pages."""

    @routes.get("/received/{reference}")
    def received(request: Request, reference: str) -> Response:
        """One complaint with its contact and photo; the look is written down."""
        viewer, at = viewer_here(request), app.clock.now()
        with app.database.write() as session:
            found = select(Mention).join(Source).where(Source.key == INTAKE, Mention.external_id == reference)
            mention = session.scalar(found)
            if mention is None:
                raise HTTPException(404)
            write_audit(session, LOOKED, actor=viewer.actor, at=at, mention=mention.id)
            case, author = case_of_mention(session, mention.id), mention.author
            contact = author.external_id if author is not None and author.external_id != reference else None
            return page(
                app, request, "received.html", mention=mention, text=latest_revision(session, mention.id).text,
                name=author.name if author is not None else None, contact=contact, case=case,
                photo=photo_of(app, reference) is not None,
            )  # fmt: skip

    @routes.get("/received/{reference}/photo")
    def photo(reference: str) -> Response:
        """The photo."""
        file = photo_of(app, reference)
        if file is None:
            raise HTTPException(404)
        return FileResponse(file, media_type="image/jpeg")


def address_of_page(app: App, place: str) -> str:
    """What customers open."""
    return f"{app.settings.web.address}/c/{place}"


def qr_code(address: str) -> bytes:
    """An SVG that fills its place, with the quiet border that readers need."""
    import segno

    drawn = io.BytesIO()
    segno.make(address, error="m", micro=False).save(drawn, kind="svg", xmldecl=False, border=4, omitsize=True)
    return drawn.getvalue()
