"""The buttons of a case's message: what is useful now, and no more. Pure."""

from __future__ import annotations

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    ConfirmObject,
    MarkdownTextObject,
    PlainTextObject,
    SectionBlock,
)

from alerts.messages.plain import one_line
from alerts.messages.wording import Words
from alerts.slack.text import date, escaped, fitted
from alerts.view import CaseView, OfferView, owes

# First what is said to the customer, then what becomes of the case.
REPLY = ("claim", "approve", "undo", "edit", "ask_approval", "decline", "posted", "offer")
CASE = ("resolve", "asked_in_person", "thanked", "escalate", "snooze", "not_a_case", "more")
_MOST_ASKED = 3
_OVER = ("resolved", "following_up")


def buttons(view: CaseView, words: Words) -> list[Block]:
    """Two rows; none where the case is closed."""
    if view.state == "closed":
        return []
    first = next(name for name in (*REPLY, *CASE) if is_useful(name, view))
    blocks: list[Block] = []
    for row, names in (("", REPLY), (".case", CASE)):
        shown = [name for name in names if is_useful(name, view)]
        if shown:  # Slack refuses an empty row.
            elements = [_button(name, view, words, "primary" if name == first else None) for name in shown]
            blocks.append(ActionsBlock(block_id=f"case.{view.case_id}{row}", elements=elements))
    return blocks


def asked_offers(view: CaseView, words: Words) -> list[Block]:
    """Offers that wait for an approval, each with the answer to it."""
    blocks: list[Block] = []
    for offer in [one for one in view.offers if one.state == "asked"][:_MOST_ASKED]:
        blocks.append(SectionBlock(text=MarkdownTextObject(text=asked(offer, words), verbatim=True)))
        blocks.append(
            ActionsBlock(
                block_id=f"offer.{view.case_id}.{offer.offer_id}",
                elements=[
                    target_button("offer_approve", view, offer.offer_id, words, style="primary"),
                    target_button("offer_refuse", view, offer.offer_id, words),
                ],
            )
        )
    return blocks


def asked(offer: OfferView, words: Words) -> str:
    """Who asks for what, until when."""
    until = f" → {date(offer.until)}" if offer.until else ""
    what = f"*{fitted(one_line(offer.remedy, 120), 300)}* ({escaped(offer.amount)} {escaped(offer.currency)})"
    return f"🎁 {words['offer.asks'].format(who=fitted(offer.by_name, 80))}: {what}{until}"


def target_button(name: str, view: CaseView, target: int, words: Words, *, style: str | None = None) -> ButtonElement:
    """A button that acts at once on one thing of the case: its value is `case:thing`."""
    return ButtonElement(
        text=PlainTextObject(text=words[f"button.{name}"], emoji=True),
        action_id=f"case.{name}",
        value=f"{view.case_id}:{target}",
        style=style,
    )


def is_useful(button: str, view: CaseView) -> bool:
    """Whether this can be done now, as far as the case tells; the desk decides."""
    answered = view.reply is not None or view.publishing is not None or view.approved is not None
    open_reply = not answered and view.state not in _OVER
    match button:
        case "claim":
            return view.owner is None
        case "approve":
            return open_reply and (view.channel != "manual" or view.question is not None)
        case "undo":
            return view.approved is not None or (
                view.publishing is not None and view.publishing.state in ("due", "given_up")
            )
        case "edit":
            return open_reply
        case "ask_approval":
            return open_reply and view.question is None
        case "decline":
            return open_reply and view.question is not None
        case "posted":
            return view.reply is None and view.state not in _OVER
        case "not_a_case":
            return view.reply is None
        case "asked_in_person":
            return view.state in _OVER and owes(view, "lead") is not None
        case "thanked":
            return view.state in _OVER and owes(view, "thanks") is not None
        case "offer" | "more":
            return True
        case _:
            return view.state not in _OVER


def _button(name: str, view: CaseView, words: Words, style: str | None) -> ButtonElement:
    label = "offer_approve" if name == "approve" and view.channel == "manual" else name
    button = ButtonElement(
        text=PlainTextObject(text=words[f"button.{label}"], emoji=True),
        action_id=f"case.{name}",
        value=str(view.case_id),
        style=style,
    )
    if name == "escalate":
        button.confirm = ConfirmObject(
            title=PlainTextObject(text=words["modal.escalate"]),
            text=PlainTextObject(text=view.ref),
            confirm=PlainTextObject(text=words["modal.submit"]),
            deny=PlainTextObject(text=words["modal.cancel"]),
        )
    return button
