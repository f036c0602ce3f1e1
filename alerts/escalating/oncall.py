"""On-call calendars (iCalendar): who is on call for a team now, with recurring shifts and time zones."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from config.people import Person

_MOST = 5 << 20  # bytes of a calendar
_ANSWER_WITHIN = 10.0  # seconds


class CalendarError(Exception):
    """The calendar cannot be read: what happened and what to do."""


def read_calendar(place: str, folder: Path) -> str:
    """The text of a calendar by https address (webcal works too) or file. Raises CalendarError."""
    address = place.replace("webcal://", "https://", 1)
    if not address.startswith(("https://", "http://")):
        try:
            return (folder / place).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise CalendarError(f"the on-call calendar {place} cannot be read: {error}") from None
    import httpx2

    try:
        answer = httpx2.get(address, timeout=_ANSWER_WITHIN, follow_redirects=True)
        answer.raise_for_status()
    except httpx2.HTTPError as error:
        raise CalendarError(f"the on-call calendar {place} did not answer: {error}") from None
    if len(answer.content) > _MOST:
        raise CalendarError(f"the on-call calendar {place} is larger than {_MOST >> 20} MB: name a smaller one")
    return answer.text


def on_call(calendar: str, people: Mapping[str, Person], at: datetime) -> list[str]:
    """The people on call at `at`, who came on duty last first.

    An event names people by mail address (attendee), by Slack user id or by name in its title. Raises CalendarError
    for text that is no calendar.
    """
    import icalendar
    import recurring_ical_events

    try:
        parsed = icalendar.Calendar.from_ical(calendar)
        events = recurring_ical_events.of(parsed).between(at, at + timedelta(seconds=1))
    except (ValueError, KeyError, TypeError) as error:
        raise CalendarError(f"this is no iCalendar text: {error}") from None
    shifts = sorted(events, key=lambda event: _moment(event["DTSTART"].dt, at), reverse=True)
    found: list[str] = []
    for shift in shifts:
        if str(shift.get("STATUS", "")).upper() == "CANCELLED":
            continue
        found += [key for key in _named_in(shift, people) if key not in found]
    return found


def _named_in(event: Any, people: Mapping[str, Person]) -> list[str]:
    attendees = event.get("ATTENDEE", [])
    mails = {
        str(one).lower().removeprefix("mailto:") for one in (attendees if isinstance(attendees, list) else [attendees])
    }
    title = str(event.get("SUMMARY", ""))
    by_mail = [key for key, person in people.items() if person.email and person.email.lower() in mails]
    return by_mail or [key for key, person in people.items() if key in title or person.name in title]


def _moment(start: date | datetime, at: datetime) -> datetime:
    """All-day events begin with the day; floating times are read in the zone of `at`."""
    if not isinstance(start, datetime):
        return datetime(start.year, start.month, start.day, tzinfo=at.tzinfo)
    return start if start.tzinfo else start.replace(tzinfo=at.tzinfo)
