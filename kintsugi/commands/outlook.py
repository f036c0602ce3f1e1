"""`kintsugi outlook`: what may fail next, why one should think so, and how often that was right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from kintsugi.commands.options import CONFIGURATION, AsJson, Configuration, failed, opened, say, say_json

if TYPE_CHECKING:
    from kintsugi.app import App
    from reports.outlook_lines import WatchLine
    from reports.words import Words

Language = Annotated[str | None, typer.Option(help="ja or en; default: the brand's first language.")]


def add_to(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(outlook)


def outlook(config: Configuration = CONFIGURATION, language: Language = None, json: AsJson = False) -> None:
    """List places, products and versions that may fail next, with the evidence and the hit rate of the past."""
    from reports.words import Words

    app = opened(config)
    spoken = language or app.settings.brand.languages[0]
    if language not in (None, "ja", "en"):
        raise failed(f"--language {language}: choose ja or en")
    words = Words("ja" if spoken == "ja" else "en")
    if json:
        from kintsugi.web.api.outlook import outlook_answer

        say_json(outlook_answer(app, words).model_dump(mode="json"))
        return
    _written(app, words)


def _written(app: App, words: Words) -> None:
    from kintsugi.steps.outlook import outlook_of
    from reports.outlook_lines import how_right, looked_at, watch_lines

    made, zone = outlook_of(app), app.settings.brand.zone
    lines = watch_lines(made, zone, words)
    say(words("outlook.as_of", day=words.day(made.until.astimezone(zone).date())))
    watched = [line for line in lines if not line.failed]
    if made.judged and not watched:
        say(words("outlook.none"))
    for line in watched:
        _subject(line, words)
    failing = [line for line in lines if line.failed]
    if failing:
        say()
        say(words("outlook.failed_title"))
    for line in failing:
        _subject(line, words)
    say()
    for sentence in (looked_at(made, words), *how_right(made, words)):
        say(sentence)


def _subject(line: WatchLine, words: Words) -> None:
    say()
    figures = f"{words('outlook.now')} {line.now}  {words('outlook.usual')} {line.usual}"
    say(f"{line.name}  {figures}  {words('outlook.limit')} {line.limit}")
    for sign in line.signs:
        say(f"  - {sign}")
    if not line.failed:
        say(f"  {line.record}")
