"""An installation with one source whose site is local: cases, the desk, the sender, and a clock."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, update

from config.clock import SetClock
from config.settings import SmtpSettings, settings_from
from config.source import SourceSettings
from kintsugi.app import App
from kintsugi.desk.desk import Desk
from kintsugi.steps.sender import send_due, settle_unclear
from responder.answering.replies import approve
from storage.author import Author
from storage.case import Case
from storage.database import Database
from storage.delivery import Delivery
from storage.draft import Reply
from storage.event import Event, events_of
from storage.mention import Mention, Revision
from storage.source import Source, source_by_key
from tests.conftest import LOG_KEY
from tests.responder.channels.conftest import secrets_of
from tests.responder.story import PEOPLE, START, Story

HOUSE = settings_from(PEOPLE | {"brand": {"name": "Hotel Sakura", "languages": ["ja"]}})
SORRY = "お部屋に煙草のにおいが残っておりましたこと、心よりお詫び申し上げます。({number})"
DESPITE = "電話の後なので短く"


class House:
    """What a test plays with; `sites` by the name of their source."""

    def __init__(self, database: Database, folder: Path, sites: dict[str, Any], **settings: Any) -> None:
        self.sites = sites
        sources = {name: SourceSettings.model_validate(site.source()) for name, site in sites.items()}
        mail = next((site for site in sites.values() if site.kind == "imap"), None)
        smtp = {"smtp": SmtpSettings.model_validate(mail.smtp())} if mail is not None else {}
        tokens = {"KINTSUGI_LOG_KEY": LOG_KEY.decode()}
        for site in sites.values():
            tokens |= site.secrets
        secrets = secrets_of(tokens)
        self.clock = SetClock(START)
        self.app = App(HOUSE.model_copy(update={"sources": sources, **smtp, **settings}), secrets, folder, self.clock)
        self.app.database = database  # type: ignore[misc]  # opened and migrated already
        self.desk = Desk(self.app)

    def case(self, number: int, source: str = "s") -> int:
        """A complaint on the site, and its case."""
        site = self.sites[source]
        name = site.add(number)
        author = site.author(name) if site.kind == "imap" else f"{source}-{number}"
        with self.app.database.write() as session:
            story = Story(session, self.app.settings)
            story.at = self.clock.now()
            case_id = story.case(name, source=source, author_id=author, author_name="田中").id
            session.execute(update(Source).where(Source.key == source).values(kind=site.kind))
            return case_id

    def cases(self, count: int) -> list[int]:
        """Many complaints with their cases, as bare rows: a drill has no time for how they came."""
        site, at = self.sites["s"], self.clock.now()
        with self.app.database.write() as session:
            source = source_by_key(session, "s", site.kind)
            made = []
            for number in range(count):
                name = site.add(number)
                author = Author(
                    source_id=source.id,
                    external_id=site.author(name) if site.kind == "imap" else name,
                    name="田中",
                    first_seen_at=at,
                )
                mention = Mention(
                    source_id=source.id, external_id=name, author=author, kind="review", reach={}, digest=name,
                    first_seen_at=at,
                )  # fmt: skip
                said = Revision(
                    mention=mention, number=1, text=f"部屋が煙草くさい{number}", rating=1.0, seen_at=at, salt="s"
                )
                made.append(
                    Case(
                        mention=mention, author=author, state="acknowledged", severity="minor", criteria="rating <= 2",
                        labels={}, opened_at=at, state_at=at,
                    )
                )  # fmt: skip
                session.add_all([author, mention, said, made[-1]])
            session.flush()
            return [case.id for case in made]

    def approve(self, case_id: int, text: str | None = None, actor: str = "sato") -> Any:
        """An approval, whatever the guard warns of."""
        return self.desk.approve(case_id, actor, text or SORRY.format(number=case_id), DESPITE)

    def approve_all(self, cases: list[int]) -> None:
        """What the desk does for each, in one transaction."""
        settings, channel = self.app.settings, self.app.channels.name_of("s")
        with self.app.database.write() as session:
            for case_id in cases:
                case, text = session.get_one(Case, case_id), SORRY.format(number=case_id)
                at = self.clock.now()
                reply = approve(
                    session, case, text, actor="sato", at=at, channel=channel, settings=settings, despite=DESPITE
                )
                assert isinstance(reply, Reply), reply

    def later(self, **by: float) -> None:
        self.clock.advance(timedelta(**by))

    def send(self) -> int:
        """One look of the sender."""
        return send_due(self.app.database, self.app.receivers, self.app.context(), limit=10_000)

    def send_all(self) -> None:
        """The sender, until nothing waits any more."""
        for _ in range(60):
            self.send()
            with self.app.database.read() as session:
                due = session.scalar(select(func.min(Delivery.due_at)).where(Delivery.state == "due"))
            if due is None:
                return
            self.clock.advance(max(due - self.clock.now(), timedelta(seconds=1)))
        raise AssertionError("something is due for ever")

    def restarted(self) -> None:
        """The process was killed and starts again."""
        settle_unclear(self.app.database, self.app.receivers, self.app.context(), all_claims=True)

    def deleted(self, case_id: int) -> None:
        """The crawler saw that the mention is gone."""
        with self.app.database.write() as session:
            mention = session.get_one(Mention, session.get_one(Case, case_id).mention_id)
            mention.gone_at = self.clock.now()

    def delivery(self, case_id: int) -> Delivery:
        """The newest delivery of the case that publishes."""
        with self.app.database.read() as session:
            query = select(Delivery).where(Delivery.case_id == case_id, Delivery.purpose == "publish")
            return session.scalars(query.order_by(Delivery.id.desc()).limit(1)).one()

    def reply(self, case_id: int) -> Reply:
        """The newest reply."""
        with self.app.database.read() as session:
            return session.scalars(select(Reply).where(Reply.case_id == case_id).order_by(Reply.id.desc())).first()  # type: ignore[return-value]

    def events(self, case_id: int) -> list[Event]:
        with self.app.database.read() as session:
            return events_of(session, case_id)

    def state(self, case_id: int) -> str:
        with self.app.database.read() as session:
            return session.get_one(Case, case_id).state

    def live(self, case_id: int) -> list[str]:
        """What the site shows of us."""
        with self.app.database.read() as session:
            mention = session.get_one(Mention, session.get_one(Case, case_id).mention_id)
            shown: list[str] = self.sites[mention.source.key].live(mention.external_id)
            return shown
