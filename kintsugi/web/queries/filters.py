"""What the page *Mentions* is asked for, as an address says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from urllib.parse import urlencode

FROM_FIGURES = ("about", "cause", "cases", "version", "zone")
NOWHERE, SOMEWHERE = "-", "*"  # the places of mentions that name none, and of all that name one


@dataclass(frozen=True, slots=True)
class Filters:
    """What is looked for; an empty text means everything. `since` and `until` are days, both counted in.

    `about`, `cause`, `cases`, `version` and `zone` stand in links from figures, so that a list holds exactly what was
    counted: the main topic (several with commas; `other` has those without one), the cause of the case, which figure
    of a report (`cases`: reports/behind.py, which says what the days are then about), the version of the product, the
    time zone of the days.
    """

    q: str = ""
    sentiment: str = ""
    severity: str = ""
    topic: str = ""
    source: str = ""
    place: str = ""
    stars: str = ""
    language: str = ""
    kind: str = ""
    since: str = ""
    until: str = ""
    about: str = ""
    cause: str = ""
    cases: str = ""
    version: str = ""
    zone: str = ""

    @property
    def chosen(self) -> bool:
        """Whether anything is asked for that the form lets people choose, besides words."""
        return any(getattr(self, one.name) for one in fields(self) if one.name not in ("q", *FROM_FIGURES))

    @property
    def from_figure(self) -> bool:
        """Whether anything is asked for that only links say."""
        return any(getattr(self, name) for name in FROM_FIGURES)

    @property
    def query(self) -> str:
        """As it stands in an address."""
        return urlencode({one.name: value for one in fields(self) if (value := getattr(self, one.name))})


def filters_of(given: Mapping[str, str]) -> Filters:
    """The filters of an address; what is not known is left out, and no value is longer than 200 characters."""
    return Filters(**{one.name: asked_text(given, one.name) for one in fields(Filters)})


def asked_text(given: Mapping[str, str], name: str) -> str:
    """One value of an address, without what no database takes."""
    return given.get(name, "").replace("\0", "").strip()[:200]
