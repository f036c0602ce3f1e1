"""What stands before every route: no forged posts, no endless bodies, headers that tell browsers to be strict.

A post is forged when another site makes a signed-in browser send it. Browsers say where a request comes from
(Sec-Fetch-Site, Origin), and scripts of other sites cannot change that, so no token in every form is needed.
"""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SAFE = ("GET", "HEAD", "OPTIONS")
LONGEST_BODY = 1024 * 1024  # bytes; routes that take more say so in MORE
BODY_WITHIN = 120.0  # seconds: 24 MB at 1.6 Mbit/s
MORE: dict[str, int] = {
    "/intake/": 64 * 1024 * 1024,
    "/c/": 24 * 1024 * 1024,
}  # by the beginning of the path; the route has its own limit
CSP = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "X-Frame-Options": "DENY",
}


class Guard:
    """ASGI middleware around everything that is served."""

    def __init__(self, inner: ASGIApp, *, secure: bool) -> None:
        self._inner = inner
        self._headers = HEADERS | ({"Strict-Transport-Security": "max-age=31536000"} if secure else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes on what is right."""
        if scope["type"] != "http":
            await self._inner(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
                if not scope["path"].startswith("/static/"):
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        why = why_forged(scope["method"], Headers(scope=scope))
        if why is not None:
            await PlainTextResponse(why, status_code=403)(scope, receive, with_headers)
            return
        limit = next((most for start, most in MORE.items() if scope["path"].startswith(start)), LONGEST_BODY)
        length = Headers(scope=scope).get("content-length", "")
        if length.isascii() and length.isdigit() and int(length[:18]) > limit:
            await PlainTextResponse("more than this address takes", status_code=413)(scope, receive, with_headers)
            return
        await self._inner(scope, _limited(receive, limit), with_headers)


def why_forged(method: str, headers: Headers) -> str | None:
    """Why a request that changes something is refused; None: it comes from our own pages, or from no browser."""
    if method in SAFE:
        return None
    site = headers.get("sec-fetch-site")
    if site is not None:
        return None if site in ("same-origin", "none") else f"sent by another site ({site})"
    origin = headers.get("origin")
    if origin is not None:
        return None if urlsplit(origin).netloc == headers.get("host") else "sent by another site"
    # Programs send neither and have no cookie; a browser that tells nothing of where it comes from is too old to trust.
    return "the browser does not say where this comes from: use a newer one" if "cookie" in headers else None


def _limited(receive: Receive, most: int) -> Receive:
    """Ends a body that is longer than it may be or comes too slowly: to the route the client went away."""
    taken, more, end = 0, True, asyncio.get_running_loop().time() + BODY_WITHIN

    async def limited() -> Message:
        nonlocal taken, more
        try:
            async with asyncio.timeout_at(end if more else None):  # afterwards only the client's leaving is waited for
                message = await receive()
        except TimeoutError:
            return {"type": "http.disconnect"}
        taken, more = taken + len(message.get("body", b"")), message.get("more_body", False)
        return {"type": "http.disconnect"} if taken > most else message

    return limited
