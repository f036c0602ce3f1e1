"""The sites of the sample brand on 127.0.0.1: a store's review feed, a Mastodon server, a news feed, a guest book."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qsl, unquote, urlsplit

from config.clock import Clock
from kintsugi.demo.formats import app_store, mastodon, news
from kintsugi.demo.formats.guest_book import guest_book
from kintsugi.demo.world import World, read_script

GUEST_BOOK = "guest-book.csv"
_ROBOTS = b"User-agent: *\nDisallow: /admin/\n"
_REVIEWS = re.compile(r"/(\w\w)/rss/customerreviews/page=(\d+)/id=(\d+)/sortby=mostrecent/json", re.IGNORECASE)
_TIMELINE = re.compile(r"/api/v1/timelines/tag/([^/]+)")
_STATUS = re.compile(r"/api/v1/statuses/(\d+)")
_FEED = re.compile(r"/rss/(ja|en)\.xml")
_HTML, _JSON, _TEXT, _XML = (
    f"{kind}; charset=utf-8" for kind in ("text/html", "application/json", "text/plain", "application/xml")
)


@dataclass(frozen=True)
class Page:
    """What the site answers."""

    status: int
    content_type: str
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)


class DemoSite:
    """Serves the world as it stands when `clock` is read: turn the clock, and the sites show another day.

    Listens from `start()` (or `with`) to `stop()` on a free port; `guest_book` is the file that `write_guest_book`
    keeps in `folder`.
    """

    def __init__(self, clock: Clock, folder: Path, world: World | None = None) -> None:
        self._clock = clock
        self._world = world or World(read_script())
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_of(self))
        self._server.daemon_threads = True
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self.guest_book = folder / GUEST_BOOK

    @property
    def base_url(self) -> str:
        """Where the site listens, without a slash at the end."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def start(self) -> None:
        """Begins to listen, and writes the guest book of this moment."""
        self.write_guest_book()
        self._thread.start()

    def stop(self) -> None:
        """Ends; open answers are not waited for."""
        if self._thread.is_alive():
            self._server.shutdown()
        self._server.server_close()

    def __enter__(self) -> DemoSite:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def write_guest_book(self) -> bool:
        """Exports the guest book as it stands now; whether it has changed. A reader never sees half a file."""
        body = guest_book(self._world.seen("guest-book", self._clock.now()))
        if self.guest_book.exists() and self.guest_book.read_bytes() == body:
            return False
        self.guest_book.parent.mkdir(parents=True, exist_ok=True)
        part = self.guest_book.with_suffix(".part")
        part.write_bytes(body)
        part.replace(self.guest_book)
        return True

    def page(self, target: str) -> Page:
        """The answer to GET `target`, at this moment."""
        at = self._clock.now()
        parts = urlsplit(target)
        if parts.path == "/robots.txt":
            return Page(200, _TEXT, _ROBOTS)
        if found := _REVIEWS.fullmatch(parts.path):
            return self._reviews(found[1].lower(), int(found[2]), int(found[3]), at)
        if found := _FEED.fullmatch(parts.path):
            body = news.rss(self._world.seen("news", at), found[1])
            return Page(200, _XML, body, {"ETag": f'"{blake2b(body, digest_size=12).hexdigest()}"'})
        if parts.path.startswith("/api/"):
            return self._mastodon(parts.path, dict(parse_qsl(parts.query)), at)
        return Page(404, _HTML, b"<h1>Not Found</h1>")

    def _reviews(self, country: str, page: int, app: int, at: datetime) -> Page:
        if page > app_store.DEEPEST:
            return Page(200, _TEXT, app_store.TOO_DEEP)
        said = [one for one in self._world.seen("app-store", at) if one.country == country and app == app_store.APP_ID]
        return Page(200, _JSON, app_store.reviews_feed(said, country, app, max(page, 1), at, self.base_url))

    def _mastodon(self, path: str, query: dict[str, str], at: datetime) -> Page:
        said = self._world.seen("mastodon", at)
        limits = {"X-RateLimit-Limit": "300", "X-RateLimit-Remaining": "299", "Cache-Control": "private, no-store"}
        if found := _TIMELINE.fullmatch(path):
            body, link = mastodon.timeline(said, unquote(found[1]), query, self.base_url)
            return Page(200, _JSON, body, {**limits, **({"Link": link} if link else {})})
        one = mastodon.status(said, found[1]) if (found := _STATUS.fullmatch(path)) else None
        return Page(404, _JSON, mastodon.NOT_FOUND, limits) if one is None else Page(200, _JSON, one, limits)


def _handler_of(site: DemoSite) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            page = site.page(self.path)
            tag = page.headers.get("ETag")
            known = [one.strip().removeprefix("W/") for one in self.headers.get("If-None-Match", "").split(",")]
            same = tag is not None and tag in known
            self.send_response(304 if same else page.status)
            for name, value in page.headers.items():
                self.send_header(name, value)
            if not same:
                self.send_header("Content-Type", page.content_type)
                self.send_header("Content-Length", str(len(page.body)))
            self.end_headers()
            if not same:
                self.wfile.write(page.body)

        def log_message(self, format: str, *args: object) -> None:
            """Says nothing: the terminal belongs to the demo."""

    return Handler
