"""Outlook: which places, products and versions may fail next, by early signs, and how often such signs were right.

The rule of `reports.early_signs` is applied to now, and in the same way to every fourth week of the past, each time
with what was known by then: the spans do not overlap, so each failure counts once. What had failed already is not at
risk and counts for nothing. A version is compared with what was said of the product's other versions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pydantic import TypeAdapter
from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from reports.early_signs import DRIFTING, KINDS, LATELY, USUAL, Judged, Kind, Said, Sign, beyond, judge, together
from reports.scope import source_keys
from reports.share import Share, Verdict, verdict
from storage.listing import Listing
from storage.outlook import BRAND, OutlookRow

HISTORY = 104  # weeks that are read
WEEK = 7 * 24  # hours
FEWEST_SPANS = 5  # at risk with a sign, before its record is a reason to rank by

What = Literal["place", "product", "version"]


@dataclass(frozen=True, slots=True, order=True)
class Subject:
    """A place by its name, a product by its source (one whose mentions name versions), a version of that."""

    what: What
    name: str
    version: str | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """How spans of four weeks ended in the past: failures of those with the sign, and of those without it."""

    listed: Share
    others: Share

    @property
    def verdict(self) -> Verdict:
        """Whether the sign said more than nothing: up where failures followed it more often than otherwise."""
        return verdict(self.listed, self.others)

    @property
    def caught(self) -> Share:
        """Of all failures, those that the sign preceded."""
        return Share(self.listed.part, self.listed.part + self.others.part)

    @property
    def rank(self) -> float:
        """The lower end of what the sign's record allows; nothing where there is hardly any."""
        return self.listed.interval[0] if self.listed.interval and self.listed.whole >= FEWEST_SPANS else 0.0


@dataclass(frozen=True, slots=True)
class Watch:
    """One subject to watch, or one that has failed already (`failed`), with the signs that say so."""

    subject: Subject
    now: Share
    usual: float
    limit: float
    failed: bool
    signs: tuple[Sign, ...]


@dataclass(frozen=True, slots=True)
class Outlook:
    """What may fail next, the likeliest first. `records`: of each sign; `record`: of being listed for any of them."""

    until: datetime
    weeks: int  # of history that were read
    spans: int  # of four weeks that were looked back on
    watched: tuple[Watch, ...]
    failed: tuple[Watch, ...]
    judged: int  # subjects of which there was enough to judge
    too_few: int
    record: Record
    records: dict[Kind, Record]


Weeks = dict[int, Said]  # how many weeks ago (0 is the last one) → what was said in it


def outlook(session: Session, until: datetime) -> Outlook:
    """The watch list as of `until`. Reads two years of the listing: seconds for a million mentions."""
    history = weeks_of(session, until)
    weeks = 1 + max((week for known in history.values() for week in known), default=-1)
    spans = range(LATELY, weeks - DRIFTING, LATELY)
    counted: dict[Kind | None, list[int]] = {kind: [0, 0, 0, 0] for kind in (None, *KINDS)}
    seen = 0
    for span in spans:
        looked_back = False
        for _, judged, failed_then in _at_risk(history, span):
            looked_back = True
            present = {sign.kind for sign in judged.signs}
            for kind, tally in counted.items():
                listed = bool(present) if kind is None else kind in present
                tally[0 if listed else 2] += failed_then
                tally[1 if listed else 3] += 1
        seen += looked_back
    records = {kind: Record(Share(a, b), Share(c, d)) for kind, (a, b, c, d) in counted.items()}
    of_signs: dict[Kind, Record] = {kind: record for kind, record in records.items() if kind is not None}
    now = {subject: _judged(history, subject, 0) for subject in history if _alive(history, subject)}
    found = [
        Watch(subject, one.now, one.usual, one.limit, one.failed, one.signs)
        for subject, one in now.items()
        if one is not None and (one.signs or one.failed)
    ]
    found.sort(key=lambda one: (-_rank(one, of_signs), -len(one.signs), one.usual - (one.now.value or 0), one.subject))
    judged_now = sum(one is not None for one in now.values())
    return Outlook(
        until=until,
        weeks=weeks,
        spans=seen,
        watched=tuple(one for one in found if not one.failed),
        failed=tuple(one for one in found if one.failed),
        judged=judged_now,
        too_few=len(now) - judged_now,
        record=records[None],
        records=of_signs,
    )


def best_record(watch: Watch, records: dict[Kind, Record]) -> tuple[Kind, Record] | None:
    """The sign of a watched subject that was right most often, with its record."""
    known = [(sign.kind, records[sign.kind]) for sign in watch.signs if records[sign.kind].listed.whole]
    return max(known, key=lambda one: (one[1].rank, one[1].listed.value or 0), default=None)


