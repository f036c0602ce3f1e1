"""Inhibition: while one thing fires, lesser ones of the same story are not told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from alerts.matchers import Matcher, all_hold, parse_matchers
from config.route import InhibitRule

INCIDENT = "incident"  # the label `kind` of a spike


@dataclass(frozen=True, slots=True)
class Source:
    """Something that fires: a case or an incident, by the name that people know."""

    name: str
    labels: Mapping[str, str]


def inhibited_by(
    labels: Mapping[str, str], sources: Iterable[Source], rules: Sequence[InhibitRule], *, name: str = ""
) -> str | None:
    """The name of what silences something with these labels; None when nothing does.

    As in Alertmanager: what matches both sides of a rule is not inhibited by what does so too, and nothing inhibits
    itself. Beyond it: a label that an incident does not have stands for all its values, because an incident without
    a place covers every place.
    """
    known = tuple(sources)
    for rule in rules:
        if not all_hold(_parsed(tuple(rule.target_matchers)), labels):
            continue
        source_side = _parsed(tuple(rule.source_matchers))
        both = all_hold(source_side, labels)
        for source in known:
            if source.name == name or not all_hold(source_side, source.labels):
                continue
            if both and all_hold(_parsed(tuple(rule.target_matchers)), source.labels):
                continue
            if all(_equal(label, source.labels, labels) for label in rule.equal):
                return source.name
    return None


def _equal(label: str, source: Mapping[str, str], target: Mapping[str, str]) -> bool:
    if source.get("kind") == INCIDENT and label not in source:
        return True
    return source.get(label, "") == target.get(label, "")


@lru_cache(maxsize=256)
def _parsed(lines: tuple[str, ...]) -> tuple[Matcher, ...]:
    return tuple(matcher for line in lines for matcher in parse_matchers(line))
