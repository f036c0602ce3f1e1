"""Flushes groups: what fires goes through the stages, and what is new becomes deliveries.

A group of one case is that case's message. Several are one summary; a case gets its own message when it is critical
or is claimed. Critical cases never wait for the flush (alerts.notify tells them at once).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from alerts.messages.deliveries import PRIORITY, case_message, thread_replies
from alerts.messages.summary import parts, summary
from alerts.messages.wording import Words, name_of, say, words_for
from alerts.routing.inhibition import Inhibitor, Source
from alerts.routing.news import News, news
from alerts.routing.silences import active_silences
from alerts.routing.stages import Candidate, Surroundings, muted_by
from alerts.routing.tree import RouteTree
from alerts.routing.verdicts import note_verdict, note_verdicts
from config.comparison import SEVERITY_ORDER
from config.settings import Settings
from storage.alert import Alert
from storage.case import Case, case_id_of
from storage.delivery import make_delivery
from storage.group import AlertGroup, GroupMember, due_groups

DONE = ("resolved", "following_up", "closed")
_HELD_A_REPLY = 250  # references in one reply


@dataclass
class _Member:
    row: GroupMember
    case: Case
    alert: Alert


def flush_due(
    session: Session, tree: RouteTree, settings: Settings, at: datetime, incidents: Sequence[Source] = ()
) -> list[int]:
    """Tells receivers what is new in every group whose time has come; returns the ids of the deliveries.

    `incidents` are spikes that fire now; they silence their single cases. Call it on every tick.
    """
    groups = due_groups(session, at)
    if not groups:
        return []
    around = surroundings(session, tree, settings, at, incidents)
    words = words_for(settings.brand.languages)
    return [delivery for group in groups for delivery in flush(session, group, around, words)]


def surroundings(
    session: Session, tree: RouteTree, settings: Settings, at: datetime, incidents: Sequence[Source] = ()
) -> Surroundings:
    """What the stages need to know, read once for many groups."""
    grave = select(Case).join(Alert, Alert.case_id == Case.id)
    fires = grave.where(Case.severity == "critical", Alert.state.in_(("firing", "acknowledged")))
    sources = [Source(case.ref, case.labels) for case in session.scalars(fires.order_by(Case.id).limit(1000))]
    inhibitor = Inhibitor(settings.inhibit_rules, [*incidents, *sources])
    return Surroundings(at, tree, inhibitor, active_silences(session, at))


def flush(session: Session, group: AlertGroup, around: Surroundings, words: Words) -> list[int]:
    """One flush of one group."""
    members = _members(session, group)
    audible, muted = _audible(group, members, around)
    held = note_verdicts(session, group.receiver, [(case_id, False, why) for case_id, why in muted.items()], around.at)
    firing = {case_id: one.case.severity for case_id, one in audible.items()}
    told = {case_id: one.row.told_severity for case_id, one in members.items() if one.row.told_severity}
    resolved = {case_id for case_id, one in members.items() if one.case.state in DONE}
    found = news(
        firing, told, resolved, told_at=group.told_at, repeat=timedelta(seconds=group.repeat), at=around.at
    )  # fmt: skip
    made = [
        *_tell(session, group, members, found, around.at, words),
        *_tell_held(session, members, held, around.at, words),
    ]
    if found.reason != "nothing_new":
        group.told_at = around.at
    watched = any(one.case.state not in DONE for one in members.values())
    group.due_at = around.at + timedelta(seconds=group.interval) if watched else None
    if found.reason == "all_resolved":
        for one in members.values():
            session.delete(one.row)
    return made


def _members(session: Session, group: AlertGroup) -> dict[int, _Member]:
    query = (
        select(GroupMember, Case, Alert)
        .join(Case, Case.id == GroupMember.case_id)
        .join(Alert, Alert.case_id == GroupMember.case_id)
        .where(GroupMember.group_id == group.id)
        .order_by(GroupMember.id)
    )
    return {row.case_id: _Member(row, case, alert) for row, case, alert in session.execute(query)}


def _audible(
    group: AlertGroup, members: dict[int, _Member], around: Surroundings
) -> tuple[dict[int, _Member], dict[int, str]]:
    """Those that fire and that no stage mutes, and the muted ones with their reasons.

    One that was taken is told only if nobody heard of it before.
    """
    heard, muted = {}, {}
    for case_id, one in members.items():
        if one.case.state in DONE or (one.case.state != "new" and one.row.told_at is not None):
            continue
        reason = muted_by(Candidate(one.case.ref, one.case.labels, group.node), around)
        if one.case.state == "new":
            state = "firing" if reason is None else "silenced"
            if one.alert.state != state:
                one.alert.state, one.alert.state_at = state, around.at
        if reason is None:
            heard[case_id] = one
        else:
            muted[case_id] = reason
    return heard, muted


def _tell_held(
    session: Session, members: dict[int, _Member], held: dict[int, str], at: datetime, words: Words
) -> list[int]:
    """Names the cases that a graver one holds back in that one's thread, so that each is found from some message."""
    by_source: dict[str, list[str]] = {}
    for case_id, reason in held.items():
        kind, _, source = reason.partition(":")
        if kind == "inhibited" and source.startswith("K-"):
            by_source.setdefault(source, []).append(members[case_id].case.ref)
    made = []
    for source, refs in by_source.items():
        grave = session.get_one(Case, case_id_of(source))
        for start in range(0, len(refs), _HELD_A_REPLY):
            part = refs[start : start + _HELD_A_REPLY]
            text = say(words, "thread.held", n=len(part), refs=", ".join(part))
            made += thread_replies(session, grave, f"held:{part[0]}", text, at, quiet=True)
    return made


