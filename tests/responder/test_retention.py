"""What was kept long enough is let go: words and names go, figures and the chain stay, and no crawl brings it back."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from responder.cases.transitions import SYSTEM, Moved, move
from responder.privacy.retention import AT_ONCE, LetGo, let_go, let_go_beside, let_go_told
from storage.assessment import Assessment
from storage.author import Author, Tombstone
from storage.case import Case
from storage.database import Database
from storage.delivery import Delivery
from storage.event import events_of
from storage.listing import Listing, list_mentions
from storage.log import daily_root, verify_log
from storage.mention import Revision
from storage.search import merge_search, search_mentions
from storage.source import Refusal
from storage.tables import Row
from tests.responder.story import START, Story
from tests.responder.test_erasure import SECRETS, everything, lived

KEPT = timedelta(days=730)


def closed(story: Story) -> Case:
    """A case of two years ago, which ended well."""
    case = lived(story)
    case.outcome = "recovered"
    for delivery in story.session.scalars(select(Delivery).where(Delivery.case_id.is_(None))):
        delivery.state = "sent"
    story.session.flush()
    done = move(story.session, case, "close", actor=SYSTEM, at=story.at)
    assert isinstance(done, Moved), done
    list_mentions(story.session, [case.mention_id])
    story.session.flush()
    return case


def test_words_and_names_go_and_figures_and_the_chain_stay(story: Story) -> None:
    case = closed(story)
    root = daily_root(story.session, story.at)
    figures = story.session.execute(select(Listing.stars, Listing.sentiment, Listing.topic, Listing.hour)).all()
    assert all(secret in everything(story) for secret in SECRETS)
    at = story.later(days=731)
    assert let_go(story.session, "maps", at - KEPT, at) == LetGo(mentions=1, cases=1, authors=1)
    let_go_beside(story.session, "maps", at - KEPT)
    let_go_told(story.session, at - KEPT)
    after = everything(story)
    assert [secret for secret in SECRETS if secret in after] == []
    assert "\\u7530" not in after
    assert verify_log(story.session, [root]) == []
    assert (case.state, case.outcome, case.cause, case.author_id) == ("closed", "recovered", "process", None)
    assert story.session.execute(select(Listing.stars, Listing.sentiment, Listing.topic, Listing.hour)).all() == figures
    assert events_of(story.session, case.id)[-1].kind == "let_go"
    assert story.session.scalars(select(Delivery.purpose).where(Delivery.purpose == "erase")).all() == ["erase"]
    assert story.session.scalars(select(Refusal.reason)).all() == ["no text"]
    for table in Row.metadata.sorted_tables:
        if "salt" in table.columns:
            assert set(story.session.scalars(select(table.columns.salt))) <= {""}, table.name


def test_nothing_is_found_by_words_that_were_let_go(story: Story) -> None:
    closed(story)
    assert story.session.scalars(search_mentions(story.session, "煙草")).all() != []
    at = story.later(days=731)
    let_go(story.session, "maps", at - KEPT, at)
    assert story.session.scalars(search_mentions(story.session, "煙草")).all() == []
    steps = 1
    while merge_search(story.session, begin=steps == 1):
        steps += 1
    assert steps < 10


def test_a_site_that_still_shows_it_does_not_bring_it_back_but_its_author_may_write_again(story: Story) -> None:
    closed(story)
    at = story.later(days=731)
    let_go(story.session, "maps", at - KEPT, at)
    let_go_told(story.session, at - KEPT)
    let_go_beside(story.session, "maps", at - KEPT)
    again = story.review(author_id="u-4711-tanaka", url="https://example.jp/tanaka/1", rating=1.0)
    assert again.revisions == []
    assert [secret for secret in SECRETS if secret in everything(story)] == []
    story.review("r2", author_id="u-4711-tanaka", author_name="田中花子", text="二年ぶりに泊まりました。")
    assert story.session.scalar(select(Tombstone.digest)) is None
    names = story.session.scalars(select(Author.name).order_by(Author.id)).all()
    assert names == [None, "田中花子"]
    assert verify_log(story.session) == []


def test_only_what_is_older_goes_and_nothing_whose_case_is_open(story: Story) -> None:
    story.case("open")
    story.review("young", text="新しい感想です。", posted_at=START + timedelta(days=100), author_id="u1")
    story.review("undated", text="日付のない感想です。", posted_at=None, author_id="u2")
    at = story.later(days=731)
    assert let_go(story.session, "maps", at - KEPT, at) == LetGo(mentions=1, cases=0, authors=1)
    texts = set(story.session.scalars(select(Revision.text)))
    assert texts == {"部屋が煙草くさくて眠れませんでした。", "新しい感想です。", ""}
    assert let_go(story.session, "maps", at - KEPT, at) == LetGo(0, 0, 0)
    assert let_go(story.session, "elsewhere", at, at) == LetGo(0, 0, 0)


def test_an_author_who_still_writes_keeps_the_name_and_loses_what_is_old(story: Story) -> None:
    story.review("old")
    story.review("young", posted_at=START + timedelta(days=100))
    at = story.later(days=731)
    assert let_go(story.session, "maps", at - KEPT, at) == LetGo(mentions=1, cases=0, authors=0)
    assert story.mention("old").author_id is None
    assert story.mention("young").author is not None
    assert story.mention("young").author.name == "田中花子"


def test_so_many_at_once_and_the_rest_after_that(story: Story) -> None:
    for number in range(3):
        story.review(f"r{number}", author_id=f"u{number}")
    assert AT_ONCE >= 100
    at = story.later(days=731)
    assert let_go(story.session, "maps", at - KEPT, at).mentions == 3
    assert story.session.scalars(select(Assessment.evidence)).all() == []


def test_the_same_on_postgresql(postgres: Database, settings) -> None:  # type: ignore[no-untyped-def]
    with postgres.write() as session:
        story = Story(session, settings)
        case = closed(story)
        at = story.later(days=731)
        assert let_go(session, "maps", at - KEPT, at) == LetGo(mentions=1, cases=1, authors=1)
        let_go_beside(session, "maps", at - KEPT)
        let_go_told(session, at - KEPT)
        assert [secret for secret in SECRETS if secret in everything(story)] == []
        assert case.outcome == "recovered"
        assert not merge_search(session, begin=True)
        assert verify_log(session) == []
