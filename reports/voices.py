"""What people said in a period: how much, how they meant it, what about, where; counted by the listing, as pages do.

A mention counts as it stands now: its newest text, and what a person corrected. Its topic is the strongest one, so that
the topics add up to the mentions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from math import sqrt

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from reports.period import Period
from reports.scope import Scope, source_keys, within
from reports.share import Mean, Share, Verdict, chance_of_share, mean_from, verdict
from storage.listing import Listing
from storage.mention import Revision

OUTSIDE = 0.001  # beyond the 99.8 % limits of a funnel plot (Spiegelhalter 2005)
FEWEST = 5  # mentions below which a place is not compared

Key = tuple[str, str | None, str | None, str | None]  # source, place, topic, sentiment


@dataclass(frozen=True)
class Sentiments:
    """Mentions of a period by sentiment."""

    negative: int
    neutral: int
    positive: int

    @property
    def total(self) -> int:
        """All assessed mentions."""
        return self.negative + self.neutral + self.positive

    @property
    def net(self) -> float | None:
        """Net sentiment: (positive − negative) / all, from −1 to 1."""
        return (self.positive - self.negative) / self.total if self.total else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """95 % interval of the net: the variance of a value that is −1, 0 or 1."""
        if self.net is None:
            return None
        variance = (self.positive + self.negative) / self.total - self.net**2
        reach = 1.96 * sqrt(max(0.0, variance) / self.total)
        return max(-1.0, self.net - reach), min(1.0, self.net + reach)

    @property
    def negatives(self) -> Share:
        """Negative ones of all assessed."""
        return Share(self.negative, self.total)


@dataclass(frozen=True)
class TopicLine:
    """Complaints about one topic: their share of all assessed mentions, then and now."""

    topic: str
    now: Share
    before: Share
    verdict: Verdict


@dataclass(frozen=True)
class PlaceLine:
    """Complaints at one place against those of all places. `verdict`: up is worse than chance explains."""

    place: str
    negative: Share
    usual: float
    chance: float
    verdict: Verdict


@dataclass(frozen=True)
class Tally:
    """Mentions counted once by (source, place, topic, sentiment): every table of a report is a sum of these."""

    counts: dict[Key, int]

    @property
    def total(self) -> int:
        """All mentions, those not assessed yet included."""
        return sum(self.counts.values())

    def by_source(self) -> Counter[str]:
        """Mentions by source."""
        return self._by(lambda key: key[0])

    def complaints(self) -> Counter[str]:
        """Negative mentions by their strongest topic."""
        return self._by(lambda key: (key[2] or "other") if key[3] == "negative" else None)

    def sentiments(self) -> Sentiments:
        """Assessed mentions by sentiment."""
        found = self._by(lambda key: key[3])
        return Sentiments(found["negative"], found["neutral"], found["positive"])

    def places(self) -> dict[str, Share]:
        """Negative ones of the assessed mentions of each place."""
        whole = self._by(lambda key: key[1] if key[3] else None)
        negative = self._by(lambda key: key[1] if key[3] == "negative" else None)
        return {place: Share(negative[place], count) for place, count in whole.items()}

    def of_topic(self, topic: str) -> Counter[tuple[str, str]]:
        """Complaints about a topic by where they are: ("place", name) and ("source", name)."""
        found: Counter[tuple[str, str]] = Counter()
        for (source, place, about, mood), count in self.counts.items():
            if mood == "negative" and (about or "other") == topic:
                found["source", source] += count
                if place:
                    found["place", place] += count
        return found

    def _by(self, name: Callable[[Key], str | None]) -> Counter[str]:
        found: Counter[str] = Counter()
        for key, count in self.counts.items():
            value = name(key)
            if value is not None:
                found[value] += count
        return found


def tally(session: Session, period: Period, scope: Scope) -> Tally:
    """The counts of a period, in one reading."""
    what = (Listing.source_id, Listing.location, Listing.topic, Listing.sentiment)
    keys = source_keys(session)
    rows = session.execute(select(*what, func.count()).where(*within(period, scope)).group_by(*what))
    return Tally({(keys[source], place, topic, mood): count for source, place, topic, mood, count in rows})


def topic_lines(now: Tally, before: Tally) -> list[TopicLine]:
    """Every topic that was complained about in either period, most complaints first."""
    counted, earlier = now.complaints(), before.complaints()
    whole, was = now.sentiments().total, before.sentiments().total
    names = sorted(counted.keys() | earlier.keys(), key=lambda name: (-counted[name], -earlier[name], name))
    return [
        TopicLine(name, one, other, verdict(one, other, len(names)))
        for name in names
        for one, other in [(Share(counted[name], whole), Share(earlier[name], was))]
    ]


def place_lines(now: Tally) -> list[PlaceLine]:
    """Places by how far they are from what chance explains, worst first. No league table: most will not differ."""
    places = now.places()
    whole = sum(share.whole for share in places.values())
    usual = sum(share.part for share in places.values()) / whole if whole else 0.0
    lines = []
    for place, share in places.items():
        chance = chance_of_share(share, usual)
        if share.whole < FEWEST or len(places) < 2:
            said: Verdict = "few"
        elif chance >= OUTSIDE:
            said = "chance"
        else:
            said = "up" if (share.value or 0) > usual else "down"
        lines.append(PlaceLine(place, share, usual, chance, said))
    order = {"up": 0, "chance": 1, "few": 1, "down": 2}
    return sorted(lines, key=lambda line: (order[line.verdict], -line.negative.part, line.place))


def ratings(session: Session, period: Period, scope: Scope) -> dict[str, Mean]:
    """The stars of the period's reviews by source."""
    keys = source_keys(session)
    rows = session.execute(
        select(
            Listing.source_id,
            func.count(Revision.rating),
            func.sum(Revision.rating),
            func.sum(Revision.rating * Revision.rating),
        )
        .join(Revision, Revision.id == Listing.revision_id)
        .where(Listing.stars.is_not(None), *within(period, scope))
        .group_by(Listing.source_id)
    )
    return dict(
        sorted((keys[source], mean_from(count, total or 0.0, squares or 0.0)) for source, count, total, squares in rows)
    )


def usual_volume(session: Session, period: Period, scope: Scope, times: int = 8) -> list[int]:
    """Mentions of the comparisons before this one, newest first: the same weekdays each, as far back as there are any.

    The first one that is not wholly observed (before the oldest mention) and all before it are left out.
    """
    oldest = session.scalar(select(func.min(Listing.at)))
    found = []
    for back in range(1, times + 1):
        earlier = period.earlier(back)
        if oldest is None or earlier.start < oldest:
            break
        found.append(session.scalar(select(func.count()).select_from(Listing).where(*within(earlier, scope))) or 0)
    return found
