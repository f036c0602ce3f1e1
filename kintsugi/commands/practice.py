"""`kintsugi practice`: a realistic case, your reply, and what the guard and the rubric say to it."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from kintsugi.commands.options import CONFIGURATION, Configuration, failed, say

POINTS_JA = {
    "names_the_problem": "お困りごとに触れている",
    "apologises": "お詫びしている",
    "says_what_is_done": "何をするかを述べている",
    "offers_a_way_to_talk": "お話を伺う窓口がある",
    "right_length": "ちょうどよい長さ",
}


def add_to(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(practice)


def practice(
    case: Annotated[str | None, typer.Argument(help="A case by its name; without one, they are listed.")] = None,
    config: Configuration = CONFIGURATION,
    language: Annotated[str | None, typer.Option(help="Only cases in ja or en.")] = None,
    industry: Annotated[str | None, typer.Option(help="Only cases of this industry.")] = None,
) -> None:
    """Train: answer a case on standard input, and read what is good and what is missing."""
    from kintsugi.commands.draft import settings_or_default
    from responder.drafting.practice import feedback, practice_cases

    found = practice_cases(language, industry)
    if not found:
        known = practice_cases()
        raise failed(
            f"no practice case fits: --language is {' or '.join(sorted({one.language for one in known}))}, "
            f"--industry one of {', '.join(sorted({one.industry for one in known}))}"
        )
    if case is None:
        for one in found:
            say(f"{one.id:<24} {one.language}  {one.severity:<8} {one.industry:<22} {one.text[:50]}")
        return
    chosen = next((one for one in found if one.id == case), None)
    if chosen is None:
        raise failed(f"there is no practice case {case!r}: kintsugi practice lists them")
    stars = "★" * chosen.rating
    say(f"{stars}  {chosen.author or '-'}\n{chosen.text}\n")
    if sys.stdin.isatty():
        say(
            "お返事を書き、Ctrl-D で終えてください。"
            if chosen.language == "ja"
            else "Write your reply; end with Ctrl-D."
        )
    heard = feedback(chosen, sys.stdin.read().strip(), settings_or_default(config).brand)
    names = POINTS_JA if chosen.language == "ja" else {}
    for point in heard.points:
        name = names.get(point.name, point.name.replace("_", " "))
        say(f"✓ {name}" if point.reached else f"✗ {name}: {point.advice}")
    for finding in heard.findings:
        say(f"{'⛔' if finding.level == 'block' else '⚠'} {finding.why}")
    if heard.example:
        say(f"\n{'お手本' if chosen.language == 'ja' else 'One way to answer'}:\n{heard.example}")
    if not heard.ready:
        raise typer.Exit(1)
