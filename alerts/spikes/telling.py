"""The one message of an incident: posted when it opens, edited in place, and ended with a summary."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from alerts.messages.plain import one_line
from alerts.messages.wording import LANGUAGES, Words, name_of, words_in
from alerts.routing.inhibition import INCIDENT
from alerts.routing.labels import labels_from
from alerts.routing.tree import resolve, route_tree
from config.settings import Settings
from storage.delivery import make_delivery
from storage.mention import Mention, Revision
from storage.spike import Spike

# (name of the incident, its title, rows of [start, mentions, negative, expected, upper edge]) → the picture's path.
Chart = Callable[[str, str, Sequence[Sequence[Any]]], str | None]

SEVERITY = "major"
PRIORITY = 35  # before the single cases of its story, after critical ones
QUOTE = 160


def incident_labels(spike: Spike, brand: str) -> dict[str, str]:
    """What routes, silences and inhibition see of an incident."""
    severity = "minor" if spike.bot_like else SEVERITY
    return labels_from({**spike.labels, "brand": brand, "kind": INCIDENT, "severity": severity}).as_dict()


def tell(
    session: Session, spike: Spike, points: Sequence[Sequence[Any]], settings: Settings, at: datetime, chart: Chart
) -> list[int]:
    """Deliveries that bring every receiver of the incident up to date; none when its message shows it all."""
    content = _content(session, spike, settings)
    shown = hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
    if shown == spike.shown:
        return []
    first = not spike.shown
    if first:
        tree = route_tree(settings.route, settings.time_intervals)
        spike.receivers = resolve(tree, incident_labels(spike, settings.brand.name), at).told()
    spike.shown, spike.told = shown, spike.told + 1
    payload = {**content, "image": chart(spike.name, str(content["title"]), points)}
    made = []
    for receiver in spike.receivers:
        key = f"{spike.name}:{receiver}"
        made.append(
            make_delivery(
                session,
                key if first else f"{key}:edit:{spike.told}",
                receiver=receiver,
                purpose="notice" if first else "notice_edit",
                payload=payload if first else {**payload, "of": key},
                priority=PRIORITY,
                at=at,
            ).id
        )
    return made


def _content(session: Session, spike: Spike, settings: Settings) -> dict[str, Any]:
    language = _language(settings)
    words, say = words_in(language), spike_words(language)
    # The source and the language of all its mentions are mostly those of all the others too.
    parts = {name: spike.labels[name] for name in ("location", "topic") if name in spike.labels}
    about = " · ".join(name_of(words, "topic", value) if name == "topic" else value for name, value in parts.items())
    figures = {
        "about": f"{settings.brand.name} · {about}" if about else settings.brand.name,
        "mentions": spike.mentions,
        "negative": spike.negative,
        "expected": round(spike.expected),
        "peak": spike.peak,
        "since": _clock(spike.since, settings.brand.zone),
        "ended": _clock(spike.ended_at, settings.brand.zone) if spike.ended_at else "",
    }
    lines = [say["ended_at" if spike.ended_at else "since"].format(**figures)]
    topics = [(name_of(words, "topic", topic), count) for topic, count in spike.topics]
    for name, counts in (("topics", topics), ("places", spike.places)):
        if counts:
            lines.append(say[name].format(list=" · ".join(f"{value} {count}" for value, count in counts)))
    for name, ids in (("typical", spike.typical), ("spread", spike.spread)):
        if ids:
            lines.append("\n".join([say[name], *_quotes(session, ids)]))
    if spike.bot_like:
        lines.append(say[spike.bot_like])
    if not spike.ended_at:
        lines.append(say["inhibits"])
    severity = "none" if spike.ended_at else "minor" if spike.bot_like else SEVERITY
    return {
        "title": say["ended" if spike.ended_at else spike.what].format(**figures),
        "lines": lines,
        "severity": severity,
    }


def _quotes(session: Session, ids: Sequence[int]) -> list[str]:
    texts = {
        mention.id: f"• {one_line(revision.text, QUOTE)}"
        for mention, revision in session.execute(
            select(Mention, Revision)
            .join(Revision, Revision.mention_id == Mention.id)
            .where(Mention.id.in_(ids), Revision.number == 1)
        )
    }
    return [texts[one] for one in ids if one in texts]


@cache
def spike_words(language: str) -> Words:
    """The words of an incident's message in `ja` or `en`."""
    written = yaml.load(Path(__file__).with_name("words.yaml").read_bytes(), Loader=yaml.CSafeLoader)
    return {key: both[language] for key, both in written.items()}


def _language(settings: Settings) -> str:
    return next((one for one in settings.brand.languages if one in LANGUAGES), "en")


def _clock(moment: datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%m/%d %H:%M}"
