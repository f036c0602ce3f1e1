"""How an input is hurt: texts, and whatever JSON can hold."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

PIECES = (
    '"', "\\", "{", "}", ",", "=", "=~", "!~", "!=", "(", "[", "*", "+", "?", "(?i)",
    "\\x00", "\\u", "\\777", "\x00", "\ud800",
    "あ", "𠮷", " ", "\n", "\t", "a" * 300, "{1,1000}", "(?P<a>", "|", "$", "^", "é", "\u202e", "'", "`", "<!channel>",
    "0", "-1", "9" * 30, "1e400", "nan", "٣", "９", ":", "..", "/", "w", "h", ";", "\r", "\ufeff", "[" * 40,
)  # fmt: skip
VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 2**70, 1e308, float("nan"), "", "x", "42", "K-42", "'; DROP TABLE", "９" * 40, [], {},
    ["x"], {"value": "42"}, "\x00", "\ud800", "<!channel>", "a" * 5000, "../../etc", [[[[[]]]]], "0001-01-01", "2026",
)  # fmt: skip


def mutated(text: str, chance: random.Random) -> str:
    """A text in which up to four places were cut, doubled, or filled with something else."""
    for _ in range(chance.randint(1, 4)):
        start = chance.randint(0, len(text))
        end = min(len(text), start + chance.randint(0, 5))
        put = chance.choice((chance.choice(PIECES), text[start:end] * 2, chr(chance.randrange(0x3100)), ""))
        text = text[:start] + put + text[end:]
    return text


def changed(given: Any, chance: random.Random, values: Sequence[Any] = VALUES) -> Any:
    """`given` (a dict or a list) with one to three of its leaves or branches taken away or replaced, in place."""
    for _ in range(chance.randint(1, 3)):
        place = given
        while isinstance(place, dict | list) and place:
            key = chance.choice(list(place)) if isinstance(place, dict) else chance.randrange(len(place))
            inner = place[key]
            if isinstance(inner, dict | list) and inner and chance.random() < 0.8:
                place = inner
                continue
            if chance.random() < 0.25 and isinstance(place, dict):
                del place[key]
            else:
                place[key] = mutated(inner, chance) if isinstance(inner, str) else chance.choice(values)
            break
    return given
