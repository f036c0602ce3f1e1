"""`kintsugi check`: what is wrong, and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from kintsugi.commands.options import CONFIGURATION, AsJson, Configuration, opened, say, say_json

if TYPE_CHECKING:
    from kintsugi.app import App


def add_to(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(check)


def check(config: Configuration = CONFIGURATION, json: AsJson = False) -> None:
    """Check configuration, database, model, tokens and sources; exit code 1 if anything is wrong."""
    from kintsugi.operating.checks import all_checks
    from kintsugi.operating.optional import optional_parts

    app: App = opened(config)
    findings = list(all_checks(app))
    for finding in findings:
        if json:
            say_json({"what": finding.what, "ok": finding.ok, "said": finding.said})
        else:
            say(f"{'ok  ' if finding.ok else 'FAIL'} {finding.what}: {finding.said}")
    for part in optional_parts(app):
        if json:
            say_json({"what": part.what, "ok": True, "there": part.there, "said": part.said})
        else:
            say(f"{'ok  ' if part.there else '--  '} {part.what}: {part.said}")
    if not all(finding.ok for finding in findings):
        raise typer.Exit(1)
