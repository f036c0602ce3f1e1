"""An installation with people, mentions and cases, and programs with tokens that ask its API."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from config.clock import SetClock
from kintsugi.app import App, open_app
from kintsugi.steps.drafting import draft_for
from kintsugi.web.api import assembly
from storage.account import ROLES
from storage.api_token import make_token
from storage.listing import list_mentions
from storage.spike import Spike
from tests.responder.story import START, Story
from tests.web.seat import Seat

CONFIGURATION = """\
brand: {name: Hotel Sora, industry: hospitality, locations: [{name: 浅草, match: [浅草]}]}
sources:
  maps: {kind: file, path: maps.csv}
  desk: {kind: webhook}
teams: {front-desk: {}, quality: {}}
roles:
  viewer: {authority: {amount: 0, currency: JPY}, rank: viewer}
  agent: {authority: {amount: 5000, currency: JPY}, rank: agent}
  lead: {authority: {amount: 50000, currency: JPY}, approves: true, rank: lead}
  approver: {authority: {amount: 90000, currency: JPY}, approves: true, rank: approver}
  admin: {authority: {amount: 90000, currency: JPY}, approves: true, rank: admin}
people:
  viewer: {name: 高橋, team: quality, role: viewer}
  agent: {name: 佐藤, team: front-desk, role: agent}
  lead: {name: Kim, team: quality, role: lead}
  approver: {name: 阿部, team: quality, role: approver}
  admin: {name: 伊藤, team: quality, role: admin}
receivers: {front: {console: {}}}
route: {receiver: front}
sentiment: {model: cues-1}
log: {level: error}
"""
SCOPES = ("read", "act", "admin")
HOSTILE = '=HYPERLINK("http://evil.example","見て")'
Client = Callable[..., TestClient]


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> tuple[Path, dict[str, str]]:
    """The folder of an installation that is copied for each test, and its tokens by name."""
    folder = tmp_path_factory.mktemp("installation")
    (folder / "kintsugi.yaml").write_text(CONFIGURATION, encoding="utf-8")
    (folder / ".env").write_text(f"KINTSUGI_LOG_KEY={'k' * 64}\n", encoding="utf-8")
    shutil.copy(migrated_sqlite, folder / "kintsugi.sqlite")
    app = open_app(folder / "kintsugi.yaml", SetClock(START))
    tokens = _tokens(app)
    _stories(app)
    app.database.close()
    return folder, tokens


def _tokens(app: App) -> dict[str, str]:
    with app.database.write() as session:
        tokens = {role: make_token(session, role, person=role, scopes=SCOPES, at=START) for role in ROLES}
        tokens["reader"] = make_token(session, "reader", person=None, scopes=["read"], at=START)
        tokens["deaf"] = make_token(session, "deaf", person="admin", scopes=["act"], at=START)
        tokens["short"] = make_token(
            session, "short", person="agent", scopes=["read"], at=START, expires_at=START + timedelta(days=30)
        )
    return tokens


def _stories(app: App) -> None:
    """Eight mentions, three cases of the front desk with drafts, a spike."""
    with app.database.write() as session:
        story = Story(session, app.settings)
        for number, said in enumerate(
            (
                {
                    "text": "部屋が煙草くさくて眠れませんでした。電話 090-1234-5678 に返事をください。",
                    "location": "浅草",
                },
                {"text": HOSTILE, "title": "+81 3", "rating": 1.0, "author_name": "@SUM(1)"},
                {"text": "The breakfast was cold and nobody cared.", "rating": 2.0, "author_name": "Anna Meyer"},
            ),
            start=1,
        ):
            story.later(hours=1)
            case = story.case(f"c{number}", author_id=f"u{number}", **said)
            case.team = "front-desk"
            draft_for(session, case, app.context())
        for number in range(5):
            story.later(hours=1)
            story.review(f"m{number}", text=f"とても良い対応でした {number}", rating=5.0, author_id=f"v{number}")
            story.assess(f"m{number}", sentiment="positive", severity="none")
        list_mentions(session, list(range(1, 9)))
        session.add(
            Spike(
                what="volume", labels={"topic": "food", "location": "浅草"}, series=["{}"], score=0.99,
                since=START, opened_at=START + timedelta(hours=1), mentions=12, negative=9, expected=2.5, peak=7,
                topics=[["food", 12]], places=[["浅草", 12]], typical=[1, 2], spread=[], receivers=[], told=1, shown="",
            )
        )  # fmt: skip


@pytest.fixture
def app(made: tuple[Path, dict[str, str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[App]:
    """A copy of the installation, nine hours after the first mention."""
    monkeypatch.delenv("KINTSUGI_LOG_KEY", raising=False)
    folder = tmp_path / "installation"
    shutil.copytree(made[0], folder)
    opened = open_app(folder / "kintsugi.yaml", SetClock(START + timedelta(hours=9)))
    yield opened
    opened.database.close()


@pytest.fixture
def tokens(made: tuple[Path, dict[str, str]]) -> dict[str, str]:
    """Tokens by the role of their person; `reader` has the scope read and nobody's role, `deaf` may not read."""
    return made[1]


@pytest.fixture(scope="session")
def api_seat() -> Iterator[Seat]:
    """The API, made once. How often a token may ask it is tested on one of its own (test_tokens.py)."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(assembly, "MOST_A_MINUTE", 1_000_000)
        yield Seat(())


@pytest.fixture
def client(app: App, tokens: dict[str, str], api_seat: Seat) -> Iterator[Client]:
    """A client with the token of this name."""
    web = api_seat.take(app)
    opened: list[TestClient] = []

    def made(name: str = "admin") -> TestClient:
        one = TestClient(web, base_url="http://testserver/api/v1/", headers={"Authorization": f"Bearer {tokens[name]}"})
        opened.append(one)
        return one

    yield made
    for one in opened:
        one.close()
