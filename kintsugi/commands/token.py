"""`kintsugi token`: what programs show to the API instead of a password."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from kintsugi.commands.options import CONFIGURATION, AsJson, Configuration, failed, opened, say, say_json


def add_to(app: typer.Typer) -> None:
    """Adds the group."""
    group = typer.Typer(help="Tokens of the JSON API.", no_args_is_help=True)
    group.command()(create)
    group.command("list")(list_tokens)
    group.command()(revoke)
    app.add_typer(group, name="token")


def create(
    name: Annotated[str, typer.Argument(help="What it is for: crm, calendar …")],
    scope: Annotated[list[str], typer.Option("--scope", help="read, act, admin; several times for several.")],
    person: Annotated[
        str | None, typer.Option("--person", help="Whose role it has: an id under people. Only for read not needed.")
    ] = None,
    last: Annotated[
        str | None, typer.Option("--for", help="How long it is valid: 90d …; for ever unless given.")
    ] = None,
    config: Configuration = CONFIGURATION,
    json: AsJson = False,
) -> None:
    """Make a token. It is shown this once, and kept as a digest."""
    from config.duration import parse_duration
    from storage.account import write_audit
    from storage.api_token import make_token

    app = opened(config)
    at = app.clock.now()
    if person is not None and person not in app.settings.people:
        raise failed(f"{person!r} is not among the people of {config}: {', '.join(app.settings.people) or 'nobody is'}")
    try:
        ends = at + parse_duration(last) if last else None
        with app.database.write() as session:
            token = make_token(session, name, person=person, scopes=scope, at=at, expires_at=ends)
            write_audit(session, "token_made", actor=person or "cli", at=at, name=name, scopes=list(scope))
    except ValueError as error:
        raise failed(str(error)) from None
    say_json({"name": name, "token": token}) if json else say(token)


def list_tokens(config: Configuration = CONFIGURATION, json: AsJson = False) -> None:
    """List tokens: whose they are, what they may, when they were last used."""
    from sqlalchemy import select

    from storage.api_token import ApiToken

    app = opened(config)
    zone = app.settings.brand.zone

    def when(moment: datetime | None) -> str | None:
        return moment.astimezone(zone).isoformat(timespec="minutes") if moment is not None else None

    with app.database.read() as session:
        rows = list(session.scalars(select(ApiToken).order_by(ApiToken.id)))
    for row in rows:
        shown = {
            "name": row.name,
            "person": row.person,
            "scopes": row.scopes,
            "made": when(row.made_at),
            "used": when(row.used_at),
            "expires": when(row.expires_at),
            "revoked": when(row.revoked_at),
        }
        text = "  ".join(f"{name}: {value}" for name, value in shown.items() if value is not None)
        say_json(shown) if json else say(text.replace("name: ", "", 1))
    if not rows and not json:
        say("there are no tokens: kintsugi token create NAME --scope read makes one")


def revoke(
    name: Annotated[str, typer.Argument(help="Its name from `kintsugi token list`.")],
    config: Configuration = CONFIGURATION,
) -> None:
    """End a token at once."""
    from storage.account import write_audit
    from storage.api_token import revoke_token

    app = opened(config)
    at = app.clock.now()
    with app.database.write() as session:
        if not revoke_token(session, name, at):
            raise failed(f"there is no token {name!r} that is valid: kintsugi token list shows them")
        write_audit(session, "token_revoked", actor="cli", at=at, name=name)
    say(f"{name} has ended")
