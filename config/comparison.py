"""Comparisons as people write them in YAML: `<= 2`, `>= major`, or a bare value for equality."""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BeforeValidator

_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "<=": operator.le,
    ">=": operator.ge,
    "<": operator.lt,
    ">": operator.gt,
    "==": operator.eq,
    "!=": operator.ne,
}
_SHAPE = re.compile(r"\s*(<=|>=|==|!=|<|>)?\s*(\S+)\s*")
SEVERITY_ORDER = ("none", "minor", "major", "critical")


@dataclass(frozen=True)
class Comparison:
    """An operator with the value on its right. Severities are ordered none < minor < major < critical."""

    operator: str
    bound: float | str

    def holds(self, value: float | str | None) -> bool:
        """Whether `value` satisfies it. An absent value never does."""
        if value is None:
            return False
        if isinstance(self.bound, str):
            return _OPERATORS[self.operator](SEVERITY_ORDER.index(str(value)), SEVERITY_ORDER.index(self.bound))
        return _OPERATORS[self.operator](float(value), self.bound)

    def __str__(self) -> str:
        bound = self.bound if isinstance(self.bound, str) else f"{self.bound:g}"
        return f"{self.operator} {bound}"


def _parse(value: Any, kind: str) -> Comparison:
    if isinstance(value, Comparison):
        return value
    found = _SHAPE.fullmatch(str(value))
    if found and kind == "severity" and found[2] in SEVERITY_ORDER:
        return Comparison(found[1] or "==", found[2])
    try:
        if found and kind == "number" and math.isfinite(bound := float(found[2])):
            return Comparison(found[1] or "==", bound)
    except ValueError:
        pass
    example = '">= major"' if kind == "severity" else '"<= 2"'
    raise ValueError(f"{value!r} is no comparison: write it like {example}")


NumberComparison = Annotated[Comparison, BeforeValidator(lambda value: _parse(value, "number"))]
SeverityComparison = Annotated[Comparison, BeforeValidator(lambda value: _parse(value, "severity"))]
