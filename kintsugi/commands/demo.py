"""`kintsugi demo`: the main job before your eyes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def add_to(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(demo)


def demo(
    folder: Annotated[Path, typer.Option(help="Where the demo's database goes; made anew.")] = Path("demo-hotel-sora"),
    serve: Annotated[bool, typer.Option("--serve", help="Keep its pages open in a browser until Ctrl-C.")] = False,
) -> None:
    """21 days of a sample brand through the real pipeline, on a fast clock; no account, no network."""
    from config.settings import LogSettings
    from kintsugi.demo.runner import run_demo
    from kintsugi.operating.observe import configure_logging

    configure_logging(LogSettings(level="error"))
    app = run_demo(folder)
    if serve:
        from kintsugi.demo.serving import keep_open

        keep_open(app)
