"""An installation in which three complaints were put right, lived through once and copied for every test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import made_once
from tests.web.seat import Seat
from tests.web.shop import PUBLIC, Shop


@pytest.fixture
def own_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """The key of the event log is that of the installation's own .env."""
    monkeypatch.delenv("KINTSUGI_LOG_KEY", raising=False)


@pytest.fixture(scope="session")
def lived(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Path:
    """The database after K-1 (Japanese, with an address), K-2 (English, anonymous) and K-3 (the author of K-1)."""

    def live(folder: Path) -> None:
        shop = Shop(folder, migrated_sqlite)
        mild = "朝食の会場が混んでいて、落ち着きませんでした。"
        shop.resolved_case(text=mild, stars="2", contact="hanako@example.jp", name="花子")
        shop.resolved_case(text="The check-in took far too long, a little disappointing.", stars="2")
        shop.resolved_case(text="タオルが一枚足りませんでした。", stars="2", contact="hanako@example.jp")
        shop.close()

    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("KINTSUGI_LOG_KEY", raising=False)
        return made_once(tmp_path_factory, "lived", live) / "kintsugi.sqlite"


@pytest.fixture(scope="session")
def public_seat() -> Seat:
    """The pages as they are reached from outside, made once."""
    return Seat()


@pytest.fixture
def shop(tmp_path: Path, lived: Path, own_key: None, public_seat: Seat) -> Iterator[Shop]:
    """That installation, reachable from outside."""
    made = Shop(tmp_path, lived, f"web: {{public_url: {PUBLIC}}}\n", public_seat)
    yield made
    made.close()


@pytest.fixture
def new_shop(tmp_path: Path, migrated_sqlite: Path, own_key: None, public_seat: Seat) -> Iterator[Shop]:
    """One in which nothing happened yet."""
    made = Shop(tmp_path, migrated_sqlite, f"web: {{public_url: {PUBLIC}}}\n", public_seat)
    yield made
    made.close()
