"""The words of the pages: both languages say everything, and each viewer gets theirs."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter
from zoneinfo import ZoneInfo

import pytest

import kintsugi.web
from alerts.messages.wording import words_in as spoken_in
from crawlers.registry import NAMES
from kintsugi.web.language import language_for, words_in, written
from kintsugi.web.moments import zone_for
from kintsugi.web.queries.whole_case import LOOKED
from responder.drafting.strategy import STRATEGIES
from tests.web.pages.house import House

HERE = Path(kintsugi.web.__file__).parent
TOKYO = ZoneInfo("Asia/Tokyo")


def test_both_languages_say_everything_with_the_same_values() -> None:
    japanese, english = written("ja"), written("en")
    of_one = {key for key in english if key.endswith("_one")}  # Japanese says one like many
    assert set(japanese) == set(english) - of_one
    assert {key.removesuffix("_one") for key in of_one} <= set(japanese)
    for key, text in japanese.items():
        fields = [{name for _, name, _, _ in Formatter().parse(one) if name} for one in (text, english[key])]
        assert fields[0] == fields[1], key


def test_one_thing_is_not_called_many() -> None:
    assert words_in("en")("case.history", n=1) == "1 earlier case"
    assert words_in("en")("case.history", n=2) == "2 earlier cases"
    assert words_in("en")("spikes.since", n="1", expected="0.2") == "1 mention, 0.2 expected"
    assert words_in("ja")("case.history", n=1) == "過去の案件 1件"


def test_every_kind_of_source_has_a_name() -> None:
    for language in ("ja", "en"):
        assert {f"source_kind.{kind}" for kind in (*NAMES, "intake", "staff")} <= set(written(language))


def test_what_messages_say_already_is_not_written_again() -> None:
    for language in ("ja", "en"):
        twice = {key for key, text in written(language).items() if spoken_in(language).get(key) == text}
        assert twice == set(), "kept in alerts/messages/wording.yaml, where the pages find it"
        assert words_in(language).name("strategy", "training") == spoken_in(language)["strategy.training"]


def test_every_strategy_has_a_word_in_both_languages() -> None:
    words = {name.removeprefix("strategy.") for name in spoken_in("ja") if name.startswith("strategy.")}
    assert words == {"none", *STRATEGIES}


def test_every_word_that_a_page_uses_is_written() -> None:
    used = {
        key
        for file in [*(HERE / "templates").rglob("*.html"), *HERE.rglob("*.py")]
        for key in re.findall(r"""\bt\(\s*["']([a-z_]+\.\w+)["']\s*[,)]""", file.read_text(encoding="utf-8"))
    }
    assert len(used) > 150
    assert used - set(written("ja")) == set()
    assert f"audit.{LOOKED}" in written("ja")


@pytest.mark.parametrize(
    ("chosen", "cookie", "accepted", "language"),
    [
        ("en", "ja", "ja", "en"),
        (None, "en", "ja", "en"),
        (None, None, "fr, en-GB;q=0.8, ja;q=0.7", "en"),
        (None, None, "en;q=0.1, ja;q=0.9", "ja"),
        (None, None, "fr", "ja"),
        (None, None, "en;q=x", "ja"),
    ],
)
def test_a_viewer_gets_the_language_that_suits_best(
    chosen: str | None, cookie: str | None, accepted: str, language: str
) -> None:
    assert language_for(chosen, cookie, accepted, "ja") == language


@pytest.mark.parametrize("cookie", ["", "Mars/Olympus", "../etc/passwd", "/etc/passwd", "x" * 100, "Asia%2FTokyo"])
def test_a_zone_that_does_not_exist_is_the_brands(cookie: str) -> None:
    assert zone_for(cookie, TOKYO) == TOKYO
    assert zone_for("America/New_York", TOKYO).key == "America/New_York"


def test_times_are_in_the_zone_of_the_browser(house: House) -> None:
    client = house.client("viewer", "en")
    assert "Mon 1 Dec, 00:10" in client.get("/").text
    client.cookies.set("zone", "America/New_York")
    page = client.get("/").text
    assert "Sun 30 Nov, 10:10" in page
    assert '<html lang="en">' in page
