"""`kintsugi cases …`: what is done besides the reply, by whom it may be done, and what is said when it may not."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from kintsugi.app import App, open_app
from kintsugi.commands.root import app as commands
from kintsugi.desk.desk import Desk
from kintsugi.desk.reported import report_by_hand
from kintsugi.desk.staff_entry import record_staff_entry
from responder.cases.clocks import clock_of
from responder.cases.refused import Refused
from responder.outcome.follow_ups import run_due
from storage.case import Case
from storage.event import events_of
from storage.mention import Mention
from storage.offer import offers_of
from storage.outcome import record_outcome

SETTINGS = """\
brand: {name: Hotel Sora}
teams: {desk: {}, quality: {}}
people:
  sato: {name: 佐藤, team: desk}
  mori: {name: 森, team: quality}
  kim: {name: Kim, team: desk, role: lead}
  abe: {name: 阿部, team: desk, role: viewer}
sentiment: {model: cues-1}
log: {level: error}
"""
TEXT = "フロントに40分も待たされました。予約番号は 12345 です。"


class Terminal:
    """A terminal in the folder of an installation with two cases of the team `desk`."""

    def __init__(self, folder: Path) -> None:
        self._config = str(folder / "kintsugi.yaml")

    def __call__(self, *words: str, fails: bool = False) -> str:
        done: Result = CliRunner().invoke(commands, ["cases", *words, "--config", self._config])
        assert done.exit_code == (1 if fails else 0), done.output
        return done.output


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation with two cases of the team `desk`, made once."""
    folder = tmp_path_factory.mktemp("house")
    (folder / "kintsugi.yaml").write_text(SETTINGS, encoding="utf-8")
    (folder / ".env").write_text(f"KINTSUGI_LOG_KEY={'k' * 64}\n", encoding="utf-8")
    app = open_app(folder / "kintsugi.yaml")
    for text in (TEXT, "部屋のシャワーが冷たいままでした。"):
        case_id = report_by_hand(app, text, None, "sato")
        with app.database.write() as session:
            session.get_one(Case, case_id).team = "desk"
    app.database.close()
    return folder


@pytest.fixture
def house(template: Path, tmp_path: Path) -> Iterator[App]:
    folder = tmp_path / "house"
    shutil.copytree(template, folder)
    app = open_app(folder / "kintsugi.yaml")
    yield app
    app.database.close()


@pytest.fixture
def desk(house: App) -> Desk:
    return Desk(house)


@pytest.fixture
def cases(house: App) -> Terminal:
    return Terminal(house.folder)


def kinds(house: App, case_id: int) -> list[str]:
    with house.database.read() as session:
        return [event.kind for event in events_of(session, case_id)]


def reason(refused: Refused | None) -> str | None:
    return refused.reason if refused is not None else None


def states(house: App, case_id: int) -> list[str]:
    with house.database.read() as session:
        return [offer.state for offer in offers_of(session, case_id)]


def test_a_case_is_worked_through_from_the_terminal(cases: Terminal, house: App) -> None:
    cases("claim", "K-1", "--by", "sato")
    assert cases("checklist", "K-1", "--by", "sato").count("[ ] step") >= 2
    cases("task", "K-1", "--by", "sato", "--add", "受付を一名増やす", "--for", "kim", "--due", "2030-01-05 12:00:00")
    line = json.loads(cases("task", "K-1", "--json").splitlines()[-1])
    assert (line["kind"], line["text"], line["for"]) == ("process", "受付を一名増やす", "Kim")
    assert f"{line['task']}     [x]" in cases("task", "K-1", "--by", "kim", "--done", str(line["task"]))
    assert "お客様" in cases("progress", "K-1", "--stage", "received")
    refused = cases("resolve", "K-1", "--by", "sato", "--done", "お詫びした", "--cause", "process", fails=True)
    assert "kintsugi cases whys K-1" in refused
    assert "1 of at least" in cases("whys", "K-1", "--by", "sato", "--add", "受付が一人だった")
    more = [word for answer in "bcde" for word in ("--why", f"なぜなら{answer}")]
    cases("resolve", "K-1", "--by", "sato", "--done", "お詫びした", "--cause", "process", *more)
    assert kinds(house, 1)[-1] == "resolve"


