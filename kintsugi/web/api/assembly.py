"""The API as one application of its own, mounted at /api/v1: its table of permissions, its problems, its OpenAPI."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import Depends, FastAPI
from fastapi.routing import APIRoute

from kintsugi.web.api.access import MOST_A_MINUTE, feed_gate, gate
from kintsugi.web.api.problem import Problem, answer_problems
from kintsugi.web.limits import Limit

if TYPE_CHECKING:
    from kintsugi.app import App

ABOUT = (
    "Everything that the pages do. Lists are paged by `cursor`; every GET carries an ETag; every POST takes an "
    "Idempotency-Key. Texts of customers are masked as in Slack."
)


def api_app(app: App, limit: Limit | None = None) -> FastAPI:
    """The application over one installation. `limit` is that of each token."""
    from kintsugi.web.api.resources import FEEDS, RESOURCES

    api = FastAPI(
        title="Kintsugi",
        version="1",
        description=ABOUT,
        docs_url=None,
        redoc_url=None,
        generate_unique_id_function=_operation_id,
    )
    limit = limit or Limit(MOST_A_MINUTE, 60)
    for router in RESOURCES:
        api.include_router(router(app), dependencies=[Depends(gate(app, limit))])
    for router in FEEDS:
        api.include_router(router(app), dependencies=[Depends(feed_gate(app, limit))])
    answer_problems(api)
    _describe_problems(api)
    return api


def _operation_id(route: APIRoute) -> str:
    """The name of the function: stable, and what generated clients call it."""
    return route.name


def _describe_problems(api: FastAPI) -> None:
    """Adds the shape of problems to the OpenAPI document, to which every route refers."""
    made = api.openapi

    def openapi() -> dict[str, Any]:
        document = made()
        schemas = document["components"]["schemas"]
        shape = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas.update(shape.pop("$defs", {}))
        schemas["Problem"] = shape
        return document

    api.openapi = openapi  # type: ignore[method-assign]  # as FastAPI's own documentation extends it
