"""The short form behind a signed link: was it put right?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData

from kintsugi.steps.asking import form_language, take_answer
from kintsugi.web.language import LANGUAGES, Words, words_in
from kintsugi.web.limits import Limit
from kintsugi.web.public import MOST_FIELDS, chosen_number, language_of, public_page, typed, whose
from responder.cases.refused import Refused
from responder.outcome.feedback import (
    LONGEST_COMMENT,
    NPS,
    RECOVERED,
    SATISFACTION,
    FormLink,
    Said,
    form_key,
    read_token,
    why_closed,
)
from storage.case import Case
from storage.event import LOG_KEY
from storage.form_answer import answer_of_round

if TYPE_CHECKING:
    from kintsugi.app import App

TRIES, WITHIN = 30, 600.0  # for one client address
FIELDS = ("recovered", "satisfaction", "nps", "comment")
STATUS = {"forged": 404, "expired": 410, "answered": 410}


def router(app: App) -> APIRouter:
    """The routes."""
    routes = APIRouter()
    tries = Limit(TRIES, WITHIN)

    @routes.get("/f/{token}")
    def form(request: Request, token: str) -> Response:
        """The form; looking at it uses nothing up."""
        link, closed, usual = _look(app, token)
        language = language_of(app, request, usual)
        if link is None or closed is not None:
            return _over(app, request, language, closed or "forged")
        return _form(app, request, language, {}, [])

    @routes.post("/f/{token}")
    async def answer(request: Request, token: str) -> Response:
        """Keeps the answer, or shows the form again with everything that was typed."""
        given = await request.form(max_files=0, max_fields=MOST_FIELDS, max_part_size=64 * 1024)
        return await run_in_threadpool(_answer, app, request, token, given, tries)

    @routes.get("/f/{token}/thanks")
    def thanks(request: Request, token: str) -> Response:
        """After an answer."""
        link, _, usual = _look(app, token)
        language = language_of(app, request, usual)
        with app.database.read() as session:
            said = answer_of_round(session, link.case_id, link.round) if link is not None else None
        if said is None:
            return _over(app, request, language, "forged")
        words = words_in(language)
        title, text = words("form.thanks"), words(f"form.thanks_{said.recovered}")
        return public_page(app, request, "public_said.html", language, title=title, text=text)

    return routes


def _look(app: App, token: str) -> tuple[FormLink | None, str | None, str | None]:
    """What the token says, why it takes no answer, and the language of its case."""
    with app.database.read() as session:
        link = read_token(token, form_key(session.info[LOG_KEY]))
        case = session.get(Case, link.case_id) if link is not None else None
        if link is None or case is None:
            return None, None, None
        return link, why_closed(session, link, app.clock.now()), form_language(session, case)


def _answer(app: App, request: Request, token: str, given: FormData, tries: Limit) -> Response:
    link, closed, usual = _look(app, token)
    fields = {name: typed(given, name) for name in FIELDS}
    switch, shown = typed(given, "switch"), typed(given, "language")
    language = language_of(app, request, next((one for one in (switch, shown) if one in LANGUAGES), usual))
    if link is None or closed is not None:
        return _over(app, request, language, closed or "forged")
    if switch in LANGUAGES:
        return _form(app, request, language, fields, [])
    if wait := tries.wait(whose(request)):
        words = words_in(language)
        problem = words("public.too_often", minutes=wait // 60 + 1)
        return _form(app, request, language, fields, [problem], 429)
    said = _said(fields, language)
    if isinstance(said, list):
        return _form(app, request, language, fields, said, 400)
    kept = take_answer(app, link, said)
    if isinstance(kept, Refused):
        return _over(app, request, language, kept.reason)
    return RedirectResponse(f"/f/{token}/thanks?language={language}", 303)


def _said(fields: dict[str, str], language: str) -> Said | list[str]:
    """What was answered, or what has to be corrected."""
    words, problems = words_in(language), []
    numbers: dict[str, int | None] = {}
    if fields["recovered"] not in RECOVERED:
        problems.append(words("form.problem_recovered"))
    for name, allowed in (("satisfaction", SATISFACTION), ("nps", NPS)):
        try:
            numbers[name] = chosen_number(fields[name], allowed)
        except ValueError:
            problems.append(words("form.problem_choice"))
    if len(fields["comment"]) > LONGEST_COMMENT:
        problems.append(words("form.problem_comment", most=LONGEST_COMMENT, n=len(fields["comment"])))
    if problems:
        return problems
    return Said(fields["recovered"], numbers["satisfaction"], numbers["nps"], fields["comment"], language)


def _form(
    app: App, request: Request, language: str, fields: dict[str, str], problems: list[str], status: int = 200
) -> Response:
    filled = dict.fromkeys(FIELDS, "") | fields
    return public_page(
        app, request, "public_feedback.html", language, status=status, filled=filled, problems=problems,
        most=LONGEST_COMMENT,
    )  # fmt: skip


def _over(app: App, request: Request, language: str, why: str) -> Response:
    words: Words = words_in(language)
    title, text = words(f"form.{why}"), words(f"form.{why}_what")
    return public_page(app, request, "public_said.html", language, status=STATUS[why], title=title, text=text)
