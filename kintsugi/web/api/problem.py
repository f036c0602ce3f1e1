"""What the API answers when something cannot be: application/problem+json (RFC 9457) with a named reason."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from starlette.exceptions import HTTPException

log = structlog.get_logger(__name__)
MEDIA = "application/problem+json"
TITLES = {
    400: "the request cannot be read",
    401: "a token is needed",
    403: "not allowed",
    404: "not found",
    405: "no such method here",
    409: "refused as things are",
    410: "the answer was erased",
    412: "it changed meanwhile",
    413: "too large",
    422: "a value is wrong",
    429: "too many requests",
    500: "something went wrong on our side",
    503: "not possible on this machine",
}


class Mistake(BaseModel):
    """One value of a request that is wrong."""

    where: str
    what: str


class Problem(BaseModel):
    """Why a request was not done. `reason` is a name that programs can rely on, `detail` is for people."""

    type: str
    title: str
    status: int
    reason: str
    detail: str
    errors: list[Mistake] | None = None


class ProblemError(Exception):
    """Ends a request with a problem."""

    def __init__(self, status: int, reason: str, detail: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status, self.reason, self.detail, self.headers = status, reason, detail, headers


def not_found(what: str) -> ProblemError:
    """404 for something that is not there, or not any more."""
    return ProblemError(404, "unknown", f"there is no {what}")


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """These statuses as OpenAPI describes them, with those that any route can answer."""
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        status: {"description": TITLES[status], "content": {MEDIA: {"schema": schema}}}
        for status in sorted({400, 401, 403, 422, 429, *statuses})
    }


def answer_problems(api: FastAPI) -> None:
    """Adds the handlers."""

    @api.exception_handler(ProblemError)
    async def refused(_request: Request, error: ProblemError) -> Response:
        return _response(error.status, error.reason, error.detail, headers=error.headers)

    @api.exception_handler(HTTPException)
    async def http(_request: Request, error: HTTPException) -> Response:
        headers = dict(error.headers or {})
        return _response(error.status_code, "http", str(error.detail), headers=headers)

    @api.exception_handler(RequestValidationError)
    async def unreadable(_request: Request, error: RequestValidationError) -> Response:
        mistakes = [Mistake(where=".".join(_named(one["loc"])), what=one["msg"]) for one in error.errors()[:20]]
        first = f"{mistakes[0].where}: {mistakes[0].what}" if mistakes else ""
        return _response(422, "invalid", first, mistakes)

    @api.exception_handler(Exception)
    async def broken(request: Request, error: Exception) -> Response:
        log.error("api failed", path=request.url.path, error=repr(error), exc_info=error)
        return _response(500, "internal", "")


def _named(place: Sequence[str | int]) -> list[str]:
    """Where a value stands, without what pydantic calls its own functions."""
    return [str(part) for part in place if "(" not in str(part) and "[" not in str(part)]


def _response(
    status: int, reason: str, detail: str, errors: list[Mistake] | None = None, headers: dict[str, str] | None = None
) -> Response:
    problem = Problem(
        type="about:blank", title=TITLES.get(status, "not done"), status=status, reason=reason, detail=detail,
        errors=errors,
    )  # fmt: skip
    body = json.dumps(problem.model_dump(exclude_none=True), ensure_ascii=False).encode("utf-8", "replace")
    return Response(body, status, headers, media_type=MEDIA)
