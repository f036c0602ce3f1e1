"""`kintsugi assess`: what the model says of texts."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO

import typer

from kintsugi.commands.options import CONFIGURATION, AsJson, Configuration, say, say_json

if TYPE_CHECKING:
    from rich.progress import Progress


def add_to(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(assess)


def assess(
    texts: Annotated[list[str] | None, typer.Argument(help="Texts; without any, JSON lines on standard input.")] = None,
    config: Configuration = CONFIGURATION,
    json: AsJson = False,
    model: Annotated[str | None, typer.Option(help="Another model than the configured one.")] = None,
) -> None:
    """Assess texts, or JSON lines ({"text": …, "rating": …}) from standard input."""
    from sentiment.assessor import MentionText, open_assessor

    configured, own_topics = _configured(config)
    assessor = open_assessor(model or configured, own_topics)
    if texts:
        for text, found in zip(texts, assessor.assess([MentionText(text) for text in texts]), strict=True):
            shape = found.as_json()
            if json:
                say_json(shape)
            else:
                say(_line(text, shape))
        return
    from sentiment.stream import assess_lines

    wrong = 0
    for line in assess_lines(_watched(sys.stdin.buffer), assessor):
        say_json(line)
        wrong += "error" in line
    if wrong:
        raise typer.Exit(1)


def _line(text: str, shape: Mapping[str, Any]) -> str:
    """What is said of one text, for a person: `− front desk` was bad, `+ breakfast` was good."""
    mood, intent, step = shape["sentiment"], shape["intent"], shape["next_step"]
    signs = {"negative": "−", "positive": "+"}
    parts = [
        f"{mood['label']} {mood[mood['label']]:.2f}",
        *([f"{intent['label']} {intent['p']:.2f}"] if intent else []),
        f"severity {shape['severity']}",
        f"urgency {shape['urgency']}",
        shape["emotion"],
        shape["language"],
        ", ".join(f"{topic['name']} {topic['p']:.2f}" for topic in shape["topics"]) or "no topic",
        *([f"needs {step['label']} {step['p']:.2f}"] if step else []),
        *(
            ", ".join(f"{signs[span['mood']]}{span['text']}" for span in shape[kind])
            for kind in ("things", "statements")
            if shape[kind]
        ),
        *([", ".join(shape["reasons"])] if shape["reasons"] else []),
    ]
    return f"{' · '.join(parts)}  «{text[:60]}»"


def _watched(lines: BinaryIO) -> Iterable[bytes]:
    """The lines; on a terminal, with a bar of how much of them was read, where standard input is a file."""
    if not sys.stderr.isatty():
        return lines
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    found = os.fstat(lines.fileno())
    size = found.st_size if stat.S_ISREG(found.st_mode) else None
    console = Console(stderr=True)
    if size is None:
        bar = Progress(TextColumn("{task.completed} lines"), TimeElapsedColumn(), console=console)
        return _advancing(lines, bar, None, lambda _: 1)
    bar = Progress(BarColumn(), MofNCompleteColumn(), TextColumn("bytes"), TimeRemainingColumn(), console=console)
    return _advancing(lines, bar, size, len)


def _advancing(
    lines: Iterable[bytes], bar: Progress, total: int | None, amount: Callable[[bytes], int]
) -> Iterator[bytes]:
    with bar:
        task = bar.add_task("", total=total)
        for line in lines:
            yield line
            bar.advance(task, amount(line))


def _configured(config: Path) -> tuple[str | None, dict[str, list[str]]]:
    """The configured model and the team's own topics; without any configuration, the model of Kintsugi alone."""
    from config.settings import load_settings

    if not config.exists():
        return None, {}
    settings = load_settings(config)
    return settings.sentiment.model, settings.topics
