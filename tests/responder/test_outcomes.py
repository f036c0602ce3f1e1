from __future__ import annotations

import pytest
from sqlalchemy import select

from responder.answering.replies import approve, mark_posted
from responder.cases.refused import Refused
from responder.cases.transitions import move
from responder.outcome import outcomes
from responder.outcome.corrections import relabel
from storage.case import Case, clocks_of
from storage.correction import Correction, corrections_of
from storage.draft import Reply
from storage.event import events_of
from storage.mention import latest_revision
from storage.outcome import Outcome
from tests.responder.story import Story

TOPICS = ("staff", "cleanliness", "food")


def answered(story: Story, **said: object) -> Case:
    case = story.case(**said)
    reply = approve(story.session, case, "申し訳ございませんでした。", actor="sato", at=story.at)
    assert isinstance(reply, Reply)
    mark_posted(story.session, reply, actor="sato", at=story.later(minutes=30))
    return case


def edit(story: Story, sentiment: str = "negative", severity: str = "minor", **said: object) -> Outcome | None:
    story.later(days=1)
    story.review(**said)
    revision = story.assess(sentiment=sentiment, severity=severity)
    return outcomes.from_revision(story.session, revision, story.at, story.settings)


def resolve(story: Story, case: Case) -> None:
    move(
        story.session, case, "resolve", actor="sato", at=story.at, settings=story.settings,
        done="お部屋を替えた", cause="process",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("rating", "sentiment", "outcome", "kind"),
    [
        (5.0, "positive", "recovered", "rating_up"),
        (4.0, "neutral", "recovered", "rating_up"),
        (4.0, "negative", "improved", "rating_up"),
        (3.0, "neutral", "improved", "rating_up"),
        (1.0, "negative", "lost", "rating_down"),
    ],
)
def test_a_rating_edited_after_our_reply_says_how_it_ended(
    story: Story, rating: float, sentiment: str, outcome: str, kind: str
) -> None:
    case = answered(story)
    found = edit(story, sentiment, rating=rating, text="追記: 対応していただきました。")
    assert found is not None
    assert (found.name, case.outcome, found.evidence["kind"]) == (outcome, outcome, kind)
    assert (found.evidence["before"], found.evidence["after"], found.evidence["revision"]) == (2.0, rating, 2)
    assert case.state == "answering"


def test_the_same_words_and_stars_say_nothing_but_other_words_may(story: Story) -> None:
    case = answered(story)
    assert edit(story, text="部屋が煙草くさくて眠れませんでした。(誤字を直しました)") is None
    angrier = edit(story, text="返信を読んでさらに腹が立ちました。", severity="major")
    assert angrier is not None
    assert (angrier.name, angrier.evidence["kind"]) == ("lost", "text_down")
    calmer = edit(story, "neutral", text="その後ご連絡をいただきました。")
    assert calmer is not None
    assert (calmer.name, case.outcome) == ("improved", "improved")


def test_an_edit_before_our_reply_is_told_but_is_no_outcome(story: Story) -> None:
    case = story.case()
    assert edit(story, "positive", rating=5.0) is None
    assert case.outcome is None
    event = events_of(story.session, case.id)[-1]
    assert (event.kind, event.data) == ("revised", {"revision": 2, "before": 2.0, "after": 5.0})


def test_an_edit_that_the_site_dates_before_our_reply_is_no_outcome(story: Story) -> None:
    before = story.at
    case = answered(story)
    assert edit(story, "positive", rating=5.0, edited_at=before) is None
    assert case.outcome is None


def test_asking_twice_about_one_revision_has_no_second_effect(story: Story) -> None:
    case = answered(story)
    edit(story, "positive", rating=5.0)
    count = len(events_of(story.session, case.id))
    revision = latest_revision(story.session, case.mention_id)
    assert outcomes.from_revision(story.session, revision.id, story.at, story.settings) is None
    assert len(events_of(story.session, case.id)) == count


def test_a_customer_lost_after_all_opens_the_case_again(story: Story) -> None:
    case = answered(story)
    resolve(story, case)
    assert edit(story, "positive", rating=5.0) is not None
    lost = edit(story, rating=1.0, text="やはり最悪でした。")
    assert lost is not None
    assert (lost.name, case.outcome, case.state) == ("lost", "lost", "investigating")
    assert lost.evidence["before"] == 5.0
    found = story.session.scalars(select(Outcome.name).where(Outcome.case_id == case.id).order_by(Outcome.id))
    assert list(found) == ["recovered", "lost"]


