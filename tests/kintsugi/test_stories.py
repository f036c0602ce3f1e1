"""A story is told once: what repeats it joins the case of the first."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select

from kintsugi.engines.embedded import EmbeddedEngine
from kintsugi.steps.crawling import store_items
from kintsugi.views.caseview import view_of
from storage.case import Case
from storage.item import Item
from storage.mention import Mention
from tests.kintsugi.steps.test_crawling import installed

SAID = "フロントの対応が最悪で、一時間も待たされました。二度と行きません。"


def test_one_alert_a_story_and_its_copies_are_counted(ready_path: Path) -> None:
    app = installed(ready_path, "  posts: {kind: file, path: x}", more="route: {receiver: console}\n")
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
        engine.settle()
    with app.database.read() as session:
        cases = session.scalars(select(Case).order_by(Case.id)).all()
        assert [view_of(session, case.id, app.settings).copies for case in cases] == [2, 0]
        assert [view_of(session, case.id, app.settings).reach for case in cases] == [2, 0], "copies count as reach"
        assert session.scalar(select(func.count()).select_from(Mention)) == 4
    engine.close()
    app.database.close()


def test_a_copy_that_does_not_qualify_by_itself_lifts_the_first_over_a_limit_of_reach(ready_path: Path) -> None:
    app = installed(
        ready_path,
        "  posts: {kind: file, path: x}",
        more="route: {receiver: console}\nrecover_when: [{sentiment: negative, reach: '>= 100'}]\n",
    )
    engine, at = EmbeddedEngine(app), app.clock.now()
    engine.start()

    def told(author: str, text: str, reach: int) -> list[int]:
        item = Item(
            author, "post", text, author_name=author, posted_at=at - timedelta(minutes=5), reach={"views": reach}
        )
        store_items(app.database, "posts", "file", [item], at)
        engine.settle()
        with app.database.read() as session:
            return list(session.scalars(select(Case.mention_id).order_by(Case.id)))

    assert told("ゆき", SAID, 60) == []
    assert told("うみ", "部屋が寒くて、夜中に何度も目が覚めてしまい、本当に最悪でした。", 60) == []
    assert told("そら", f"{SAID}！", 30) == []
    assert told("はな", f"{SAID}!!", 20) == [1], "60 + 30 + 20: the case is that of the first"
    assert told("なみ", f"【拡散希望】{SAID}", 500) == [1], "what qualifies by itself still joins it"
    with app.database.read() as session:
        case = session.scalars(select(Case)).one()
        assert view_of(session, case.id, app.settings).copies == 3
    engine.close()
    app.database.close()
