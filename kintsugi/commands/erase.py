"""`kintsugi erase AUTHOR`: removes a person everywhere."""

from __future__ import annotations

from typing import Annotated

import typer

from kintsugi.commands.options import CONFIGURATION, Configuration, failed, opened, say


def add_to(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(erase)


def erase(
    author: Annotated[str, typer.Argument(help="The author's id or name on the source.")],
    source: Annotated[str, typer.Option(help="The source on which the author writes.")],
    config: Configuration = CONFIGURATION,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Remove an author's texts, name, drafts and messages everywhere. A tombstone keeps later crawls away."""
    from kintsugi.desk.photos import sweep
    from kintsugi.steps.crawling import kept_answer
    from kintsugi.steps.sender import send_due
    from responder.privacy.erasure import erase_author

    app = opened(config)
    if not yes:
        typer.confirm(f"Erase {author!r} of {source} for good?", abort=True)
    try:
        with app.database.write() as session:
            erased = erase_author(session, source, author, app.clock.now())
    except ValueError as error:
        raise failed(str(error)) from None
    if erased is None:
        raise failed(f"{source} has no author {author!r}: give the name or id as `kintsugi cases show` prints it")
    kept_answer(app, source).unlink(missing_ok=True)  # it may hold what they wrote
    app.database.scrub()
    sweep(app, app.clock.now())
    while send_due(app.database, app.receivers, app.context()):
        pass
    say(f"erased {author!r} of {source}: {erased.mentions} mentions, {erased.cases} cases")
