"""Writes docs/settings.md from the comments of defaults.yaml: `python -m config.reference > docs/settings.md`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from config.settings import DEFAULTS

_KEY = re.compile(r"( *)([\w-]+):(?: |$)")
_HEAD = """# Settings

Every setting with its default. `kintsugi.yaml` is laid over `config/defaults.yaml`: write only what differs.
Secrets come from the environment or a `.env` file, never from YAML. Durations carry their unit: `30s`, `15m`, `2h`,
`3d`, `1w`. An unknown key is an error that names the nearest right one.

This page is written by `python -m config.reference > docs/settings.md`; the text is that of `config/defaults.yaml`.
"""


@dataclass(frozen=True)
class Setting:
    """One setting: its path (`clocks.acknowledge`), its default, and what the comment above it says ("" if nothing)."""

    path: str
    default: Any
    meaning: str


def settings_of(file: Path = DEFAULTS) -> Iterator[Setting]:
    """The settings in the order of the file. Keys below a setting are settings where one of them has a comment."""
    text = file.read_text(encoding="utf-8")
    values: dict[str, Any] = yaml.safe_load(text)
    meanings = _meanings(text)
    for name, value in values.items():
        yield Setting(name, value, meanings.get(name, ""))
        children = value if isinstance(value, dict) else {}
        if any(meanings.get(f"{name}.{child}") for child in children):
            for child, inner in children.items():
                yield Setting(f"{name}.{child}", inner, meanings.get(f"{name}.{child}", ""))


def _meanings(text: str) -> dict[str, str]:
    """The comment lines straight above each key of the first two levels."""
    found: dict[str, str] = {}
    comment: list[str] = []
    above = ""
    for line in text.splitlines():
        if line.strip().startswith("#"):
            comment.append(line.strip().removeprefix("#").strip())
            continue
        if key := _KEY.match(line):
            if not key[1]:
                above = key[2]
                found[above] = " ".join(comment)
            elif len(key[1]) == 2:
                found[f"{above}.{key[2]}"] = " ".join(comment)
        comment = []
    return found


def as_markdown() -> str:
    """The page."""
    settings = list(settings_of())
    lines = [_HEAD]
    for one in settings:
        if "." in one.path:
            lines.append(f"- `{one.path}`: `{_written(one.default)}`. {one.meaning}")
            continue
        lines += ["", f"## `{one.path}`", "", one.meaning, ""]
        if not any(other.path.startswith(f"{one.path}.") for other in settings):
            lines.append(f"Default: `{_written(one.default)}`")
    return "\n".join(lines) + "\n"


def _written(value: Any) -> str:
    """The value as YAML on one line."""
    text = yaml.safe_dump(value, default_flow_style=True, allow_unicode=True, sort_keys=False, width=10_000)
    return text.removesuffix("\n").removesuffix("\n...")


if __name__ == "__main__":
    print(as_markdown(), end="")  # noqa: T201 (the page is what it is asked for)
