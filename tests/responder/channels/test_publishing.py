"""From an approval to the site: the undo window, what stops a reply, and who is told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from alerts.receivers.receiver import Sent
from config.criteria import Criterion
from config.publish import PublishSettings
from config.settings import settings_from
from kintsugi.operating.checks import replies_checked
from kintsugi.pipeline import qualify
from kintsugi.steps.sender import settle_unclear
from kintsugi.steps.thanking import thank
from kintsugi.views.caseview import view_of
from responder.answering.replies import AUTOMATIC
from responder.privacy.erasure import erase_author
from storage.case import case_of_mention
from storage.database import Database
from storage.delivery import Delivery, claim_delivery, make_delivery, record_sent
from storage.log import verify_log
from storage.parked import put_back
from tests.responder.channels.house import House
from tests.responder.channels.mail_site import Mail
from tests.responder.channels.review_sites import GoogleBusiness, GooglePlay
from tests.responder.channels.social_sites import Mastodon
from tests.responder.story import Story


@pytest.fixture
def site() -> Iterator[Any]:
    made = GoogleBusiness()
    yield made
    made.close()


@pytest.fixture
def house(database: Database, tmp_path: Path, site: Any) -> House:
    return House(database, tmp_path, {"s": site})


def kinds(house: House, case_id: int) -> list[str]:
    return [event.kind for event in house.events(case_id)]


def test_an_approval_is_published_when_it_can_no_longer_be_undone(house: House) -> None:
    case = house.case(1)
    assert house.approve(case) is None
    house.later(minutes=4, seconds=59)
    assert house.send() == 0
    assert house.live(case) == []
    house.later(seconds=1)
    house.send()
    assert len(house.live(case)) == 1
    assert house.delivery(case).state == "sent"
    assert house.reply(case).posted_at == house.clock.now()
    assert kinds(house, case) == ["opened", "approved", "answer", "posted"]


def test_an_undone_approval_is_never_published(house: House) -> None:
    case = house.case(1)
    house.approve(case)
    house.later(minutes=4)
    assert house.desk.undo(case, "sato") is None
    house.later(hours=1)
    house.send()
    assert house.live(case) == []
    assert house.delivery(case).state == "cancelled"
    assert house.events(case)[-1].data["why"] == "undone"
    again = house.desk.undo(case, "sato")
    assert again is not None
    assert again.reason == "nothing"


def test_what_is_on_its_way_is_neither_undone_nor_approved_over(house: House) -> None:
    case = house.case(1)
    house.approve(case)
    house.later(minutes=5)
    with house.app.database.write() as session:
        assert claim_delivery(session, house.delivery(case).id, house.clock.now())
    for refused in (house.desk.undo(case, "sato"), house.approve(case, "別の文面です。お詫びいたします。")):
        assert refused is not None
        assert refused.reason in ("too_late", "publishing")
    posted = house.desk.post_manual(case, "sato")
    assert posted is not None
    assert posted.reason == "publishing"


def test_a_newer_approval_takes_the_place_of_one_that_waits(house: House) -> None:
    case = house.case(1)
    house.approve(case)
    house.approve(case, "お部屋の煙草のにおいにつきまして、深くお詫び申し上げます。")
    house.later(minutes=6)
    house.send()
    assert house.live(case) == ["お部屋の煙草のにおいにつきまして、深くお詫び申し上げます。"]


def test_a_process_that_died_while_publishing_asks_the_site_at_the_next_start(house: House) -> None:
    first, second = house.case(1), house.case(2)
    for case in (first, second):
        house.approve(case)
    house.later(minutes=5)
    with house.app.database.write() as session:
        for case in (first, second):
            claim_delivery(session, house.delivery(case).id, house.clock.now())
    house.sites["s"].replies["locations/2/reviews/r1"] = {"reply": house.reply(first).text}
    before = len(house.sites["s"].requests)
    house.restarted()
    house.send_all()
    assert [len(house.live(case)) for case in (first, second)] == [1, 1]
    written = [one for one in house.sites["s"].requests[before:] if one.method == "PUT"]
    assert len(written) == 1  # the first was there already


def test_a_review_that_was_deleted_meanwhile_is_parked_and_the_case_is_told(house: House) -> None:
    noticed, unnoticed = house.case(1), house.case(2)
    for case in (noticed, unnoticed):
        house.approve(case)
    house.deleted(noticed)
    house.sites["s"].gone("locations/2/reviews/r2")
    house.later(minutes=5)
    house.send_all()
    for case in (noticed, unnoticed):
        assert house.delivery(case).state == "given_up"
        assert "gone" in (house.delivery(case).error or "")
        event = house.events(case)[-1]
        assert (event.kind, event.data["reason"]) == ("publish_failed", "gone")
        with house.app.database.read() as session:
            view = view_of(session, case, house.app.settings, house.app.channels)
        assert view.publishing is not None
        assert view.publishing.state == "given_up"


def test_a_closed_case_is_not_answered_any_more(house: House) -> None:
    case = house.case(1)
    house.approve(case)
    house.desk.not_a_case(case, "sato", "spam")
    house.later(minutes=5)
    house.send_all()
    assert house.live(case) == []
    assert house.reply(case).withdrawn_at is not None


def test_revoked_tokens_are_parked_and_the_operator_is_told_once(house: House, site: Any) -> None:
    cases = [house.case(number) for number in range(3)]
    for case in cases:
        house.approve(case)
    site.revoked = True
    house.later(minutes=5)
    house.send_all()
    assert {house.delivery(case).state for case in cases} == {"given_up"}
    with house.app.database.read() as session:
        notices = session.scalars(select(Delivery).where(Delivery.key.startswith("revoked:"))).all()
    assert [one.receiver for one in notices] == ["console"]
    site.revoked = False
    with house.app.database.write() as session:
        for case in cases:
            put_back(session, f"delivery/{house.delivery(case).id}", house.clock.now())
    house.send_all()
    assert [len(house.live(case)) for case in cases] == [1, 1, 1]


def test_a_mail_that_may_have_left_waits_for_a_person(database: Database, tmp_path: Path) -> None:
    site = Mail()
    house = House(database, tmp_path, {"s": site})
    case = house.case(1)
    house.approve(case)
    site.trouble = lambda: "dropped"
    house.later(minutes=5)
    house.send_all()
    assert house.delivery(case).state == "unclear"
    assert house.events(case)[-1].kind == "publish_unclear"
    refused = house.approve(case, "煙草のにおいの件、あらためてお詫び申し上げます。")
    assert refused is not None
    assert refused.reason == "unclear"
    undone = house.desk.undo(case, "sato")
    assert undone is not None
    assert undone.reason == "too_late"
    assert house.desk.post_manual(case, "sato") is None  # the customer has it
    assert house.delivery(case).state == "sent"
    assert len(site.mails) == 1
    site.close()


def test_an_erased_author_is_not_answered(house: House) -> None:
    case = house.case(1)
    house.approve(case)
    with house.app.database.write() as session:
        assert erase_author(session, "s", "s-1", house.clock.now()) is not None
    house.later(minutes=5)
    house.send_all()
    assert house.sites["s"].live("locations/2/reviews/r1") == []
    with house.app.database.read() as session:
        assert verify_log(session) == []


def test_a_live_reply_is_changed_or_taken_down(database: Database, tmp_path: Path) -> None:
    site = Mastodon()
    house = House(database, tmp_path, {"s": site})
    case = house.case(1)
    for text in ("煙草のにおいの件、お詫び申し上げます。", "煙草のにおいの件、担当者とともにお詫び申し上げます。"):
        assert house.approve(case, text) is None
        house.later(minutes=5)
        house.send_all()
        assert house.live(case) == [text]
    assert len([one for one in site.requests if one.method == "PUT"]) == 1
    assert house.desk.take_down(case, "sato", "誤った内容でした") is None
    house.send_all()
    assert house.live(case) == []
    assert house.reply(case).withdrawn_at is not None
    again = house.desk.take_down(case, "sato", "もう一度")
    assert again is not None
    assert again.reason == "nothing"
    site.close()


def test_a_reply_that_its_site_deletes_for_nobody_stays_live_and_the_case_is_told(
    database: Database, tmp_path: Path
) -> None:
    site = GooglePlay()
    house = House(database, tmp_path, {"s": site})
    case = house.case(1)
    house.approve(case)
    house.later(minutes=5)
    house.send_all()
    assert house.desk.take_down(case, "sato", "誤った内容でした") is None
    house.send_all()
    assert len(house.live(case)) == 1
    assert house.reply(case).withdrawn_at is None
    assert (house.events(case)[-1].kind, house.events(case)[-1].data["reason"]) == ("take_down_failed", "refused")
    site.close()


def test_a_source_without_tokens_or_set_to_manual_is_answered_by_hand(house: House, site: Any) -> None:
    assert house.app.channels.name_of("s") == "google_business"
    assert house.app.channels.name_of("nowhere") == "manual"
    source = house.app.settings.sources["s"]
    for changed in ({"reply": "manual"}, {"client_id_env": "NOBODY_SET_THIS"}, {"kind": "feed"}):
        given = source.model_dump() | changed
        sources = {"s": type(source).model_validate(given)}
        other = type(house.app)(
            house.app.settings.model_copy(update={"sources": sources}), house.app.secrets, house.app.folder
        )
        assert other.channels.name_of("s") == "manual"
        assert other.channels.why_by_hand("s")


def praised(house: House, stars: float = 5.0, sentiment: str = "positive", severity: str = "none") -> tuple[int, int]:
    """A review of praise that was assessed; (mention, revision)."""
    name = house.sites["s"].add(9)
    with house.app.database.write() as session:
        story = Story(session, house.app.settings)
        story.at = house.clock.now()
        story.review(
            name,
            source="s",
            author_id="s-9",
            rating=stars,
            text="朝食の焼きたてパンが最高でした。スタッフの皆さんも親切でした。",
        )
        mention = story.mention(name)
        mention.source.kind = "google_business"
        return mention.id, story.assess(name, sentiment=sentiment, severity=severity)


def thanked(house: House, *lines: str, **said: Any) -> int | None:
    rules = [Criterion.model_validate({"rating": line}) for line in lines]
    publish = PublishSettings(undo=timedelta(minutes=5), automatic=rules)
    house.app.settings = house.app.settings.model_copy(update={"publish": publish})
    mention, revision = praised(house, **said)
    with house.app.database.write() as session:
        following = qualify(session, [revision], house.app.context())
        thank(session, following["thank"], house.app.context())
        case = case_of_mention(session, mention)
        return case.id if case is not None else None


def test_praise_is_not_thanked_unless_the_operator_wrote_a_rule(house: House) -> None:
    assert house.app.settings.publish.automatic == []
    assert thanked(house) is None


@pytest.mark.parametrize("said", [{"stars": 4.0}, {"sentiment": "neutral"}, {"severity": "minor"}])
def test_only_praise_without_any_failure_is_thanked(house: House, said: dict[str, Any]) -> None:
    assert thanked(house, ">= 5", **said) is None


def test_praise_is_thanked_by_rule_after_the_undo_window_and_its_case_is_closed(house: House) -> None:
    case = thanked(house, ">= 5")
    assert case is not None
    assert house.live(case) == []
    approval = next(event for event in house.events(case) if event.kind == "approved")
    assert (approval.actor, approval.data["rule"]) == (AUTOMATIC, "rating >= 5")
    house.later(minutes=5)
    house.send_all()
    assert len(house.live(case)) == 1
    assert house.state(case) == "closed"


def test_praise_that_becomes_a_complaint_is_a_case_like_any_other(house: House) -> None:
    case = thanked(house, ">= 5")
    assert case is not None
    with house.app.database.write() as session:
        story = Story(session, house.app.settings)
        story.at = house.clock.now()
        name = house.sites["s"].name(9)
        story.review(name, source="s", author_id="s-9", rating=1.0, text="次の日、料金を二重に請求されました。")
        revision = story.assess(name, severity="major")
        story.mention(name).source.kind = "google_business"
        assert qualify(session, [revision], house.app.context())["route"] == [case]
    house.later(minutes=5)
    house.send_all()
    assert house.live(case) == []
    assert house.state(case) == "investigating"


def test_an_automatic_rule_must_be_narrow() -> None:
    with pytest.raises(Exception, match="needs a rating of 4 or more"):
        settings_from({"brand": {"name": "x"}, "publish": {"automatic": [{"sentiment": "positive"}]}})
    with pytest.raises(Exception, match="needs a rating of 4 or more"):
        settings_from({"brand": {"name": "x"}, "publish": {"automatic": [{"rating": ">= 3"}]}})
    with pytest.raises(Exception, match="longer than 12h"):
        settings_from({"brand": {"name": "x"}, "publish": {"undo": "2d"}})


def test_the_check_says_how_each_source_is_answered_and_what_is_missing(house: House) -> None:
    source = house.app.settings.sources["s"]
    play = {"kind": "google_play_console", "package": "com.example.sakura"}
    sources = {
        "maps": source,
        "play": type(source).model_validate(play),
        "pilot": type(source).model_validate({"kind": "trustpilot", "business_unit": "u", "reply": {"user": "u1"}}),
        "mstdn": type(source).model_validate({"kind": "mastodon", "tags": ["x"], "reply": {"tocken_env": "X"}}),
        "news": type(source).model_validate({"kind": "feed", "url": "https://x.example/rss"}),
    }
    house.app.settings = house.app.settings.model_copy(update={"sources": sources})
    found = {one.what: (one.ok, one.said) for one in replies_checked(house.app)}
    assert found == {
        "replies maps": (True, "published 5m after an approval"),
        "replies play": (True, "by hand: GOOGLE_PLAY_KEY is not set"),
        "replies pilot": (False, "by hand: TRUSTPILOT_API_KEY is not set"),
        "replies mstdn": (
            False,
            "sources.mstdn.reply: there is no option 'tocken_env'; there are base_url, token_env",
        ),
    }


def test_a_sender_that_comes_back_while_it_is_asked_for_is_believed(database: Database, tmp_path: Path) -> None:
    house = House(database, tmp_path, {})
    with database.write() as session:
        made = make_delivery(session, "notice:1", receiver="asked", purpose="notice", at=house.clock.now()).id
        assert claim_delivery(session, made, house.clock.now())
    house.later(minutes=3)

    class Asked:
        def deliver(self, *_: object) -> Sent:
            raise AssertionError("it was sent already")

        def find(self, *_: object) -> None:
            """Says that it has nothing yet; a moment later the slow sender is done."""
            with database.write() as session:
                record_sent(session.get_one(Delivery, made), house.clock.now(), {"id": "1"})

    settle_unclear(database, {"asked": Asked()}, house.app.context(), all_claims=False)
    with database.read() as session:
        assert session.get_one(Delivery, made).state == "sent"
