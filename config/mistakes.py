"""Turns what pydantic found wrong into lines that a person can act on: path, value, nearest right key."""

from __future__ import annotations

import difflib
from typing import Any, get_args

from pydantic import BaseModel, ValidationError


class ConfigurationError(Exception):
    """The configuration is wrong. `lines` says where, what was found, and what to do."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


def describe(error: ValidationError, model: type[BaseModel], name: str) -> list[str]:
    """One line a mistake."""
    lines = []
    for mistake in error.errors(include_url=False):
        path = _path(mistake["loc"])
        given = _short(mistake.get("input"))
        if mistake["type"] == "extra_forbidden":
            near = difflib.get_close_matches(str(mistake["loc"][-1]), _keys(model, mistake["loc"][:-1]), n=1)
            hint = f"; did you mean `{near[0]}`?" if near else "; remove it"
            lines.append(f"{name}: {path}: unknown key (value {given}){hint}")
        elif mistake["type"] == "missing":
            lines.append(f"{name}: {path}: missing; see config/defaults.yaml for what it means")
        elif mistake["type"] == "value_error":
            reason = str(mistake["msg"]).removeprefix("Value error, ")
            lines.append(f"{name}: {path}: {reason}" if path else f"{name}: {reason}")
        else:
            lines.append(f"{name}: {path}: {given}: {mistake['msg'][0].lower()}{mistake['msg'][1:]}")
    return lines


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
    current: Any = model
    for part in location:
        if isinstance(current, type) and issubclass(current, BaseModel):
            field = next((f for n, f in current.model_fields.items() if part in (n, f.alias)), None)
            current = field.annotation if field else None
        elif (args := get_args(current)) and isinstance(part, str):
            current = args[-1]
        elif args:
            current = args[0]
        current = next(
            (a for a in get_args(current) if isinstance(a, type) and issubclass(a, BaseModel)), None
        ) or (get_args(current)[1] if len(get_args(current)) == 2 and get_args(current)[0] is str and False else current)
    if isinstance(current, type) and issubclass(current, BaseModel):
        return [field.alias or name for name, field in current.model_fields.items()]
    return []
