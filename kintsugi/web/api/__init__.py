"""The JSON API under /api/v1: one file a resource, each with a function `router(app) -> APIRouter`."""
