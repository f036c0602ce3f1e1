"""`kintsugi cases offer|task|checklist|whys|progress|merge|split|link|…`: what is done besides the reply."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from kintsugi.commands.acting import Actor, Ref, act, in_zone, look
from kintsugi.commands.options import CONFIGURATION, AsJson, Configuration, failed, opened, say, say_json

if TYPE_CHECKING:
    from alerts.view import CaseView

Person = Annotated[str | None, typer.Option("--by", help="Who does it, to change something.", envvar="KINTSUGI_PERSON")]


def edit(
    ref: Ref, by: Actor, text: Annotated[str, typer.Option(help="The reply.")], config: Configuration = CONFIGURATION
) -> None:
    """Propose another text; what the guard says of it is shown."""
    for finding in act(ref, by, config, "edit", text=text).findings:
        say(f"  {finding.level}: {finding.rule}: {finding.why}")


def ask(
    ref: Ref,
    by: Actor,
    text: Annotated[str | None, typer.Option(help="The reply; default: the draft as it is.")] = None,
    question: Annotated[str, typer.Option(help="What you are unsure about.")] = "",
    config: Configuration = CONFIGURATION,
) -> None:
    """Ask somebody else to approve the reply; `cases approve` and `cases decline` answer."""
    act(ref, by, config, "ask_approval", text=text, question=question)


def decline(
    ref: Ref,
    by: Actor,
    reason: Annotated[str, typer.Option(help="What should be different.")],
    config: Configuration = CONFIGURATION,
) -> None:
    """Send a reply back for which approval was asked, or take the question back."""
    act(ref, by, config, "decline", reason=reason)


def offer(
    ref: Ref,
    by: Person = None,
    remedy: Annotated[str | None, typer.Option(help="What is offered; without it, what there is is listed.")] = None,
    amount: Annotated[str, typer.Option(help="What it costs us, such as 3000.")] = "0",
    currency: Annotated[str, typer.Option(help="ISO 4217 code.")] = "JPY",
    approve: Annotated[int | None, typer.Option(help="Approve the offer of this number.")] = None,
    refuse: Annotated[int | None, typer.Option(help="Refuse it.")] = None,
    redeem: Annotated[int | None, typer.Option(help="The customer took it.")] = None,
    withdraw: Annotated[int | None, typer.Option(help="Take it back.")] = None,
    config: Configuration = CONFIGURATION,
    json: AsJson = False,
) -> None:
    """Offer something in private, within your authority; above it somebody who has it is asked."""
    for method, number, more in (
        ("decide_offer", approve, {"approve": True}),
        ("decide_offer", refuse, {"approve": False}),
        ("redeem_offer", redeem, {}),
        ("withdraw_offer", withdraw, {}),
    ):
        if number is not None:
            _show_offers(act(ref, _known(by), config, method, offer_id=number, **more), json=json)
            return
    if remedy is not None:
        made = act(ref, _known(by), config, "offer", remedy=remedy, amount=amount, currency=currency)
        _show_offers(made, json=json)
        return
    app, view = look(ref, config)
    _show_offers(view, json=json)
    if by is not None and by in app.settings.people:
        from kintsugi.desk.slack_desk import SlackDesk

        for one in SlackDesk(app).remedies(view.case_id, by, app.settings.brand.languages[0]):
            shown = {"remedy": one.name, "amount": one.amount, "currency": one.currency, "limit": one.limit}
            say_json(shown) if json else say(f"  + {one.name}  {one.amount} {one.currency}  {one.limit or ''}".rstrip())


def task(
    ref: Ref,
    by: Person = None,
    add: Annotated[str | None, typer.Option(help="Something to do; without it, the tasks are listed.")] = None,
    kind: Annotated[str, typer.Option(help="process (remove the cause), staff or customer.")] = "process",
    assignee: Annotated[str | None, typer.Option("--for", help="Who does it: a person id.")] = None,
    due: Annotated[datetime | None, typer.Option(help="Until when, in the brand's time zone.")] = None,
    done: Annotated[int | None, typer.Option(help="The task of this number is done.")] = None,
    config: Configuration = CONFIGURATION,
    json: AsJson = False,
) -> None:
    """What is to be done for a case, so that it does not happen again."""
    if add is not None:
        view = act(ref, _known(by), config, "add_task", words=add, kind=kind, assignee=assignee, due_at=due)
    elif done is not None:
        view = act(ref, _known(by), config, "finish_task", task_id=done)
    else:
        _, view = look(ref, config)
    _show_tasks(view, json=json)


def checklist(ref: Ref, by: Actor, config: Configuration = CONFIGURATION, json: AsJson = False) -> None:
    """Make the steps of the playbook the tasks of the case, once, and list them."""
    _show_tasks(act(ref, by, config, "start_checklist"), json=json)


def staff(
    ref: Ref,
    by: Actor,
    text: Annotated[str, typer.Option(help="How the colleague who faced it is helped.")],
    config: Configuration = CONFIGURATION,
) -> None:
    """Add a note on staff; only colleagues see it."""
    act(ref, by, config, "staff_note", text=text)


def whys(
    ref: Ref,
    by: Person = None,
    add: Annotated[list[str] | None, typer.Option(help="The next answer; may be given several times.")] = None,
    config: Configuration = CONFIGURATION,
    json: AsJson = False,
) -> None:
    """The five whys: why did that happen, and why that? A case is resolved when enough are answered."""
    view = act(ref, _known(by), config, "ask_why", answers=add) if add else look(ref, config)[1]
    for number, answer in enumerate(view.whys, 1):
        say_json({"why": number, "answer": answer}) if json else say(f"{number}. {answer}")
    if not json:
        say(f"{len(view.whys)} of at least {view.whys_needed} ({view.severity})")


def progress(
    ref: Ref,
    stage: Annotated[str, typer.Option(help="received, investigating, delayed, resolved or thanks.")],
    until: Annotated[datetime | None, typer.Option(help="When they hear again; default: tomorrow.")] = None,
    sent: Annotated[bool, typer.Option("--sent", help="Record that the customer was told (needs --by).")] = False,
    text: Annotated[str | None, typer.Option(help="What was sent; default: the template.")] = None,
    by: Person = None,
    config: Configuration = CONFIGURATION,
) -> None:
    """Print what to tell the customer in private while the case goes on; with --sent, record that they were told."""
    from kintsugi.desk.desk import Desk

    app, view = look(ref, config)
    again = in_zone(app, until) if until else app.clock.now() + timedelta(days=1)
    try:
        words = text or Desk(app).progress(view.case_id, stage, again)
    except ValueError as error:
        raise failed(str(error)) from None
    if sent:
        act(ref, _known(by), config, "told_customer", stage=stage, text=words)
    else:
        say(words)


def follow_up(
    ref: Ref,
    by: Person = None,
    done: Annotated[str | None, typer.Option(help="lead (asked in person) or thanks: done; needs --by.")] = None,
    text: Annotated[str, typer.Option(help="What was said; for a call, the gist.")] = "",
    config: Configuration = CONFIGURATION,
    json: AsJson = False,
) -> None:
    """List what is owed to the customer after the resolution, with a text for it; with --done, record it."""
    methods = {"lead": "asked_in_person", "thanks": "thanked"}
    if done is not None and done not in methods:
        raise failed(f"--done {done!r} is no follow-up that people do: use {' or '.join(methods)}")
    view = act(ref, _known(by), config, methods[done], text=text) if done is not None else look(ref, config)[1]
    for one in view.follow_ups:
        if json:
            say_json(asdict(one))
            continue
        state = f"done by {one.done_by}" if one.done_at else f"due {one.due_at:%Y-%m-%d %H:%M}"
        say(f"{one.kind:<7} {state}" + (f"\n\n{one.text}\n" if one.text else ""))
    if not view.follow_ups and not json:
        say("nothing is owed to the customer")


def merge(
    ref: Ref,
    by: Actor,
    into: Annotated[str, typer.Option(help="The case that it becomes a part of, such as K-7.")],
    config: Configuration = CONFIGURATION,
) -> None:
    """Make a case a part of another one: the same failure told twice."""
    act(ref, by, config, "merge", into=into)


def split(
    ref: Ref,
    by: Actor,
    reason: Annotated[str, typer.Option(help="Why it is a case of its own.")],
    config: Configuration = CONFIGURATION,
) -> None:
    """Take a merged case out again."""
    act(ref, by, config, "split", reason=reason)


def link(
    ref: Ref,
    by: Actor,
    other: Annotated[str, typer.Option("--with", help="A case of the same person, such as K-7.")],
    shown_by: Annotated[str, typer.Option(help="How that is shown: handle, order_number or said_so.")],
    config: Configuration = CONFIGURATION,
) -> None:
    """Say that the authors of two cases are one person, where it can be shown."""
    act(ref, by, config, "link", other=other, shown_by=shown_by)


def unlink(
    ref: Ref,
    by: Person = None,
    number: Annotated[int | None, typer.Option("--link", help="The link; without it, the links are listed.")] = None,
    config: Configuration = CONFIGURATION,
) -> None:
    """Take a link of accounts back."""
    if number is not None:
        act(ref, _known(by), config, "unlink", link_id=number)
        return
    for one in look(ref, config)[1].links:
        say(f"{one.link_id:<5} {one.name} ({one.source}), shown by {one.shown_by}")


def delegate(
    to: Annotated[str, typer.Option(help="Who decides meanwhile: a person id.")],
    until: Annotated[datetime, typer.Option(help="Until when, in the brand's time zone.")],
    by: Actor,
    person: Annotated[str | None, typer.Option(help="Who is away; default: --by.")] = None,
    since: Annotated[datetime | None, typer.Option(help="From when; default: now.")] = None,
    config: Configuration = CONFIGURATION,
) -> None:
    """Say who approves with your authority while you are away."""
    from kintsugi.desk.desk import Desk

    app = opened(config)
    begin = in_zone(app, since) if since else app.clock.now()
    refused = Desk(app).delegate(person or by, to, begin, in_zone(app, until), by)
    if refused is not None:
        raise failed(refused.why)
    say(f"{to} decides for {person or by} until {until:%Y-%m-%d %H:%M}")


COMMANDS = (
    edit, ask, decline, offer, task, checklist, staff, whys, progress, follow_up, merge, split, link, unlink, delegate,
)  # fmt: skip


def _known(by: str | None) -> str:
    if by is None:
        raise failed("say who does it: --by PERSON, or KINTSUGI_PERSON in the environment")
    return by


def _show_offers(view: CaseView, *, json: bool) -> None:
    for one in view.offers:
        shown = {"offer": one.offer_id, "remedy": one.remedy, "amount": one.amount, "currency": one.currency}
        shown |= {"state": one.state, "by": one.by_name}
        line = f"{one.offer_id:<5} {one.state:<10} {one.remedy}  {one.amount} {one.currency}  {one.by_name}"
        say_json(shown) if json else say(line)


def _show_tasks(view: CaseView, *, json: bool) -> None:
    for one in view.tasks:
        shown = {"task": one.task_id, "kind": one.kind, "text": one.text, "for": one.assignee, "done": one.done}
        line = f"{one.task_id:<5} [{'x' if one.done else ' '}] {one.kind:<8} {one.text}  {one.assignee or ''}"
        say_json(shown) if json else say(line.rstrip())
