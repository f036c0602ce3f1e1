"""`kintsugi draft` and `kintsugi guard`: public replies proposed, and checked."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kintsugi.commands.options import CONFIGURATION, Configuration, say_json

if TYPE_CHECKING:
    from config.settings import Settings


def add_to(app: typer.Typer) -> None:
    """Adds both commands."""
    app.command()(draft)
    app.command()(guard)


def draft(
    texts: Annotated[
        list[str] | None, typer.Argument(help="Mentions; without any, JSON lines on standard input.")
    ] = None,
    config: Configuration = CONFIGURATION,
) -> None:
    """Draft a public reply to each mention: text, alternatives, strategy, playbook, findings."""
    from kintsugi.steps.drafting import facts_reader
    from responder.drafting.draft_lines import draft_lines

    settings = settings_or_default(config)
    _print(draft_lines(_lines(texts), settings, facts_reader(settings)))


def guard(
    texts: Annotated[
        list[str] | None, typer.Argument(help="Replies; without any, JSON lines on standard input.")
    ] = None,
    config: Configuration = CONFIGURATION,
) -> None:
    """Check replies against the rules; exit code 1 if any is blocked."""
    from responder.drafting.draft_lines import guard_lines

    _print(guard_lines(_lines(texts), settings_or_default(config)), blocked_is_wrong=True)


def _lines(texts: list[str] | None) -> Iterable[bytes]:
    if not texts:
        return sys.stdin.buffer
    import json

    return [json.dumps({"text": text}, ensure_ascii=False).encode() for text in texts]


def settings_or_default(config: Path) -> Settings:
    """The installation's settings; without any, a house of no industry that does not sign."""
    from config.settings import load_settings, settings_from

    return (
        load_settings(config)
        if config.exists()
        else settings_from({"brand": {"name": "Kintsugi", "signature": {"ja": "", "en": ""}}})
    )


def _print(lines: Iterator[dict[str, object]], *, blocked_is_wrong: bool = False) -> None:
    wrong = False
    for line in lines:
        say_json(line)
        findings = line.get("findings")
        blocked = isinstance(findings, list) and any(finding["level"] == "block" for finding in findings)
        wrong |= "error" in line or (blocked_is_wrong and blocked)
    if wrong:
        raise typer.Exit(1)
