from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from config.amount import Amount
from config.brand import INDUSTRIES
from responder.answering.offers import offer
from responder.cases.causes import CAUSES
from responder.cases.checklists import remedies_for, start_checklist
from responder.cases.progress import STAGES, progress_message
from responder.cases.tasks import finish_task
from responder.drafting.playbooks import load_packs
from tests.responder.story import Story

ROOM = load_packs("hospitality", {}).by_name["cleanliness"]


def test_the_steps_of_the_playbook_become_tasks_once(story: Story) -> None:
    case = story.case()
    told = {"actor": "sato", "at": story.at}
    tasks = start_checklist(story.session, case, ROOM, "ja", **told)
    assert [task.text for task in tasks] == ROOM.steps["ja"]
    finish_task(story.session, tasks[0], **told)
    assert start_checklist(story.session, case, ROOM, "en", **told) == tasks


def test_remedies_are_shown_with_the_limit_that_stands_against_them(story: Story) -> None:
    case = story.case()
    told = {"at": story.at, "settings": story.settings}
    shown = remedies_for(story.session, case, ROOM, "ja", actor="sato", **told)
    assert [one.name for one in shown] == [remedy.name["ja"] for remedy in sorted(ROOM.remedies, key=_cost)]
    assert {one.limit for one in shown} == {None}
    offer(story.session, case, "朝食券", Amount(amount=Decimal(4999), currency="JPY"), actor="sato", **told)
    assert {one.limit for one in remedies_for(story.session, case, ROOM, "ja", actor="sato", **told)} == {"authority"}
    assert {one.limit for one in remedies_for(story.session, case, ROOM, "ja", actor="kim", **told)} == {None}


def _cost(remedy: object) -> Decimal:
    return remedy.cost.amount  # type: ignore[attr-defined, no-any-return]


@pytest.mark.parametrize("industry", INDUSTRIES)
def test_every_cause_of_a_playbook_has_its_place_in_the_taxonomy(industry: str) -> None:
    books = load_packs(industry, {}).by_name.values()
    assert {cause.kind for book in books for cause in book.causes} <= set(CAUSES)


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("stage", STAGES)
def test_a_progress_message_is_ready_to_send_but_for_what_only_a_person_knows(
    story: Story, stage: str, language: str
) -> None:
    case = story.case(author_name="田中花子様")
    text = progress_message(case, stage, language, story.settings, until=story.at + timedelta(days=2))
    assert case.ref in text
    assert "様様" not in text
    assert "{" not in text
    assert "返金" not in text
    if stage in STAGES[:3]:
        assert ("3月4日（水）" if language == "ja" else "Wednesday, 4 March") in text
        with pytest.raises(ValueError, match="promises when"):
            progress_message(case, stage, language, story.settings)


def test_a_name_is_never_read_as_a_template(story: Story) -> None:
    case = story.case(author_name="{ref}{0}")
    assert progress_message(case, "thanks", "ja", story.settings).startswith("{ref}{0}様\n")
    nameless = story.case("r2", author_id=None, author_name=None)
    assert progress_message(nameless, "thanks", "ja", story.settings).startswith("お客様\n")
    assert progress_message(nameless, "thanks", "fr", story.settings).startswith("Dear guest,")
