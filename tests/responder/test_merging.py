from __future__ import annotations

from responder.cases.causes import CAUSES, ask_why, is_cause, whys_of
from responder.cases.linking import link, unlink
from responder.cases.merging import merge, split
from responder.cases.refused import Refused
from responder.cases.tasks import add_task, finish_task
from responder.cases.transitions import Moved, move
from responder.outcome import outcomes
from storage.author import Author
from storage.event import events_of
from storage.link import AuthorLink
from storage.task import Task, tasks_of
from tests.responder.story import Story


def reason(result: object) -> str:
    assert isinstance(result, Refused), result
    return result.reason


def test_a_merged_case_is_part_of_the_other_and_both_timelines_tell_it(story: Story) -> None:
    review, post = story.case("r1"), story.case("p1", source="social", author_id="t9", severity="major")
    moved = merge(story.session, post, review, actor="sato", at=story.at)
    assert isinstance(moved, Moved)
    assert (post.state, post.merged_into, post.outcome) == ("closed", review.id, None)
    assert review.severity == "major"
    assert events_of(story.session, post.id)[-1].data["into"] == review.id
    assert events_of(story.session, review.id)[-1].data["case"] == post.id
    assert story.case("r2").author_history == 1  # the two count as one failure


def test_impossible_merges_are_refused(story: Story) -> None:
    one, two, three = (story.case(name, author_id=name) for name in ("a", "b", "c"))
    told = {"actor": "sato", "at": story.at}
    assert reason(merge(story.session, one, one, **told)) == "same_case"
    merge(story.session, one, two, **told)
    assert reason(merge(story.session, three, one, **told)) == "merged"
    assert reason(merge(story.session, one, three, **told)) == "already"
    move(story.session, three, "dismiss", reason="spam", **told)
    assert reason(merge(story.session, two, three, **told)) == "closed"
    assert reason(move(story.session, one, "reopen", settings=story.settings, reason="x", **told)) == "merged"


def test_splitting_takes_it_out_again(story: Story) -> None:
    one, two = story.case("a", author_id="a"), story.case("b", author_id="b")
    told = {"actor": "sato", "at": story.at}
    assert reason(split(story.session, one, settings=story.settings, reason="x", **told)) == "not_merged"
    merge(story.session, one, two, **told)
    assert reason(split(story.session, one, settings=story.settings, reason=" ", **told)) == "needs_reason"
    split(story.session, one, settings=story.settings, reason="another night", **told)
    assert (one.state, one.merged_into) == ("investigating", None)
    assert one.owner == "sato"  # Nobody had it, and no alert will look for anybody.
    assert events_of(story.session, two.id)[-1].kind == "split_off"


def test_an_edit_of_a_merged_mention_is_told_and_finds_nothing(story: Story) -> None:
    one, two = story.case("a", author_id="a"), story.case("b", author_id="b")
    merge(story.session, one, two, actor="sato", at=story.at)
    story.review("a", author_id="a", rating=5.0)
    revision = story.assess("a", sentiment="positive")
    assert outcomes.from_revision(story.session, revision, story.later(days=1), story.settings) is None
    assert events_of(story.session, one.id)[-1].kind == "revised"


def test_a_link_that_is_shown_makes_a_repeat_failure_and_can_be_taken_back(story: Story) -> None:
    first, second = story.case("r1"), story.case("p1", source="social", author_id="t9")
    assert first.author_id is not None
    assert second.author_id is not None
    ids = (first.author_id, second.author_id)
    told = {"at": story.at}
    assert reason(link(story.session, *ids, shown_by="feeling", actor="sato", **told)) == "not_shown"
    assert reason(link(story.session, *ids, shown_by="said_so", actor="system", **told)) == "not_yours"
    assert (
        reason(link(story.session, first.author_id, 999, shown_by="said_so", actor="sato", **told)) == "unknown_author"
    )
    row = link(story.session, *ids, shown_by="order_number", actor="sato", **told)
    assert isinstance(row, AuthorLink)
    assert reason(link(story.session, *ids[::-1], shown_by="said_so", actor="sato", **told)) == "already"
    assert (first.severity, first.author_history) == ("minor", 0)
    assert (second.severity, second.author_history) == ("major", 1)
    assert events_of(story.session, second.id)[-1].data["why"] == "repeat_failure"
    unlink(story.session, row, actor="kim", at=story.at)
    assert (second.author_history, second.labels["author_history"]) == (0, 0)
    assert isinstance(story.session.get(Author, ids[1]), Author)
    assert reason(unlink(story.session, row, actor="kim", at=story.at)) == "already"


def test_the_cause_is_asked_for_five_times_and_filed_under_a_taxonomy(story: Story) -> None:
    case = story.case()
    for number in range(1, 6):
        ask_why(story.session, case, f"なぜ{number}", actor="sato", at=story.at)
    assert reason(ask_why(story.session, case, "なぜ6", actor="sato", at=story.at)) == "enough"
    assert whys_of(story.session, case) == [f"なぜ{number}" for number in range(1, 6)]
    assert is_cause("process")
    assert is_cause("third_party:cleaning-company")
    assert not any(is_cause(text) for text in ("", "moon", "process:", "process:田中", "process:a b", "Process"))
    assert all(cause.en and cause.ja for cause in CAUSES.values())


def test_a_task_outlives_its_case_and_its_words_are_in_no_event(story: Story) -> None:
    case = story.case()
    told = {"actor": "sato", "at": story.at}
    task = add_task(story.session, case, "412号室のシャワーを直す", assignee="ito", **told)
    assert isinstance(task, Task)
    assert reason(add_task(story.session, case, " ", **told)) == "empty"
    assert reason(add_task(story.session, case, "x", kind="party", **told)) == "unknown_kind"
    move(story.session, case, "dismiss", reason="spam", **told)
    assert tasks_of(story.session, task.case_id) == [task]
    done = story.later(days=1)
    finish_task(story.session, task, actor="ito", at=done)
    finish_task(story.session, task, actor="kim", at=story.later(days=1))
    assert (task.done_by, task.done_at) == ("ito", done)
    assert "412" not in str([event.data for event in events_of(story.session, case.id)])
