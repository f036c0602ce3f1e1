from __future__ import annotations

import ast
from itertools import product
from pathlib import Path

from responder.cases.refused import Refused
from responder.cases.transitions import MOVES, Moved, move, possible
from responder.cases.waits import stop_waiting, wait, wake_up
from storage.case import STATES, clocks_of, waiting_for
from storage.event import events_of
from storage.follow_up import follow_ups_of
from storage.note import notes_of
from tests.responder.story import Story


def test_a_case_walks_from_new_to_resolved_and_every_step_is_an_event(story: Story) -> None:
    case = story.case()
    for name in ("acknowledge", "investigate", "answer", "resolve"):
        moved = move(
            story.session, case, name, actor="sato", at=story.later(minutes=5), settings=story.settings,
            done="部屋を替えた", cause="process",
        )  # fmt: skip
        assert isinstance(moved, Moved)
        assert moved.after == case.state == MOVES[name].target
    assert [event.kind for event in events_of(story.session, case.id)] == [
        "opened", "acknowledge", "investigate", "answer", "resolve",
    ]  # fmt: skip
    assert case.owner == "sato"
    assert [row.kind for row in follow_ups_of(story.session, case.id)] == ["look", "look"]


def test_a_move_from_any_other_state_is_refused_by_name_and_changes_nothing(story: Story) -> None:
    other = story.case("other", author_id="other")
    words = {"done": "部屋を替えた", "cause": "process:room-check", "reason": "another hotel", "into": other.id}
    for state, name in product(STATES, MOVES):
        case = story.case(f"{state}-{name}", author_id=None, author_name=None)
        case.state, case.outcome = state, "unchanged"
        actor = "system" if MOVES[name].by == "system" else "sato"
        before = len(events_of(story.session, case.id))
        result = move(story.session, case, name, actor=actor, at=story.at, settings=story.settings, **words)
        if state in MOVES[name].sources:
            assert isinstance(result, Moved)
            assert case.state == MOVES[name].target
        else:
            assert isinstance(result, Refused)
            assert result.reason in ("already", "wrong_state")
            assert case.state == state
            assert len(events_of(story.session, case.id)) == before


def test_resolving_needs_what_was_done_and_a_cause_of_the_taxonomy(story: Story) -> None:
    case = story.case()
    move(story.session, case, "acknowledge", actor="sato", at=story.at)
    for words, reason in [
        ({}, "needs_done"),
        ({"done": "  ", "cause": "process"}, "needs_done"),
        ({"done": "a new room"}, "needs_cause"),
        ({"done": "a new room", "cause": "the moon"}, "unknown_cause"),
        ({"done": "x" * 5000, "cause": "process"}, "too_long"),
    ]:
        result = move(story.session, case, "resolve", actor="sato", at=story.at, settings=story.settings, **words)
        assert isinstance(result, Refused)
        assert result.reason == reason
    assert case.state == "acknowledged"


def test_the_service_moves_only_what_is_its_own(story: Story) -> None:
    case = story.case()
    for name, actor in [("acknowledge", "system"), ("dismiss", "system"), ("withdraw", "sato")]:
        result = move(story.session, case, name, actor=actor, at=story.at, reason="spam")
        assert isinstance(result, Refused)
        assert result.reason == "not_yours"
    assert "withdraw" not in possible(case, "sato")
    assert possible(case, "sato") == ["acknowledge", "investigate", "answer", "dismiss", "merge"]


def test_a_stale_press_is_harmless(story: Story) -> None:
    case = story.case()
    move(story.session, case, "acknowledge", actor="sato", at=story.at)
    again = move(story.session, case, "acknowledge", actor="ito", at=story.later(minutes=1))
    assert isinstance(again, Refused)
    assert again.reason == "already"
    assert case.owner == "sato"


def test_events_never_hold_what_people_wrote(story: Story) -> None:
    case = story.case()
    move(story.session, case, "acknowledge", actor="sato", at=story.at)
    move(
        story.session, case, "resolve", actor="sato", at=story.at, settings=story.settings,
        done="田中様にお電話した", cause="people",
    )  # fmt: skip
    move(story.session, case, "reopen", actor="sato", at=story.at, settings=story.settings, reason="田中様から再度連絡")
    told = str([(event.kind, event.data) for event in events_of(story.session, case.id)])
    assert "田中" not in told
    assert [note.text for note in notes_of(story.session, case.id)] == ["田中様から再度連絡"]


def test_a_reopened_case_loses_nothing_and_its_resolution_runs_anew(story: Story) -> None:
    case = story.case()
    move(story.session, case, "investigate", actor="sato", at=story.at)
    resolve = {"done": "cleaned", "cause": "process", "settings": story.settings}
    move(story.session, case, "resolve", actor="sato", at=story.later(hours=3), **resolve)
    count = len(events_of(story.session, case.id))
    move(story.session, case, "reopen", actor="sato", at=story.later(days=1), settings=story.settings, reason="again")
    assert case.state == "investigating"
    assert case.done == "cleaned"
    assert len(events_of(story.session, case.id)) > count
    assert follow_ups_of(story.session, case.id) == []  # cancelled
    resolution = next(clock for clock in clocks_of(story.session, case.id) if clock.name == "resolution")
    assert (resolution.started_at, resolution.met_at) == (story.at, None)
    move(story.session, case, "resolve", actor="sato", at=story.later(hours=1), **resolve)
    assert len(follow_ups_of(story.session, case.id)) == 2


def test_a_case_waits_beside_its_state_and_wakes_up(story: Story) -> None:
    case = story.case()
    told = {"actor": "sato", "settings": story.settings}
    assert isinstance(wait(story.session, case, "snoozed", at=story.at, **told), Refused)
    wait(story.session, case, "snoozed", at=story.at, until=story.at.replace(hour=5), **told)
    assert case.state == "new"
    waiting = waiting_for(story.session, case.id)
    assert waiting is not None
    assert waiting.what == "snoozed"
    assert wake_up(story.session, story.later(hours=1), story.settings) == []
    assert wake_up(story.session, story.later(hours=4), story.settings) == [case.id]
    assert waiting_for(story.session, case.id) is None
    assert stop_waiting(story.session, case, actor="sato", at=story.at) == []


def test_nobody_but_the_transition_table_sets_the_state() -> None:
    setters = set()
    for folder in ("responder", "kintsugi", "alerts", "reports", "storage"):
        for file in (Path(__file__).parents[2] / folder).rglob("*.py"):
            text = file.read_text(encoding="utf-8")
            if "case.state" in text and any(map(_sets_the_state, ast.walk(ast.parse(text)))):
                setters.add(file.name)
    assert setters == {"transitions.py"}


def _sets_the_state(node: ast.AST) -> bool:
    targets = node.targets if isinstance(node, ast.Assign) else []
    parts = [part for target in targets for part in (target.elts if isinstance(target, ast.Tuple) else [target])]
    return any(ast.unparse(part) == "case.state" for part in parts)
