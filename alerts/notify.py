"""Tells receivers about cases: who is told is decided once, in the transaction that stores the alert.

A critical case is told at once; the others join their groups (alerts.routing.flush tells them). One living message a
case and receiver: what changes later edits it in place, which notifies nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from alerts.messages.deliveries import case_edits, case_message
from alerts.messages.summary import summary
from alerts.messages.wording import words_for
from alerts.routing.flush import flush, summary_key, surroundings
from alerts.routing.grouping import Groups
from alerts.routing.inhibition import Source
from alerts.routing.stages import Candidate, Surroundings, muted_by
from alerts.routing.tree import Decision, RouteTree, resolve
from alerts.routing.verdicts import note_verdict
from config.settings import Settings
from storage.alert import Alert, alert_of
from storage.case import Case
from storage.delivery import Delivery, make_delivery
from storage.group import AlertGroup, GroupMember


def route_cases(
    session: Session,
    cases: Sequence[Case],
    tree: RouteTree,
    settings: Settings,
    at: datetime,
    incidents: Sequence[Source] = (),
) -> list[int]:
    """Makes the alerts of new cases and puts them into groups; returns the ids of what goes out at once.

    A case that was routed already is left as it is. Routes without `group_wait` are told in the same transaction.
    """
    known = set(session.scalars(select(Alert.case_id).where(Alert.case_id.in_([case.id for case in cases]))))
    new = [case for case in cases if case.id not in known]
    if not new:
        return []
    decisions = {case.id: resolve(tree, case.labels, at) for case in new}
    session.execute(insert(Alert), [_alert(case_id, decision, at) for case_id, decision in decisions.items()])
    # A receiver that the tree names several times is told once, by the first of its nodes.
    hits = [
        (case, hit)
        for case in new
        for hit in {hit.options.receiver: hit for hit in reversed(decisions[case.id].hits)}.values()
    ]
    around = surroundings(session, tree, settings, at, incidents)
    groups = Groups(session, at, [(hit, case.labels) for case, hit in hits])
    ready: dict[int, AlertGroup] = {}
    made: list[int] = []
    with session.no_autoflush:
        for case, hit in hits:
            group = groups.join(case, hit)
            if case.severity == "critical" and _may_be_told(case, group, around):
                groups.told(case.severity)
                group.told_at = group.told_at or at
                note_verdict(session, case.id, group.receiver, True, "first", at)
                made.append(case_message(session, case, group.receiver, at))
            if group.due_at is not None and group.due_at <= at:
                ready[group.id] = group
    groups.store()
    words = words_for(settings.brand.languages)
    return made + [delivery for group in ready.values() for delivery in flush(session, group, around, words)]


def refresh(session: Session, case: Case, at: datetime, settings: Settings | None = None) -> list[int]:
    """The case changed: its alert follows its state, its messages are edited. Returns the ids of the deliveries.

    A case that a summary listed gets its own message once somebody takes it. Edits are keyed by the number of the
    case's last event; what they show is read when they are sent, so that edits that wait merge into one.
    """
    alert = alert_of(session, case.id)
    if alert is None:
        return []
    _follow(alert, case, at)
    edits = case_edits(session, case, at)
    listed = session.scalars(
        select(GroupMember).where(GroupMember.case_id == case.id, GroupMember.summary.is_not(None))
    ).all()
    for member in listed:
        group = session.get_one(AlertGroup, member.group_id)
        edits.append(_summary_edit(session, group, member, at, settings))
        if case.owner is not None and case.state != "new":
            edits.append(case_message(session, case, group.receiver, at))
    return edits


def tell_elsewhere(
    session: Session, delivery: Delivery, tree: RouteTree, settings: Settings, at: datetime
) -> list[int]:
    """A receiver can never be told this (archived channel, deleted message): the next one is, and says so.

    The next receiver is the one of the first route; when that is the one that failed, the message is only parked.
    Call it for a Permanent result with `elsewhere`.
    """
    receiver = tree.options.receiver
    if receiver == delivery.receiver or delivery.case_id is None:
        return []
    words = words_for(settings.brand.languages)
    why = (delivery.error or "").split(": ")[1] if ": " in (delivery.error or "") else delivery.error or "?"
    note = words["instead"].format(receiver=delivery.receiver, why=why)
    case = session.get_one(Case, delivery.case_id)
    note_verdict(session, case.id, receiver, True, f"instead_of:{delivery.receiver}", at)
    return [case_message(session, case, receiver, at, {"note": note})]


def _alert(case_id: int, decision: Decision, at: datetime) -> dict[str, object]:
    return {
        "case_id": case_id,
        "state": "firing",
        "receivers": list(dict.fromkeys(decision.receivers)),
        "path": [*decision.path, *decision.reasons],
        "fired_at": at,
        "state_at": at,
    }


def _may_be_told(case: Case, group: AlertGroup, around: Surroundings) -> bool:
    """Silences and quiet hours hold for critical cases too; the flush writes down why, and tells them later."""
    return muted_by(Candidate(case.ref, case.labels, group.node), around) is None


def _summary_edit(
    session: Session, group: AlertGroup, member: GroupMember, at: datetime, settings: Settings | None
) -> int:
    """Shows the new state in the summary; an edit of it that waits is made to show it too."""
    of = summary_key(group, member.summary or 0)
    query = select(Case).join(GroupMember, GroupMember.case_id == Case.id)
    cases = session.scalars(query.where(GroupMember.group_id == group.id, GroupMember.summary == member.summary)).all()
    words = words_for(settings.brand.languages if settings else ["ja"])
    payload = {**summary(cases, group.labels, words), "of": of}
    waiting = session.scalar(
        select(Delivery)
        .where(Delivery.key.startswith(f"{of}:edit:"), Delivery.state == "due", Delivery.receiver == group.receiver)
        .limit(1)
    )
    if waiting is not None:
        waiting.payload = payload
        return waiting.id
    return make_delivery(
        session,
        f"{of}:edit:{member.case_id}:{int(at.timestamp() * 1000)}",
        receiver=group.receiver,
        purpose="notice_edit",
        payload=payload,
        at=at,
    ).id


def _follow(alert: Alert, case: Case, at: datetime) -> None:
    """Fires while the case is new; acknowledged while somebody works on it; resolved when that is done."""
    if case.state == "new":
        state = "silenced" if alert.state == "silenced" else "firing"
    else:
        state = "resolved" if case.state in ("resolved", "following_up", "closed") else "acknowledged"
    if state != alert.state:
        alert.state, alert.state_at = state, at
