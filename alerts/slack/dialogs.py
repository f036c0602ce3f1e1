"""The table of dialogs: how each is drawn for a person, and what sending it does. One line a dialog."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from slack_sdk.models.views import View

from alerts.actions import CaseActions, Refused, Result
from alerts.messages.wording import Words, words_in
from alerts.slack import modals, reply_modals, work_modals
from alerts.slack.answers import Answers
from alerts.slack.sheet import sheet
from alerts.view import CaseView
from config.settings import Settings


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks for a dialog, over which case, when, in whose words."""

    case: CaseView
    person: str
    words: Words
    at: datetime
    actions: CaseActions
    settings: Settings

    @property
    def language(self) -> str:
        """The language of the words."""
        return "ja" if self.words is words_in("ja") else "en"


@dataclass(frozen=True, slots=True)
class Dialog:
    """`draw` makes the view; `send` does what it holds (None: it is only read)."""

    draw: Callable[[Asking], View]
    send: Callable[[CaseActions, int, str, Answers], Result] | None


def writing(name: str) -> Callable[[Asking], View]:
    """Draws one of reply_modals.WRITING with the draft as it is."""

    def draw(asking: Asking) -> View:
        text = reply_modals.text_of(asking.case, reply_modals.DRAFT)
        checked = asking.actions.check(asking.case.case_id, text)
        return reply_modals.reply(name, asking.case, asking.words, checked, reply_modals.DRAFT, text)

    return draw


def progress(asking: Asking, stage: str, until: datetime) -> View:
    """Draws the template of a stage."""
    text = asking.actions.progress(asking.case.case_id, stage, until)
    return work_modals.progress(asking.case, asking.words, stage, until, text)


def _offer(asking: Asking) -> View:
    remedies = asking.actions.remedies(asking.case.case_id, asking.person, asking.language)
    role = asking.settings.roles[asking.settings.people[asking.person].role]
    return work_modals.offer(asking.case, asking.words, remedies, role.authority.currency)


def _sent_offer(actions: CaseActions, case_id: int, person: str, answers: Answers, currency: str) -> Result:
    own, chosen = answers.text("own").strip(), answers.chosen("remedy")
    if own:
        amount, _, named = answers.text("amount").strip().partition(" ")
        return actions.offer(case_id, person, own, amount or "0", named.strip() or currency)
    if not chosen:
        return Refused("needs_remedy", "choose a remedy, or write one / 内容を選ぶか、ご記入ください")
    amount, _, rest = chosen.partition(" ")
    named, _, remedy = rest.partition(" ")
    return actions.offer(case_id, person, remedy, amount, named)


def _not_a_case(actions: CaseActions, case_id: int, person: str, answers: Answers) -> Result:
    chosen = answers.chosen("reason")
    return actions.not_a_case(case_id, person, chosen if chosen in modals.REASONS else "other", answers.text("note"))


def _snoozed(actions: CaseActions, case_id: int, person: str, answers: Answers) -> Result:
    until = answers.moment("until")
    return actions.snooze(case_id, person, until) if until else Refused("needs_until", "say until when")


def dialogs(settings: Settings) -> dict[str, Dialog]:
    """Every dialog of a case by its name, which is that of its action (alerts.permission)."""

    def offered(actions: CaseActions, case_id: int, person: str, answers: Answers) -> Result:
        role = settings.roles[settings.people[person].role]
        return _sent_offer(actions, case_id, person, answers, role.authority.currency)

    return {**_REPLYING, **_DECIDING, **_WORKING, "offer": Dialog(_offer, offered)}


