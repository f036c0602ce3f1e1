"""An installation to look at: what people said of the demo's hotel, hostile words among it, cases in every state."""

from __future__ import annotations

import shutil
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select

from alerts.routing.silences import make_silence
from config.clock import SetClock
from kintsugi.app import App, open_app
from kintsugi.demo.world import LENGTH, START, World, read_script
from kintsugi.desk.desk import Desk
from kintsugi.engines.embedded import EmbeddedEngine
from kintsugi.steps.crawling import store_items
from kintsugi.web.app import web_app
from kintsugi.web.sessions import begin_session
from storage.account import Account
from storage.case import Case
from storage.item import Item, Refused
from storage.log import daily_root, write_root
from storage.mention import Mention
from storage.source import Source
from storage.spike import Spike
from tests.conftest import made_once
from tests.web.seat import Seat

NOW = START + LENGTH
SETTINGS = """\
brand:
  name: Hotel <b>Sora</b>
  aliases: [ホテルソラ]
  industry: hospitality
  languages: [ja, en]
  locations: [{name: Asakusa}, {name: Kyoto}]
  signature: {ja: "ホテルソラ お客様相談室", en: "Guest Relations, Hotel Sora"}
  contact: {email: care@hotel-sora.example}
sources:
  guest-book: {kind: file, path: guests.csv, every: 4h}
  app-store: {kind: app_store, app_id: 1600250417, every: 1h}
  desk: {kind: webhook}
teams: {front-desk: {}, quality: {}}
people:
  U0SATO: {name: 佐藤 花, team: front-desk, role: agent}
  U0KIM: {name: "Kim <i>J</i>", team: quality, role: lead, email: kim@hotel-sora.example}
route: {receiver: console, group_wait: 0s}
sentiment: {model: cues-1}
database: sqlite:///kintsugi.sqlite
whys: {minor: 0, major: 0, critical: 0}
log: {level: error}
"""
SECRET = "k" * 40
_ADDRESSES = (f"10.0.{number // 250}.{number % 250 + 1}" for number in count())
WHO = "<script>alert('name')</script>"
HOSTILE = Item(
    external_id="hostile",
    kind="review",
    title='"><img src=x onerror=alert(1)> 対応',
    text="部屋が汚くて最悪でした。<script>alert(2)</script> </textarea><svg onload=alert(3)> 電話 03-1234-5678",
    author_id="mallory",
    author_name=WHO,
    rating=1.0,
    url="javascript:alert(4)",
    posted_at=NOW - timedelta(hours=5),
    location="<u>Kyoto</u>",
    language="ja",
)


