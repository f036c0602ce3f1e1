"""Dialogs for what is done besides the reply: offers, tasks, word to customers, follow-ups, other cases. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from slack_sdk.models.blocks import ActionsBlock, DateTimePickerElement, PlainTextObject
from slack_sdk.models.views import View

from alerts.actions import Remedy
from alerts.messages.plain import one_line
from alerts.messages.wording import Words
from alerts.slack.form import choice, context, field, modal, moment, quarter, select
from alerts.slack.text import escaped
from alerts.view import CaseView, owes
from config.settings import Settings

KINDS = ("process", "staff", "customer")
STAGES = ("received", "investigating", "delayed", "resolved", "thanks")
SHOWN_BY = ("handle", "order_number", "said_so")
HEARS_AGAIN = timedelta(days=1)


def offer(view: CaseView, words: Words, remedies: Sequence[Remedy], currency: str) -> View:
    """What the playbook suggests, with what stands against each, or something else."""
    mine = sorted(remedies, key=lambda one: one.limit is not None)
    options = [(offer_value(one), _remedy(one, words)) for one in mine]
    blocks = [context(escaped(words["modal.offer.hint"]))]
    if options:
        blocks.append(choice("remedy", words["modal.offer.remedy"], options, optional=True))  # type: ignore[arg-type]  # blocks of one list
    return modal(
        "offer",
        view,
        words,
        [
            *blocks,
            field("own", words["modal.offer.own"], optional=bool(options)),
            field("amount", f"{words['modal.offer.amount']} ({currency})", optional=True, hint="3000"),
        ],
    )


def offer_value(remedy: Remedy) -> str:
    """A remedy as the value of an option: amount, currency, name."""
    return f"{remedy.amount} {remedy.currency} {remedy.name}"[:150]


def task(view: CaseView, words: Words, settings: Settings) -> View:
    """Something to do, by whom, until when."""
    people = [(key, person.name) for key, person in settings.people.items() if settings.rank_of(key) != "viewer"]
    blocks = [
        field("text", words["modal.task.text"], multiline=True),
        choice("kind", words["modal.task.kind"], [(kind, words[f"task.{kind}"]) for kind in KINDS], initial="process"),
    ]
    if people:
        blocks.append(choice("assignee", words["modal.task.assignee"], people, optional=True))
    return modal("task", view, words, [*blocks, moment("due", words["modal.task.due"], optional=True)])


def staff(view: CaseView, words: Words) -> View:
    """How the colleague who faced it is helped."""
    return modal("staff", view, words, [field("text", words["modal.staff.text"], multiline=True)])


def progress(view: CaseView, words: Words, stage: str, until: datetime, text: str) -> View:
    """A template to copy, by its stage and when the customer hears again; another one of them is another text."""
    stages = [(one, words[f"stage.{one}"]) for one in STAGES]
    picker = DateTimePickerElement(action_id="until", initial_date_time=quarter(until))
    written = field("message", words["modal.progress.text"], initial=text, multiline=True)
    written.block_id = f"message:{stage}:{quarter(until)}"
    return modal(
        "progress",
        view,
        words,
        [
            ActionsBlock(block_id="progress", elements=[select("stage", stages, stage), picker]),
            context(escaped(words["modal.progress.until"])),
            written,
        ],
    )


def follow_up(name: str, kind: str, view: CaseView, words: Words) -> View:
    """The message to copy; what stands there when it is sent is kept as what the customer was told."""
    owed = owes(view, kind)
    label, hint = words["modal.follow_up.text"], words[f"modal.{name}.hint"]
    written = field("message", label, initial=owed.text if owed else "", multiline=True, optional=True)
    return modal(name, view, words, [context(escaped(hint)), written])


def merge(view: CaseView, words: Words) -> View:
    """Into which case."""
    return modal("merge", view, words, [field("into", words["modal.merge.into"])])


def split(view: CaseView, words: Words) -> View:
    """Why it is a case of its own."""
    return modal("split", view, words, [field("reason", words["modal.split.reason"], multiline=True)])


def link(view: CaseView, words: Words) -> View:
    """With which case's author, and how that is shown."""
    shown = [(one, words[f"shown.{one}"]) for one in SHOWN_BY]
    return modal(
        "link",
        view,
        words,
        [field("other", words["modal.link.other"]), choice("shown_by", words["modal.link.shown_by"], shown)],
    )


def unlink(view: CaseView, words: Words) -> View:
    """Which of the links."""
    links = [
        (str(one.link_id), f"{one_line(one.name, 40)} ({one.source}) — {words.get(f'shown.{one.shown_by}', '')}")
        for one in view.links
    ]
    if not links:
        return modal("unlink", view, words, [context(words["more.nothing"])], sends=False)
    return modal("unlink", view, words, [choice("link", words["modal.unlink.which"], links)])


def report(words: Words, places: Sequence[str], at: datetime, text: str = "") -> View:
    """What a customer told a colleague: a short form that belongs to no case yet."""
    where = (
        choice("place", words["modal.report.place"], [(one, one) for one in places], optional=True)
        if places
        else field("place", words["modal.report.place"], optional=True)
    )
    return View(
        type="modal",
        callback_id="staff.report",
        title=PlainTextObject(text=words["modal.report"][:24]),
        submit=PlainTextObject(text=words["modal.submit"][:24]),
        close=PlainTextObject(text=words["modal.cancel"][:24]),
        blocks=[
            field("text", words["modal.report.text"], initial=text, multiline=True),
            where,
            moment("when", words["modal.report.when"], initial=at),
        ],
    )


def _remedy(remedy: Remedy, words: Words) -> str:
    limit = f"（{words.get(f'limit.{remedy.limit}', remedy.limit)}）" if remedy.limit else ""
    tail = f" — {remedy.amount} {remedy.currency}{limit}"
    return one_line(remedy.name, max(10, 75 - len(tail))) + tail
