"""Pages for customers: no account, no script, no cookie, in the language that they chose or that their phone has."""

from __future__ import annotations

import hmac
import ipaddress
import secrets
from typing import TYPE_CHECKING, Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from starlette.datastructures import FormData

from alerts.messages.plain import cleaned
from kintsugi.web.language import LANGUAGES, language_for, words_in
from kintsugi.web.rendering import environment

if TYPE_CHECKING:
    from kintsugi.app import App

MOST_FIELDS = 20
_PEPPER = secrets.token_bytes(16)  # of this process: addresses are counted and never kept


def language_of(app: App, request: Request, chosen: str | None = None) -> str:
    """What was chosen on the page, else what fits the request: `usual` of a case, the browser, the brand."""
    asked = request.query_params.get("language", "")
    wanted = asked if asked in LANGUAGES else chosen
    return language_for(wanted, None, request.headers.get("accept-language", ""), app.settings.brand.languages[0])


def public_page(
    app: App, request: Request, template: str, language: str, *, status: int = 200, **values: Any
) -> HTMLResponse:
    """The page of a template; values are escaped there."""
    words = words_in(language)
    body = environment().get_template(template).render(
        t=words,
        language=language,
        other="en" if language == "ja" else "ja",
        brand=app.settings.brand.name,
        path=request.url.path,
        **values,
    )  # fmt: skip
    headers = {"Vary": "Accept-Language", "X-Robots-Tag": "noindex, nofollow", "Content-Language": language}
    return HTMLResponse(body.encode("utf-8", "replace"), status_code=status, headers=headers)


def typed(form: FormData, name: str) -> str:
    """A field as somebody filled it in, without what could act on a screen."""
    value = form.get(name)
    return cleaned(value).strip() if isinstance(value, str) else ""


def chosen_number(text: str, allowed: range) -> int | None:
    """The number of a choice. None for an empty field; ValueError for what is no choice."""
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 3 and int(text) in allowed):
        raise ValueError(f"{text[:20]!r} is no choice")
    return int(text)


def whose(request: Request) -> str:
    """A digest of the client's address by which tries are counted; one network of IPv6 counts as one address."""
    host = request.client.host if request.client else ""
    try:
        address = ipaddress.ip_address(host)
        host = str(ipaddress.ip_network((address, 64), strict=False)) if address.version == 6 else host
    except ValueError:
        pass  # a name, as tests and sockets have it: it counts as it is
    return hmac.new(_PEPPER, host.encode(), "sha256").hexdigest()
