"""Early signs that something is about to fail: what was said lately, against what used to be said. The whole rule.

Lately is the last four weeks. They are compared with the 26 weeks before the last twelve, so that a slow change does
not hide in its own comparison. A subject has failed when its share of complaints over four weeks lies beyond the upper
limit (three standard deviations) of its p chart. Four signs are looked for:

* drift: the moving average of the weekly shares left its limits upwards (`control.drift`);
* severity: more of the complaints are major or critical;
* stars: the mean rating fell;
* topic: one topic is complained about more.

The last three count where chance explains them less than once in twenty.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from reports.control import Sample, drift, p_chart
from reports.share import Mean, Share, chance_of_difference, distance, mean_from, verdict

LATELY, DRIFTING, USUAL = 4, 12, 26  # weeks: what is judged, what the moving average sees, what both are compared with
LEAST_LATELY, LEAST_USUAL = 5, 30  # assessed mentions below which nothing is said
LEAST_COMPLAINTS = 5  # below so many a share is no failure, and a topic is no sign
FALLEN = 1.96  # standard errors between two mean ratings

Kind = Literal["drift", "severity", "stars", "topic"]
KINDS: tuple[Kind, ...] = ("drift", "severity", "stars", "topic")


@dataclass(slots=True)
class Said:
    """What was said in some weeks: assessed mentions, complaints, severe complaints, ratings, complaints by topic."""

    assessed: int = 0
    negative: int = 0
    severe: int = 0
    rated: int = 0
    stars: float = 0.0
    squares: float = 0.0
    topics: Counter[str] = field(default_factory=Counter)

    def add(self, other: Said, times: int = 1) -> None:
        """Counts the other in; `times` −1 takes it out."""
        self.assessed += times * other.assessed
        self.negative += times * other.negative
        self.severe += times * other.severe
        self.rated += times * other.rated
        self.stars += times * other.stars
        self.squares += times * other.squares
        for topic, count in other.topics.items():
            self.topics[topic] += times * count

    @property
    def complaints(self) -> Share:
        """Negative ones of all assessed."""
        return Share(self.negative, self.assessed)

    @property
    def rating(self) -> Mean:
        """Of those with stars."""
        return mean_from(self.rated, self.stars, self.squares)


@dataclass(frozen=True, slots=True)
class Sign:
    """One early sign: a share or a mean lately against its usual one. `topic` is named where it is about one."""

    kind: Kind
    now: Share | Mean
    usual: Share | Mean
    topic: str | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """What is to be said of a subject at one moment. `limit`: the share beyond which it has failed."""

    now: Share
    usual: float
    limit: float
    failed: bool
    signs: tuple[Sign, ...]


def together(weeks: Iterable[Said]) -> Said:
    """The sum of weeks."""
    whole = Said()
    for week in weeks:
        whole.add(week)
    return whole


def judge(weeks: Sequence[Said], usual: Said) -> Judged | None:
    """What the last DRIFTING weeks of a subject, oldest first, say against the usual; None: too few said anything."""
    lately = together(weeks[-LATELY:])
    share = usual.complaints.value
    if lately.assessed < LEAST_LATELY or usual.assessed < LEAST_USUAL or not share or share == 1:
        return None
    point = p_chart([Sample("", lately.negative, lately.assessed)], centre=share)[0]
    failed = beyond(lately, share)
    return Judged(lately.complaints, share, point.upper, failed, tuple(_signs(weeks, lately, usual, share)))


def beyond(lately: Said, usual: float) -> bool:
    """Whether four weeks were a failure."""
    if lately.negative < LEAST_COMPLAINTS or not lately.assessed:
        return False
    point = p_chart([Sample("", lately.negative, lately.assessed)], centre=usual)[0]
    return point.value > point.upper


def _signs(weeks: Sequence[Said], lately: Said, usual: Said, share: float) -> Iterable[Sign]:
    points = p_chart([Sample("", week.negative, week.assessed) for week in weeks], centre=share)
    average, out = drift([point.z for point in points])[-1]
    if out and average > 0:
        yield Sign("drift", lately.complaints, usual.complaints)
    severe, before = Share(lately.severe, lately.negative), Share(usual.severe, usual.negative)
    if verdict(severe, before) == "up":
        yield Sign("severity", severe, before)
    apart = distance(lately.rating, usual.rating)
    if apart is not None and apart <= -FALLEN:
        yield Sign("stars", lately.rating, usual.rating)
    risen = list(_risen(lately, usual))
    if risen:
        _, topic = min(risen)
        now = Share(lately.topics[topic], lately.assessed)
        yield Sign("topic", now, Share(usual.topics[topic], usual.assessed), topic)


def _risen(lately: Said, usual: Said) -> Iterable[tuple[float, str]]:
    """The topics complained about more than chance explains, with that chance."""
    compared = sum(1 for count in lately.topics.values() if count)
    for topic, count in lately.topics.items():
        now, before = Share(count, lately.assessed), Share(usual.topics[topic], usual.assessed)
        if count >= LEAST_COMPLAINTS and verdict(now, before, compared) == "up":
            yield chance_of_difference(now, before) or 0.0, topic
