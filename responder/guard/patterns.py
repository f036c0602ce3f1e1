"""The rules that a pattern can find: lines of rules/*.yaml, each with its reason and its examples."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from responder.guard.finding import Context, Finding
from responder.guard.prefilter import Prefilter

RULES = Path(__file__).parent / "rules"
SORRY = re.compile(r"申し訳|お詫び|\b(?:sorry|apolog)", re.I)

_SENTENCE = re.compile(r"[^。！？!?\n]+[。！？!?]?|\n")
_SENTENCE_EN = re.compile(r"(?:[^.!?\n]|\.(?=\w))+[.!?]*|\n")
_ACT = re.compile(
    r"改め(?:ま|て(?:おり|まい))|見直(?:し|す)|点検|増や|調べ|修理|交換し|指導|面談|清掃し直|加え(?:ま|て)|照合|試し|突き合わせ|洗い出|手配|確かめ|作り直|組み直|書き改|取り替え|修正(?:し|を)|設け|計り直|割り当て|止め(?:ま|て)"
)


@dataclass(frozen=True, slots=True)
class _Rule:
    rule: str
    level: str
    language: str
    find: tuple[re.Pattern[str], ...]
    unless: re.Pattern[str] | None
    unless_text: re.Pattern[str] | None
    when: str | None
    needs_no_act: bool
    industry: tuple[str, ...]
    why: dict[str, str]


def by_patterns(text: str, context: Context, tongue: str) -> Iterator[Finding]:
    """What the pattern rules of a language find in `text`: each rule at most once."""
    every = rules(tongue)
    seen: set[int] = set()
    for number in sorted(_prefilter(tongue).candidates(text)):
        place, pattern = _owners(tongue)[number]
        rule = every[place]
        if place in seen or not _applies(rule, text, context):
            continue
        match = next((one for one in pattern.finditer(text) if not _excused(rule, text, one, tongue)), None)
        if match:
            seen.add(place)
            yield Finding(rule.rule, rule.level, match.start(), match.end(), rule.why[tongue])


def _applies(rule: _Rule, text: str, context: Context) -> bool:
    if rule.industry and context.brand.industry not in rule.industry:
        return False
    if rule.unless_text is not None and rule.unless_text.search(text):
        return False
    if (
        rule.needs_no_act
        and (context.sentiment == "positive" or (context.rating or 0) >= 4)
        and context.mention is not None
    ):
        return False
    if rule.when == "complaint":
        known = context.mention is not None or context.sentiment is not None or context.rating is not None
        return context.complaint or (not known and bool(SORRY.search(text)))
    return rule.when != "grave" or context.grave


def _excused(rule: _Rule, text: str, match: re.Match[str], tongue: str) -> bool:
    if rule.unless is None and not rule.needs_no_act:
        return False
    start, end = next(((a, b) for a, b in _spans(text, tongue) if a <= match.start() < b), (0, len(text)))
    sentence = text[start:end]
    if rule.unless is not None and rule.unless.search(sentence):
        return True
    # A set phrase is bearable once something concrete was said before it.
    return rule.needs_no_act and bool(_ACT.search(text[: match.start()]))


@lru_cache(maxsize=64)
def _spans(text: str, tongue: str) -> list[tuple[int, int]]:
    pattern = _SENTENCE if tongue == "ja" else _SENTENCE_EN
    return [(one.start(), one.end()) for one in pattern.finditer(text)]


@lru_cache(maxsize=2)
def _owners(tongue: str) -> tuple[tuple[int, re.Pattern[str]], ...]:
    """Each pattern with the place of its rule."""
    return tuple((place, pattern) for place, rule in enumerate(rules(tongue)) for pattern in rule.find)


@lru_cache(maxsize=2)
def _prefilter(tongue: str) -> Prefilter:
    return Prefilter([pattern for _, pattern in _owners(tongue)])


@lru_cache(maxsize=2)
def rules(tongue: str) -> tuple[_Rule, ...]:
    """The pattern rules of a language (ja or en)."""
    return tuple(
        _compiled(line)
        for path in sorted(RULES.glob("*.yaml"))
        for line in rule_lines(path)
        if line["language"] in (tongue, "any")
    )


def rule_lines(path: Path) -> list[dict[str, Any]]:
    """The lines of one rule file, as written: with their examples."""
    lines: list[dict[str, Any]] = yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)
    return lines


def _compiled(line: dict[str, Any]) -> _Rule:
    flags = re.MULTILINE | (re.IGNORECASE if line["language"] == "en" else 0)
    try:
        return _Rule(
            line["rule"],
            line["level"],
            line["language"],
            tuple(re.compile(one, flags) for one in line["find"]),
            re.compile(line["unless"], flags) if "unless" in line else None,
            re.compile(line["unless_text"], flags) if "unless_text" in line else None,
            line.get("when"),
            bool(line.get("needs_no_act")),
            tuple(line.get("industry", ())),
            line["why"],
        )
    except re.error as error:
        raise ValueError(f"guard rules: {line['rule']} ({line['language']}): {error}") from None
