"""A story in a migrated database for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from config.settings import Settings, settings_from
from storage.database import Database
from tests.responder.story import PEOPLE, Story


@pytest.fixture
def settings() -> Settings:
    return settings_from(PEOPLE)


@pytest.fixture
def story(database: Database, settings: Settings) -> Iterator[Story]:
    with database.write() as session:
        yield Story(session, settings)
