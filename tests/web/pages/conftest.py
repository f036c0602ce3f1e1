from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.pages.house import House, lived_through
from tests.web.seat import Seat


@pytest.fixture(scope="session")
def lived_in(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Path:
    """The folder of an installation that was lived in, once a run."""
    return lived_through(tmp_path_factory, migrated_sqlite)


@pytest.fixture(scope="session")
def seat() -> Seat:
    """The pages, made once."""
    return Seat()


@pytest.fixture
def house(tmp_path: Path, lived_in: Path, seat: Seat, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """A copy of it."""
    monkeypatch.delenv("KINTSUGI_LOG_KEY", raising=False)
    shutil.copy(lived_in / "kintsugi.roots.jsonl", tmp_path)
    made = House(tmp_path, lived_in / "kintsugi.sqlite", seat=seat)
    yield made
    made.app.database.close()
