"""Options that many commands share, and how they open the installation."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from kintsugi.app import App

Configuration = Annotated[
    Path, typer.Option("--config", "-c", envvar="KINTSUGI_CONFIG", help="The settings file.", show_default=True)
]
AsJson = Annotated[bool, typer.Option("--json", help="JSON for machines instead of text for people.")]
CONFIGURATION = Path("kintsugi.yaml")


def opened(configuration: Path) -> App:
    """The installation of this settings file, with its log lines going to standard error."""
    from kintsugi.app import open_app
    from kintsugi.operating.observe import configure_logging

    app = open_app(configuration)
    configure_logging(app.settings.log)
    return app


def say(text: str = "") -> None:
    """One line of a command's result."""
    sys.stdout.write(text + "\n")


def say_json(value: Any) -> None:
    """One JSON line of a command's result."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, default=str) + "\n")


def failed(text: str) -> typer.Exit:
    """Says what is wrong and what to do, and ends the command with code 1: `raise failed(…)`."""
    sys.stderr.write(text + "\n")
    return typer.Exit(1)