def test_a_grave_case_is_asked_and_thanked_by_people_and_closes(cases: Terminal, house: App) -> None:
    with house.database.write() as session:
        session.get_one(Case, 1).severity = "major"
    cases("claim", "K-1", "--by", "sato")
    whys = [word for answer in "abcde" for word in ("--why", f"なぜなら{answer}")]
    assert "nothing is owed" in cases("follow-up", "K-1")
    cases("resolve", "K-1", "--by", "sato", "--done", "お詫びした", "--cause", "process", *whys)
    owed = cases("follow-up", "K-1")
    assert "責任者よりご連絡いたしました" in owed
    assert "貴重なお時間を割いて" in owed
    assert "needs a lead" in cases("follow-up", "K-1", "--done", "lead", "--by", "sato", fails=True)
    assert "no follow-up that people do" in cases("follow-up", "K-1", "--done", "look", "--by", "kim", fails=True)
    assert "done by Kim" in cases("follow-up", "K-1", "--done", "lead", "--by", "kim", "--text", "電話でご無事を確認")
    line = json.loads(cases("follow-up", "K-1", "--json").splitlines()[0])
    assert (line["kind"], line["done_by"], line["text"]) == ("lead", "Kim", "")
    with house.database.write() as session:
        case = session.get_one(Case, 1)
        clock = clock_of(session, 1, "follow_up")
        assert clock is not None
        assert clock.met_at is not None
        at = house.clock.now() + timedelta(days=30)
        run_due(session, at)
        record_outcome(session, case, "recovered", {"kind": "said_so"}, actor="kim", at=at)
        assert case.state == "following_up"  # the thank-you note is still owed
    cases("follow-up", "K-1", "--done", "thanks", "--by", "sato")
    assert kinds(house, 1)[-2:] == ["followed_up", "close"]
    assert "owes the customer no such follow-up" in cases(
        "follow-up", "K-1", "--done", "thanks", "--by", "kim", fails=True
    )


def test_an_offer_above_authority_is_asked_for_and_decided_from_the_terminal(cases: Terminal) -> None:
    asked = cases("offer", "K-1", "--by", "sato", "--remedy", "一泊無料", "--amount", "20,000", "--json")
    made = json.loads(asked.splitlines()[-1])
    assert made["state"] == "asked"
    assert "somebody else approves it" in cases("offer", "K-1", "--by", "sato", "--approve", "1", fails=True)
    assert "standing" in cases("offer", "K-1", "--by", "kim", "--approve", "1").splitlines()[-1]


def test_roles_and_teams_are_asked_on_the_terminal_too(cases: Terminal) -> None:
    assert "needs the role agent" in cases("whys", "K-1", "--by", "abe", "--add", "x", fails=True)
    assert "belongs to the team desk" in cases("edit", "K-1", "--by", "mori", "--text", "x", fails=True)
    assert "this needs a lead" in cases("take-down", "K-1", "--by", "sato", "--reason", "x", fails=True)
    assert "--by" in cases("task", "K-1", "--add", "x", fails=True)


def test_offers_stay_within_authority_and_nobody_approves_their_own(desk: Desk, house: App) -> None:
    assert desk.offer(1, "sato", "朝食券", "2000", "JPY") is None
    assert desk.offer(1, "sato", "一泊無料", "20,000", "jpy") is None
    assert states(house, 1) == ["standing", "asked"]
    assert reason(desk.decide_offer(1, "sato", 2, True)) == "self_approval"
    assert reason(desk.decide_offer(2, "kim", 2, True)) == "unknown", "an offer of another case is none"
    assert desk.decide_offer(1, "kim", 2, True) is None
    assert reason(desk.redeem_offer(1, "sato", 2, "20001")) == "above_offer"
    assert desk.redeem_offer(1, "sato", 2, "15000") is None
    assert desk.withdraw_offer(1, "sato", 1) is None
    assert states(house, 1) == ["withdrawn", "redeemed"]
    for amount in ("-1", "nan", "x", "", "1e999999", "Infinity"):
        assert reason(desk.offer(1, "sato", "x", amount, "JPY")) == "no_amount", amount
    assert reason(desk.offer(1, "sato", "x", "1", "円")) == "no_amount"
    assert reason(desk.offer(1, "sato", "x", "1", "USD")) == "no_rate"
    assert reason(desk.offer(2, "kim", "返金", "60000", "JPY")) == "no_approver"
    assert states(house, 2) == []


