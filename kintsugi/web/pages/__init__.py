"""The pages, one file each with a function `router(app) -> APIRouter`."""
