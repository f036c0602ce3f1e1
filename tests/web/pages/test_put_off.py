"""The page *Sources* while a later step is behind."""

from __future__ import annotations

import shutil
from pathlib import Path

from storage.work import add_work
from tests.web.pages.house import House
from tests.web.seat import Seat


def test_a_source_that_is_put_off_says_for_what_in_both_languages(tmp_path: Path, lived_in: Path, seat: Seat) -> None:
    shutil.copy(lived_in / "kintsugi.roots.jsonl", tmp_path)
    house = House(tmp_path, lived_in / "kintsugi.sqlite", "crawlers: {put_off_at: 100}\n", seat)
    with house.app.database.write() as session:
        add_work(session, "assess", range(10_000, 11_234), house.clock.now())
    japanese = house.client("viewer").get("/sources").text
    assert "「分析」の待ちが1,234件あります。100件を下回ると取得を再開します。" in japanese
    assert "延期中" in japanese
    english = house.client("viewer", "en").get("/sources").text
    assert "1,234 wait for the step assess; reading goes on below 100." in english
    house.app.database.close()
