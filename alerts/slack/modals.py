"""Dialogs. Pure: a case goes in, a view comes out; `private_metadata` holds the case's id and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from slack_sdk.models.blocks import (
    Block,
    ContextBlock,
    DateTimePickerElement,
    InputBlock,
    Option,
    PlainTextInputElement,
    PlainTextObject,
    StaticSelectElement,
)
from slack_sdk.models.views import View

from alerts.plain import cleaned
from alerts.slack.blocks import how_published
from alerts.view import CaseView
from alerts.wording import Words

REASONS = ("not_about_us", "not_negative", "duplicate", "spam", "other")
_MOST = 3000  # characters of a text input


def approve(view: CaseView, words: Words) -> View:
    """The text that goes out, how, and a reason where a warning is overridden."""
    how = ContextBlock(elements=[PlainTextObject(text=how_published(view, words)[:300], emoji=True)])
    text = _input("text", words["modal.approve.text"], initial=cleaned(view.draft)[:_MOST], multiline=True)
    despite = _input("despite", words["modal.approve.despite"], optional=True)
    return _modal("approve", view, words["modal.approve"], words, [text, despite, how])


def posted(view: CaseView, words: Words) -> View:
    """The draft to copy; what stands there when it is sent was posted."""
    text = _input("text", words["modal.posted.text"], initial=cleaned(view.draft)[:_MOST], multiline=True)
    return _modal("posted", view, words["modal.posted"], words, [text])


def not_a_case(view: CaseView, words: Words) -> View:
    """Why it is none: the reason feeds corrections."""
    options = [Option(value=reason, text=PlainTextObject(text=words[f"reason.{reason}"])) for reason in REASONS]
    select = InputBlock(
        block_id="reason",
        label=PlainTextObject(text=words["modal.not_a_case.reason"]),
        element=StaticSelectElement(action_id="reason", options=options),
    )
    note = _input("note", words["modal.note"], optional=True)
    return _modal("not_a_case", view, words["modal.not_a_case"], words, [select, note])


def resolve(view: CaseView, words: Words, causes: Sequence[tuple[str, str]]) -> View:
    """What was done, and the cause; known causes of this place are named beside it."""
    known = "、".join(cleaned(cause) for cause in view.known_causes[:5])[:400]
    done = _input("done", words["modal.resolve.done"], initial=cleaned(view.done or "")[:_MOST], multiline=True)
    cause = InputBlock(
        block_id="cause",
        label=PlainTextObject(text=words["modal.resolve.cause"]),
        hint=PlainTextObject(text=f"{words['causes']}: {known}") if known else None,
        element=StaticSelectElement(
            action_id="cause",
            options=[Option(value=name, text=PlainTextObject(text=text[:75])) for name, text in causes[:100]],
        ),
    )
    return _modal("resolve", view, words["modal.resolve"], words, [done, cause])


def snooze(view: CaseView, words: Words, at: datetime) -> View:
    """Until when; two hours from now unless something else is chosen."""
    later = int((at + timedelta(hours=2)).timestamp())
    picker = InputBlock(
        block_id="until",
        label=PlainTextObject(text=words["modal.snooze.until"]),
        element=DateTimePickerElement(action_id="until", initial_date_time=later - later % 900),
    )
    return _modal("snooze", view, words["modal.snooze"], words, [picker])


def _modal(name: str, view: CaseView, title: str, words: Words, blocks: Sequence[Block]) -> View:
    return View(
        type="modal",
        callback_id=f"case.{name}",
        private_metadata=str(view.case_id),
        title=PlainTextObject(text=title[:24]),
        submit=PlainTextObject(text=words["modal.submit"][:24]),
        close=PlainTextObject(text=words["modal.cancel"][:24]),
        blocks=list(blocks),
    )


def _input(name: str, label: str, *, initial: str = "", multiline: bool = False, optional: bool = False) -> InputBlock:
    return InputBlock(
        block_id=name,
        label=PlainTextObject(text=label),
        optional=optional,
        element=PlainTextInputElement(
            action_id=name, initial_value=initial or None, multiline=multiline, max_length=_MOST
        ),
    )
