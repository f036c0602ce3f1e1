"""What other programs use: the intake of signed mentions, and whether the service is well."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import structlog
from fastapi import APIRouter, HTTPException, Request
from fastapi.concurrency import run_in_threadpool

from crawlers.parsing.raw import Unreadable
from kintsugi.web.intake import take, webhook_options
from kintsugi.web.signature import why_not_signed

if TYPE_CHECKING:
    from kintsugi.app import App

log = structlog.get_logger(__name__)
LONGEST_ID = 200


def router(app: App) -> APIRouter:
    """The routes."""
    routes = APIRouter()

    @routes.post("/intake/{source}")
    async def intake(source: str, request: Request) -> dict[str, Any]:
        """Takes signed mentions (docs/sources.md, `webhook`)."""
        options = webhook_options(app, source)
        if options is None:
            raise HTTPException(404, "there is no webhook source of this name")
        secret = app.secrets.named(options.secret_env)
        if secret is None:
            log.error("webhook without secret", source=source, variable=options.secret_env)
            raise HTTPException(503, f"{options.secret_env} is not set on this side")
        body, at = await _body(request, options.max_kb * 1024), app.clock.now()
        problem = why_not_signed(request.headers, body, secret, at)
        if problem:
            log.warning("webhook not signed", source=source, problem=problem)
            raise HTTPException(401, problem)
        event_id = request.headers["webhook-id"]
        if len(event_id) > LONGEST_ID:
            raise HTTPException(400, f"webhook-id is longer than {LONGEST_ID} characters")
        try:
            account = await run_in_threadpool(take, app, source, options, event_id, body, at)
        except Unreadable as error:
            raise HTTPException(400, str(error)) from None
        log.info("taken", source=source, event_id=event_id, account=account)
        return account

    return routes


async def _body(request: Request, most: int) -> bytes:
    """The body; 413 as soon as it is too long, whatever its head says."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > most:
            raise HTTPException(413, f"more than {most // 1024} kB in one body: send less at once (max_kb)")
    return bytes(body)
