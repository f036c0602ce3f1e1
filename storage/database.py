"""Opens the database: one writer's door, one reader's door, migrations.

SQLite: WAL, foreign keys on, and writers begin with BEGIN IMMEDIATE, because a deferred transaction that reads
before it writes fails with "database is locked" however long its time-out is. Pages and reports read through an
engine that cannot write.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from storage.event import LOG_KEY
from storage.search import drop_search, prepare_search

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).parent / "migrations"
MIGRATING = 0x6B696E74  # the number of an advisory lock of PostgreSQL, ours alone


class Database:
    """A database by URL (`sqlite:///kintsugi.sqlite`, `postgresql+psycopg://…`), with the key of its event log.

    `info` is handed to every session besides, like the line of an engine that takes work elsewhere (storage.line).
    """

    def __init__(self, url: str, log_key: bytes, info: Mapping[str, Any] | None = None) -> None:
        self.url = url
        self._info = {LOG_KEY: log_key, **(info or {})}
        # Called after each commit of this process, by the thread that wrote: whoever waits for rows need not ask often.
        self.on_commit: Callable[[], None] = lambda: None
        self._writing = _engine(url, read_only=False)
        self._reading = _engine(url, read_only=True)
        # Where only one can write, threads of this process wait here, to go on at once: SQLite would look again after
        # a tenth of a second. Other processes wait in SQLite.
        self._writer: AbstractContextManager[object] = RLock() if self.path is not None else nullcontext()

    @property
    def path(self) -> Path | None:
        """The file of a SQLite database; None for a server."""
        parsed = make_url(self.url)
        return Path(parsed.database) if parsed.get_backend_name() == "sqlite" and parsed.database else None

    @contextmanager
    def write(self) -> Iterator[Session]:
        """One transaction that may write: committed at the end, rolled back on any error."""
        with self._writer, Session(self._writing, expire_on_commit=False) as session, session.begin():
            session.info.update(self._info)
            yield session
        self.on_commit()

    @contextmanager
    def read(self) -> Iterator[Session]:
        """One consistent view. Writing raises."""
        with Session(self._reading, expire_on_commit=False) as session, session.begin():
            session.info.update(self._info)
            yield session

    def migrate(self, revision: str = "head") -> None:
        """Brings the schema to `revision`. Of several processes that start at once, one does it and the others wait."""
        from alembic import command

        with self._writing.connect() as connection:
            if self.path is None:
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": MIGRATING})
            command.upgrade(alembic_config(connection), revision)
            prepare_search(connection)
            connection.commit()

    def downgrade(self, revision: str) -> None:
        """Takes the schema back to `revision`."""
        from alembic import command

        with self._writing.connect() as connection:
            if revision == "base":
                drop_search(connection)
                connection.commit()
            command.downgrade(alembic_config(connection), revision)

    def behind(self) -> bool:
        """Whether migrations are missing. A database that a newer version has migrated already is not behind.

        Asked at every start, and by no import of Alembic, which takes longer than all the rest of it.
        """
        ours = {file.name.partition("_")[0] for file in (MIGRATIONS / "versions").glob("*_*.py")}
        with self._writing.connect() as connection:
            if not inspect(connection).has_table("alembic_version"):
                return True
            current = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return current is None or (current in ours and current != max(ours))

    def scrub(self) -> None:
        """After an erasure: rewrites a SQLite file, so that no freed page or log still holds what was erased.

        Takes seconds a gigabyte and waits for writers. A server's files are its administrator's (VACUUM FULL, backups).
        """
        if self.path is None:
            return
        with contextlib.closing(sqlite3.connect(self.path, timeout=60, isolation_level=None)) as connection:
            connection.execute("VACUUM")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def rest(self) -> None:
        """After much was written: lets go of the pages of a SQLite file that were kept to be quick (up to WRITING)."""
        if self.path is None:
            return
        with self._writer, contextlib.closing(self._writing.raw_connection()) as connection:
            connection.cursor().execute("PRAGMA shrink_memory")

    def connect(self) -> Connection:
        """A bare connection that may write, for migrations and copies."""
        return self._writing.connect()

    def close(self) -> None:
        """Lets go of all connections."""
        self._writing.dispose()
        self._reading.dispose()


# Kilobytes of a SQLite file that a connection keeps. Much to write at once needs many pages, and there is one writer;
# readers are as many as threads, and each forgets what it kept when somebody writes.
WRITING, READING = 64_000, 4_000

# A server that a cut network hides is given up within a minute; without these a connection would wait for hours.
GIVES_UP = {
    "connect_timeout": 10,  # seconds, like those below; the last one milliseconds
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,
}


def _engine(url: str, *, read_only: bool) -> Engine:
    if make_url(url).get_backend_name() != "sqlite":
        one_view = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        return create_engine(
            url,
            pool_pre_ping=True,
            hide_parameters=True,
            connect_args=GIVES_UP,
            execution_options=one_view if read_only else {},
        )
    # Parameters hold what people wrote, and errors end up in logs.
    engine = create_engine(url, connect_args={"timeout": 30}, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute(f"PRAGMA cache_size=-{READING if read_only else WRITING}")
        connection.execute("PRAGMA wal_autocheckpoint=4000")
        if read_only:
            connection.execute("PRAGMA query_only=ON")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    return engine


def alembic_config(connection: Connection) -> Config:
    """Alembic's configuration for this connection."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config
