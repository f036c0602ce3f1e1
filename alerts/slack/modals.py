"""Dialogs that move a case on: posted, not a case, resolve, snooze. Pure: a case goes in, a view comes out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from slack_sdk.models.views import View

from alerts.messages.plain import cleaned, one_line
from alerts.messages.wording import Words
from alerts.slack.form import MOST, choice, context, field, modal, moment
from alerts.slack.text import fitted
from alerts.view import CaseView

REASONS = ("not_about_us", "not_negative", "duplicate", "spam", "other")
WHYS = 5


def posted(view: CaseView, words: Words) -> View:
    """The text to copy; what stands there when it is sent was posted."""
    text = cleaned(view.approved if view.approved is not None else view.draft)[:MOST]
    return modal("posted", view, words, [field("text", words["modal.posted.text"], initial=text, multiline=True)])


def not_a_case(view: CaseView, words: Words) -> View:
    """Why it is none: the reason feeds corrections."""
    reasons = [(reason, words[f"reason.{reason}"]) for reason in REASONS]
    return modal(
        "not_a_case",
        view,
        words,
        [
            choice("reason", words["modal.not_a_case.reason"], reasons),
            field("note", words["modal.note"], optional=True),
        ],
    )


def resolve(view: CaseView, words: Words, causes: Sequence[tuple[str, str]]) -> View:
    """What was done, the cause, and the whys that are still missing; known causes of this place are named."""
    known = words["listed"].join(cleaned(cause) for cause in view.known_causes[:5])[:400]
    blocks = [
        field("done", words["modal.resolve.done"], initial=cleaned(view.done or "")[:MOST], multiline=True),
        choice("cause", words["modal.resolve.cause"], causes, hint=f"{words['causes']}: {known}" if known else ""),
    ]
    missing = max(0, view.whys_needed - len(view.whys))
    for number in range(len(view.whys) + 1, len(view.whys) + missing + 1):
        hint = words["modal.resolve.whys"].format(n=missing) if number == len(view.whys) + 1 else ""
        blocks.append(field(f"why{number}", words["modal.resolve.why"].format(n=number), hint=hint))
    return modal("resolve", view, words, blocks)


def snooze(view: CaseView, words: Words, at: datetime) -> View:
    """Until when; two hours from now unless something else is chosen."""
    return modal("snooze", view, words, [moment("until", words["modal.snooze.until"], initial=at + timedelta(hours=2))])


def whys(view: CaseView, words: Words) -> View:
    """The next of the five whys, below the answers so far."""
    number = len(view.whys) + 1
    known = [context(f"{n}. {fitted(one_line(why, 300), 600)}") for n, why in enumerate(view.whys, 1)]
    if number > WHYS:
        return modal("whys", view, words, known, sends=False)
    return modal("whys", view, words, [*known, field("why", words["modal.whys.next"].format(n=number), multiline=True)])
