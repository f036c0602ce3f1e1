"""Any sequence of batches, against a slow dictionary that says what must be known after it."""

from __future__ import annotations

import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select

from storage.database import Database
from storage.ingest import ingest
from storage.item import Gone, Item, Refused, WindowRead
from storage.mention import Mention, Revision
from storage.source import Crawl, source_by_key
from tests.conftest import LOG_KEY

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
IDS = st.sampled_from(["r1", "r2", "r3"])
ITEMS = st.builds(
    Item,
    external_id=IDS,
    kind=st.just("review"),
    text=st.sampled_from(["寒い部屋でした。", "Cold room.", ""]),
    rating=st.sampled_from([None, 1.0, 5.0]),
    author_name=st.sampled_from([None, "Sato", "Kim"]),
    posted_at=st.just(AT),
    reply_text=st.sampled_from([None, "Thank you."]),
)
WINDOWS = st.builds(WindowRead, st.just(AT - timedelta(days=1)), st.frozensets(IDS))
ENTRIES = st.one_of(
    ITEMS,
    ITEMS,
    ITEMS,
    st.builds(Gone, IDS),
    WINDOWS,
    st.builds(Refused, st.sampled_from(["ignored", "rejected"]), st.just("why")),
)


class Known:
    """What must be known of one mention."""

    def __init__(self) -> None:
        self.said: list[tuple[str, float | None]] = []
        self.reply: str | None = None
        self.missed = self.gone = False


class Ingesting(RuleBasedStateMachine):
    template: Path

    @initialize()
    def open(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.database = Database(f"sqlite:///{shutil.copy(self.template, self.folder.name)}", LOG_KEY)
        self.known: dict[str, Known] = {}

    @rule(batch=st.lists(ENTRIES, max_size=8))
    def crawl(self, batch: list[Item | Refused | Gone | WindowRead]) -> None:
        counts = {"new": 0, "revised": 0, "unchanged": 0, "ignored": 0, "rejected": 0, "gone": 0}
        for entry in batch:
            if isinstance(entry, Item):
                counts[self._see(entry)] += 1
            elif isinstance(entry, Refused):
                counts[entry.disposition] += 1
            else:
                counts["gone"] += self._miss(entry)
        with self.database.write() as session:
            source = source_by_key(session, "maps", "maps")
            row = Crawl(source_id=source.id, started_at=AT, fetched=0, **dict.fromkeys(counts, 0))
            session.add(row)
            session.flush()
            result = ingest(session, source, row, batch, AT)
        assert {name: getattr(row, name) for name in counts} == counts
        assert row.adds_up()
        assert len(set(result.revisions)) == counts["new"] + counts["revised"]
        assert len(result.gone) == counts["gone"]

    @invariant()
    def the_rows_say_what_the_dictionary_says(self) -> None:
        with self.database.read() as session:
            rows = {one.external_id: one for one in session.scalars(select(Mention))}
            assert set(rows) == set(self.known)
            for external_id, known in self.known.items():
                row = rows[external_id]
                said = (
                    select(Revision.text, Revision.rating)
                    .where(Revision.mention_id == row.id)
                    .order_by(Revision.number)
                )
                assert [tuple(one) for one in session.execute(said)] == known.said
                assert (row.reply_text, row.gone_at is not None) == (known.reply, known.gone)
                assert known.gone or (row.missed_at is not None) == known.missed

    def teardown(self) -> None:
        self.database.close()
        self.folder.cleanup()

    def _see(self, item: Item) -> str:
        known = self.known.setdefault(item.external_id, Known())
        known.reply, known.missed, known.gone = item.reply_text, False, False
        said = (item.text, item.rating)
        if known.said and known.said[-1] == said:
            return "unchanged"
        known.said.append(said)
        return "revised" if len(known.said) > 1 else "new"

    def _miss(self, entry: Gone | WindowRead) -> int:
        gone = 0
        for external_id, known in self.known.items():
            lost = False
            if isinstance(entry, Gone):
                lost = external_id == entry.external_id
            elif external_id not in entry.ids and not known.gone:
                lost, known.missed = known.missed, True
            if lost and not known.gone:
                known.gone = True
                gone += 1
        return gone


@pytest.mark.timeout(300)
def test_any_sequence_of_batches_is_kept_as_a_dictionary_would_keep_it(migrated_sqlite: Path) -> None:
    Ingesting.template = migrated_sqlite
    run_state_machine_as_test(
        Ingesting,
        settings=settings(
            max_examples=12,
            stateful_step_count=6,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