def lived_through(paths: pytest.TempPathFactory, migrated: Path) -> Path:
    """The folder of an installation that was lived in, once for the pages and the browser; tests copy it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("KINTSUGI_LOG_KEY", raising=False)
        return made_once(paths, "lived-in", lambda folder: _build(folder, migrated))


def _build(folder: Path, migrated: Path) -> None:
    house = House(folder, migrated)
    app, seen = house.app, World(read_script()).seen
    for source, kind, author in (("guest-book", "file", ""), ("app-store", "app_store", "a")):
        items = [
            Item(
                external_id=one.id, kind="review", title=one.title, text=one.text, author_id=f"{author}{one.author}",
                author_name=one.author, rating=one.rating, language=one.language, posted_at=one.posted_at,
                location=one.location, product_version=one.version,
            )
            for one in seen(source, NOW)[-25:]
        ]  # fmt: skip
        store_items(app.database, source, kind, [*items, Refused("ignored", "not about <b>us</b>", excerpt=WHO)], NOW)
    store_items(app.database, "guest-book", "file", [HOSTILE], NOW)
    engine = EmbeddedEngine(app)
    engine.start()
    engine.settle()
    engine.close()
    _lived(house)
    app.database.close()


def _lived(house: House) -> None:
    """Cases in several states, an edited review, a spike, a silence, a root."""
    app, desk, kim = house.app, Desk(house.app), "U0KIM"
    with app.database.read() as session:
        ids = list(session.scalars(select(Case.id).order_by(Case.id)))
    hostile = house.hostile_case()
    first, second, third, *_ = [one for one in ids if one != hostile]
    for case_id in (first, second):
        assert desk.claim(case_id, kim) is None
        assert desk.post_manual(case_id, kim, f"{WHO} 様 ご意見をありがとうございます。") is None
    assert desk.resolve(second, kim, "<b>お部屋</b>を替えました", "process") is None
    assert desk.not_a_case(third, kim, "spam: <script>") is None
    assert desk.note(hostile, kim, "<img src=x onerror=alert(5)>") is None
    edited = Item(**{name: getattr(HOSTILE, name) for name in HOSTILE.__slots__})
    edited.text, edited.rating = "対応してもらい、部屋はきれいになりました。<script>alert(6)</script>", 2.0
    house.clock.advance(timedelta(minutes=5))
    store_items(app.database, "guest-book", "file", [edited], house.clock.now())
    engine = EmbeddedEngine(app)
    engine.start()
    engine.settle()
    engine.close()
    with app.database.write() as session:
        for case in session.scalars(select(Case)):
            case.team = None
        ids_of_mentions = list(session.scalars(select(Mention.id).order_by(Mention.id.desc()).limit(3)))
        session.add(
            Spike(
                what="volume", labels={"brand": "Hotel", "location": "<u>Kyoto</u>"}, series=[], score=9.0,
                since=NOW - timedelta(hours=6), opened_at=NOW - timedelta(hours=5), mentions=12, negative=7, peak=5,
                expected=2.5, topics=[["cleanliness", 4], ["<i>", 1]], places=[["<u>Kyoto</u>", 3]],
                typical=ids_of_mentions, spread=ids_of_mentions[:1],
            )
        )  # fmt: skip
        make_silence(
            session, ['topic="food"'], starts_at=NOW, ends_at=NOW + timedelta(days=1), reason="<script>7</script>",
            made_by=kim, at=NOW,
        )  # fmt: skip
        source = session.scalars(select(Source).where(Source.key == "app-store")).one()
        source.failures, source.due_at = 0, NOW + timedelta(hours=1)
        write_root(app.roots_file, daily_root(session, NOW))


class House:
    """One opened installation with its pages."""

    def __init__(self, folder: Path, database: Path | None = None, more: str = "", seat: Seat | None = None) -> None:
        self._seat, self._address = seat, next(_ADDRESSES)
        self._web: FastAPI | None = None
        (folder / "kintsugi.yaml").write_text(SETTINGS + more, encoding="utf-8")
        (folder / ".env").write_text(f"KINTSUGI_LOG_KEY={SECRET}\n", encoding="utf-8")
        if database is not None:
            shutil.copy(database, folder / "kintsugi.sqlite")
        self.clock = SetClock(NOW + timedelta(minutes=10) if database and database.parent != folder else NOW)
        self.app: App = open_app(folder / "kintsugi.yaml", self.clock)

    @property
    def web(self) -> FastAPI:
        """The pages. Limits count from zero for the address of this house."""
        if self._web is None:
            self._web = self._seat.take(self.app) if self._seat is not None else web_app(self.app)
        return self._web

    def token(self, role: str, person: str | None = None) -> str:
        """A session of an account of this role, which is made at the first call."""
        with self.app.database.write() as session:
            account = session.scalar(select(Account).where(Account.name == f"the {role}"))
            if account is None:
                account = Account(name=f"the {role}", person=person, role=role, failures=0, totp_step=0, made_at=NOW)
                session.add(account)
                session.flush()
            return begin_session(session, account, self.clock.now())

    def client(self, role: str | None = None, language: str = "ja", web: FastAPI | None = None) -> TestClient:
        """A browser, signed in as somebody of this role."""
        headers = {"accept": "text/html", "accept-language": language, "sec-fetch-site": "same-origin"}
        client = TestClient(web or self.web, headers=headers, follow_redirects=False, client=(self._address, 50_000))
        if role is not None:
            client.cookies.set("kintsugi", self.token(role))
        return client

    def hostile_case(self) -> int:
        """The case of the hostile review."""
        with self.app.database.read() as session:
            found = session.scalar(
                select(Case.id).join(Mention, Mention.id == Case.mention_id).where(Mention.external_id == "hostile")
            )
        assert found is not None
        return found
