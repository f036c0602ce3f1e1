from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from responder.answering.replies import approve, mark_posted, noticed_on_site
from responder.cases.clocks import clock_of
from responder.cases.refused import Refused
from responder.cases.transitions import move
from storage.case import case_of_mention
from storage.draft import Reply, approved_reply, live_reply
from storage.event import events_of, text_digest
from storage.note import notes_of
from tests.responder.story import Story

TEXT = "煙草のにおいが残っておりましたこと、心よりお詫び申し上げます。"


def approved(story: Story, text: str = TEXT, **how: Any) -> Reply:
    found = case_of_mention(story.session, story.mention().id)
    assert found is not None
    reply = approve(story.session, found, text, actor="sato", at=story.at, **how)
    assert isinstance(reply, Reply)
    return reply


def test_an_approved_reply_is_not_live_and_a_posted_one_stops_the_clock(story: Story) -> None:
    case = story.case()
    reply = approved(story)
    assert case.state == "answering"
    assert live_reply(story.session, case.id) is None
    clock = clock_of(story.session, case.id, "first_response")
    assert clock is not None
    assert clock.met_at is None
    mark_posted(story.session, reply, actor="sato", at=story.later(minutes=30), url="https://example.jp/r1")
    assert clock.met_at == story.at
    assert live_reply(story.session, case.id) is reply


def test_approving_and_posting_twice_have_no_second_effect(story: Story) -> None:
    case = story.case()
    first = approved(story)
    assert approved(story) is first
    mark_posted(story.session, first, actor="sato", at=story.at)
    count = len(events_of(story.session, case.id))
    mark_posted(story.session, first, actor="ito", at=story.later(hours=1))
    assert len(events_of(story.session, case.id)) == count
    assert first.posted_by == "sato"


def test_there_is_one_reply_that_waits_and_one_that_is_live(story: Story) -> None:
    case = story.case()
    first = approved(story)
    second = approved(story, TEXT + "改めました。")
    assert approved_reply(story.session, case.id) is second
    stale = mark_posted(story.session, first, actor="sato", at=story.at)
    assert isinstance(stale, Refused)
    assert stale.reason == "replaced"
    mark_posted(story.session, second, actor="sato", at=story.at)
    third = approved(story, TEXT + "二名で点検いたします。")
    assert live_reply(story.session, case.id) is second
    mark_posted(story.session, third, actor="sato", at=story.at)
    assert live_reply(story.session, case.id) is third
    live = select(func.count()).where(Reply.posted_at.is_not(None), Reply.withdrawn_at.is_(None))
    assert story.session.scalar(live) == 1


@pytest.mark.parametrize(
    ("text", "actor", "reason"),
    [(" \n", "sato", "empty"), (TEXT, "system", "not_yours"), ("あ" * 20_000, "sato", "too_long")],
)
def test_an_empty_text_a_huge_one_and_a_machine_are_refused(story: Story, text: str, actor: str, reason: str) -> None:
    result = approve(story.session, story.case(), text, actor=actor, at=story.at)
    assert isinstance(result, Refused)
    assert result.reason == reason


def test_a_closed_case_is_not_answered(story: Story) -> None:
    case = story.case()
    move(story.session, case, "dismiss", actor="sato", at=story.at, reason="spam")
    result = approve(story.session, case, TEXT, actor="sato", at=story.at)
    assert isinstance(result, Refused)
    assert result.reason == "closed"


def test_the_crawler_sees_our_reply_with_other_white_space_and_it_counts_as_posted(story: Story) -> None:
    case = story.case()
    reply = approved(story)
    story.later(hours=1)
    result = story.review(reply_text=TEXT.replace("、", "、\n"), reply_at=story.at - timedelta(minutes=20))
    assert result.replied == [case.mention_id]
    assert noticed_on_site(story.session, story.mention(), story.at) is reply
    assert reply.posted_at == story.at - timedelta(minutes=20)
    assert reply.channel == "manual"


def test_a_reply_typed_on_the_site_answers_the_case_and_replaces_what_waited(story: Story) -> None:
    case = story.case()
    waiting = approved(story)
    story.review(reply_text="ご意見ありがとうございます。支配人", reply_at=story.later(minutes=5))
    typed = noticed_on_site(story.session, story.mention(), story.at)
    assert typed is not None
    assert (typed.channel, typed.approved_by, typed.posted_at) == ("site", "site", story.at)
    assert waiting.withdrawn_at is not None
    assert case.state == "answering"
    assert noticed_on_site(story.session, story.mention(), story.at) is typed


def test_a_reply_that_disappears_from_the_site_is_no_longer_live(story: Story) -> None:
    case = story.case(reply_text="返信", reply_at=story.at)
    assert case.state == "answering"
    assert live_reply(story.session, case.id) is not None
    story.review(reply_text=None)
    assert noticed_on_site(story.session, story.mention(), story.later(days=1)) is None
    assert live_reply(story.session, case.id) is None
    assert events_of(story.session, case.id)[-1].data["why"] == "gone_from_site"


def test_events_hold_salted_digests_of_the_reply(story: Story) -> None:
    case = story.case()
    reply = approved(story)
    event = next(one for one in events_of(story.session, case.id) if one.kind == "approved")
    assert event.data["text"] == text_digest(TEXT, reply.salt)
    assert "煙草" not in str([one.data for one in events_of(story.session, case.id)])


GOOD = "田中花子様\nご利用ありがとうございます。お部屋に煙草のにおいが残っておりましたこと、心よりお詫び申し上げます。"


def test_what_the_guard_blocks_nobody_can_approve(story: Story) -> None:
    case = story.case()
    text = GOOD + "お詫びに5000円を返金いたします。"
    for despite in (None, "お客様とお約束した"):
        result = approve(story.session, case, text, actor="kim", at=story.at, settings=story.settings, despite=despite)
        assert isinstance(result, Refused)
        assert result.reason == "guard_block"
        assert "public_remedy" in result.why
    assert case.state == "new"


def test_a_warning_is_overridden_with_a_reason_that_the_timeline_keeps(story: Story) -> None:
    case = story.case()
    told = {"actor": "sato", "at": story.at, "settings": story.settings}
    result = approve(story.session, case, "申し訳ございませんでした。", **told)
    assert isinstance(result, Refused)
    assert result.reason == "guard_warning"
    reply = approve(story.session, case, "申し訳ございませんでした。", despite="電話で話した後なので短く", **told)
    assert isinstance(reply, Reply)
    event = next(one for one in events_of(story.session, case.id) if one.kind == "approved")
    assert event.data["warnings"] == ["topic_missed"]
    assert event.data["despite"] == notes_of(story.session, case.id, "reason")[0].id


def test_a_good_reply_passes_and_a_publishing_channel_never_goes_without_the_guard(story: Story) -> None:
    case = story.case()
    reply = approve(story.session, case, GOOD, actor="sato", at=story.at, channel="mastodon", settings=story.settings)
    assert isinstance(reply, Reply)
    with pytest.raises(ValueError, match="the guard must see"):
        approve(story.session, case, GOOD, actor="sato", at=story.at, channel="mastodon")


def test_a_copy_of_a_reply_to_somebody_else_is_found(story: Story) -> None:
    told = {"actor": "sato", "settings": story.settings}
    assert isinstance(approve(story.session, story.case("r1"), GOOD, at=story.at, **told), Reply)
    result = approve(story.session, story.case("r2"), GOOD, at=story.at, **told)
    assert isinstance(result, Refused)
    assert result.reason in ("guard_block", "guard_warning")
