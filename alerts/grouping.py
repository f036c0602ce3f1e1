"""Puts alerts into the groups in which a receiver is told about them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from alerts.routing import Hit, Options
from storage.case import Case
from storage.group import AlertGroup, GroupMember


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
    """Opens each group once for a batch of cases."""

    def __init__(self, session: Session, at: datetime) -> None:
        self._session = session
        self._at = at
        self._known: dict[str, AlertGroup] = {}

    def join(self, case: Case, hit: Hit, labels: Mapping[str, str]) -> tuple[AlertGroup, GroupMember]:
        """Adds a case to its group; the group's first flush is `group_wait` away, later ones `group_interval`."""
        key = group_key(hit, labels)
        group = self._known.get(key) or self._opened(key, hit, labels)
        if group.due_at is None:
            later = group.told_at is not None and self._at - group.told_at < hit.options.group_interval
            wait = hit.options.group_interval if later else hit.options.group_wait
            group.due_at = (group.told_at if later and group.told_at else self._at) + wait
        member = GroupMember(group_id=group.id, case_id=case.id, joined_at=self._at)
        self._session.add(member)
        return group, member

    def _opened(self, key: str, hit: Hit, labels: Mapping[str, str]) -> AlertGroup:
        group = self._session.scalar(select(AlertGroup).where(AlertGroup.key == key))
        if group is None:
            group = AlertGroup(
                key=key,
                node=hit.node,
                receiver=hit.options.receiver,
                labels=group_labels(hit.options, labels),
                interval=int(hit.options.group_interval.total_seconds()),
                repeat=int(hit.options.repeat_interval.total_seconds()),
                summaries=0,
            )
            self._session.add(group)
            self._session.flush()
        self._known[key] = group
        return group
