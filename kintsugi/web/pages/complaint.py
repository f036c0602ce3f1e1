"""The public page of a place or product on which customers tell what went wrong."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData, UploadFile

from config.complaints import ComplaintPage
from kintsugi.desk.complaint_entry import LONGEST_TEXT, Complaint, contact_of, record_complaint
from kintsugi.desk.photos import clean_photo, lay_down, photos_work, pick_up
from kintsugi.web.language import LANGUAGES, words_in
from kintsugi.web.limits import Limit
from kintsugi.web.public import MOST_FIELDS, chosen_number, language_of, public_page, typed, whose
from kintsugi.web.stamp import Stamp, new_stamp, read_stamp, stamp_key
from responder.cases.refused import Refused
from storage.event import LOG_KEY

if TYPE_CHECKING:
    from kintsugi.app import App

TRIES, WITHIN = 10, 600.0  # complaints of one client address
FLOOD, FLOOD_WITHIN = 120, 3600.0  # complaints of one page, whoever sends them
LONGEST_NAME = 80
FIELDS = ("text", "stars", "contact", "name")
TRAP = "fax_kintsugi"  # a field that people do not see and robots fill in
_REFERENCE = re.compile(r"C-[2-9A-HJKMNP-TV-Z]{4}-[2-9A-HJKMNP-TV-Z]{4}")


@dataclass
class Sent:
    """A form as it came in."""

    page: ComplaintPage
    place: str
    language: str
    fields: dict[str, str]
    photo: bytes = b""
    problems: list[str] = field(default_factory=list)


def router(app: App) -> APIRouter:
    """The routes."""
    routes = APIRouter()
    tries, flood = Limit(TRIES, WITHIN), Limit(FLOOD, FLOOD_WITHIN)

    @routes.get("/c/{place}")
    def form(request: Request, place: str) -> Response:
        """The form."""
        language, known = language_of(app, request), app.settings.complaints.pages.get(place)
        if known is None:
            return _lost(app, request, language)
        return _form(app, request, Sent(known, place, language, {}))

    @routes.post("/c/{place}")
    async def complain(request: Request, place: str) -> Response:
        """Keeps a complaint, or shows the form again with everything that was typed."""
        async with request.form(max_files=1, max_fields=MOST_FIELDS, max_part_size=64 * 1024) as given:
            photo, most = given.get("photo"), app.settings.complaints.photo_mb * 1024 * 1024
            taken = await photo.read(most + 1) if isinstance(photo, UploadFile) else b""
        return await run_in_threadpool(_taken, app, request, place, given, taken, (tries, flood))

    @routes.get("/c/{place}/thanks/{reference}")
    def thanks(request: Request, place: str, reference: str) -> Response:
        """What happens next."""
        language, known = language_of(app, request), app.settings.complaints.pages.get(place)
        if known is None or not _REFERENCE.fullmatch(reference):
            return _lost(app, request, language)
        return public_page(app, request, "public_thanks.html", language, reference=reference)

    return routes


def _taken(
    app: App, request: Request, place: str, given: FormData, photo: bytes, limits: tuple[Limit, Limit]
) -> Response:
    switch, shown = typed(given, "switch"), typed(given, "language")
    language = language_of(app, request, next((one for one in (switch, shown) if one in LANGUAGES), None))
    page = app.settings.complaints.pages.get(place)
    if page is None:
        return _lost(app, request, language)
    sent = Sent(page, place, language, {name: typed(given, name) for name in FIELDS}, photo)
    if switch in LANGUAGES:
        return _form(app, request, sent)
    words = words_in(language)
    complaint = _checked(app, sent)
    stamp = read_stamp(typed(given, "stamp"), _key(app), place, app.clock.now())
    if not sent.problems and (stamp is None or stamp.too_soon or typed(given, TRAP)):
        sent.problems.append(words("public.press_again"))
    if sent.problems or complaint is None or stamp is None:
        return _form(app, request, sent, 400, typed(given, "stamp") if stamp is not None else None)
    wait = limits[0].wait(whose(request)) or limits[1].wait(place)
    if wait:
        sent.problems.append(words("public.too_often", minutes=wait // 60 + 1))
        return _form(app, request, sent, 429, typed(given, "stamp"))
    return _keep(app, request, sent, complaint, stamp)


def _keep(app: App, request: Request, sent: Sent, complaint: Complaint, stamp: Stamp) -> Response:
    picture = clean_photo(sent.photo) if sent.photo else None
    if isinstance(picture, Refused):
        sent.problems.append(words_in(sent.language)(f"complaint.problem_{picture.reason}"))
        return _form(app, request, sent, 400)
    if picture is not None:
        lay_down(app, stamp.reference, picture)
    record_complaint(app, sent.page, complaint, stamp.reference)
    if picture is not None:
        pick_up(app, stamp.reference)
    return RedirectResponse(f"/c/{sent.place}/thanks/{stamp.reference}?language={sent.language}", 303)


def _checked(app: App, sent: Sent) -> Complaint | None:
    """What was told; None where `sent.problems` says what has to be corrected."""
    words, fields, problems = words_in(sent.language), sent.fields, sent.problems
    stars, contact = None, contact_of(fields["contact"]) if fields["contact"] else None
    most_mb = app.settings.complaints.photo_mb
    if not fields["text"]:
        problems.append(words("complaint.problem_empty"))
    if len(fields["text"]) > LONGEST_TEXT:
        problems.append(words("complaint.problem_long", most=LONGEST_TEXT, n=len(fields["text"])))
    try:
        stars = chosen_number(fields["stars"], range(1, 6))
    except ValueError:
        problems.append(words("complaint.problem_stars"))
    if fields["contact"] and contact is None:
        problems.append(words("complaint.problem_contact"))
    if len(fields["name"]) > LONGEST_NAME:
        problems.append(words("complaint.problem_name", most=LONGEST_NAME))
    if sent.photo and (most_mb == 0 or len(sent.photo) > most_mb * 1024 * 1024 or not photos_work()):
        problems.append(words("complaint.problem_photo_large", mb=most_mb))
    if problems:
        return None
    return Complaint(fields["text"], stars, " ".join(fields["name"].split()) or None, contact)


def _form(app: App, request: Request, sent: Sent, status: int = 200, stamp: str | None = None) -> Response:
    """The form, with a new stamp unless the old one is good; a browser never gives a photo back."""
    if sent.photo and (sent.problems or status != 200):
        sent.problems.append(words_in(sent.language)("complaint.photo_again"))
    return public_page(
        app, request, "public_complaint.html", sent.language, status=status,
        place=sent.page.named(sent.language),
        filled=dict.fromkeys(FIELDS, "") | sent.fields,
        problems=sent.problems,
        stamp=stamp or new_stamp(_key(app), sent.place, app.clock.now()),
        trap=TRAP,
        photo_mb=app.settings.complaints.photo_mb if photos_work() else 0,
        most=LONGEST_TEXT,
        most_name=LONGEST_NAME,
    )  # fmt: skip


def _lost(app: App, request: Request, language: str) -> Response:
    words = words_in(language)
    title, text = words("public.lost"), words("public.lost_what")
    return public_page(app, request, "public_said.html", language, status=404, title=title, text=text)


def _key(app: App) -> bytes:
    with app.database.read() as session:
        return stamp_key(session.info[LOG_KEY])
