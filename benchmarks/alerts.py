"""A storm: 10,000 qualifying mentions at once. How fast they are grouped, how many calls Slack gets, what is reachable.

Run by hand: `python -P benchmarks/alerts.py [CASES]` (-P: the script is named like a package).
Prints `grouped N s`, `slack calls N`, `reachable N of N`.
"""

from __future__ import annotations

import sys
from pathlib import Path

if Path(sys.path[0]).name == "benchmarks":
    del sys.path[0]  # its files are named like the packages that they measure

import random
import re
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import insert, select

from alerts.routing.flush import flush_due
from alerts.notify import route_cases
from alerts.routing.tree import route_tree
from config.settings import settings_from
from storage.case import Case
from storage.database import Database
from storage.delivery import Delivery
from storage.mention import Mention
from storage.source import source_by_key

AT = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)
PLACES = [f"店舗{number}" for number in range(40)]
TOPICS = ("staff", "waiting", "food", "cleanliness", "price")
BATCH = 64  # subjects that the engine hands to a step at once
WRITTEN = {
    "brand": {"name": "ホテルさくら"},
    "receivers": {"social": {"slack": {"channel": "#a"}}, "quality": {"slack": {"channel": "#b"}}},
    "route": {
        "receiver": "social",
        "group_by": ["location", "topic"],
        "routes": [
            {"matchers": ['severity="critical"'], "receiver": "quality", "continue": True},
            {"receiver": "social"},
        ],
    },
}


def main() -> None:
    """Measures one storm."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'storm.sqlite'}", b"benchmark")
        database.migrate()
        ids = _storm(database, count)
        settings = settings_from(WRITTEN)
        tree = route_tree(settings.route)
        began = time.perf_counter()
        for start in range(0, count, BATCH):
            with database.write() as session:
                cases = session.scalars(select(Case).where(Case.id.in_(ids[start : start + BATCH])).order_by(Case.id))
                route_cases(session, cases.all(), tree, settings, AT)
        routed = time.perf_counter() - began
        at = AT + timedelta(seconds=30)
        while True:
            with database.write() as session:
                if not flush_due(session, tree, settings, at):
                    break
        grouped = time.perf_counter() - began
        _report(database, ids, routed, grouped)
        database.close()


def _storm(database: Database, count: int) -> list[int]:
    chance = random.Random(7)
    with database.write() as session:
        source = source_by_key(session, "maps", "file")
        common = {"source_id": source.id, "kind": "review", "reach": {}, "digest": "", "first_seen_at": AT}
        session.execute(insert(Mention), [{**common, "external_id": str(number)} for number in range(count)])
        rows = []
        for mention in session.scalars(select(Mention.id).order_by(Mention.id)):
            severity = chance.choices(("minor", "major", "critical"), (700, 298, 2))[0]
            labels = {"brand": "ホテルさくら", "location": chance.choice(PLACES), "topic": chance.choice(TOPICS)}
            rows.append(
                {
                    "mention_id": mention,
                    "severity": severity,
                    "criteria": "rating <= 2",
                    "labels": {**labels, "severity": severity, "rating": "1"},
                    "opened_at": AT,
                    "state_at": AT,
                }
            )
        session.execute(insert(Case), rows)
        return list(session.scalars(select(Case.id).order_by(Case.id)))


def _report(database: Database, ids: list[int], routed: float, grouped: float) -> None:
    with database.read() as session:
        deliveries = list(session.scalars(select(Delivery)))
        reached = {one.case_id for one in deliveries if one.case_id} | {
            case for one in deliveries for case in one.payload.get("cases", [])
        }
        reached |= {int(ref) for one in deliveries for ref in re.findall(r"K-(\d+)", str(one.payload.get("text", "")))}
        muted = len(set(ids) - reached)
        calls = {name: sum(one.receiver == name for one in deliveries) for name in ("social", "quality")}
    print(f"routed {routed:.1f} s")
    print(f"grouped {grouped:.1f} s ({len(ids) / grouped:,.0f} cases/s)")
    print(f"slack calls {len(deliveries)} ({calls}); at one a second and channel: {max(calls.values())} s")
    print(f"reachable {len(ids) - muted} of {len(ids)}")


if __name__ == "__main__":
    main()
