"""What can be learnt: every figure opens exactly the mentions that it counted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape

from config.brand import INDUSTRIES
from config.criteria import TOPICS
from kintsugi.desk.desk import Desk
from kintsugi.web.queries.journey import journeys
from storage.case import Case
from storage.source import Crawl
from tests.web.pages.house import House


def figures(page: str) -> Iterator[tuple[str, int]]:
    """The address and the count of every figure that opens mentions."""
    for link, text in re.findall(r'<a[^>]*href="(/mentions\?[^"]*)"[^>]*>(.*?)</a>', page):
        counts = re.findall(r"\d+", re.sub(r"<span.*", "", text))
        yield unescape(link), int(counts[-1])


def test_every_figure_opens_as_many_mentions_whatever_the_zone_of_whoever_looks(house: House) -> None:
    desk, kim = Desk(house.app), "U0KIM"
    with house.app.database.read() as session:
        third, fourth = [one.id for one in session.query(Case).filter(Case.state == "new")][:2]
    assert desk.resolve(third, kim, "done", "people:night-shift") is not None  # nobody has it yet
    for case_id, cause in ((third, "people:night-shift"), (fourth, "process")):
        assert desk.claim(case_id, kim) is None
        assert desk.resolve(case_id, kim, "done", cause) is None
    client = house.client("viewer", "en")
    client.cookies.set("zone", "Pacific/Auckland")
    page = client.get("/learn?days=90").text
    found = dict(figures(page))
    assert sum(count for link, count in found.items() if "cause=" in link) >= 6
    assert any("about=other" in link or "%2Cother" in link for link in found)
    assert "night-shift" in page
    client.cookies.set("zone", "America/Los_Angeles")
    for link, count in found.items():
        assert client.get(link).text.count('<li class="line wide">') == min(count, 50), link


def test_the_journey_has_every_topic_in_one_step_of_every_industry() -> None:
    assert journeys().keys() == {*INDUSTRIES, "any"}
    for industry, steps in journeys().items():
        topics = [topic for step in steps for topic in step["topics"]]
        assert sorted(topics) == sorted(set(TOPICS) - {"other"}), industry
        for step in steps:
            for texts in (step["name"], step["front"], step["behind"]):
                assert all(texts[language] for language in ("ja", "en")), (industry, step)


def test_the_blueprint_speaks_the_language_of_the_viewer(house: House) -> None:
    assert "到着・チェックイン" in house.client("viewer").get("/learn").text
    assert "Arrive and check in" in house.client("viewer", "en").get("/learn").text


def test_arrows_stand_only_where_the_period_before_was_watched_whole(house: House) -> None:
    client = house.client("viewer", "en")
    young = client.get("/learn?days=365").text
    assert "↑" not in young
    assert "nothing is compared" in young
    with house.app.database.write() as session:
        first = session.query(Crawl).order_by(Crawl.id).first()
        assert first is not None
        first.started_at = house.clock.now() - timedelta(days=800)
    old = client.get("/learn?days=365").text
    assert "↑" in old
    assert "Arrows compare with the 365 days before." in old