def _rank(watch: Watch, records: dict[Kind, Record]) -> float:
    return max((records[sign.kind].rank for sign in watch.signs), default=0.0)


def _at_risk(history: dict[Subject, Weeks], span: int) -> Iterator[tuple[Subject, Judged, bool]]:
    """Every subject that could be judged `span` weeks ago and had not failed: what its signs were, and whether it did.

    One of which nearly nothing was said afterwards did not fail.
    """
    for subject in history:
        judged = _judged(history, subject, span)
        if judged is not None and not judged.failed:
            after = together(_weeks(history[subject], span - LATELY, LATELY))
            yield subject, judged, beyond(after, judged.usual)


def _judged(history: dict[Subject, Weeks], subject: Subject, ago: int) -> Judged | None:
    """What was to be said of a subject so many weeks ago."""
    usual = together(_weeks(history[_compared_with(subject)], ago + DRIFTING, USUAL))
    if subject.version is not None:
        usual.add(together(_weeks(history[subject], ago + DRIFTING, USUAL)), times=-1)
    return judge(_weeks(history[subject], ago, DRIFTING), usual)


def _compared_with(subject: Subject) -> Subject:
    return subject if subject.version is None else Subject("product", subject.name)


def _weeks(weeks: Weeks, ago: int, count: int) -> list[Said]:
    """So many weeks that ended so many weeks ago, oldest first."""
    return [weeks.get(week, _SILENCE) for week in range(ago + count - 1, ago - 1, -1)]


def _alive(history: dict[Subject, Weeks], subject: Subject) -> bool:
    """Whether anything was said of it lately: old versions are not watched."""
    return any(history[subject].get(week, _SILENCE).assessed for week in range(LATELY))


_SILENCE = Said()


def weeks_of(session: Session, until: datetime) -> dict[Subject, Weeks]:
    """What was said of each subject in each of the last weeks, counted from `until` back."""
    history: dict[Subject, Weeks] = defaultdict(lambda: defaultdict(Said))
    keys = source_keys(session)
    for week, place, source, version, said in _cells(session, until):
        for subject in _subjects(place, keys[source], version):
            history[subject][week].add(said)
    versioned = {subject.name for subject in history if subject.what == "version"}
    return {
        subject: dict(weeks)
        for subject, weeks in history.items()
        if subject.what != "product" or subject.name in versioned
    }


def _subjects(place: str | None, source: str, version: str | None) -> Iterator[Subject]:
    if place:
        yield Subject("place", place)
    yield Subject("product", source)
    if version:
        yield Subject("version", source, version)


def _cells(session: Session, until: datetime) -> Iterator[tuple[int, str | None, int, str | None, Said]]:
    """(weeks ago, place, source, version, what was said), twice: all but the topics, and the topics of complaints."""
    last = int(until.timestamp()) // 3600
    week = (last - 1 - Listing.hour) // WEEK
    negative = Listing.sentiment == "negative"
    what = (week.label("week"), Listing.location, Listing.source_id, Listing.product_version)
    within = (Listing.hour >= last - HISTORY * WEEK, Listing.hour < last, Listing.sentiment.is_not(None))
    severe = negative & Listing.severity.in_(("major", "critical"))
    sums = session.execute(
        select(
            *what,
            func.count(),
            func.sum(case((negative, 1), else_=0)),
            func.sum(case((severe, 1), else_=0)),
            func.count(Listing.stars),
            func.coalesce(func.sum(Listing.stars), 0),
            func.coalesce(func.sum(Listing.stars * Listing.stars), 0),
        )
        .where(*within)
        .group_by(*what)
    )
    for ago, place, source, version, assessed, complaints, bad, rated, stars, squares in sums:
        yield (
            ago,
            place,
            source,
            version,
            Said(assessed, int(complaints), int(bad), rated, float(stars), float(squares)),
        )
    topics = session.execute(
        select(*what, Listing.topic, func.count()).where(*within, negative).group_by(*what, Listing.topic)
    )
    for ago, place, source, version, topic, count in topics:
        said = Said()
        said.topics[topic or "other"] = count
        yield ago, place, source, version, said


def kept(session: Session) -> Outlook | None:
    """The one that was made last and written down."""
    row = session.get(OutlookRow, BRAND)
    return None if row is None else _ADAPTER.validate_python(row.data)


def keep(session: Session, made: Outlook, at: datetime) -> None:
    """Writes it down in the place of the one before."""
    session.merge(OutlookRow(name=BRAND, until=made.until, made_at=at, data=_ADAPTER.dump_python(made, mode="json")))


_ADAPTER = TypeAdapter(Outlook)