def test_an_absent_lead_is_stood_in_for(desk: Desk, house: App) -> None:
    at = house.clock.now()
    assert desk.offer(1, "sato", "一泊無料", "20000", "JPY") is None
    assert reason(desk.decide_offer(1, "mori", 1, True)) == "no_approver"
    assert reason(desk.delegate("kim", "mori", at, at + timedelta(days=3), "sato")) == "not_yours"
    assert desk.delegate("kim", "mori", at - timedelta(minutes=1), at + timedelta(days=3), "kim") is None
    assert desk.decide_offer(1, "mori", 1, True) is None


def test_somebody_else_approves_a_reply_for_which_that_was_asked(desk: Desk, house: App) -> None:
    text = "このたびは長くお待たせし、申し訳ございません。受付の人員を増やしてまいります。"
    assert desk.ask_approval(1, "sato", text, "これでよいでしょうか") is None
    assert reason(desk.ask_approval(1, "sato")) == "already"
    assert reason(desk.approve(1, "sato", despite="x")) == "self_approval"
    assert reason(desk.post_manual(1, "sato")) == "self_approval"
    assert reason(desk.post_manual(1, "mori", "別の文面です。")) == "no_approver"
    assert desk.decline(1, "kim", "もう少し具体的に") is None
    assert desk.ask_approval(1, "sato") is None
    assert desk.approve(1, "kim", despite="確認済み") is None
    assert reason(desk.edit(1, "sato", "あとから直した。")) == "approved"
    assert desk.post_manual(1, "sato") is None
    assert [kind for kind in kinds(house, 1) if kind.startswith(("approv", "posted", "wait"))] == [
        "approval_asked", "waiting", "approval_declined", "waited", "approval_asked", "waiting", "approved", "waited",
        "posted",
    ]  # fmt: skip


def test_the_work_besides_a_reply_is_kept_with_its_case(desk: Desk, house: App) -> None:
    assert desk.start_checklist(1, "sato") is None
    before = len(kinds(house, 1))
    assert desk.start_checklist(1, "sato") is None
    assert len(kinds(house, 1)) == before
    assert reason(desk.finish_task(2, "sato", 1)) == "unknown"
    assert reason(desk.add_task(1, "sato", "x", "magic")) == "unknown_kind"
    assert reason(desk.add_task(1, "sato", "x", assignee="nobody")) == "unknown_person"
    assert desk.staff_note(1, "sato", "担当者と面談した") is None
    assert desk.told_customer(1, "sato", "thanks", desk.progress(1, "thanks")) is None
    assert reason(desk.told_customer(1, "sato", "never", "x")) == "unknown_stage"
    assert reason(desk.ask_why(1, "sato", ["a", "b", "c", "d", "e", "f"])) == "enough"
    assert "why" not in str(kinds(house, 1)[before:])


def test_cases_are_merged_and_split_and_accounts_linked_only_where_there_are_two(desk: Desk, house: App) -> None:
    assert desk.merge(2, "sato", "K-1") is None
    assert reason(desk.merge(1, "sato", "K-1")) == "same_case"
    assert reason(desk.merge(1, "sato", "K-99")) == "unknown"
    assert reason(desk.merge(1, "sato", "こちら")) == "unknown"
    assert desk.split(2, "sato", "別のお客様でした") is None
    assert "split_off" in kinds(house, 1)
    assert reason(desk.link(1, "sato", "K-2", "said_so")) == "no_author"
    assert reason(desk.unlink(1, "sato", 1)) == "unknown"


def test_what_a_customer_said_in_person_is_a_mention_once(house: App) -> None:
    at = house.clock.now()
    first = record_staff_entry(house, "夕食が冷めていました。", "浅草", at, "sato", "ja")
    assert record_staff_entry(house, " 夕食が冷めていました。", "浅草", at, "sato", "ja") == first
    with house.database.read() as session:
        mention = session.get_one(Mention, first)
        assert (mention.source.key, mention.source.kind, mention.location) == ("staff", "staff", "浅草")
    for empty in ("", "  ", "x" * 10_001):
        with pytest.raises(ValueError, match="at least one word"):
            record_staff_entry(house, empty, None, at, "sato", "ja")