def _tell(
    session: Session, group: AlertGroup, members: dict[int, _Member], found: News, at: datetime, words: Words
) -> list[int]:
    made = _tell_new(session, group, [members[case_id] for case_id in found.new], found, at, words)
    for case_id in found.risen:
        one = members[case_id]
        text = say(
            words,
            "thread.severity",
            before=name_of(words, "severity", one.row.told_severity or "none"),
            after=name_of(words, "severity", one.case.severity),
        )
        if one.row.summary is not None and one.case.severity == "critical":
            made.append(case_message(session, one.case, group.receiver, at))
            one.row.summary = None
        else:
            made += thread_replies(session, one.case, f"severity:{one.case.severity}", text, at)
        one.row.told_severity = one.case.severity
        note_verdict(session, case_id, group.receiver, True, "severity_rose", at)
    if found.reason == "repeat_due":
        made += _repeat(session, group, members, at, words)
    if found.reason == "all_resolved":
        made += _close_summaries(session, group, members, at, words)
    return made


def _tell_new(
    session: Session, group: AlertGroup, new: list[_Member], found: News, at: datetime, words: Words
) -> list[int]:
    made = []
    own = [one for one in new if _gets_its_own(one.case)]
    rest = [one for one in new if not _gets_its_own(one.case)]
    if len(rest) == 1:
        own, rest = [*own, *rest], []
    for one in own:
        made.append(case_message(session, one.case, group.receiver, at))
    by_case = {one.case.id: one for one in rest}
    for portion in parts([one.case for one in rest]):
        group.summaries += 1
        for case in portion:
            by_case[case.id].row.summary = group.summaries
        made.append(
            make_delivery(
                session,
                summary_key(group, group.summaries),
                receiver=group.receiver,
                purpose="notice",
                payload=summary(portion, group.labels, words),
                priority=PRIORITY[max((case.severity for case in portion), key=SEVERITY_ORDER.index)],
                at=at,
            ).id
        )
    for one in new:
        one.row.told_at, one.row.told_severity = at, one.case.severity
    note_verdicts(session, group.receiver, [(one.case.id, True, found.reason) for one in new], at)
    return made


def _gets_its_own(case: Case) -> bool:
    return case.severity == "critical" or case.owner is not None


def _repeat(session: Session, group: AlertGroup, members: dict[int, _Member], at: datetime, words: Words) -> list[int]:
    """Tells again what nobody has acknowledged: in the thread of each case's message, or of the summary."""
    made = []
    waiting = [one for one in members.values() if one.case.state == "new" and one.row.told_at is not None]
    note_verdicts(session, group.receiver, [(one.case.id, True, "repeat_due") for one in waiting], at)
    for one in waiting:
        if one.row.summary is None:
            made += thread_replies(session, one.case, f"repeat:{int(at.timestamp())}", words["thread.repeat"], at)
    for number in sorted({one.row.summary for one in waiting if one.row.summary is not None}):
        names = ", ".join(one.case.ref for one in waiting if one.row.summary == number)
        made.append(
            make_delivery(
                session,
                f"{summary_key(group, number)}:repeat:{int(at.timestamp())}",
                receiver=group.receiver,
                purpose="thread",
                payload={"text": f"{words['thread.repeat']} {names}"[:2500], "of": summary_key(group, number)},
                at=at,
            ).id
        )
    return made


def _close_summaries(
    session: Session, group: AlertGroup, members: dict[int, _Member], at: datetime, words: Words
) -> list[int]:
    made = []
    for number in sorted({one.row.summary for one in members.values() if one.row.summary is not None}):
        cases = [one.case for one in members.values() if one.row.summary == number]
        made.append(
            make_delivery(
                session,
                f"{summary_key(group, number)}:done:{int(at.timestamp())}",
                receiver=group.receiver,
                purpose="notice_edit",
                payload={**summary(cases, group.labels, words), "of": summary_key(group, number)},
                at=at,
            ).id
        )
    note_verdicts(session, group.receiver, [(case_id, True, "all_resolved") for case_id in members], at)
    return made


def summary_key(group: AlertGroup, number: int) -> str:
    """The delivery key of one summary of a group."""
    return f"group:{group.id}:summary:{number}"
