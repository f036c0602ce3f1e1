"""Complaints along the customer's journey, and their causes as a fishbone: counts that open exactly their mentions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TypedDict
from urllib.parse import urlencode

import yaml
from sqlalchemy import func, select
from sqlalchemy.orm import Session

import config
from responder.cases.causes import CAUSES
from storage.listing import Listing

JOURNEYS = Path(config.__file__).with_name("packs") / "journeys.yaml"
MOST_TWIGS = 4
OTHER = "other"
SHADES = 4
_NONE = {"ja": "", "en": ""}


class StepLine(TypedDict):
    """One step as the file has it: texts by language."""

    name: dict[str, str]
    front: dict[str, str]
    behind: dict[str, str]
    topics: list[str]


@dataclass(frozen=True, slots=True)
class Figure:
    """A count, the count of the period before, and the address of its mentions."""

    count: int
    before: int
    link: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the journey: what the customer does, who they meet, who works behind, and what they complain of.

    `name`, `front` and `behind` are in one language; those of complaints that belong to no step are empty.
    """

    name: str
    front: str
    behind: str
    complaints: Figure
    topics: Sequence[tuple[str, Figure]]  # the most complaints first
    shade: int  # from 0 (none) to 4 (the most)


@dataclass(frozen=True, slots=True)
class Bone:
    """One branch of the fishbone: a cause, its cases, and what they were about (`what`, its figure)."""

    cause: str
    cases: Figure
    twigs: Sequence[tuple[str, Figure]]


def journey(
    industry: str | None, language: str, now: Counter[str], before: Counter[str], asked: dict[str, str]
) -> list[Step]:
    """The steps of an industry (None: of any business) in their order, at last the complaints that belong to none.

    `now` and `before`: negative mentions by their strongest topic; `asked`: the days as the page Mentions takes them.
    """
    lines = [*journeys()[industry or "any"]]
    placed = {topic for one in lines for topic in one["topics"]}
    rest = sorted((now.keys() | before.keys() | {OTHER}) - placed)
    lines.append({"name": _NONE, "front": _NONE, "behind": _NONE, "topics": rest})
    most = max(sum(now[topic] for topic in one["topics"]) for one in lines)
    return [_step(one, "ja" if language == "ja" else "en", now, before, asked, most) for one in lines]


def fishbone(session: Session, since: datetime, until: datetime, asked: dict[str, str]) -> list[Bone]:
    """The causes of the cases whose mentions are of this period, the most frequent first."""
    # Those with a cause are few among mentions: `coalesce` keeps SQLite from beginning with all of the period.
    at = func.coalesce(Listing.at, Listing.at)
    rows = session.execute(
        select(Listing.cause, Listing.topic, func.count())
        .where(Listing.cause.is_not(None), at >= since, at < until)
        .group_by(Listing.cause, Listing.topic)
    )
    whole: Counter[str] = Counter()
    twigs: dict[str, Counter[tuple[str, str]]] = {}
    for cause, topic, count in rows:
        branch, _, detail = str(cause).partition(":")
        whole[branch] += count
        known = twigs.setdefault(branch, Counter())
        known["topic", topic or OTHER] += count
        if detail:
            known["detail", detail] += count
    return [
        Bone(branch, Figure(count, 0, _link(asked, cause=branch)), _twigs(branch, twigs[branch], asked))
        for branch, count in whole.most_common()
    ]


def cause_said(cause: str, language: str) -> str:
    """A cause in words; what a team added after the colon stays as it is."""
    branch, _, detail = cause.partition(":")
    known = CAUSES.get(branch)
    name = branch if known is None else known.ja if language == "ja" else known.en
    return f"{name} ({detail})" if detail else name


@cache
def journeys() -> dict[str, list[StepLine]]:
    """The journey of every industry, as its file has it."""
    found: dict[str, list[StepLine]] = yaml.load(JOURNEYS.read_bytes(), Loader=yaml.CSafeLoader)
    return found


def _step(
    one: StepLine, tongue: str, now: Counter[str], before: Counter[str], asked: dict[str, str], most: int
) -> Step:
    topics = one["topics"]
    count = sum(now[topic] for topic in topics)
    figures = [
        (topic, Figure(now[topic], before[topic], _link(asked, sentiment="negative", about=topic)))
        for topic in sorted(topics, key=lambda topic: (-now[topic], topic))
        if now[topic]
    ]
    link = _link(asked, sentiment="negative", about=",".join(topics))
    return Step(
        name=one["name"][tongue],
        front=one["front"][tongue],
        behind=one["behind"][tongue],
        complaints=Figure(count, sum(before[topic] for topic in topics), link),
        topics=figures,
        shade=0 if not count else max(1, -(-count * SHADES // most)),
    )


def _twigs(branch: str, counted: Counter[tuple[str, str]], asked: dict[str, str]) -> list[tuple[str, Figure]]:
    return [
        (
            name if what == "topic" else f":{name}",
            Figure(
                count,
                0,
                _link(asked, cause=branch, about=name) if what == "topic" else _link(asked, cause=f"{branch}:{name}"),
            ),
        )
        for (what, name), count in counted.most_common(MOST_TWIGS)
    ]


def _link(asked: dict[str, str], **more: str) -> str:
    return "/mentions?" + urlencode(more | asked)
