"""Playbooks: what to do for a kind of failure, from the packs of an industry and a team's own lines over them."""

from __future__ import annotations

import string
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import Field, ValidationError, field_validator

from config.amount import Amount
from config.brand import INDUSTRIES
from config.mistakes import ConfigurationError, describe
from config.section import Section

PACKS = Path(__file__).parents[2] / "config" / "packs"
PLACEHOLDERS = frozenset({"house", "brand", "location", "team"})

Tongue = Literal["ja", "en"]
StrategyName = Literal[
    "immediate_compensation",
    "process_improvement",
    "personal_attention",
    "system_upgrade",
    "policy_exception",
    "training",
]


class Remedy(Section):
    """Something that may be offered in private, within the owner's authority. `cost` is what it costs the house."""

    name: dict[Tongue, str]
    cost: Amount


class Cause(Section):
    """One entry of the cause taxonomy."""

    kind: Literal["process", "system", "people", "supply", "third_party", "expectation"]
    name: dict[Tongue, str]


class Answer(Section):
    """An approved fact: what to answer when a question names one of `words`."""

    words: list[str] = Field(min_length=1)
    ja: str | None = None
    en: str | None = None


class Playbook(Section):
    """What to do for one kind of failure. Acts are sentences in the first person that a public reply may say."""

    title: dict[Tongue, str]
    topics: list[str] = Field(min_length=1)
    words: list[str] = []
    reasons: list[str] = []
    steps: dict[Tongue, list[str]]
    ask: dict[Tongue, list[str]]
    causes: list[Cause] = []
    remedies: list[Remedy] = []
    tone: Literal["warm", "formal", "plain"] = "warm"
    strategy: StrategyName
    acts: dict[Tongue, list[str]]

    @field_validator("acts", mode="after")
    @classmethod
    def _known_placeholders(cls, value: dict[Tongue, list[str]]) -> dict[Tongue, list[str]]:
        for act in (act for acts in value.values() for act in acts):
            try:
                names = [name for _, name, _, _ in string.Formatter().parse(act) if name is not None]
            except ValueError as error:
                raise ValueError(f"{act!r}: {error}; write {{house}}, {{brand}} or {{location}}") from None
            for name in names:
                if name not in PLACEHOLDERS:
                    raise ValueError(f"{act!r}: there is no placeholder {{{name}}}; use {_listed(PLACEHOLDERS)}")
        return value


class _Pack(Section):
    playbooks: dict[str, Playbook]
    answers: list[Answer] = []


@dataclass(frozen=True)
class Playbooks:
    """All playbooks of a team, by name, and its approved facts."""

    industry: str | None
    by_name: Mapping[str, Playbook]
    answers: Sequence[Answer] = ()

    def written_by_team(self, name: str, tongue: Tongue) -> bool:
        """Whether the acts of a playbook are the team's own, and not those of the pack."""
        shipped = _industry(self.industry).playbooks.get(name)
        return shipped is None or shipped.acts.get(tongue) != self.by_name[name].acts.get(tongue)

    def fitting(self, topics: Sequence[str], text: str = "", reasons: Sequence[str] = ()) -> tuple[str, Playbook]:
        """The name and playbook for a failure: by its reason, else by its strongest topic and the words of `text`."""
        for name, playbook in self.by_name.items():
            if any(reason in playbook.reasons for reason in reasons):
                return name, playbook
        lowered = text.lower()
        best: tuple[int, str, Playbook] | None = None
        for name, playbook in self.by_name.items():
            if playbook.reasons:
                continue
            score = max((20 - 4 * rank for rank, topic in enumerate(topics[:4]) if topic in playbook.topics), default=0)
            if score and playbook.words:
                score += 5 if any(word in lowered for word in playbook.words) else -3
            if score and (best is None or score > best[0]):
                best = (score, name, playbook)
        if best is None:
            return "general", self.by_name["general"]
        return best[1], best[2]


def load_packs(industry: str | None, overrides: Mapping[str, Any] | None = None) -> Playbooks:
    """The playbooks of `industry` (None: of every industry) with the team's `playbooks:` laid over them line by line.

    A key with null removes a playbook; a new name adds one. Raises ConfigurationError: file, line (for packs),
    path and what is wrong.
    """
    if industry is not None and industry not in INDUSTRIES:
        raise ConfigurationError([f"{industry!r} is no industry pack: choose one of {', '.join(INDUSTRIES)}"])
    pack = _industry(industry)
    if not overrides:
        return Playbooks(industry, pack.playbooks, tuple(pack.answers))
    written = dict(overrides)
    answers = written.pop("answers", [])
    merged = _laid_over({name: _plain(book) for name, book in pack.playbooks.items()}, written)
    kept = {name: book for name, book in merged.items() if book is not None}
    try:
        own = _Pack.model_validate({"playbooks": kept, "answers": answers})
    except ValidationError as error:
        raise ConfigurationError(describe(error, _Pack, "kintsugi.yaml: playbooks")) from None
    if "general" not in own.playbooks:
        raise ConfigurationError(["kintsugi.yaml: playbooks.general: cannot be removed; it is used when no other fits"])
    return Playbooks(industry, own.playbooks, (*own.answers, *pack.answers))


def read_pack(path: Path) -> dict[str, Playbook]:
    """The playbooks of one file. Raises ConfigurationError, one line a mistake, with file and line."""
    text = path.read_text(encoding="utf-8")
    try:
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
        value = yaml.load(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f":{mark.line + 1}" if mark else ""
        raise ConfigurationError([f"{path.name}{place}: {getattr(error, 'problem', error)}"]) from None
    try:
        return dict(_Pack.model_validate(value).playbooks)
    except ValidationError as error:
        lines = describe(error, _Pack, path.name)
        places = [_line_of(node, tuple(one["loc"])) for one in error.errors(include_url=False)]
        raise ConfigurationError(
            [line.replace(path.name, f"{path.name}:{at}", 1) for line, at in zip(lines, places, strict=True)]
        ) from None


@lru_cache(maxsize=len(INDUSTRIES) + 1)
def _industry(industry: str | None) -> _Pack:
    own = read_pack(PACKS / f"{industry}.yaml") if industry is not None else {}
    shared = read_pack(PACKS / "every-industry.yaml")
    return _Pack(playbooks={**own, **{name: book for name, book in shared.items() if name not in own}})


def _plain(playbook: Playbook) -> dict[str, Any]:
    return playbook.model_dump(mode="python")


def _laid_over(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(below)
    for key, value in above.items():
        old = below.get(key)
        merged[key] = _laid_over(old, value) if isinstance(old, Mapping) and isinstance(value, Mapping) else value
    return merged


def _line_of(node: yaml.Node | None, location: Sequence[int | str]) -> int:
    """The line of the deepest node of `location` that exists in the file, counted from 1."""
    line = 1
    for found in _along(node, location):
        line = found
    return line


def _along(node: yaml.Node | None, location: Sequence[int | str]) -> Iterator[int]:
    for part in location:
        if isinstance(node, yaml.MappingNode):
            pairs = {key.value: (key, value) for key, value in node.value if isinstance(key, yaml.ScalarNode)}
            if str(part) not in pairs:
                return
            key, node = pairs[str(part)]
            yield key.start_mark.line + 1
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            yield node.start_mark.line + 1
        else:
            return


def _listed(names: frozenset[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in sorted(names))
