"""Turns what pydantic found wrong into lines that a person can act on: path, value, nearest right key."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable
from types import UnionType
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from config.error import ConfigurationError as ConfigurationError  # its home is config.error


def describe(error: ValidationError, model: type[BaseModel], name: str, beside: Collection[str] = ()) -> list[str]:
    """One line a mistake. `beside`: keys that somebody else reads at the top of the same mapping."""
    lines = []
    for mistake in error.errors(include_url=False):
        path = _path(mistake["loc"])
        given = _short(mistake.get("input"))
        if mistake["type"] == "extra_forbidden":
            *above, wrong = mistake["loc"]
            near = did_you_mean(str(wrong), [*_keys(model, tuple(above)), *(() if above else beside)])
            lines.append(f"{name}: {path}: unknown key (value {given}){near or '; remove it'}")
        elif mistake["type"] == "missing":
            lines.append(f"{name}: {path}: missing; see config/defaults.yaml for what it means")
        elif mistake["type"] == "value_error":
            reason = str(mistake["msg"]).removeprefix("Value error, ")
            lines.append(f"{name}: {path}: {reason}" if path else f"{name}: {reason}")
        elif mistake["type"] == "model_type":
            lines.append(f"{name}: {path}: {given}: expected a mapping with {', '.join(_keys(model, mistake['loc']))}")
        else:
            lines.append(f"{name}: {path}: {given}: {mistake['msg'][0].lower()}{mistake['msg'][1:]}")
    return lines


def did_you_mean(given: str, known: Iterable[str]) -> str:
    """The end of such a line: the nearest of the known names, if one is near."""
    near = difflib.get_close_matches(given, list(known), n=1)
    return f"; did you mean `{near[0]}`?" if near else ""


def _path(location: tuple[int | str, ...]) -> str:
    text = ""
    for part in location:
        if isinstance(part, int):
            text += f"[{part}]"
        elif part not in ("function-before", "function-after"):
            text += f".{part}" if text else str(part)
    return text


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"


def _keys(model: type[BaseModel], location: tuple[int | str, ...]) -> list[str]:
    """The keys that are allowed at `location`, found by walking the models."""
    types: list[Any] = [model]
    for part in location:
        types = [inner for outer in types for inner in _inside(outer, part)]
    return [field.alias or name for one in types if _is_model(one) for name, field in one.model_fields.items()]


def _inside(outer: Any, part: int | str) -> list[Any]:
    if _is_model(outer):
        return [
            kind
            for name, field in outer.model_fields.items()
            if part in (name, field.alias)
            for kind in _members(field.annotation)
        ]
    arguments = get_args(outer)
    return _members(arguments[-1]) if arguments and get_origin(outer) in (dict, list) else []


def _members(annotation: Any) -> list[Any]:
    """The alternatives of `X | None`; otherwise the annotation itself."""
    return list(get_args(annotation)) if get_origin(annotation) in (Union, UnionType) else [annotation]


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and get_origin(kind) is None and issubclass(kind, BaseModel)
