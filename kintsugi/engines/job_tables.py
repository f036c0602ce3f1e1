"""Procrastinate's own tables: made on first use, brought to the installed release of Procrastinate afterwards."""

from __future__ import annotations

from pathlib import Path

import psycopg
from procrastinate.schema import SchemaManager
from sqlalchemy import Connection, text

from storage.database import MIGRATING, Database

# Found before every fetch: the library's own index begins with the id, and would be walked for each waiting job.
_INDEX = "CREATE INDEX kintsugi_jobs_lock ON procrastinate_jobs (lock) WHERE status IN ('todo', 'doing')"


def prepare_job_tables(database: Database) -> None:
    """Makes the tables, or applies the migrations that came with a newer Procrastinate. Does nothing otherwise.

    The name of the newest migration is kept as the comment of the table, since Procrastinate itself keeps none.
    """
    steps = sorted(Path(SchemaManager.get_migrations_path()).glob("*.sql"))
    newest = steps[-1].name
    with database.connect() as connection:
        if _known(connection) == [newest]:
            return
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": MIGRATING})
        known = _known(connection)
        # By the driver itself: a file holds many statements.
        driver = connection.connection.driver_connection
        assert isinstance(driver, psycopg.Connection)
        if not known:
            driver.execute(SchemaManager.get_schema())
            driver.execute(_INDEX)
        for step in steps:
            if known and step.name > (known[0] or newest):
                driver.execute(step.read_bytes())
        driver.execute(f"COMMENT ON TABLE procrastinate_jobs IS '{newest}'".encode())
        connection.commit()


def _known(connection: Connection) -> list[str | None]:
    """The comment of the table; nothing where there is no table. Read from pg_class, since to_regclass() remembers."""
    found = text(
        "SELECT obj_description(oid, 'pg_class') FROM pg_class"
        " WHERE relname = 'procrastinate_jobs' AND relnamespace = current_schema()::regnamespace"
    )
    return list(connection.scalars(found))
