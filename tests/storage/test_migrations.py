"""Migrations on both databases: up, no difference to the models, down, up again."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine, inspect

from storage.database import Database
from storage.tables import Row
from tests.conftest import LOG_KEY


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgres_url"))
    return f"sqlite:///{tmp_path / 'new.sqlite'}"


def test_migrations_go_up_down_and_up_and_leave_what_the_models_say(url: str) -> None:
    database = Database(url, LOG_KEY)
    database.migrate()
    assert not database.behind()
    assert _tables(url) == set(Row.metadata.tables) | {"alembic_version"}
    assert _differences(url) == []
    database.downgrade("base")
    assert database.behind()
    assert _tables(url) == {"alembic_version"}
    database.migrate()
    assert not database.behind()
    assert _differences(url) == []
    database.close()


def test_a_migrated_database_may_be_migrated_again(database: Database) -> None:
    assert not database.behind()
    database.migrate()
    assert not database.behind()


def test_a_new_file_is_behind(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'new.sqlite'}", LOG_KEY)
    assert database.behind()
    database.close()


def _tables(url: str) -> set[str]:
    engine = create_engine(url)
    # The search of SQLite is a virtual table with tables of its own (storage/search.py).
    found = {name for name in inspect(engine).get_table_names() if not name.startswith("search")}
    engine.dispose()
    return found


def _ours(name: str | None, kind: str, _parents: object) -> bool:
    return not (kind == "table" and (name or "").startswith("search"))


def _differences(url: str) -> list[object]:
    engine = create_engine(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": _ours})
        found = compare_metadata(context, Row.metadata)
    engine.dispose()
    return list(found)
