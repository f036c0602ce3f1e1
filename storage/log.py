"""Proves the event log: every chain of every case, and the tails that only a root outside the database can prove.

A chain shows an event that was changed, left out or put in. It cannot show that its last events were cut off, so once
a day a root (a keyed hash over the heads of all chains) is written to a file outside the database. A root is checked
by computing it again from the events up to the one that it names.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import groupby
from operator import attrgetter
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from storage.event import LOG_KEY, Event, canonical_json

BATCH = 2000


@dataclass(frozen=True)
class Root:
    """The keyed hash over the heads of all chains at a moment, up to the event of that id."""

    at: datetime
    last_event_id: int
    events: int
    cases: int
    digest: str


@dataclass(frozen=True)
class Break:
    """Where the log is not whole. `case` is None where only a root shows it; `event` is the number in the case.

    `why`: changed (the event is not what was written), missing_number (an event was taken out), tail_cut (events that
    a root counted are gone), root_differs (all are there, and one was changed and chained anew).
    """

    case: int | None
    event: int | None
    why: str
    told: str = ""

    def __str__(self) -> str:
        place = f"K-{self.case}, event {self.event}" if self.case is not None else "daily root"
        return f"{place}: {self.why}{f' ({self.told})' if self.told else ''}"


def verify_log(session: Session, roots: Iterable[Root] = ()) -> list[Break]:
    """Every place where a chain or a daily root does not hold; empty when the log is whole.

    Of a chain the first break is named: all that follows it hangs on it.
    """
    key: bytes = session.info[LOG_KEY]
    breaks = []
    for case_id, events in groupby(_in_order(session), key=attrgetter("case_id")):
        broken = _first_break(key, case_id, events)
        if broken is not None:
            breaks.append(broken)
    return breaks + [broken for root in roots if (broken := _against(session, root)) is not None]


def daily_root(session: Session, at: datetime) -> Root:
    """The root of all chains as they stand now. Write it outside the database (`write_root`)."""
    return _root(session, at, session.scalar(select(func.max(Event.id))) or 0)


def write_root(path: Path, root: Root) -> None:
    """Adds a root to a file, one JSON object a line."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(asdict(root) | {"at": root.at.astimezone(UTC).isoformat()}) + "\n")


def read_roots(path: Path) -> list[Root]:
    """The roots of a file, oldest first; none where there is no file. A line that is no root raises ValueError."""
    if not path.exists():
        return []
    roots = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            values = json.loads(line)
            roots.append(Root(**values | {"at": datetime.fromisoformat(values["at"])}))
        except (ValueError, TypeError, KeyError) as error:
            raise ValueError(f"{path}, line {number}: no root ({error}); restore the file from a backup") from None
    return roots


def _in_order(session: Session) -> Iterator[Event]:
    """All events, case by case, without holding them all in memory."""
    return iter(session.scalars(select(Event).order_by(Event.case_id, Event.number).execution_options(yield_per=BATCH)))


def _first_break(key: bytes, case_id: int, events: Iterable[Event]) -> Break | None:
    previous, found = "", None
    for number, event in enumerate(events, start=1):
        if found is not None:
            continue  # the rest must be read all the same: groupby shares one cursor
        if event.number != number:
            found = Break(case_id, number, "missing_number", f"the next one is {event.number}")
        elif not hmac.compare_digest(event.expected_digest(key, previous), event.digest):
            found = Break(case_id, number, "changed", event.kind)
        previous = event.digest
    return found


def _against(session: Session, root: Root) -> Break | None:
    now = _root(session, root.at, root.last_event_id)
    if hmac.compare_digest(now.digest, root.digest):
        return None
    day = root.at.astimezone(UTC).isoformat(timespec="minutes")
    if now.events < root.events:
        return Break(None, None, "tail_cut", f"of {day}: {root.events - now.events} of {root.events} events are gone")
    return Break(None, None, "root_differs", f"of {day}: the events are not those that it was made from")


def _root(session: Session, at: datetime, last_event_id: int) -> Root:
    """Each chain's head among the events with an id up to `last_event_id`."""
    counted = session.execute(
        select(Event.case_id, func.max(Event.number), func.count())
        .where(Event.id <= last_event_id)
        .group_by(Event.case_id)
        .order_by(Event.case_id)
    ).all()
    heads = _heads(session, last_event_id)
    body = {
        "at": at.astimezone(UTC).isoformat(timespec="microseconds"),
        "last_event_id": last_event_id,
        "heads": [[case_id, number, count, heads[case_id]] for case_id, number, count in counted],
    }
    key: bytes = session.info[LOG_KEY]
    digest = hmac.new(key, b"root\x00" + canonical_json(body), hashlib.sha256).hexdigest()
    return Root(at, last_event_id, sum(count for _, _, count in counted), len(counted), digest)


def _heads(session: Session, last_event_id: int) -> dict[int, str]:
    newest = (
        select(Event.case_id, func.max(Event.number).label("number"))
        .where(Event.id <= last_event_id)
        .group_by(Event.case_id)
        .subquery()
    )
    rows: Sequence[tuple[int, str]] = session.execute(
        select(Event.case_id, Event.digest).join(
            newest, (Event.case_id == newest.c.case_id) & (Event.number == newest.c.number)
        )
    ).all()
    return dict(rows)
