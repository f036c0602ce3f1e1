"""For machines that watch the service: is it up, can it work, and its figures."""

from __future__ import annotations

import ipaddress
import secrets
from typing import TYPE_CHECKING

import structlog
from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import JSONResponse
from sqlalchemy import select

from kintsugi.metrics.page import CONTENT_TYPE_LATEST, MetricsPage
from kintsugi.operating.readiness import Readiness

if TYPE_CHECKING:
    from kintsugi.app import App

log = structlog.get_logger(__name__)
PROXIED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")


def router(app: App, *, works: bool = True) -> APIRouter:
    """The routes. Without `works` this process opens no model, and is not asked for one."""
    routes = APIRouter()
    readiness, metrics = Readiness(app, with_model=works), MetricsPage(app)

    @routes.get("/healthz")
    def healthz() -> JSONResponse:
        """200 while the database answers. Where it does not, a restart may help."""
        try:
            with app.database.read() as session:
                session.execute(select(1))
        except Exception as error:
            log.error("not well", error=error)
            return JSONResponse({"status": "the database does not answer"}, status_code=503)
        return JSONResponse({"status": "ok"})

    @routes.get("/readyz")
    def readyz() -> JSONResponse:
        """200 while it can do its work; 503 with what is in the way."""
        missing = list(readiness.missing())
        if missing:
            return JSONResponse({"status": "not ready", "missing": missing}, status_code=503)
        return JSONResponse({"status": "ready"})

    @routes.get("/metrics")
    def figures(request: Request) -> Response:
        """For Prometheus: with KINTSUGI_METRICS_TOKEN as bearer token, or without one from this machine only."""
        why = _why_not(app, request)
        if why is not None:
            raise HTTPException(401, why, {"WWW-Authenticate": "Bearer"})
        return Response(metrics.text(), media_type=CONTENT_TYPE_LATEST)

    return routes


def _why_not(app: App, request: Request) -> str | None:
    token = app.secrets.kintsugi_metrics_token
    if token is not None and token.get_secret_value():
        given = request.headers.get("authorization", "")
        wanted = f"Bearer {token.get_secret_value()}"
        return None if secrets.compare_digest(given.encode(), wanted.encode()) else "the token does not fit"
    # What a proxy hands on comes from this machine too, or says that it does.
    proxied = app.settings.web.behind_proxy or any(name in request.headers for name in PROXIED)
    if not proxied and request.client is not None and _on_this_machine(request.client.host):
        return None
    return "only this machine may ask, and through no proxy; others need KINTSUGI_METRICS_TOKEN"


def _on_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
