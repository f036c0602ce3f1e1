"""`kintsugi assess`: what the model says of texts."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from kintsugi.commands.options import CONFIGURATION, AsJson, Configuration, say, say_json


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

    assessor = open_assessor(model or _configured_model(config))
    if texts:
        for text, found in zip(texts, assessor.assess([MentionText(text) for text in texts]), strict=True):
            shape = found.as_json()
            if json:
                say_json(shape)
            else:
                topics = ", ".join(f"{topic['name']} {topic['p']:.2f}" for topic in shape["topics"])
                mood = shape["sentiment"]
                say(
                    f"{mood['label']} {mood[mood['label']]:.2f} · severity {shape['severity']} · "
                    f"urgency {shape['urgency']} · {shape['emotion']} · {shape['language']} · {topics or 'no topic'}"
                    f"{' · ' + ', '.join(shape['reasons']) if shape['reasons'] else ''}  «{text[:60]}»"
                )
        return
    from sentiment.stream import assess_lines

    wrong = 0
    for line in assess_lines(sys.stdin.buffer, assessor):
        say_json(line)
        wrong += "error" in line
    if wrong:
        raise typer.Exit(1)


def _configured_model(config: object) -> str | None:
    """The configured model; without any configuration, the one that comes with Kintsugi."""
    from pathlib import Path

    from config.settings import load_settings

    return load_settings(Path(str(config))).sentiment.model if Path(str(config)).exists() else None
