"""Every setting with its value and where it comes from, safe to show: no secret, no password in an address."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from config.reference import settings_of
from config.settings import Secrets
from config.yaml_file import read_yaml

HIDDEN = "•••"
_SECRET = re.compile(r"token|secret|password|api_?key|credential", re.IGNORECASE)
_IN_ADDRESS = re.compile(r"(?P<scheme>[a-z][a-z0-9+.-]*://)[^/@\s]+@", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Origin:
    """One setting: its path, its value as YAML, what it means, and whether the team's own file says it."""

    path: str
    value: str
    meaning: str
    own: bool


def origins(file: Path) -> Iterator[Origin]:
    """The settings in the order of the reference; what the team's file says wins over the default."""
    own: dict[str, Any] = read_yaml(file) if file.exists() else {}
    defaults = list(settings_of())
    parents = {one.path.partition(".")[0] for one in defaults if "." in one.path}
    for one in defaults:
        section, _, name = one.path.partition(".")
        if not name and section in parents:
            yield from _unnamed(section, own.get(section), {o.path for o in defaults})
            continue
        said = own.get(section) if not name else (own.get(section) or {}).get(name)
        ours = section in own if not name else isinstance(own.get(section), dict) and name in own[section]
        yield Origin(one.path, _written(one.path, said if ours else one.default), one.meaning, ours)


def secrets_set(secrets: Secrets) -> list[tuple[str, bool]]:
    """The names of the secrets, and whether each is set. Never a value."""
    return [(name.upper(), getattr(secrets, name) is not None) for name in type(secrets).model_fields]


def _unnamed(section: str, own: Any, known: set[str]) -> Iterator[Origin]:
    """What the team says in a section that has no default of its own (`brand.name`)."""
    for key, value in (own if isinstance(own, dict) else {}).items():
        if f"{section}.{key}" not in known:
            yield Origin(f"{section}.{key}", _written(str(key), value), "", own=True)


def _written(key: str, value: Any) -> str:
    text = yaml.safe_dump(_safe(key, value), allow_unicode=True, sort_keys=False, width=100, default_flow_style=None)
    return text.removesuffix("\n").removesuffix("\n...")


def _safe(key: str, value: Any) -> Any:
    """The value without secrets: those that should not stand there are hidden all the same."""
    if isinstance(value, dict):
        return {name: _safe(str(name), one) for name, one in value.items()}
    if isinstance(value, list):
        return [_safe(key, one) for one in value]
    if isinstance(value, str):
        names_a_variable = key.endswith(("_env", "_from"))
        if _SECRET.search(key.rpartition(".")[2]) and not names_a_variable:
            return HIDDEN
        return _IN_ADDRESS.sub(rf"\g<scheme>{HIDDEN}@", value)
    return value
