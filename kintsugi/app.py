"""Wiring: opens what a process needs (settings, database, clock, model, receivers) and hands it on."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.exc import OperationalError

from config.clock import Clock, SystemClock
from config.error import ConfigurationError
from config.settings import Secrets, Settings, load_secrets, load_settings
from kintsugi.context import Context
from kintsugi.operating.tracing import Traces, opened_traces
from storage.database import Database
from storage.line import LINE

if TYPE_CHECKING:
    from alerts.receivers.receiver import Receiver
    from alerts.routing.tree import RouteTree
    from kintsugi.steps.pictures import Pictures
    from responder.channels.opening import Channels
    from responder.drafting.playbooks import Playbooks
    from sentiment.assessor import Assessor

CONFIGURATION = Path("kintsugi.yaml")
KEPT = ("clock", "configuration", "folder", "database", "traces")  # what a running process keeps, whatever it reads


@dataclass
class App:
    """One opened installation. Expensive parts (the model, Slack) are opened when they are first needed."""

    settings: Settings
    secrets: Secrets
    folder: Path
    clock: Clock = field(default_factory=SystemClock)
    configuration: Path = CONFIGURATION

    @cached_property
    def database(self) -> Database:
        """The database, migrated to this version; with engine postgres, with the line in which its work waits."""
        url = self._database_url()
        if self.settings.engine == "postgres":
            return self._on_postgres(url)
        if not url.startswith("sqlite:"):
            raise ConfigurationError(
                ["database: engine embedded works on a SQLite file; for PostgreSQL: engine: postgres"]
            )
        database = Database(url, self.log_key())
        if database.behind():
            database.migrate()
        return database

    def _on_postgres(self, url: str) -> Database:
        if not url.startswith("postgresql"):
            raise ConfigurationError(
                ["database: engine postgres needs an address like postgresql://user@host/kintsugi"]
            )
        try:
            from kintsugi.engines.job_tables import prepare_job_tables
            from kintsugi.engines.line import ProcrastinateLine
        except ModuleNotFoundError as error:
            raise ConfigurationError(
                [f"engine: postgres needs {error.name}: pip install 'kintsugi-recovery[postgres]'"]
            ) from None
        database = Database(url, self.log_key(), {LINE: ProcrastinateLine()})
        try:
            if database.behind():
                database.migrate()
            prepare_job_tables(database)
        except OperationalError as error:
            raise ConfigurationError([f"database: PostgreSQL does not answer: {error.orig}"]) from None
        return database

    @cached_property
    def assessor(self) -> Assessor:
        """The model that assesses."""
        from sentiment.assessor import open_assessor

        return open_assessor(self.settings.sentiment.model, self.settings.topics)

    @cached_property
    def playbooks(self) -> Playbooks:
        """The industry's playbooks with the team's own laid over them."""
        from responder.drafting.playbooks import load_packs

        return load_packs(self.settings.brand.industry, self.settings.playbooks)

    @cached_property
    def tree(self) -> RouteTree:
        """The route tree."""
        from alerts.routing.tree import route_tree

        return route_tree(self.settings.route, self.settings.time_intervals)

    @cached_property
    def receivers(self) -> dict[str, Receiver]:
        """All receivers by name."""
        from alerts.receivers.opening import open_receivers

        return open_receivers(self.settings, self.secrets)

    @cached_property
    def channels(self) -> Channels:
        """Where replies are published, by source."""
        from responder.channels.opening import Channels

        return Channels(self.settings, self.secrets)

    @cached_property
    def pictures(self) -> Pictures:
        """Draws the pictures of incidents."""
        from kintsugi.steps.pictures import Pictures

        return Pictures(self.folder / "kintsugi.pictures")

    @cached_property
    def traces(self) -> Traces:
        """Where spans of the steps go: nowhere, unless the environment names an exporter."""
        return opened_traces(self.log_key())

    def context(self) -> Context:
        """What the steps are handed, at the present moment."""
        return Context(
            settings=self.settings,
            at=self.clock.now(),
            assessor=lambda: self.assessor,
            playbooks=lambda: self.playbooks,
            tree=lambda: self.tree,
            channels=lambda: self.channels,
            traces=self.traces,
        )

    def adopt(self, other: App) -> None:
        """Takes over the settings of another opened installation and what was made of them, at one moment.

        The database, the clock and the traces stay: `other` must not have opened its own.
        """
        self.__dict__.update({name: value for name, value in other.__dict__.items() if name not in KEPT})

    @property
    def roots_file(self) -> Path:
        """Where the daily roots of the event log are written, outside the database."""
        return self.folder / "kintsugi.roots.jsonl"

    def database_file(self) -> Path:
        """The SQLite file of engine embedded, whether it is there or not; nothing is opened."""
        return Path(self._database_url().removeprefix("sqlite:///"))

    def _database_url(self) -> str:
        secret = self.secrets.kintsugi_database
        url = secret.get_secret_value() if secret is not None else self.settings.database
        prefix = "sqlite:///"
        if url.startswith(prefix) and not url.startswith("sqlite:////"):
            return prefix + str(self.folder / url.removeprefix(prefix))
        return url

    def log_key(self) -> bytes:
        """The key of the event log. Raises ConfigurationError where none is set."""
        key = self.secrets.kintsugi_log_key
        if key is None or not key.get_secret_value():
            raise ConfigurationError(
                ["KINTSUGI_LOG_KEY is not set: `kintsugi init` writes one to .env (keep it: the event log needs it)"]
            )
        return key.get_secret_value().encode()


def open_app(configuration: Path = CONFIGURATION, clock: Clock | None = None) -> App:
    """Opens the installation whose settings stand in `configuration`. Raises ConfigurationError."""
    settings = load_settings(configuration)
    folder = configuration.resolve().parent
    return App(settings, load_secrets(folder), folder, clock or SystemClock(), configuration)
