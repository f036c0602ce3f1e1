"""Silences as people make them: matchers, from, until, perhaps only at some times of the week, with a reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from alerts.routing.matchers import all_hold, parse_matchers
from config.time_interval import TimeInterval
from storage.silence import Silence, open_silences, silences_at

REMIND_BEFORE = timedelta(minutes=30)


class SilenceError(ValueError):
    """A silence that cannot be made: what was found and what to write."""


def make_silence(
    session: Session,
    matchers: Sequence[str],
    *,
    starts_at: datetime,
    ends_at: datetime,
    reason: str,
    made_by: str,
    at: datetime,
    weekly: Mapping[str, Any] | None = None,
) -> Silence:
    """A new silence. Raises SilenceError: in the past, ends before it starts, no reason, or it would match anything.

    `weekly` is a time interval as routes have them (`{weekdays: [saturday], location: Asia/Tokyo}`).
    """
    if ends_at <= starts_at:
        raise SilenceError(f"it would end ({ends_at:%Y-%m-%d %H:%M}) before it starts ({starts_at:%Y-%m-%d %H:%M})")
    if ends_at <= at:
        raise SilenceError(f"{ends_at:%Y-%m-%d %H:%M %Z} is past: give an end in the future")
    if not reason.strip():
        raise SilenceError("say why: the reason is shown to everyone who asks why nobody was told")
    parsed = [matcher for line in matchers for matcher in parse_matchers(line)]
    if all(matcher.holds({}) for matcher in parsed):
        raise SilenceError('it would silence everything: at least one matcher must need a value, such as topic="food"')
    if weekly is not None:
        TimeInterval.model_validate(weekly)
    silence = Silence(
        matchers=[str(matcher) for matcher in parsed],
        starts_at=starts_at,
        ends_at=ends_at,
        weekly=dict(weekly) if weekly else None,
        reason=reason.strip(),
        made_by=made_by,
        made_at=at,
    )
    session.add(silence)
    session.flush()
    return silence


def end_silence(silence: Silence, at: datetime) -> None:
    """Ends it now; one that has not begun never will."""
    silence.starts_at, silence.ends_at = min(silence.starts_at, at), min(silence.ends_at, at)


def silenced_by(labels: Mapping[str, str], silences: Iterable[Silence], at: datetime) -> Silence | None:
    """The first of the silences that covers these labels at `at`."""
    return next((one for one in silences if _covers(one, labels, at)), None)


def active_silences(session: Session, at: datetime) -> list[Silence]:
    """Silences that hold at this very moment, weekly ones only in their hours."""
    return [one for one in silences_at(session, at) if _in_its_hours(one, at)]


def ending_soon(session: Session, at: datetime) -> list[Silence]:
    """Silences that end within half an hour and whose maker was not yet told; marks them as told."""
    found = [
        one
        for one in open_silences(session, at)
        if one.starts_at <= at
        and one.ends_at - at <= REMIND_BEFORE
        and one.reminded_at is None
        and one.ends_at - one.starts_at > REMIND_BEFORE
    ]
    for silence in found:
        silence.reminded_at = at
    return found


def _covers(silence: Silence, labels: Mapping[str, str], at: datetime) -> bool:
    if not silence.starts_at <= at < silence.ends_at or not _in_its_hours(silence, at):
        return False
    return all_hold((matcher for line in silence.matchers for matcher in parse_matchers(line)), labels)


def _in_its_hours(silence: Silence, at: datetime) -> bool:
    return silence.weekly is None or TimeInterval.model_validate(silence.weekly).contains(at)
