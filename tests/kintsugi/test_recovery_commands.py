"""`kintsugi cases …`: what is done besides the reply, by whom it may be done, and what is said when it may not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from kintsugi.app import App, open_app
from kintsugi.commands.root import app as commands
from kintsugi.reported import report_by_hand
from storage.event import events_of

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


@pytest.fixture
def house(tmp_path: Path) -> Iterator[App]:
    (tmp_path / "kintsugi.yaml").write_text(SETTINGS, encoding="utf-8")
    (tmp_path / ".env").write_text(f"KINTSUGI_LOG_KEY={'k' * 64}\n", encoding="utf-8")
    app = open_app(tmp_path / "kintsugi.yaml")
    for text in (TEXT, "部屋のシャワーが冷たいままでした。"):
        case_id = report_by_hand(app, text, None, "sato")
        with app.database.write() as session:
            from storage.case import Case

            session.get_one(Case, case_id).team = "desk"
    yield app
    app.database.close()


@pytest.fixture
def cases(house: App) -> Terminal:
    return Terminal(house.folder)


def kinds(house: App, case_id: int) -> list[str]:
    with house.database.read() as session:
        return [event.kind for event in events_of(session, case_id)]


def test_a_case_is_worked_through_from_the_terminal(cases: Terminal, house: App) -> None:
    cases("claim", "K-1", "--by", "sato")
    steps = cases("checklist", "K-1", "--by", "sato")
    assert steps.count("[ ] step") >= 2
    assert cases("checklist", "K-1", "--by", "sato").count("[ ] step") == steps.count("[ ] step")
    cases("task", "K-1", "--by", "sato", "--add", "受付を一名増やす", "--for", "kim", "--due", "2030-01-05 12:00:00")
    lines = [json.loads(line) for line in cases("task", "K-1", "--json").splitlines()]
    assert (lines[-1]["kind"], lines[-1]["text"], lines[-1]["for"]) == ("process", "受付を一名増やす", "Kim")
    assert f"{lines[-1]['task']}     [x]" in cases("task", "K-1", "--by", "kim", "--done", str(lines[-1]["task"]))
    cases("staff", "K-1", "--by", "sato", "--text", "担当者と面談した")
    assert "お客様" in cases("progress", "K-1", "--stage", "received")
    assert "promises" not in cases("progress", "K-1", "--stage", "thanks", "--sent", "--by", "sato")
    assert "told" in kinds(house, 1)
    refused = cases("resolve", "K-1", "--by", "sato", "--done", "お詫びした", "--cause", "process", fails=True)
    assert "kintsugi cases whys K-1" in refused
    assert "1 of at least" in cases("whys", "K-1", "--by", "sato", "--add", "受付が一人だった")
    more = [word for answer in "bcde" for word in ("--why", f"なぜなら{answer}")]
    cases("resolve", "K-1", "--by", "sato", "--done", "お詫びした", "--cause", "process", *more)
    assert kinds(house, 1)[-1] == "resolve"


def test_offers_stay_within_authority_and_nobody_approves_their_own(cases: Terminal, house: App) -> None:
    cases("offer", "K-1", "--by", "sato", "--remedy", "朝食券", "--amount", "2000")
    asked = cases("offer", "K-1", "--by", "sato", "--remedy", "一泊無料", "--amount", "20,000", "--json")
    number = json.loads(asked.splitlines()[-1])["offer"]
    assert json.loads(asked.splitlines()[-1])["state"] == "asked"
    assert "somebody else approves it" in cases("offer", "K-1", "--by", "sato", "--approve", str(number), fails=True)
    assert "K-2 has no offer" in cases("offer", "K-2", "--by", "kim", "--approve", str(number), fails=True)
    assert "standing" in cases("offer", "K-1", "--by", "kim", "--approve", str(number)).splitlines()[-1]
    assert "redeemed" in cases("offer", "K-1", "--by", "sato", "--redeem", str(number)).splitlines()[-1]
    for amount in ("-1", "nan", "x", "1e999999"):
        assert "no amount" in cases("offer", "K-1", "--by", "sato", "--remedy", "x", "--amount", amount, fails=True)
    assert "nobody here may approve" in cases(
        "offer", "K-2", "--by", "kim", "--remedy", "返金", "--amount", "9000000", fails=True
    )
    assert "nobody here may approve" in cases(
        "offer", "K-2", "--by", "sato", "--remedy", "返金", "--amount", "60000", fails=True
    )
    assert "offered" not in kinds(house, 2)


def test_an_absent_lead_is_stood_in_for(cases: Terminal) -> None:
    cases("offer", "K-1", "--by", "sato", "--remedy", "一泊無料", "--amount", "20000")
    assert "does not approve" in cases("offer", "K-1", "--by", "mori", "--approve", "1", fails=True)
    cases("delegate", "--by", "kim", "--to", "mori", "--until", "2090-01-01 00:00:00")
    assert "standing" in cases("offer", "K-1", "--by", "mori", "--approve", "1")


def test_roles_and_teams_are_asked_here_too(cases: Terminal) -> None:
    assert "needs the role agent" in cases("claim", "K-1", "--by", "abe", fails=True)
    assert "needs the role agent" in cases("whys", "K-1", "--by", "abe", "--add", "x", fails=True)
    assert "belongs to the team desk" in cases("edit", "K-1", "--by", "mori", "--text", "x", fails=True)
    assert "this needs a lead" in cases("take-down", "K-1", "--by", "sato", "--reason", "x", fails=True)
    assert "not among the people" in cases("claim", "K-1", "--by", "nobody", fails=True)
    assert "--by" in cases("task", "K-1", "--add", "x", fails=True)


def test_somebody_else_approves_a_reply_for_which_that_was_asked(cases: Terminal, house: App) -> None:
    text = "このたびは長くお待たせし、申し訳ございません。受付の人員を増やしてまいります。"
    cases("ask", "K-1", "--by", "sato", "--text", text, "--question", "これでよいでしょうか")
    assert "you asked for approval yourself" in cases("approve", "K-1", "--by", "sato", fails=True)
    assert "you asked for approval yourself" in cases("posted", "K-1", "--by", "sato", fails=True)
    cases("decline", "K-1", "--by", "kim", "--reason", "もう少し具体的に")
    cases("ask", "K-1", "--by", "sato")
    cases("approve", "K-1", "--by", "kim", "--despite", "確認済み")
    cases("posted", "K-1", "--by", "sato")
    assert [kind for kind in kinds(house, 1) if kind.startswith(("approv", "posted"))] == [
        "approval_asked", "approval_declined", "approval_asked", "approved", "posted",
    ]  # fmt: skip


def test_cases_are_merged_and_split_and_accounts_linked_only_where_there_are_two(cases: Terminal, house: App) -> None:
    cases("merge", "K-2", "--by", "sato", "--into", "K-1")
    assert "K-1 is this case" in cases("merge", "K-1", "--by", "sato", "--into", "K-1", fails=True)
    cases("split", "K-2", "--by", "sato", "--reason", "別のお客様でした")
    assert "split_off" in kinds(house, 1)
    assert "names no author" in cases(
        "link", "K-1", "--by", "sato", "--with", "K-2", "--shown-by", "said_so", fails=True
    )
    assert "no case K-99" in cases("merge", "K-1", "--by", "sato", "--into", "K-99", fails=True)
