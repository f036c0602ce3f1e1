"""Answers with an ETag: what has not changed is not sent again, and what changed meanwhile is not acted upon."""

from __future__ import annotations

import hashlib
from typing import Any

from fastapi import Request, Response
from pydantic import BaseModel

from kintsugi.web.api.problem import ProblemError

NOT_MODIFIED: dict[int | str, dict[str, Any]] = {304: {"description": "as it was (If-None-Match)"}}


def answered(request: Request, model: BaseModel) -> Response:
    """The model as JSON, or 304 where the caller has it already."""
    return sent(request, as_json(model), "application/json")


def sent(request: Request, body: bytes, media: str) -> Response:
    """The same for any body."""
    headers = {"ETag": etag_of(body), "Cache-Control": "private, no-cache"}
    if matches(request.headers.get("if-none-match"), headers["ETag"]):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=media, headers=headers)


def done(model: BaseModel, status: int = 200, **headers: str) -> Response:
    """What a post changed, as it is now."""
    body = as_json(model)
    return Response(body, status, {"ETag": etag_of(body), **headers}, "application/json")


def must_match(wanted: str | None, model: BaseModel) -> None:
    """Raises ProblemError where `If-Match` was sent and this is something else by now."""
    if wanted is not None and not matches(wanted, etag_of(as_json(model))):
        raise ProblemError(412, "changed_meanwhile", "If-Match: it changed since you read it; read it again")


def as_json(model: BaseModel) -> bytes:
    """The model in UTF-8."""
    return model.model_dump_json().encode("utf-8", "replace")


def etag_of(body: bytes) -> str:
    """A strong validator: another body has another one."""
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def matches(header: str | None, tag: str) -> bool:
    """Whether a list of tags holds this one."""
    if header is None:
        return False
    return any(one.strip().removeprefix("W/") in ("*", tag) for one in header.split(","))
