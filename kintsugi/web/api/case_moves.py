"""What callers send with each move of a case, and what the desk does then: one line a move."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field

from alerts.permission import Action
from kintsugi.desk.desk import Desk
from kintsugi.web.api.mention_list import Sentiment, Severity
from kintsugi.web.api.values import Amount, Currency, Line, Moment, Number, RefWord, Sent, Text, Word
from responder.cases.refused import Refused

Lines = Annotated[list[Line], Field(max_length=20)]
Do = Callable[[Desk, int, str, Any], Refused | None]


class Nothing(Sent):
    """A move that needs no words."""


class Approval(Sent):
    """The text that somebody stands for; without one, the draft as it is. `despite`: why a warning is overridden."""

    text: Text | None = None
    despite: Line | None = None


class Reply(Sent):
    """The text of the reply."""

    text: Text


class Question(Sent):
    """The text, or the draft as it is, and what to ask about it."""

    text: Text | None = None
    question: Annotated[str, Field(max_length=2000, pattern=r"^[^\x00]*$")] = ""


class Reason(Sent):
    """Why."""

    reason: Line


class Posting(Sent):
    """What was posted by hand: this text, else what was approved, else the draft; and where."""

    text: Text | None = None
    url: Annotated[str, Field(max_length=2000, pattern=r"^https?://[!-~]+$")] | None = None


class Solution(Sent):
    """What was done for the customer, what caused the failure, and answers to “why did that happen?”."""

    done: Text
    cause: Word
    whys: Lines = []


class Truth(Sent):
    """What the model should have said; what is left out stays."""

    sentiment: Sentiment | None = None
    severity: Severity | None = None
    topics: Annotated[list[Word], Field(min_length=1, max_length=20)] | None = None


class Until(Sent):
    """Until when."""

    until: Moment


class Words(Sent):
    """What to write down."""

    text: Text


class NewTask(Sent):
    """Something to do. `assignee` is a person id."""

    text: Line
    kind: Literal["process", "staff", "customer"] = "process"
    assignee: Word | None = None
    due_at: Moment | None = None


class OneTask(Sent):
    """A task of this case."""

    task: Number


class Answers(Sent):
    """The next answers of the five whys."""

    answers: Annotated[list[Line], Field(min_length=1, max_length=5)]


class Progress(Sent):
    """What the customer was told in private, and at which stage."""

    stage: Literal["received", "investigating", "delayed", "resolved", "thanks"]
    text: Text


class Said(Sent):
    """What the customer was told, or the gist of a call; may be left out."""

    text: Text | None = None


class NewOffer(Sent):
    """A remedy, and what it costs the house."""

    remedy: Word
    amount: Amount
    currency: Currency


class Decision(Sent):
    """Whether an offer may be made."""

    offer: Number
    approve: bool


class OneOffer(Sent):
    """An offer of this case."""

    offer: Number


class Redeemed(Sent):
    """An offer of this case that the customer took, whole or a part of it."""

    offer: Number
    amount: Amount | None = None


class Whole(Sent):
    """The case of which this one becomes a part."""

    into: RefWord


class SamePerson(Sent):
    """Another case of the same person, and what shows that."""

    other: RefWord
    shown_by: Literal["handle", "order_number", "said_so"]


class OneLink(Sent):
    """A link of the author's account."""

    link: Number


@dataclass(frozen=True, slots=True)
class Move:
    """One move: the end of its address, what alerts.permission calls it, what is sent, what the desk does."""

    name: str
    action: Action
    sent: type[Sent]
    do: Do


