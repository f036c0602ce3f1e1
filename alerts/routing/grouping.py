"""Puts alerts into the groups in which a receiver is told about them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from alerts.routing.tree import Hit, Options
from storage.case import Case
from storage.group import AlertGroup, GroupMember

_UNTOLD = {"told_at": None, "told_severity": None, "summary": None}


def group_labels(options: Options, labels: Mapping[str, str]) -> dict[str, str]:
    """The labels by which this alert is grouped. A label that it has not is left out, as in Alertmanager."""
    if options.group_by_all:
        return dict(sorted(labels.items()))
    return {name: labels[name] for name in sorted(options.group_by) if name in labels}


def group_key(hit: Hit, labels: Mapping[str, str]) -> str:
    """One name for one group: the node, who is told, and the values of its labels."""
    values = json.dumps(group_labels(hit.options, labels), ensure_ascii=False, sort_keys=True)
    return f"{hit.node}/{hit.options.receiver}:{values}"


class Groups:
    """The groups that a batch of hits needs, read or made in one go, and who joins them."""

    def __init__(self, session: Session, at: datetime, wanted: Iterable[tuple[Hit, Mapping[str, str]]]) -> None:
        self._session = session
        self._at = at
        self._members: list[dict[str, Any]] = []
        hits = {group_key(hit, labels): (hit, labels) for hit, labels in wanted}
        known = select(AlertGroup).where(AlertGroup.key.in_(list(hits)))
        self._groups = {group.key: group for group in session.scalars(known)}
        made = [_new(key, *hits[key]) for key in hits if key not in self._groups]
        session.add_all(made)
        session.flush()
        self._groups |= {group.key: group for group in made}

    def join(self, case: Case, hit: Hit) -> AlertGroup:
        """The group of a case; its first flush is `group_wait` away, later ones `group_interval`."""
        group = self._groups[group_key(hit, case.labels)]
        if group.due_at is None:
            later = group.told_at is not None and self._at - group.told_at < hit.options.group_interval
            wait = hit.options.group_interval if later else hit.options.group_wait
            group.due_at = (group.told_at if later and group.told_at else self._at) + wait
        self._members.append({"group_id": group.id, "case_id": case.id, "joined_at": self._at, **_UNTOLD})
        return group

    def told(self, severity: str) -> None:
        """The case that joined last was told on the way."""
        self._members[-1] |= {"told_at": self._at, "told_severity": severity}

    def store(self) -> None:
        """Writes down who joined, all at once."""
        if self._members:
            self._session.execute(insert(GroupMember), self._members)
            self._members.clear()


def _new(key: str, hit: Hit, labels: Mapping[str, str]) -> AlertGroup:
    return AlertGroup(
        key=key,
        node=hit.node,
        receiver=hit.options.receiver,
        labels=group_labels(hit.options, labels),
        interval=int(hit.options.group_interval.total_seconds()),
        repeat=int(hit.options.repeat_interval.total_seconds()),
        summaries=0,
    )
