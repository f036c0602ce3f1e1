"""A migrated database for each test, and a story in it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.settings import Settings, settings_from
from storage.database import Database
from tests.responder.story import KEY, PEOPLE, Story


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database, migrated once and copied for each test."""
    path = tmp_path_factory.mktemp("migrated") / "kintsugi.sqlite"
    opened = Database(f"sqlite:///{path}", KEY)
    opened.migrate()
    opened.close()
    return path


@pytest.fixture
def database(migrated: Path, tmp_path: Path) -> Iterator[Database]:
    opened = Database(f"sqlite:///{shutil.copy(migrated, tmp_path)}", KEY)
    yield opened
    opened.close()


@pytest.fixture
def settings() -> Settings:
    return settings_from(PEOPLE)


@pytest.fixture
def story(database: Database, settings: Settings) -> Iterator[Story]:
    with database.write() as session:
        yield Story(session, settings)
