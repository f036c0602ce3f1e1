"""Pages over one installation after another.

FastAPI takes half a second to read two hundred routes, which most tests need for some milliseconds. What the pages are
about is the App that was handed to them: whoever sits down puts the parts of another in its place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from fastapi import APIRouter, FastAPI

from kintsugi.app import App
from kintsugi.web.app import web_app


class Seat:
    """One application for tests that follow each other. Its limits go on counting: take another address for each."""

    def __init__(self, pages: Iterable[Callable[[App], APIRouter]] | None = None) -> None:
        self._pages = pages
        self._made: tuple[App, FastAPI] | None = None

    def take(self, opened: App) -> FastAPI:
        """The pages, which are about this installation until somebody else sits down."""
        if self._made is None:
            self._made = opened, web_app(opened, self._pages)
        app, web = self._made
        app.__dict__ = opened.__dict__  # shared from now on: what is changed in one is changed in both
        return web
