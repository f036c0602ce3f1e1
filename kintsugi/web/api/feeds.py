"""What calendars and feed readers fetch: due clocks as iCalendar, spikes as RSS. No words of customers are in them."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING, Annotated, Any
from xml.etree.ElementTree import Element, SubElement, tostring

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy import select

from alerts.messages.plain import one_line
from kintsugi.web.api.answer import NOT_MODIFIED, sent
from kintsugi.web.api.problem import documented
from kintsugi.web.language import words_in
from storage.case import OPEN_STATES, Case, CaseClock
from storage.spike import Spike

if TYPE_CHECKING:
    from kintsugi.app import App
    from kintsugi.web.language import Words

CALENDAR, RSS = "text/calendar", "application/rss+xml"
MOST = 1000
SHOWN = 50
LASTS = timedelta(minutes=15)  # how long a clock's end is drawn
Person = Annotated[str | None, Query(min_length=1, max_length=200, pattern=r"^[^\x00]*$")]


def router(app: App) -> APIRouter:
    """The routes."""
    routes = APIRouter(tags=["feeds"])

    @routes.get("/calendar.ics", response_class=Response, responses=_file(CALENDAR))
    def get_calendar(request: Request, owner: Person = None) -> Response:
        """When the clocks of open cases run out, of one person or of all."""
        query = (
            select(CaseClock, Case)
            .join(Case, Case.id == CaseClock.case_id)
            .where(CaseClock.met_at.is_(None), Case.state.in_(OPEN_STATES))
            .order_by(CaseClock.due_at, CaseClock.id)
            .limit(MOST)
        )
        if owner is not None:
            query = query.where(Case.owner == owner)
        with app.database.read() as session:
            rows = [(clock, case) for clock, case in session.execute(query)]
        return sent(request, _calendar(app, rows), CALENDAR)

    @routes.get("/spikes.rss", response_class=Response, responses=_file(RSS))
    def get_spikes_feed(request: Request) -> Response:
        """The last incidents."""
        with app.database.read() as session:
            rows = list(session.scalars(select(Spike).order_by(Spike.id.desc()).limit(SHOWN)))
        return sent(request, _feed(app, rows), RSS)

    return routes


def _calendar(app: App, rows: list[tuple[CaseClock, Case]]) -> bytes:
    from icalendar import Calendar, Event

    say, address = _words(app), app.settings.web.address
    calendar = Calendar()
    calendar.add("prodid", "-//Kintsugi//clocks//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", f"Kintsugi: {app.settings.brand.name}")
    for clock, case in rows:
        event = Event()
        event.add("uid", f"{case.ref}-{clock.name}@kintsugi")
        event.add("dtstamp", clock.started_at)
        event.add("dtstart", clock.due_at)
        event.add("dtend", clock.due_at + LASTS)
        parts = [case.ref, say.name("clock", clock.name), say.name("severity", case.severity), _place(case)]
        event.add("summary", " · ".join(part for part in parts if part))
        event.add("url", f"{address}/cases/{case.id}")
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _feed(app: App, spikes: list[Spike]) -> bytes:
    say, address = _words(app), app.settings.web.address
    rss = Element("rss", version="2.0")
    channel = SubElement(rss, "channel")
    _text(channel, "title", f"Kintsugi: {app.settings.brand.name}")
    _text(channel, "link", f"{address}/spikes")
    _text(channel, "description", app.settings.brand.name)
    for spike in spikes:
        item = SubElement(channel, "item")
        about = " · ".join(say.name(name, value) for name, value in spike.labels.items() if name != "brand")
        ended = [say("spikes.over")] if spike.ended_at else []
        parts = [about or say("spikes.everything"), say.name("spike", spike.what), *ended]
        _text(item, "title", " · ".join(parts))
        _text(item, "link", f"{address}/spikes/{spike.id}")
        # It changes when the incident ends, so that readers show that as well.
        _text(item, "guid", f"kintsugi-spike-{spike.id}{'-ended' if spike.ended_at else ''}", isPermaLink="false")
        _text(item, "pubDate", format_datetime(spike.ended_at or spike.opened_at))
        _text(item, "description", " · ".join([_span(spike.since, spike.ended_at, app), *_figures(spike, say)]))
    return bytes(tostring(rss, encoding="utf-8", xml_declaration=True))


def _figures(spike: Spike, say: Words) -> list[str]:
    counted = say("spikes.since", n=f"{spike.mentions:,}", expected=f"{spike.expected:,.0f}")
    return [counted, say("spikes.of_them_negative", n=f"{spike.negative:,}")]


def _span(opened: datetime, ended: datetime | None, app: App) -> str:
    zone = app.settings.brand.zone
    return f"{opened.astimezone(zone):%Y-%m-%d %H:%M} – {f'{ended.astimezone(zone):%Y-%m-%d %H:%M}' if ended else ''}"


def _text(parent: Element, name: str, text: str, **attributes: str) -> None:
    SubElement(parent, name, attributes).text = one_line(text, 300)


def _place(case: Case) -> str:
    return one_line(str(case.labels.get("location") or ""), 80)


def _words(app: App) -> Words:
    return words_in("ja" if app.settings.brand.languages[0] == "ja" else "en")


def _file(media: str) -> dict[int | str, dict[str, Any]]:
    return {200: {"description": "the file", "content": {media: {"schema": {"type": "string"}}}}} | _PROBLEMS


_PROBLEMS = documented() | NOT_MODIFIED
