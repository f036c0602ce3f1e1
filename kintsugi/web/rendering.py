"""Makes a page of a template: the viewer's words, zone and navigation, everything escaped."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from markupsafe import Markup

from alerts.messages.plain import one_line, public
from config.duration import say_duration
from kintsugi.views.criteria_words import criteria_said
from kintsugi.web.language import LANGUAGE_COOKIE, Words, language_for, words_in
from kintsugi.web.moments import ZONE_COOKIE, written, zone_for
from kintsugi.web.viewer import Viewer
from responder.drafting.strategy import why_in

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from jinja2 import Environment

    from kintsugi.app import App

HERE = Path(__file__).parent
STATIC = HERE / "static"
# What the navigation shows: the name of the words, the address, the least role.
PLACES = [
    ("now", "/", "viewer"),
    ("mentions", "/mentions", "viewer"),
    ("staff", "/staff", "agent"),
    ("places", "/places", "viewer"),
    ("spikes", "/spikes", "viewer"),
    ("learn", "/learn", "viewer"),
    ("outlook", "/outlook", "viewer"),
    ("reports", "/reports", "viewer"),
    ("sources", "/sources", "viewer"),
    ("log", "/log", "viewer"),
    ("settings", "/settings", "lead"),
]


class Shown:
    """How one viewer sees things: `t` for words, `at` for moments, `name` for domain values."""

    def __init__(self, words: Words, zone: ZoneInfo, now: datetime) -> None:
        self.t, self.name, self.language = words, words.name, words.language
        self.zone, self.now = zone, now

    def at(self, moment: datetime | None) -> Markup:
        """A <time> element in the viewer's zone; a dash where there is no moment."""
        if moment is None:
            return Markup("–")
        text = written(moment, self.zone, self.language, self.now)
        return Markup('<time datetime="{}">{}</time>').format(moment.isoformat(timespec="seconds"), text)

    def span(self, since: datetime, until: datetime | None) -> Markup:
        """From one moment to another, which stands without its day where that is the same; open where there is none."""
        dash = "〜" if self.language == "ja" else " – "
        if until is None:
            return self.at(since) + dash
        first, last = (one.astimezone(self.zone) for one in (since, until))
        if first.date() != last.date():
            return self.at(since) + dash + self.at(until)
        end = Markup('<time datetime="{}">{}</time>').format(until.isoformat(timespec="seconds"), f"{last:%H:%M}")
        return self.at(since) + dash + end

    def due(self, moment: datetime) -> str:
        """あと2時間 / in 2 h, or 2時間超過 / 2 h overdue."""
        left = moment - self.now
        key = "when.overdue" if left.total_seconds() < 0 else "when.left"
        return self.t(key, span=say_duration(left, self.language))

    def ago(self, moment: datetime) -> str:
        """2時間前 / 2 h ago."""
        return self.t("when.ago", span=say_duration(self.now - moment, self.language))

    def length(self, span_of_time: timedelta) -> str:
        """5分 / 5 min."""
        return say_duration(span_of_time, self.language)

    def number(self, value: float) -> str:
        """1,234, or 0.3 where that says more."""
        return f"{value:,.0f}" if value == round(value) or abs(value) >= 100 else f"{value:,.1f}"

    def percent(self, share: float | None) -> str:
        """12%; a dash where nothing was counted."""
        return "–" if share is None else f"{share:.0%}"


def shown_to(app: App, request: Request) -> Shown:
    """How the viewer of this request sees things."""
    brand = app.settings.brand
    viewer: Viewer | None = getattr(request.state, "viewer", None)
    language = language_for(
        viewer.language if viewer else None,
        request.cookies.get(LANGUAGE_COOKIE),
        request.headers.get("accept-language", ""),
        brand.languages[0],
    )
    zone = zone_for(request.cookies.get(ZONE_COOKIE), brand.zone)
    return Shown(words_in(language), zone, app.clock.now())


def page(app: App, request: Request, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """The page of a template of kintsugi/web/templates. Values are escaped there."""
    shown = shown_to(app, request)
    viewer: Viewer | None = getattr(request.state, "viewer", None)
    body = environment().get_template(template).render(
        s=shown,
        t=shown.t,
        viewer=viewer,
        brand=app.settings.brand.name,
        places=[place for place in PLACES if viewer is not None and viewer.may(place[2])],
        path=request.url.path,
        **values,
    )  # fmt: skip
    return HTMLResponse(
        body.encode("utf-8", "replace"), status_code=status, headers={"Vary": "Accept-Language, Cookie"}
    )


@cache
def environment() -> Environment:
    """The templates. A name that a page was not given is an error, and nothing is unescaped by itself."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["static"] = static
    made.filters |= {
        "one_line": one_line,
        "public": public,
        "labelled": labelled,
        "web_address": web_address,
        "criteria": lambda text, s: criteria_said(text, s.language),
        "why": lambda text, s: why_in(text, s.language),
        "moment": datetime.fromisoformat,
    }
    return made


def labelled(labels: Mapping[str, str], s: Shown) -> str:
    """What a spike or a silence is about: 浅草 · 接客."""
    known = [s.name(name, value) for name, value in labels.items() if name != "brand"]
    return " · ".join(one_line(str(one), 80) for one in known) or s.t("spikes.everything")


def web_address(url: str) -> str:
    """An address that may stand in a link; one that a browser would run as a script leads nowhere."""
    return url if url.startswith(("https://", "http://")) else "#"


@cache
def static(name: str) -> str:
    """The address of a static file; it changes with the file, so that browsers may keep it for ever."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:10]
    return f"/static/{name}?v={digest}"
