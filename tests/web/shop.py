"""A whole installation for the tests of the forms: a real SQLite file, the small model, a clock that is turned."""

from __future__ import annotations

import re
import shutil
from datetime import UTC, datetime, timedelta
from html import unescape
from itertools import count
from pathlib import Path

from fastapi.testclient import TestClient
from sqlalchemy import select

from config.clock import SetClock
from kintsugi.app import App, open_app
from kintsugi.desk.desk import Desk
from kintsugi.engines.embedded import EmbeddedEngine
from kintsugi.web.accounts import invite
from kintsugi.web.app import web_app
from storage.case import Case
from storage.mention import Mention
from tests.web.seat import Seat

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # a Monday, 10:00 in Tokyo
PUBLIC = "https://voice.hotel-sora.example"
CONFIGURATION = """\
brand:
  name: Hotel <Sora>
  languages: [ja, en]
  locations: [{name: 浅草, match: [浅草]}, {name: Ginza}]
  signature: {ja: "ホテルソラ 支配人 佐伯", en: "Guest Relations, Hotel Sora"}
people:
  sato: {name: 佐藤, role: agent, languages: [ja]}
complaints:
  pages:
    asakusa: {name: {ja: 浅草館, en: Asakusa}, location: 浅草}
    app: {name: {ja: 公式アプリ}, product: app}
sentiment: {model: cues-1}
whys: {minor: 0, major: 0, critical: 0}
log: {level: error}
"""


_ADDRESSES = (f"10.1.{number // 250}.{number % 250 + 1}" for number in count())


class Shop:
    """One opened installation with its pages and its engine."""

    def __init__(self, folder: Path, migrated: Path, more: str = "", seat: Seat | None = None) -> None:
        (folder / "kintsugi.yaml").write_text(CONFIGURATION + more, encoding="utf-8")
        (folder / ".env").write_text(f"KINTSUGI_LOG_KEY={'k' * 32}\n", encoding="utf-8")
        shutil.copy(migrated, folder / "kintsugi.sqlite")
        self.clock = SetClock(START)
        self.app: App = open_app(folder / "kintsugi.yaml", self.clock)
        self.engine = EmbeddedEngine(self.app)
        self.web = seat.take(self.app) if seat is not None else web_app(self.app)
        self._address = next(_ADDRESSES)

    def client(self, language: str = "ja") -> TestClient:
        """A phone that asks for pages in this language and follows no redirect."""
        headers = {"accept": "text/html", "accept-language": language, "sec-fetch-site": "same-origin"}
        asks_from = (self._address, 50_000)
        # By TLS, as the cookie demands.
        return TestClient(self.web, PUBLIC, headers=headers, follow_redirects=False, client=asks_from)

    def signed_in(self, role: str = "agent") -> TestClient:
        """Somebody of the staff."""
        client = self.client()
        with self.app.database.write() as session:
            token = invite(session, role=role, by="system", at=self.clock.now())
        done = client.post(
            f"/setup/{token}", data={"name": role, "password": "long enough 1", "again": "long enough 1"}
        )
        assert done.status_code == 303, done.text
        return client

    def later(self, **by: float) -> None:
        self.clock.advance(timedelta(**by))

    def complains(self, client: TestClient, place: str = "asakusa", **fields: str) -> str:
        """Fills in the complaint page; returns the reference."""
        values = {"text": "部屋が寒く、とても残念でした。", "stars": "1", "stamp": self.stamp(client, place)} | fields
        self.later(seconds=30)
        done = client.post(f"/c/{place}", data=values)
        assert done.status_code == 303, done.text
        return done.headers["location"].rpartition("/")[2].partition("?")[0]

    def stamp(self, client: TestClient, place: str = "asakusa") -> str:
        return hidden(client.get(f"/c/{place}").text, "stamp")

    def resolved_case(self, **fields: str) -> Case:
        """A complaint that became a case and was put right."""
        self.complains(self.client(), **fields)
        self.engine.settle()
        with self.app.database.read() as session:
            case = session.scalars(select(Case).order_by(Case.id.desc()).limit(1)).one()
        desk = Desk(self.app)
        assert desk.claim(case.id, "sato") is None
        assert desk.resolve(case.id, "sato", "暖房を直し、お部屋を替えた", "process") is None
        self.engine.settle()
        return self.case(case.id)

    def case(self, number: int) -> Case:
        with self.app.database.read() as session:
            return session.get_one(Case, number)

    def mention(self, reference: str) -> Mention:
        with self.app.database.read() as session:
            found = session.scalars(select(Mention).where(Mention.external_id == reference)).one()
            _ = found.author, found.source
            return found

    def close(self) -> None:
        self.engine.close()
        self.app.database.close()


def hidden(page: str, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, page
    return unescape(found[1])
