"""Reads YAML as people mean it: only true and false are booleans, and a key twice is a mistake."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from config.error import ConfigurationError

BOOLEAN = "tag:yaml.org,2002:bool"


class _AsMeant(yaml.constructor.SafeConstructor):
    """YAML 1.1 reads on, off, yes and no as booleans: `on: "mon 09:00"` would lose its key, Norway its code."""

    yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag != BOOLEAN]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen = set()
        for key, _ in node.value:
            name = key.value if isinstance(key, yaml.ScalarNode) else None
            if name is not None and name in seen and name != "<<":
                raise yaml.constructor.ConstructorError(None, None, f"the key `{name}` stands twice", key.start_mark)
            seen.add(name)
        return super().construct_mapping(node, deep=deep)


class _Quick(_AsMeant, yaml.CSafeLoader):
    """Reads eight times as fast."""


class _Telling(_AsMeant, yaml.SafeLoader):
    """Says what is wrong in the better words."""


for _loader in (_Quick, _Telling):
    _loader.add_implicit_resolver(BOOLEAN, re.compile("true|True|TRUE|false|False|FALSE"), list("tTfF"))


def read_yaml(path: Path) -> dict[str, Any]:
    """A YAML file that holds a mapping. Raises ConfigurationError with line and column."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigurationError([f"{path}: not UTF-8 at byte {error.start}; save it as UTF-8"]) from None
    return parse_yaml(text, str(path))


def parse_yaml(text: str, name: str) -> dict[str, Any]:
    """The mapping of a YAML text; `name` is how errors call it. Raises ConfigurationError with line and column."""
    try:
        try:
            value = yaml.load(text, _Quick)  # noqa: S506  # nosec B506  # a CSafeLoader
        except yaml.YAMLError:
            value = yaml.load(text, _Telling)  # noqa: S506  # nosec B506  # a SafeLoader
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f", line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        problem = getattr(error, "problem", None) or "not readable"
        raise ConfigurationError([f"{name}{place}: {problem}"]) from None
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise ConfigurationError([f"{name}: expected settings such as `brand:`, found a {type(value).__name__}"])
    return value
