"""Planned variation: the least recently used phrase, and never a body sentence of the last replies."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

Choices = Sequence[str] | Sequence[Sequence[str]]

_ENDS = re.compile(r"(?<=[。！？])|(?<=[.!?])\s+|\n+")


@lru_cache(maxsize=512)  # the last 50 of ten sources; a text and its sentences are 4 kB
def sentences(text: str) -> frozenset[str]:
    """The sentences of a reply, as they are compared for copies."""
    return frozenset(part.strip() for part in _ENDS.split(text) if len(part.strip()) > 8)


@dataclass
class Variation:
    """Picks phrases for one reply. `seed` only breaks ties: the same history and seed give the same reply."""

    seed: int
    used: dict[str, int]  # phrase id -> how many replies ago it was used last (0 is the newest)
    said: set[str]
    picked: list[str] = field(default_factory=list)

    @classmethod
    def after(cls, recent: Iterable[tuple[str, Sequence[str]]], seed: int) -> Variation:
        """`recent`: text and phrase ids of the last replies on the source, the newest first."""
        used: dict[str, int] = {}
        said: set[str] = set()
        for age, (text, phrases) in enumerate(recent):
            said |= sentences(text)
            for phrase in phrases:
                used.setdefault(phrase, age)
        return cls(seed, used, said)

    def pick(self, name: str, choices: Choices, fill: Callable[[str], str], *, body: bool = True) -> str | None:
        """One filled sentence; None when every variant was said in the last replies.

        A sentence that is not `body` (greeting, thanks, closing) may come back: the least recent one is taken.
        """
        columns = [choices] if choices and isinstance(choices[0], str) else choices
        orders = [self._order(f"{name}.{number}", len(column)) for number, column in enumerate(columns)]
        total = 1
        for order in orders:
            total *= len(order)
        for turn in range(total if body else 1):
            indexes = _combination(orders, turn)
            text = fill("".join(str(column[index]) for column, index in zip(columns, indexes, strict=True)))
            if not body or self._is_new(text):
                self.picked += [f"{name}.{number}.{index}" for number, index in enumerate(indexes)]
                return text
        return None

    def _is_new(self, text: str) -> bool:
        said = _ENDS.split(text, maxsplit=1)[0].strip()
        if said in self.said:
            return False
        self.said.add(said)
        return True

    def _order(self, column: str, size: int) -> list[int]:
        """Option numbers, the least recently used first; options of one age turn with the seed."""
        start = (self.seed + sum(map(ord, column))) % size

        names = [f"{column}.{index}" for index in range(size)]
        ages = [2000 * self.picked.count(name) - self.used.get(name, 1000) for name in names]
        return sorted(range(size), key=lambda index: (ages[index], (index - start) % size))


def _combination(orders: list[list[int]], turn: int) -> list[int]:
    """The `turn`-th combination; all columns move on together first, so that neighbours differ everywhere."""
    chosen = []
    for order in orders:
        turn, place = divmod(turn, len(order))
        chosen.append(order[place])
    return chosen
