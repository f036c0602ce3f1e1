"""The running service: an engine that works, and the doors through which people and programs come in."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Protocol

import structlog

from config.mistakes import ConfigurationError
from kintsugi.app import App
from kintsugi.engines.embedded import EmbeddedEngine

if TYPE_CHECKING:
    from apscheduler.schedulers.background import BackgroundScheduler
    from slack_bolt.adapter.socket_mode import SocketModeHandler

    from kintsugi.web.server import WebServer

log = structlog.get_logger(__name__)

ROLES = ("web", "worker", "crawler")
# Seconds between two looks at the rows.
CRAWL_EVERY, WORK_EVERY, TICK_EVERY = 5.0, 0.5, 30.0


class Running(Protocol):
    """The part of the service that works."""

    def start(self) -> None:
        """Begins to work, beside the caller."""

    def stop(self) -> None:
        """Takes nothing new, and returns when what was in hand is done."""


def serve(app: App, roles: Collection[str] = ROLES) -> None:
    """Runs until SIGTERM or SIGINT. Raises AlreadyRunning when another process has the database.

    Some of the `roles` only are for engine postgres, where further processes do the rest.
    """
    stopping = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda _signal, _frame: stopping.set())
    working = working_for(app, roles)
    web = _listen_on_the_web(app) if "web" in roles else None
    working.start()
    slack = _listen_to_slack(app) if "web" in roles else None
    log.info("running", roles=list(roles), sources=len(app.settings.sources), receivers=len(app.receivers))
    try:
        stopping.wait()
    finally:
        log.info("stopping after what is in hand")
        if web is not None:
            web.close()
        if slack is not None:
            slack.close()  # type: ignore[no-untyped-call]  # slack-bolt leaves it untyped
        working.stop()
        app.database.close()


def working_for(app: App, roles: Collection[str]) -> Running:
    """What works in a process of these roles. Raises ConfigurationError, AlreadyRunning."""
    if app.settings.engine == "embedded":
        if set(roles) != set(ROLES):
            raise ConfigurationError(["--role: one process does everything; several need engine: postgres"])
        return Ticked(app)
    from kintsugi.engines.postgres import PostgresEngine

    app.database  # noqa: B018  # opened before anything works on it: migrated, with the tables of the jobs
    return PostgresEngine(app, roles)


class Ticked:
    """The embedded engine with a scheduler that makes it look. The database is taken when this is made."""

    def __init__(self, app: App) -> None:
        self._engine = EmbeddedEngine(app)
        self._engine.start()
        self._scheduler = looking(app, self._engine)

    def start(self) -> None:
        """See Running."""
        self._scheduler.start()

    def stop(self) -> None:
        """See Running."""
        self._engine.stop()
        self._scheduler.shutdown(wait=True)
        self._engine.close()


def looking(app: App, engine: EmbeddedEngine) -> BackgroundScheduler:
    """The looks at the rows, each as often as it should be; not started yet.

    Ticks only; misfire_grace_time=None, since a late tick must still be made and the rows know what is due.
    """
    from apscheduler.schedulers.background import BackgroundScheduler

    scheduler = BackgroundScheduler(
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}, timezone="UTC"
    )
    for seconds, look in ((CRAWL_EVERY, engine.crawl), (WORK_EVERY, engine.settle), (TICK_EVERY, engine.tick)):
        scheduler.add_job(_survived(look), "interval", seconds=seconds, next_run_time=app.clock.now())
    return scheduler


def _listen_on_the_web(app: App) -> WebServer:
    """The pages and the intake. Raises ConfigurationError when the port is taken."""
    from kintsugi.web.app import web_app
    from kintsugi.web.server import WebServer

    server = WebServer(web_app(app), app.settings.web)
    log.info("listening", address=app.settings.web.address, port=server.port)
    return server


def _listen_to_slack(app: App) -> SocketModeHandler | None:
    """Buttons and commands over Socket Mode, where there is an app token."""
    if app.secrets.slack_app_token is None or app.secrets.slack_bot_token is None:
        return None
    from slack_sdk import WebClient

    from alerts.slack.app import connect, slack_app
    from kintsugi.slack_desk import SlackDesk

    client = WebClient(token=app.secrets.slack_bot_token.get_secret_value(), base_url=app.settings.slack.api_url)
    handler = connect(
        slack_app(SlackDesk(app), app.settings, app.secrets, client, app.clock.now), app.settings, app.secrets
    )
    handler.connect()  # type: ignore[no-untyped-call]  # slack-bolt leaves it untyped
    return handler


def _survived(look: Callable[[], object]) -> Callable[[], None]:
    """A look that fails is told and made again at the next tick: rows keep what was not done."""

    def once() -> None:
        try:
            look()
        except Exception as error:
            log.error("look failed", look=look.__name__, error=repr(error), exc_info=error)

    once.__name__ = look.__name__
    return once