MOVES = (
    Move("claim", "claim", Nothing, lambda desk, case, actor, _: desk.claim(case, actor)),
    Move("approve", "approve", Approval, lambda desk, case, actor, it: desk.approve(case, actor, it.text, it.despite)),
    Move("edit", "edit", Reply, lambda desk, case, actor, it: desk.edit(case, actor, it.text)),
    Move(
        "ask_approval", "ask_approval", Question,
        lambda desk, case, actor, it: desk.ask_approval(case, actor, it.text, it.question),
    ),
    Move("decline", "decline", Reason, lambda desk, case, actor, it: desk.decline(case, actor, it.reason)),
    Move("undo", "undo", Nothing, lambda desk, case, actor, _: desk.undo(case, actor)),
    Move("take_down", "take_down", Reason, lambda desk, case, actor, it: desk.take_down(case, actor, it.reason)),
    Move("posted", "posted", Posting, lambda desk, case, actor, it: desk.post_manual(case, actor, it.text, it.url)),
    Move(
        "resolve", "resolve", Solution,
        lambda desk, case, actor, it: desk.resolve(case, actor, it.done, it.cause, it.whys),
    ),
    Move("not_a_case", "not_a_case", Reason, lambda desk, case, actor, it: desk.not_a_case(case, actor, it.reason)),
    Move(
        "relabel", "relabel", Truth,
        lambda desk, case, actor, it: desk.relabel(case, actor, it.sentiment, it.severity, it.topics),
    ),
    Move("snooze", "snooze", Until, lambda desk, case, actor, it: desk.snooze(case, actor, it.until)),
    Move("reopen", "reopen", Reason, lambda desk, case, actor, it: desk.reopen(case, actor, it.reason)),
    Move("escalate", "escalate", Nothing, lambda desk, case, actor, _: desk.escalate(case, actor)),
    Move("note", "note", Words, lambda desk, case, actor, it: desk.note(case, actor, it.text)),
    Move(
        "add_task", "task", NewTask,
        lambda desk, case, actor, it: desk.add_task(case, actor, it.text, it.kind, it.assignee, it.due_at),
    ),
    Move("finish_task", "finish_task", OneTask, lambda desk, case, actor, it: desk.finish_task(case, actor, it.task)),
    Move("staff_note", "staff", Words, lambda desk, case, actor, it: desk.staff_note(case, actor, it.text)),
    Move("start_checklist", "checklist", Nothing, lambda desk, case, actor, _: desk.start_checklist(case, actor)),
    Move("ask_why", "whys", Answers, lambda desk, case, actor, it: desk.ask_why(case, actor, it.answers)),
    Move(
        "told_customer", "progress", Progress,
        lambda desk, case, actor, it: desk.told_customer(case, actor, it.stage, it.text),
    ),
    Move(
        "asked_in_person", "asked_in_person", Said,
        lambda desk, case, actor, it: desk.asked_in_person(case, actor, it.text or ""),
    ),
    Move("thanked", "thanked", Said, lambda desk, case, actor, it: desk.thanked(case, actor, it.text or "")),
    Move(
        "offer", "offer", NewOffer,
        lambda desk, case, actor, it: desk.offer(case, actor, it.remedy, it.amount, it.currency),
    ),
    Move(
        "decide_offer", "decide_offer", Decision,
        lambda desk, case, actor, it: desk.decide_offer(case, actor, it.offer, it.approve),
    ),
    Move(
        "redeem_offer", "redeem_offer", Redeemed,
        lambda desk, case, actor, it: desk.redeem_offer(case, actor, it.offer, it.amount),
    ),
    Move(
        "withdraw_offer", "withdraw_offer", OneOffer,
        lambda desk, case, actor, it: desk.withdraw_offer(case, actor, it.offer),
    ),
    Move("merge", "merge", Whole, lambda desk, case, actor, it: desk.merge(case, actor, it.into)),
    Move("split", "split", Reason, lambda desk, case, actor, it: desk.split(case, actor, it.reason)),
    Move("link", "link", SamePerson, lambda desk, case, actor, it: desk.link(case, actor, it.other, it.shown_by)),
    Move("unlink", "unlink", OneLink, lambda desk, case, actor, it: desk.unlink(case, actor, it.link)),
)  # fmt: skip
