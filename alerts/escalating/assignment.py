"""Who gets a new case: a pure choice with its reason. A person can always take it over."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from config.people import Person
from config.settings import Settings


@dataclass(frozen=True, slots=True)
class Assignment:
    """The owner, or nobody, and why: served, round_robin, least_loaded, claim, nobody_there."""

    person: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class Desk:
    """What the choice looks at: who is away, how many open cases each has, who was given the last case of the team."""

    away: Collection[str] = ()
    load: Mapping[str, int] = field(default_factory=dict)
    last: str | None = None


def assign(
    settings: Settings,
    team: str | None,
    desk: Desk,
    at: datetime,
    *,
    language: str | None = None,
    location: str | None = None,
    served_by: str | None = None,
) -> Assignment:
    """The owner of a new case of a team at `at`.

    The person who served the customer comes first. Otherwise those who are there are narrowed to who looks after the
    place, then to who speaks the language, as far as anybody remains; then the team's rule decides.
    """
    if served_by in settings.people and _is_there(served_by or "", settings, desk, at):
        return Assignment(served_by, "served")
    rule = settings.teams[team].assign if team in settings.teams else "claim"
    if rule == "claim":
        return Assignment(None, "claim")
    there = [
        key for key, person in settings.people.items() if person.team == team and _is_there(key, settings, desk, at)
    ]
    there = _narrowed(there, settings.people, "locations", location)
    there = _narrowed(there, settings.people, "languages", language)
    if not there:
        return Assignment(None, "nobody_there")
    if rule == "least_loaded":
        return Assignment(min(there, key=lambda key: (desk.load.get(key, 0), there.index(key))), "least_loaded")
    return Assignment(_next(list(settings.people), there, desk.last), "round_robin")


def _is_there(key: str, settings: Settings, desk: Desk, at: datetime) -> bool:
    if key in desk.away or settings.rank_of(key) == "viewer":
        return False
    works = settings.people[key].works
    named = {intervals.name: intervals for intervals in settings.time_intervals}
    return not works or any(named[name].contains(at) for name in works if name in named)


def _narrowed(keys: list[str], people: Mapping[str, Person], field: str, value: str | None) -> list[str]:
    fitting = [key for key in keys if value is not None and value in getattr(people[key], field)]
    return fitting or keys


def _next(everyone: list[str], there: list[str], last: str | None) -> str:
    """Who follows `last` in the order of the configuration, among those who are there."""
    start = everyone.index(last) + 1 if last in everyone else 0
    turn = everyone[start:] + everyone[:start]
    return next(key for key in turn if key in there)
