"""All commands under one name, and what they share: errors in one line, never a traceback for a user's mistake."""

from __future__ import annotations

import sys

import typer

from config.error import ConfigurationError
from kintsugi.commands import (
    assess,
    backup,
    cases,
    check,
    crawl,
    demo,
    draft,
    erase,
    import_,
    init,
    log,
    model,
    move,
    outlook,
    parked,
    practice,
    report,
    restore,
    routes,
    run,
    silence,
    spikes,
    token,
)

app = typer.Typer(
    name="kintsugi",
    help="Puts right what went wrong for a brand's customers.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for module in (
    init,
    check,
    demo,
    run,
    crawl,
    import_,
    assess,
    draft,
    routes,
    spikes,
    outlook,
    silence,
    cases,
    log,
    erase,
    parked,
    practice,
    report,
    model,
    move,
    backup,
    restore,
    token,
):
    module.add_to(app)


def cli() -> int:
    """Runs the command line and returns its exit code."""
    from kintsugi.engines.already_running import AlreadyRunning

    try:
        app()
    except SystemExit as end:  # Typer shows wrong usage itself, and ends with code 2
        return end.code if isinstance(end.code, int) else 0
    except ConfigurationError as error:
        sys.stderr.writelines(f"{line}\n" for line in error.lines)
        return 1
    except (AlreadyRunning, FileNotFoundError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    return 0
