"""The app's home tab: my cases by due time, and what is due next. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from slack_sdk.models.blocks import (
    Block,
    ContextBlock,
    DividerBlock,
    HeaderBlock,
    MarkdownTextObject,
    PlainTextObject,
    SectionBlock,
)
from slack_sdk.models.views import View

from alerts.messages.plain import one_line
from alerts.messages.wording import Words, name_of
from alerts.slack.blocks import MARKS
from alerts.slack.text import date, fitted
from alerts.view import CaseView

MOST = 20  # cases a list


def home(mine: Sequence[CaseView], due: Sequence[CaseView], words: Words) -> View:
    """The tab of one person."""
    blocks: list[Block] = [HeaderBlock(text=PlainTextObject(text=words["home.mine"]))]
    blocks += _list(mine, words)
    blocks += [DividerBlock(), HeaderBlock(text=PlainTextObject(text=words["home.due"]))]
    blocks += _list(due, words)
    return View(type="home", blocks=blocks)


def case_lines(cases: Sequence[CaseView], words: Words, most: int = MOST) -> list[str]:
    """One line a case, in Slack's markup."""
    return [case_line(view, words) for view in cases[:most]]


def case_line(view: CaseView, words: Words) -> str:
    """Reference, severity, place, the deciding sentence, and the next clock."""
    facts = [f"{MARKS.get(view.severity, '')} *{view.ref}*", name_of(words, "state", view.state)]
    if view.stars is not None:
        facts.append(f"★{view.stars:g}")
    if view.location:
        facts.append(fitted(one_line(view.location, 40), 100))
    facts.append(fitted(one_line(view.evidence or view.text, 80), 200))
    clock = next((one for one in view.clocks if one.met_at is None), None)
    if clock is not None:
        facts.append(f"{name_of(words, 'clock', clock.name)} {words['due']} {date(clock.due_at)}")
    return " · ".join(facts)


def _list(cases: Sequence[CaseView], words: Words) -> list[Block]:
    if not cases:
        return [ContextBlock(elements=[MarkdownTextObject(text=words["home.none"])])]
    blocks: list[Block] = [
        SectionBlock(text=MarkdownTextObject(text=line, verbatim=True)) for line in case_lines(cases, words)
    ]
    if len(cases) > MOST:
        more = words["more"].format(n=len(cases) - MOST)
        blocks.append(ContextBlock(elements=[MarkdownTextObject(text=more)]))
    return blocks