# What is said in public.
_REPLYING: dict[str, Dialog] = {
    "edit": Dialog(writing("edit"), lambda do, case, who, got: do.edit(case, who, got.text("reply"))),
    "approve": Dialog(
        writing("approve"),
        lambda do, case, who, got: do.approve(case, who, got.text("reply"), got.text("despite")),
    ),
    "ask_approval": Dialog(
        writing("ask_approval"),
        lambda do, case, who, got: do.ask_approval(case, who, got.text("reply"), got.text("question")),
    ),
    "decline": Dialog(
        lambda ask: reply_modals.decline(ask.case, ask.words),
        lambda do, case, who, got: do.decline(case, who, got.text("reason")),
    ),
    "posted": Dialog(
        lambda ask: modals.posted(ask.case, ask.words),
        lambda do, case, who, got: do.mark_posted(case, who, got.text("text")),
    ),
}
# What becomes of the case.
_DECIDING: dict[str, Dialog] = {
    "not_a_case": Dialog(lambda ask: modals.not_a_case(ask.case, ask.words), _not_a_case),
    "resolve": Dialog(
        lambda ask: modals.resolve(ask.case, ask.words, ask.actions.causes(ask.language)),
        lambda do, case, who, got: do.resolve(case, who, got.text("done"), got.chosen("cause"), got.texts("why")),
    ),
    "snooze": Dialog(lambda ask: modals.snooze(ask.case, ask.words, ask.at), _snoozed),
    "more": Dialog(lambda ask: sheet(ask.case, ask.words), None),
    "merge": Dialog(
        lambda ask: work_modals.merge(ask.case, ask.words),
        lambda do, case, who, got: do.merge(case, who, got.text("into")),
    ),
    "split": Dialog(
        lambda ask: work_modals.split(ask.case, ask.words),
        lambda do, case, who, got: do.split(case, who, got.text("reason")),
    ),
    "link": Dialog(
        lambda ask: work_modals.link(ask.case, ask.words),
        lambda do, case, who, got: do.link(case, who, got.text("other"), got.chosen("shown_by")),
    ),
    "unlink": Dialog(
        lambda ask: work_modals.unlink(ask.case, ask.words),
        lambda do, case, who, got: do.unlink(case, who, int(got.chosen("link") or 0)),
    ),
}
# What is done for the customer, for colleagues, and so that it does not happen again.
_WORKING: dict[str, Dialog] = {
    "task": Dialog(
        lambda ask: work_modals.task(ask.case, ask.words, ask.settings),
        lambda do, case, who, got: do.add_task(
            case, who, got.text("text"), got.chosen("kind"), got.chosen("assignee") or None, got.moment("due")
        ),
    ),
    "staff": Dialog(
        lambda ask: work_modals.staff(ask.case, ask.words),
        lambda do, case, who, got: do.staff_note(case, who, got.text("text")),
    ),
    "whys": Dialog(
        lambda ask: modals.whys(ask.case, ask.words),
        lambda do, case, who, got: do.ask_why(case, who, [got.text("why")]),
    ),
    "progress": Dialog(
        lambda ask: progress(ask, work_modals.STAGES[0], ask.at + work_modals.HEARS_AGAIN),
        lambda do, case, who, got: do.told_customer(case, who, got.chosen("stage"), got.text("message")),
    ),
    "asked_in_person": Dialog(
        lambda ask: work_modals.follow_up("asked_in_person", "lead", ask.case, ask.words),
        lambda do, case, who, got: do.asked_in_person(case, who, got.text("message")),
    ),
    "thanked": Dialog(
        lambda ask: work_modals.follow_up("thanked", "thanks", ask.case, ask.words),
        lambda do, case, who, got: do.thanked(case, who, got.text("message")),
    ),
}
# What acts at once: (actions, case, person, the thing in the case that the button names) → what came of it.
PRESSES: dict[str, Callable[[CaseActions, int, str, int], Result]] = {
    "claim": lambda do, case, who, _: do.claim(case, who),
    "undo": lambda do, case, who, _: do.undo(case, who),
    "escalate": lambda do, case, who, _: do.escalate(case, who),
    "checklist": lambda do, case, who, _: do.start_checklist(case, who),
    "finish_task": lambda do, case, who, task: do.finish_task(case, who, task),
    "offer_approve": lambda do, case, who, offer: do.decide_offer(case, who, offer, True),
    "offer_refuse": lambda do, case, who, offer: do.decide_offer(case, who, offer, False),
    "offer_redeem": lambda do, case, who, offer: do.redeem_offer(case, who, offer),
    "offer_withdraw": lambda do, case, who, offer: do.withdraw_offer(case, who, offer),
}
