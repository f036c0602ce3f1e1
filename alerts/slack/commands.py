"""`/kintsugi`: mine, due, search, silence, week, why (`report` opens a form). Text goes in, text comes out."""

from __future__ import annotations

import shlex
from datetime import datetime

from alerts.actions import CaseActions, Refused
from alerts.messages.wording import Words
from alerts.permission import Allowed, permission
from alerts.slack.home import case_lines
from alerts.slack.text import fitted
from config.duration import parse_duration
from config.settings import Settings

MOST = 10


def answered(text: str, person: str, actions: CaseActions, settings: Settings, words: Words, at: datetime) -> str:
    """The answer to one command, in Slack's markup; only the person who typed it sees it."""
    verb, _, rest = text.strip().partition(" ")
    match verb.lower():
        case "mine":
            return _listed(case_lines(actions.mine(person), words, MOST), words)
        case "due":
            return _listed(case_lines(actions.due(MOST), words, MOST), words)
        case "search" if rest.strip():
            return _listed(case_lines(actions.search(rest.strip()[:200], MOST), words, MOST), words)
        case "week":
            return fitted(actions.report(), 3000)
        case "why" if rest.strip():
            return fitted("\n".join(actions.why(rest.strip()[:100])), 3000) or words["said.nothing"]
        case "silence" if rest.strip():
            return _silence(rest, person, actions, settings, words, at)
        case _:
            return words["command.help"]


def _silence(rest: str, person: str, actions: CaseActions, settings: Settings, words: Words, at: datetime) -> str:
    """`silence topic="food" 2h 改装中`: matchers, a duration, the reason."""
    allowed = permission("silence", person, None, settings)
    if not isinstance(allowed, Allowed):
        return words["said.denied"].format(why=words.get(f"denied.{allowed.reason}", allowed.reason))
    matchers, duration, reason = _parsed(rest)
    if duration is None:
        return words["command.help"]
    result = actions.silence(matchers, at + parse_duration(duration), reason, person)
    if isinstance(result, Refused):
        return words["said.failed"].format(why=fitted(result.why, 500))
    return words["said.done"]


def _parsed(rest: str) -> tuple[list[str], str | None, str]:
    """Matchers up to the first word that is a duration; the reason after it."""
    try:
        parts = shlex.split(rest.replace("“", '"').replace("”", '"'), posix=False)
    except ValueError:
        return [], None, ""
    for number, part in enumerate(parts):
        try:
            parse_duration(part)
        except ValueError:
            continue
        return parts[:number], part, " ".join(parts[number + 1 :])
    return parts, None, ""


def _listed(lines: list[str], words: Words) -> str:
    return "\n".join(lines)[:3900] or words["said.nothing"]
