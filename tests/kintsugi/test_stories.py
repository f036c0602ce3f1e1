"""A story is told once: what repeats it joins the case of the first."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select

from kintsugi.caseview import view_of
from kintsugi.crawling import store_items
from kintsugi.engines.embedded import EmbeddedEngine
from storage.case import Case
from storage.item import Item
from storage.mention import Mention
from tests.kintsugi.test_crawling import installed

SAID = "フロントの対応が最悪で、一時間も待たされました。二度と行きません。"


def test_one_alert_a_story_and_its_copies_are_counted(tmp_path: Path) -> None:
    app = installed(tmp_path, "  posts: {kind: file, path: x}", more="route: {receiver: console}\n")
    engine, at = EmbeddedEngine(app), app.clock.now()
    engine.start()
    hour = timedelta(hours=1)
    for source, author, text, posted in (
        ("posts", "ゆき", SAID, at - 9 * hour),
        ("other", "ゆき", SAID, at - 8 * hour),
        ("posts", "そら", f"【拡散希望】{SAID}", at - hour),
        ("posts", "うみ", "料理に虫が入っていて最悪でした。返金してほしいです。", at - hour),
    ):
        item = Item(f"{source}-{author}", "review", text, author_name=author, rating=1.0, posted_at=posted)
        store_items(app.database, source, "file", [item], at)
        engine.work()
    with app.database.read() as session:
        cases = session.scalars(select(Case).order_by(Case.id)).all()
        assert [view_of(session, case.id, app.settings).copies for case in cases] == [2, 0]
        assert [view_of(session, case.id, app.settings).reach for case in cases] == [2, 0], "copies count as reach"
        assert session.scalar(select(func.count()).select_from(Mention)) == 4
    engine.close()
    app.database.close()
