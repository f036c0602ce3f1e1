"""Inhibition: while one thing fires, lesser ones of the same story are not told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from alerts.routing.matchers import all_hold, parse_matchers
from config.route import InhibitRule

INCIDENT = "incident"  # the label `kind` of a spike


@dataclass(frozen=True, slots=True)
class Source:
    """Something that fires: a case or an incident, by the name that people know."""

    name: str
    labels: Mapping[str, str]


class Inhibitor:
    """The rules with all that fires now, prepared once for many questions.

    As in Alertmanager: what matches both sides of a rule is not inhibited by what does so too, and nothing inhibits
    itself. Beyond it: a label that an incident does not have stands for all its values, because an incident without
    a place covers every place.
    """

    def __init__(self, rules: Sequence[InhibitRule], sources: Iterable[Source]) -> None:
        known = tuple(sources)
        self._rules = [_Rule(rule, known) for rule in rules]

    def inhibits(self, labels: Mapping[str, str], name: str = "") -> str | None:
        """The name of what silences something with these labels and this name; None when nothing does."""
        for rule in self._rules:
            by: str | None = rule.inhibits(labels, name)
            if by is not None:
                return by
        return None


class _Rule:
    def __init__(self, rule: InhibitRule, sources: Sequence[Source]) -> None:
        self._source = tuple(matcher for line in rule.source_matchers for matcher in parse_matchers(line))
        self._target = tuple(matcher for line in rule.target_matchers for matcher in parse_matchers(line))
        self._equal = tuple(rule.equal)
        self._incidents: list[Source] = []
        self._by_values: dict[tuple[str, ...], list[Source]] = {}
        for source in sources:
            if all_hold(self._source, source.labels):
                if source.labels.get("kind") == INCIDENT:
                    self._incidents.append(source)
                else:
                    self._by_values.setdefault(self._values(source.labels), []).append(source)

    def inhibits(self, labels: Mapping[str, str], name: str) -> str | None:
        if not (self._by_values or self._incidents) or not all_hold(self._target, labels):
            return None
        both = all_hold(self._source, labels)
        for source in self._by_values.get(self._values(labels), []) + self._incidents:
            if source.name == name or (both and all_hold(self._target, source.labels)):
                continue
            if all(source.labels.get(label, labels.get(label, "")) == labels.get(label, "") for label in self._equal):
                return source.name
        return None

    def _values(self, labels: Mapping[str, str]) -> tuple[str, ...]:
        return tuple(labels.get(label, "") for label in self._equal)
