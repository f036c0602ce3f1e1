"""`kintsugi routes test`: who gets it, when, and why."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from kintsugi.commands.options import CONFIGURATION, AsJson, failed, say, say_json


def add_to(app: typer.Typer) -> None:
    """Adds the group."""
    group = typer.Typer(help="The route tree.", no_args_is_help=True, invoke_without_command=False)
    group.command("test")(who_gets)
    group.callback()(routes)
    app.add_typer(group, name="routes")


def routes() -> None:
    """The route tree."""


def who_gets(
    config: Annotated[
        Path, typer.Option("--config", "-c", help="Settings, or a file with only route and receivers.")
    ] = CONFIGURATION,
    at: Annotated[datetime | None, typer.Option(help="At this moment; default: now.")] = None,
    label: Annotated[list[str] | None, typer.Option("--label", "-l", help="name=value, any number.")] = None,
    json: AsJson = False,
) -> None:
    """Print the receivers of an alert with these labels, in order and with repeats, the path, and why."""
    from alerts.routing.matchers import parse_label
    from alerts.routing.routes_test import routes_test
    from config.clock import SystemClock
    from config.yaml_file import read_yaml

    if not config.exists():
        raise failed(f"{config}: there is no such file; name one with --config")
    labels = {}
    for text in label or []:
        try:
            name, value = parse_label(text)
        except ValueError as error:
            raise failed(str(error)) from None
        labels[name] = value
    moment = (at.astimezone() if at.tzinfo is None else at) if at else SystemClock().now()
    found = routes_test(read_yaml(config), labels, moment)
    if json:
        say_json(found)
        return
    say(", ".join(found["receivers"]) or "nobody")
    for step in found["path"]:
        say(f"  {step}")
    for reason in found["reasons"]:
        say(f"  {reason}")
