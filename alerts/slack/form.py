"""The parts that dialogs are made of: fields, choices, moments. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from slack_sdk.models.blocks import (
    Block,
    ContextBlock,
    DateTimePickerElement,
    InputBlock,
    MarkdownTextObject,
    Option,
    PlainTextInputElement,
    PlainTextObject,
    StaticSelectElement,
)
from slack_sdk.models.views import View

from alerts.messages.plain import one_line
from alerts.messages.wording import Words
from alerts.view import CaseView

MOST = 3000  # characters of a text input
QUARTER = 900  # seconds


def modal(name: str, view: CaseView, words: Words, blocks: Sequence[Block], *, sends: bool = True) -> View:
    """A dialog over a case: `private_metadata` holds the case's id and nothing else."""
    return View(
        type="modal",
        callback_id=f"case.{name}",
        private_metadata=str(view.case_id),
        title=PlainTextObject(text=words[f"modal.{name}"][:24]),
        submit=PlainTextObject(text=words["modal.submit"][:24]) if sends else None,
        close=PlainTextObject(text=words["modal.cancel" if sends else "modal.close"][:24]),
        blocks=list(blocks),
    )


def field(
    name: str, label: str, *, initial: str = "", multiline: bool = False, optional: bool = False, hint: str = ""
) -> InputBlock:
    """A text field."""
    return InputBlock(
        block_id=name,
        label=PlainTextObject(text=label),
        hint=PlainTextObject(text=hint[:2000]) if hint else None,
        optional=optional,
        element=PlainTextInputElement(
            action_id=name, initial_value=initial[:MOST] or None, multiline=multiline, max_length=MOST
        ),
    )


def choice(
    name: str,
    label: str,
    options: Sequence[tuple[str, str]],
    *,
    initial: str | None = None,
    optional: bool = False,
    hint: str = "",
) -> InputBlock:
    """A choice of (value, words)."""
    return InputBlock(
        block_id=name,
        label=PlainTextObject(text=label),
        hint=PlainTextObject(text=hint[:2000]) if hint else None,
        optional=optional,
        element=select(name, options, initial),
    )


def select(name: str, options: Sequence[tuple[str, str]], initial: str | None = None) -> StaticSelectElement:
    """The menu of a choice: at most 100 options of 75 characters."""
    made = [
        Option(value=value[:150], text=PlainTextObject(text=one_line(text, 75) or "–")) for value, text in options[:100]
    ]
    return StaticSelectElement(
        action_id=name, options=made, initial_option=next((one for one in made if one.value == initial), None)
    )


def moment(name: str, label: str, *, initial: datetime | None = None, optional: bool = False) -> InputBlock:
    """A moment to choose."""
    return InputBlock(
        block_id=name,
        label=PlainTextObject(text=label),
        optional=optional,
        element=DateTimePickerElement(action_id=name, initial_date_time=quarter(initial) if initial else None),
    )


def quarter(at: datetime, later: timedelta = timedelta(0)) -> int:
    """The quarter of an hour in which a moment lies, as Slack writes moments."""
    stamp = int((at + later).timestamp())
    return stamp - stamp % QUARTER


def context(*texts: str) -> ContextBlock:
    """Small print, in Slack's markup."""
    return ContextBlock(elements=[MarkdownTextObject(text=text, verbatim=True) for text in texts[:10]])