def test_late_evidence_changes_a_closed_case_with_an_event(story: Story) -> None:
    case = answered(story)
    resolve(story, case)
    story.later(days=20)
    assert outcomes.from_silence(story.session, story.at, story.settings) == [case.id]
    assert outcomes.from_silence(story.session, story.at, story.settings) == []
    for row in clocks_of(story.session, case.id):
        row.met_at = row.met_at or story.at
    move(story.session, case, "close", actor="system", at=story.at)
    assert edit(story, "positive", rating=5.0) is not None
    assert (case.state, case.outcome) == ("closed", "recovered")
    event = events_of(story.session, case.id)[-1]
    assert (event.kind, event.data["before"], event.data["outcome"]) == ("outcome", "unchanged", "recovered")


def test_silence_counts_from_our_reply_and_only_after_the_days_of_the_settings(story: Story) -> None:
    case, unanswered = answered(story), story.case("r2", author_id="u2")
    assert outcomes.from_silence(story.session, story.later(days=13), story.settings) == []
    assert outcomes.from_silence(story.session, story.later(days=1), story.settings) == [case.id]
    assert unanswered.outcome is None


def test_a_deleted_review_is_withdrawn_and_never_won(story: Story) -> None:
    case = answered(story)
    edit(story, "positive", rating=5.0)
    found = outcomes.from_gone(story.session, case.mention_id, story.at)
    assert found is not None
    assert (case.state, case.outcome, found.evidence["kind"]) == ("closed", "withdrawn", "gone")
    assert outcomes.from_gone(story.session, case.mention_id, story.at) is None


def test_what_is_no_case_stays_none(story: Story) -> None:
    case = answered(story)
    move(story.session, case, "dismiss", actor="sato", at=story.at, reason="another hotel")
    assert case.outcome == "not_a_case"
    assert edit(story, "positive", rating=5.0) is None
    assert outcomes.from_gone(story.session, case.mention_id, story.at) is None
    assert case.outcome == "not_a_case"


def test_a_post_without_stars_is_judged_by_its_words(story: Story) -> None:
    case = answered(story, kind="post", rating=None)
    found = edit(story, "positive", kind="post", rating=None, text="すぐに対応してくれた。ありがとう。")
    assert found is not None
    assert (found.name, case.outcome) == ("recovered", "recovered")


def test_a_person_corrects_the_model_and_the_case_follows(story: Story) -> None:
    case = story.case()
    told = {"actor": "sato", "at": story.at, "topics_known": TOPICS}
    rows = relabel(story.session, case, severity="major", topics=["food"], sentiment="negative", **told)
    assert isinstance(rows, list)
    assert [row.field for row in rows] == ["severity", "topics"]  # the sentiment was right
    assert (case.severity, case.labels["severity"]) == ("major", "major")
    revision = latest_revision(story.session, case.mention_id)
    assert corrections_of(story.session, revision.id) == {"severity": "major", "topics": ["food"]}
    assert relabel(story.session, case, severity="major", topics=["food"], **told) == []
    event = events_of(story.session, case.id)[-1]
    assert (event.kind, event.data["severity"]) == ("relabelled", {"before": "minor", "after": "major"})


def test_unknown_words_are_refused_and_change_nothing(story: Story) -> None:
    case = story.case()
    told = {"actor": "sato", "at": story.at, "topics_known": TOPICS}
    for words in ({"sentiment": "angry"}, {"severity": "huge", "sentiment": "neutral"}, {"topics": ["moon"]}):
        assert isinstance(relabel(story.session, case, **words, **told), Refused)
    assert story.session.scalars(select(Correction)).all() == []


def test_not_a_case_closes_it_and_is_kept_for_training(story: Story) -> None:
    case = story.case()
    told = {"actor": "sato", "at": story.at, "topics_known": TOPICS}
    rows = relabel(story.session, case, not_a_case="別のホテルの話", **told)
    assert isinstance(rows, list)
    assert [(row.field, row.after["value"]) for row in rows] == [("not_a_case", True)]
    assert (case.state, case.outcome) == ("closed", "not_a_case")
    assert isinstance(relabel(story.session, case, not_a_case="again", **told), Refused)


def test_a_mention_without_a_case_is_corrected_as_well(story: Story) -> None:
    story.review()
    story.assess(sentiment="neutral")
    rows = relabel(story.session, story.mention(), actor="sato", at=story.at, topics_known=TOPICS, sentiment="negative")
    assert isinstance(rows, list)
    assert [(row.field, row.case_id) for row in rows] == [("sentiment", None)]
