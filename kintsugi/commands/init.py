"""`kintsugi init`: asks a few questions, writes kintsugi.yaml and .env."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Annotated

import typer

from kintsugi.commands.options import CONFIGURATION, Configuration, failed, say

TEMPLATE = """\
# Settings of Kintsugi. Every setting with its default: config/defaults.yaml. Check with `kintsugi check`.
brand:
  name: {name}
  aliases: []            # other names, handles, spellings
  exclude: []            # words that make it someone else
  languages: [{languages}]
  timezone: {timezone}
  industry: {industry}

# The places that are watched; docs/sources.md lists all kinds and what they need.
sources:
{sources}
# Which mentions open a case, who is told, and what may be promised: see config/defaults.yaml.
"""

LOG_KEY_LINES = """\
# The key of the event log. Keep it: without it the log cannot be checked.
KINTSUGI_LOG_KEY={key}
"""
SLACK_LINES = """\
# Slack (optional): a bot token, and an app token for Socket Mode; alerts/slack/manifest.yaml creates the app.
# SLACK_BOT_TOKEN=xoxb-
# SLACK_APP_TOKEN=xapp-
"""


def add_to(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(init)


def init(
    config: Configuration = CONFIGURATION,
    name: Annotated[str | None, typer.Option(help="The brand's name.")] = None,
    industry: Annotated[str | None, typer.Option(help="The industry pack.")] = None,
    languages: Annotated[str | None, typer.Option(help="Languages you answer in, such as ja,en.")] = None,
    timezone: Annotated[str | None, typer.Option(help="Time zone, such as Asia/Tokyo.")] = None,
    app_id: Annotated[str | None, typer.Option("--app-store", help="The App Store id of your app, if any.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Ask nothing; take the defaults for what is not given.")] = False,
) -> None:
    """Ask a few questions, write kintsugi.yaml and .env."""
    from config.brand import INDUSTRIES
    from config.settings import settings_from
    from config.yaml_file import parse_yaml

    if config.exists():
        raise failed(f"{config} is there already: edit it, or name another file with --config")

    def answer(given: str | None, question: str, default: str) -> str:
        return given if given is not None else default if yes else str(typer.prompt(question, default=default))

    if yes and not name:
        raise failed("give the brand's name: kintsugi init --yes --name 'Hotel Sakura'")
    name = answer(name, "Name of the brand / ブランド名", "")
    industry = answer(industry, f"Industry ({', '.join(INDUSTRIES)}; empty: none of them)", "")
    languages = answer(languages, "Languages you answer in", "ja,en")
    timezone = answer(timezone, "Time zone", "Asia/Tokyo")
    app_id = answer(app_id, "App Store id of your app (empty: none)", "")
    text = TEMPLATE.format(
        name=_quoted(name),
        languages=", ".join(part.strip() for part in languages.split(",")),
        timezone=timezone,
        industry=industry.strip() or "null",
        sources=_sources(app_id),
    )
    settings_from(parse_yaml(text, str(config)), str(config))
    config.write_text(text, encoding="utf-8")
    env = config.resolve().parent / ".env"
    write_env(env)
    say(f"wrote {config} and {env}")
    say("next: kintsugi check, then kintsugi run (without Slack, alerts are printed here)")


def _sources(app_id: str) -> str:
    lines = []
    if app_id.strip():
        lines.append(f"  app-store: {{kind: app_store, app_id: {int(app_id)}, countries: [jp, us], every: 30m}}")
    else:
        lines.append("  # app-store: {kind: app_store, app_id: 123456789, countries: [jp, us], every: 30m}")
    lines.append("  # news: {kind: feed, url: https://example.jp/rss, every: 15m}")
    body = "\n".join(lines)
    return body + "\n" if app_id.strip() else "  {}\n" + body + "\n"


def _quoted(text: str) -> str:
    import json

    return json.dumps(text, ensure_ascii=False)


def write_env(env: Path) -> None:
    """Adds a new log key unless there is one: losing it would make every event look forged."""
    have = env.read_text(encoding="utf-8") if env.exists() else ""
    if "KINTSUGI_LOG_KEY=" in have:
        return
    lines = LOG_KEY_LINES.format(key=secrets.token_hex(32))
    if "SLACK_BOT_TOKEN" not in have:
        lines += SLACK_LINES
    descriptor = os.open(env, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "a", encoding="utf-8") as file:
        file.write(lines)
