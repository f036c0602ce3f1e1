"""The sheet of a case ("More …"): what is done besides the reply, each with its next step. Pure.

The message stays short; this opens over it, and is drawn anew after each step.
"""

from __future__ import annotations

from collections.abc import Iterator

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
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
from alerts.slack.buttons import asked, target_button
from alerts.slack.form import context, modal
from alerts.slack.text import date, escaped, fitted
from alerts.view import CaseView, OfferView, TaskView

_STEPS = {
    "asked": ("offer_approve", "offer_refuse", "offer_withdraw"),
    "standing": ("offer_redeem", "offer_withdraw"),
}
_MOST_TASKS = 25
_MOST_OFFERS = 8
_MOST_PARTS = 10


def sheet(view: CaseView, words: Words, said: str = "") -> View:
    """The sheet; `said` is what became of the last step. At most 90 blocks of the 100 that Slack takes."""
    blocks: list[Block] = [ContextBlock(elements=[PlainTextObject(text=said[:1000])])] if said else []
    blocks += _offers(view, words)
    blocks += _tasks(view, words)
    blocks += _whys(view, words)
    blocks += _progress(view, words)
    blocks += _joint(view, words)
    return modal("more", view, words | {"modal.more": view.ref}, blocks, sends=False)


def _offers(view: CaseView, words: Words) -> Iterator[Block]:
    yield HeaderBlock(text=PlainTextObject(text=words["offers"]))
    shown = [offer for offer in view.offers if offer.state in ("asked", "standing", "redeemed")][-_MOST_OFFERS:]
    for offer in shown:
        yield SectionBlock(text=_text(_offer(offer, words)))
        names = _STEPS.get(offer.state)
        if names:
            yield ActionsBlock(
                block_id=f"offer.{offer.offer_id}",
                elements=[target_button(name, view, offer.offer_id, words) for name in names],
            )
    if not shown:
        yield context(words["more.nothing"])
    yield _row("offers", view, words, "offer")


def _offer(offer: OfferView, words: Words) -> str:
    if offer.state == "asked":
        return asked(offer, words)
    what = f"*{fitted(one_line(offer.remedy, 120), 300)}* ({escaped(offer.amount)} {escaped(offer.currency)})"
    return f"🎁 {what} — {name_of(words, 'offer.state', offer.state)}"


def _tasks(view: CaseView, words: Words) -> Iterator[Block]:
    yield DividerBlock()
    yield HeaderBlock(text=PlainTextObject(text=words["tasks"]))
    for task in sorted(view.tasks, key=lambda one: one.done)[:_MOST_TASKS]:
        button = None if task.done else target_button("finish_task", view, task.task_id, words)
        yield SectionBlock(block_id=f"task.{task.task_id}", text=_text(_task(task, words)), accessory=button)
    if len(view.tasks) > _MOST_TASKS:
        yield context(words["more"].format(n=len(view.tasks) - _MOST_TASKS))
    started = any(task.kind == "step" for task in view.tasks)
    yield _row("tasks", view, words, *(() if started else ("checklist",)), "task", "staff")


def _task(task: TaskView, words: Words) -> str:
    what = f"{'☑' if task.done else '☐'} {fitted(one_line(task.text, 400), 900)} _{name_of(words, 'task', task.kind)}_"
    who = f" · {fitted(task.assignee, 80)}" if task.assignee else ""
    return what + who + (f" · {words['due']} {date(task.due_at)}" if task.due_at and not task.done else "")


def _whys(view: CaseView, words: Words) -> Iterator[Block]:
    yield DividerBlock()
    yield HeaderBlock(text=PlainTextObject(text=words["whys"]))
    yield context(words["whys.of"].format(n=len(view.whys), needed=view.whys_needed))
    for number, why in enumerate(view.whys, 1):
        yield SectionBlock(text=_text(f"{number}. {fitted(one_line(why, 400), 900)}"))
    yield _row("whys", view, words, "whys")


def _progress(view: CaseView, words: Words) -> Iterator[Block]:
    yield DividerBlock()
    yield HeaderBlock(text=PlainTextObject(text=words["progress"]))
    yield _row("progress", view, words, "progress")


def _joint(view: CaseView, words: Words) -> Iterator[Block]:
    yield DividerBlock()
    yield HeaderBlock(text=PlainTextObject(text=words["joint"]))
    for case_id, ref in view.parts[:_MOST_PARTS]:
        part = ButtonElement(
            text=PlainTextObject(text=words["button.split"]), action_id="case.split", value=str(case_id)
        )
        yield SectionBlock(block_id=f"part.{case_id}", text=_text(f"*{escaped(ref)}*"), accessory=part)
    for link in view.links[:10]:
        shown = words.get(f"shown.{link.shown_by}", link.shown_by)
        yield context(f"🔗 {fitted(one_line(link.name, 80), 200)} ({escaped(link.source)}) — {escaped(shown)}")
    yield _row("joint", view, words, "merge", "link", *(("unlink",) if view.links else ()))


def _row(block_id: str, view: CaseView, words: Words, *names: str) -> ActionsBlock:
    return ActionsBlock(
        block_id=f"sheet.{block_id}",
        elements=[
            ButtonElement(
                text=PlainTextObject(text=words[f"button.{name}"]), action_id=f"case.{name}", value=str(view.case_id)
            )
            for name in names
        ],
    )


def _text(text: str) -> MarkdownTextObject:
    return MarkdownTextObject(text=text, verbatim=True)
