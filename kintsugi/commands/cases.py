"""`kintsugi cases …`: the same moves as in Slack."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Annotated

import typer

from kintsugi.commands.acting import Actor, Ref, act, case_named, look
from kintsugi.commands.options import CONFIGURATION, AsJson, Configuration, failed, opened, say, say_json
from kintsugi.commands.recovery import COMMANDS


def add_to(app: typer.Typer) -> None:
    """Adds the group."""
    group = typer.Typer(help="Cases: look at them, and move them on.", no_args_is_help=True)
    group.command("list")(list_cases)
    for command in (
        show,
        why,
        causes,
        claim,
        approve,
        undo,
        posted,
        take_down,
        resolve,
        dismiss,
        snooze,
        reopen,
        note,
        relabel,
        form,
    ):
        group.command()(command)
    for further in COMMANDS:
        group.command()(further)
    app.add_typer(group, name="cases")


def list_cases(
    config: Configuration = CONFIGURATION,
    state: Annotated[str | None, typer.Option(help="Only this state; default: all open ones. `all` for all.")] = None,
    json: AsJson = False,
) -> None:
    """List cases by what is due first."""
    from kintsugi.views.caselist import case_lines

    app = opened(config)
    with app.database.read() as session:
        rows = case_lines(session, app.settings, state)
    for row in rows:
        if json:
            say_json(row)
        else:
            due = f"{row['next_clock']} {row['due_at']:%Y-%m-%d %H:%M}" if row["due_at"] else "no clock runs"
            who = row["owner"] or "-"
            say(f"{row['ref']:<7} {row['severity']:<8} {row['state']:<13} {who:<10} {due}  {row['text']}")
    if not rows and not json:
        say("no open case")


def show(ref: Ref, config: Configuration = CONFIGURATION, json: AsJson = False) -> None:
    """Show a case as its owner sees it, with its whole timeline."""
    from alerts.receivers.console import open_receiver
    from config.route import ConsoleReceiver
    from kintsugi.views.caseview import view_of

    app = opened(config)
    with app.database.read() as session:
        view = view_of(session, case_named(session, ref).id, app.settings, app.channels)
    if json:
        say_json(asdict(view))
        return
    open_receiver("console", ConsoleReceiver(), app.settings, app.secrets).deliver(ref, "case_message", {}, view, None)
    for line in view.timeline:
        say(f"  {line}")


def why(
    ref: Annotated[str, typer.Argument(help="A case (K-42) or a mention (source/external id).")],
    config: Configuration = CONFIGURATION,
    json: AsJson = False,
) -> None:
    """Why did somebody get this, or why did nobody."""
    from kintsugi.views.whys import reasons_for

    app = opened(config)
    with app.database.read() as session:
        try:
            reasons = reasons_for(session, ref, app.settings)
        except ValueError as error:
            raise failed(str(error)) from None
    for reason in reasons:
        say_json({"reason": reason}) if json else say(reason)


def causes() -> None:
    """List the causes that `resolve` takes."""
    from responder.cases.causes import CAUSES

    for cause in CAUSES.values():
        say(f"{cause.name:<12} {cause.en} / {cause.ja}")


def claim(ref: Ref, by: Actor, config: Configuration = CONFIGURATION) -> None:
    """Take a case."""
    act(ref, by, config, "claim")


def approve(
    ref: Ref,
    by: Actor,
    text: Annotated[str | None, typer.Option(help="The reply; default: the draft as it is.")] = None,
    despite: Annotated[str | None, typer.Option(help="Why a warning of the guard is overridden.")] = None,
    config: Configuration = CONFIGURATION,
) -> None:
    """Approve the reply: it is published after publish.undo, or posted by hand where the source has no channel."""
    view = act(ref, by, config, "approve", text=text, despite=despite)
    if view.publishing is None:
        say("post it on the site, then: kintsugi cases posted " + ref)
    else:
        due = view.publishing.due_at.astimezone(look(ref, config)[0].settings.brand.zone)
        say(f"published by {view.channel} at {due:%H:%M:%S}; until then: kintsugi cases undo {ref}")


def undo(ref: Ref, by: Actor, config: Configuration = CONFIGURATION) -> None:
    """Take an approval back before its reply is published."""
    act(ref, by, config, "undo")


def take_down(
    ref: Ref, by: Actor, reason: Annotated[str, typer.Option(help="Why.")], config: Configuration = CONFIGURATION
) -> None:
    """Have the live reply deleted on its site."""
    act(ref, by, config, "take_down", reason=reason)


def posted(
    ref: Ref,
    by: Actor,
    url: Annotated[str | None, typer.Option(help="Where it can be read.")] = None,
    text: Annotated[str | None, typer.Option(help="The reply as it was posted; default: the draft as it is.")] = None,
    config: Configuration = CONFIGURATION,
) -> None:
    """Say that the reply was posted on the site."""
    act(ref, by, config, "post_manual", text=text, url=url)


def resolve(
    ref: Ref,
    by: Actor,
    done: Annotated[str, typer.Option(help="What was done for the customer.")],
    cause: Annotated[str, typer.Option(help="The cause: `kintsugi cases causes` lists them.")],
    why: Annotated[list[str] | None, typer.Option(help="The next of the five whys; several times.")] = None,
    config: Configuration = CONFIGURATION,
) -> None:
    """Resolve a case, once enough of its whys are answered (`kintsugi cases whys`)."""
    act(ref, by, config, "resolve", done=done, cause=cause, whys=why or [])


def dismiss(
    ref: Ref, by: Actor, reason: Annotated[str, typer.Option(help="Why.")], config: Configuration = CONFIGURATION
) -> None:
    """Close what is not a case; the reason becomes a correction for the model."""
    act(ref, by, config, "not_a_case", reason=reason)


def snooze(
    ref: Ref,
    by: Actor,
    until: Annotated[datetime, typer.Option(help="Until this moment, in the brand's time zone.")],
    config: Configuration = CONFIGURATION,
) -> None:
    """Put a case off; its clocks go on."""
    act(ref, by, config, "snooze", until=until)


def reopen(
    ref: Ref, by: Actor, reason: Annotated[str, typer.Option(help="Why.")], config: Configuration = CONFIGURATION
) -> None:
    """Open a case again; nothing of it is lost."""
    act(ref, by, config, "reopen", reason=reason)


def note(
    ref: Ref, by: Actor, text: Annotated[str, typer.Option(help="The note.")], config: Configuration = CONFIGURATION
) -> None:
    """Add a note to the timeline."""
    act(ref, by, config, "note", text=text)


def relabel(
    ref: Ref,
    by: Actor,
    sentiment: Annotated[str | None, typer.Option()] = None,
    severity: Annotated[str | None, typer.Option()] = None,
    topics: Annotated[str | None, typer.Option(help="Topics, separated by commas.")] = None,
    config: Configuration = CONFIGURATION,
) -> None:
    """Correct what the model said; `kintsugi model evaluate --corrections` uses it."""
    act(
        ref,
        by,
        config,
        "relabel",
        sentiment=sentiment,
        severity=severity,
        topics=[topic.strip() for topic in topics.split(",")] if topics else None,
    )


def form(ref: Ref, config: Configuration = CONFIGURATION) -> None:
    """Print the link to the short form that asks the customer whether it worked; it can be used once."""
    from kintsugi.steps.asking import form_address
    from responder.cases.refused import Refused
    from responder.outcome.feedback import link_to_form

    app = opened(config)
    with app.database.read() as session:
        link = link_to_form(session, case_named(session, ref), app.clock.now(), app.settings)
        if isinstance(link, Refused):
            raise failed(link.why)
        say(form_address(session, link, app.settings))
    if app.settings.web.public_url is None:
        typer.echo("set web.public_url: as it is, only this machine can open the address", err=True)
