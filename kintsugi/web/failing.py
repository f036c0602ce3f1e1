"""What is answered when something cannot be: a page for people, JSON for programs, and never an inner detail."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from kintsugi.web.rendering import page

if TYPE_CHECKING:
    from kintsugi.app import App

log = structlog.get_logger(__name__)


class SaidError(HTTPException):
    """Ends a request with a line for whoever reads the page (`word`, in their language) and one for programs."""

    def __init__(self, status: int, detail: str, word: str) -> None:
        super().__init__(status, detail)
        self.word = word


def answer_failures(web: FastAPI, app: App) -> None:
    """Adds the handlers."""

    @web.exception_handler(HTTPException)
    async def refused(request: Request, error: HTTPException) -> Response:
        if error.status_code < 400:
            return Response(status_code=error.status_code, headers=error.headers)
        word = error.word if isinstance(error, SaidError) else None
        return _answer(app, request, error.status_code, str(error.detail), error.headers, word)

    @web.exception_handler(RequestValidationError)
    async def unreadable(request: Request, error: RequestValidationError) -> Response:
        first = error.errors()[0]
        kind, *path = first["loc"]
        if kind == "path":
            return _answer(app, request, 404, "")  # /cases/abc: there is no such case, and no such page
        where = ".".join(str(part) for part in path)
        return _answer(app, request, 400, f"{where}: {first['msg']}")

    @web.exception_handler(Exception)
    async def broken(request: Request, error: Exception) -> Response:
        log.error("page failed", path=request.url.path, error=error, exc_info=error)
        return _answer(app, request, 500, "")


def _answer(
    app: App, request: Request, status: int, detail: str, headers: object = None, word: str | None = None
) -> Response:
    if "text/html" in request.headers.get("accept", ""):
        return page(app, request, "problem.html", status=status, code=status, word=word)
    answer = JSONResponse({"detail": detail or "something went wrong on our side"}, status_code=status)
    if isinstance(headers, dict):
        answer.headers.update(headers)
    return answer
