"""Procrastinate's own tables: made on first use, brought to the installed release of Procrastinate afterwards."""

from __future__ import annotations

from pathlib import Path

from procrastinate.schema import SchemaManager
from sqlalchemy import text

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
        there = text("SELECT obj_description(to_regclass('procrastinate_jobs')), to_regclass('procrastinate_jobs')")
        if connection.execute(there).one()[0] == newest:
            return
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": MIGRATING})
        known, table = connection.execute(there).one()
        if table is None:
            connection.exec_driver_sql(_literally(SchemaManager.get_schema()))
            connection.exec_driver_sql(_INDEX)
        elif known != newest:
            for step in steps:
                if step.name > (known or newest):
                    connection.exec_driver_sql(_literally(step.read_text(encoding="utf-8")))
        connection.exec_driver_sql(f"COMMENT ON TABLE procrastinate_jobs IS '{newest}'")
        connection.commit()


def _literally(statements: str) -> str:
    """The driver reads a per cent sign as the place of a value."""
    return statements.replace("%", "%%")
