"""Dialogs in which a reply is written: edit, approve, ask approval. The guard looks on while somebody types. Pure."""

from __future__ import annotations

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    InputBlock,
    PlainTextInputElement,
    PlainTextObject,
)
from slack_sdk.models.blocks.basic_components import DispatchActionConfig
from slack_sdk.models.views import View

from alerts.actions import Checked
from alerts.messages.plain import cleaned, one_line
from alerts.messages.wording import Words, name_of
from alerts.slack.blocks import how_published
from alerts.slack.form import MOST, context, field, modal, select
from alerts.slack.text import escaped, fitted
from alerts.view import CaseView

WRITING = ("edit", "approve", "ask_approval")
DRAFT = "draft"
_TEXT = "text"
_MOST_FINDINGS = 6


def reply(name: str, view: CaseView, words: Words, checked: Checked, version: str, text: str) -> View:
    """One of WRITING. `version`: from which text it began, `draft` or the number of an alternative.

    Slack keeps what was typed while a field keeps its id, so that the id names the version: another one is a new field.
    """
    blocks: list[Block] = []
    if view.alternatives and view.draft:
        options = [(DRAFT, words["version.draft"])]
        options += [(str(n), name_of(words, "tone", tone)) for n, (tone, _) in enumerate(view.alternatives)]
        blocks.append(ActionsBlock(block_id="version", elements=[select("version", options, version)]))
    blocks.append(
        InputBlock(
            block_id=f"{_TEXT}:{version}",
            label=PlainTextObject(text=words["modal.edit.text"]),
            dispatch_action=True,
            element=PlainTextInputElement(
                action_id="reply",
                initial_value=text[:MOST] or None,
                multiline=True,
                max_length=MOST,
                dispatch_action_config=DispatchActionConfig(trigger_actions_on=["on_character_entered"]),
            ),
        )
    )
    blocks += said(checked, words)
    if name == "ask_approval":
        blocks.append(field("question", words["modal.ask_approval.question"], multiline=True, optional=True))
    if name == "approve":
        if any(finding.level != "block" for finding in checked.findings):
            blocks.append(field("despite", words["modal.approve.despite"], optional=True))
        blocks.append(context(how_published(view, words)))
    return modal(name, view, words, blocks)


def said(checked: Checked, words: Words) -> list[Block]:
    """How much room is left, and what the guard finds."""
    left = checked.most - checked.used
    length = words["length.left" if left >= 0 else "length.over"].format(
        n=f"{abs(left):,}", used=f"{checked.used:,}", most=f"{checked.most:,}", unit=words[f"unit.{checked.unit}"]
    )
    lines = [f"{'✏️' if left >= 0 else '⛔'} {length}"]
    if not checked.findings:
        lines.append(words["guard.clean"])
    for finding in checked.findings[:_MOST_FINDINGS]:
        mark = "⛔" if finding.level == "block" else "⚠️"
        level = words.get(f"finding.{finding.level}", finding.level)
        lines.append(f"{mark} *{escaped(level)}*: {fitted(one_line(finding.why, 400), 800)}")
    return [context(line) for line in lines]


def decline(view: CaseView, words: Words) -> View:
    """Why a reply is sent back."""
    return modal("decline", view, words, [field("reason", words["modal.decline.reason"], multiline=True)])


def text_of(view: CaseView, version: str) -> str:
    """The text with which a version begins."""
    if version.isdecimal() and int(version) < len(view.alternatives):
        return cleaned(view.alternatives[int(version)][1])
    return cleaned(view.draft)


def version_of(shown: dict[str, object]) -> str:
    """The version that a dialog, as Slack sends it, began from."""
    blocks = shown.get("blocks")
    ids = (
        [str(block.get("block_id")) for block in blocks if isinstance(block, dict)] if isinstance(blocks, list) else []
    )
    return next((name.partition(":")[2] for name in ids if name.startswith(f"{_TEXT}:")), DRAFT)
