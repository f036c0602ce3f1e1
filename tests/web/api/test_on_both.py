"""The lists give the same rows on both databases, page by page."""

from __future__ import annotations

import pytest

from config.settings import settings_from
from kintsugi.web.api.case_list import CaseFilters, case_places, rows_of
from kintsugi.web.api.cursor import Place
from kintsugi.web.api.mention_list import MentionFilters, mention_ids, mention_rows
from kintsugi.web.api.reports import FigureQuery, counted
from reports.scope import Scope
from storage.database import Database
from storage.listing import list_mentions
from tests.responder.story import PEOPLE, START, Story


@pytest.mark.parametrize("kind", ["database", "postgres"])
def test_the_lists_are_the_same(request: pytest.FixtureRequest, kind: str) -> None:
    opened: Database = request.getfixturevalue(kind)
    settings = settings_from(PEOPLE)
    zone = settings.brand.zone
    with opened.write() as session:
        story = Story(session, settings)
        for number in range(4):
            story.later(hours=1)
            story.case(f"r{number}", author_id=f"u{number}", text=f"お湯が出ない {number}")
        list_mentions(session, [1, 2, 3, 4])
    with opened.read() as session:
        asked = MentionFilters(text="お湯", sentiment="negative", since=START).conditions(session, zone, START)
        after: Place | None = None
        got: list[int] = []
        while found := mention_ids(session, asked, after, 3):
            got += [number for _, number in found]
            after = found[-1]
        assert got == [4, 3, 2, 1]
        assert [row.id for row in mention_rows(session, got)] == got
        for order, expected in (("due", [1, 2, 3, 4]), ("opened", [4, 3, 2, 1])):
            cases, place = [], None
            while places := case_places(session, CaseFilters(owner="nobody").conditions(), order, place, 3):
                cases += [number for _, number in places]
                place = places[-1]
            assert cases == expected
        assert [row.source for row in rows_of(session, cases, settings)] == ["maps"] * 4
        period = FigureQuery().period("weekly", story.later(days=7), zone)
        for by in ("day", "source", "place", "topic", "language", "rating"):
            assert [row.negative for row in counted(session, period, Scope(), by)] == [4], by
