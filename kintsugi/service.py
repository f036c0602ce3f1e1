"""The running service: an engine that works, and the doors through which people and programs come in."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Collection
from functools import partial
from socket import socket
from typing import TYPE_CHECKING, Protocol

import structlog

from config.mistakes import ConfigurationError
from kintsugi.app import App
from kintsugi.engines.embedded import EmbeddedEngine
from kintsugi.engines.looks import Looks, survived
from kintsugi.operating.readiness import EVERY
from kintsugi.operating.reloading import Reloading

if TYPE_CHECKING:
    from apscheduler.schedulers.background import BackgroundScheduler
    from slack_bolt.adapter.socket_mode import SocketModeHandler

    from kintsugi.web.server import WebServer

log = structlog.get_logger(__name__)

ROLES = ("web", "worker", "crawler")
# Seconds between two looks at the rows, and at the files of the configuration. What this process stores is looked at
# at once; WORK_EVERY is for groups whose time comes, and for what other processes store.
CRAWL_EVERY, WORK_EVERY, TICK_EVERY, LOOK_EVERY = 5.0, 0.5, EVERY.total_seconds(), 5.0
DRAFT_EVERY = 2.0


class Running(Protocol):
    """The part of the service that works."""

    def start(self) -> None:
        """Begins to work, beside the caller."""

    def stop(self) -> None:
        """Takes nothing new, and returns when what was in hand is done."""


def serve(
    app: App,
    roles: Collection[str] = ROLES,
    place: int = 0,
    keeper: int = 0,
    running: Callable[[], None] = lambda: None,
) -> None:
    """Runs until SIGTERM or SIGINT; SIGHUP, or a change of its files, makes it read its configuration again.

    Some of the `roles` only are for engine postgres, where further processes do the rest. With a `place`, 1 and up, it
    is one of several that the process `keeper` keeps, and ends with that one. `running` is called once it works. Raises
    AlreadyRunning when another process has the database.
    """
    stopping, asked, woken = threading.Event(), threading.Event(), threading.Event()

    def on(number: int, event: threading.Event) -> None:
        def handler(_signal: int, _frame: object) -> None:
            event.set()
            woken.set()

        signal.signal(number, handler)

    on(signal.SIGTERM, stopping)
    on(signal.SIGINT, stopping)
    on(signal.SIGHUP, asked)
    reloading = Reloading(app)
    working = working_for(app, roles)
    doors = Doors(app, roles, place)
    working.start()
    try:
        doors.open()
        running()
        log.info("running", roles=list(roles), sources=len(app.settings.sources), receivers=len(app.receivers))
        while not stopping.is_set():
            woken.wait(LOOK_EVERY)
            woken.clear()
            if keeper and os.getppid() != keeper:
                log.warning("the process that kept this worker is gone")
                break
            if (asked.is_set() or reloading.changed()) and not stopping.is_set():
                asked.clear()
                if reloading.reload():
                    doors.again()
            elif doors.slack_missing and not stopping.is_set():
                doors.again()
    finally:
        log.info("stopping after what is in hand")
        doors.close()
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
    """The embedded engine with what makes it look. The database is taken when this is made."""

    def __init__(self, app: App) -> None:
        self._engine = EmbeddedEngine(app)
        self._engine.start()
        self._scheduler = looking(app, self._engine)
        # Beside each other, so that no message waits for the model, and nothing for a receiver that is slow. The model
        # is looked after twice: it reads for one while the other writes.
        engine = self._engine
        self._looks = Looks([engine.assess, engine.assess, engine.advance, engine.deliver], engine.due, WORK_EVERY)
        app.database.on_commit = self._looks.wake

    def start(self) -> None:
        """See Running."""
        self._looks.start()
        self._scheduler.start()

    def stop(self) -> None:
        """See Running."""
        self._engine.stop()
        self._looks.stop()
        self._scheduler.shutdown(wait=True)
        self._engine.close()


def looking(app: App, engine: EmbeddedEngine) -> BackgroundScheduler:
    """The looks that time alone asks for, each as often as it should be; not started yet.

    Ticks only; misfire_grace_time=None, since a late tick must still be made and the rows know what is due.
    """
    from apscheduler.schedulers.background import BackgroundScheduler

    scheduler = BackgroundScheduler(
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}, timezone="UTC"
    )
    looks: list[tuple[float, Callable[[], object]]] = [
        (CRAWL_EVERY, engine.crawl), (TICK_EVERY, engine.tick), (DRAFT_EVERY, improving(app)),
    ]  # fmt: skip
    for seconds, look in looks:
        scheduler.add_job(
            partial(survived, look), "interval", name=look.__name__, seconds=seconds, next_run_time=app.clock.now()
        )
    return scheduler


class Doors:
    """Through which people and programs come in: pages and intake, buttons and commands in Slack, figures.

    The port is taken when this is made, and who comes waits. Raises ConfigurationError when somebody else has it.
    """

    def __init__(self, app: App, roles: Collection[str], place: int = 0) -> None:
        self._app, self._roles = app, roles
        self._port = _port_of(app, roles, place)
        self._web: WebServer | None = None
        self._slack: SocketModeHandler | None = None
        self.slack_missing = False  # it did not answer when it was asked again

    def open(self) -> None:
        """Serves the web, which takes a second to put together, and lets Slack in."""
        if self._port is not None and self._web is None:
            self._web = _serve_the_web(self._app, self._roles, self._port)
        if "web" in self._roles:
            self._slack = _listen_to_slack(self._app)

    def again(self) -> None:
        """After other settings were taken: Slack is connected anew with them. Where it does not answer, ask again."""
        self._close_slack()
        try:
            self.open()
        except Exception as error:  # the engine and the pages go on without it
            log.error("Slack is not connected", error=error)
            self.slack_missing = True
        else:
            self.slack_missing = False

    def close(self) -> None:
        """Ends after the requests in hand."""
        if self._web is not None:
            self._web.close()
        elif self._port is not None:
            self._port.close()
        self._close_slack()

    def _close_slack(self) -> None:
        if self._slack is not None:
            self._slack.close()  # type: ignore[no-untyped-call]  # slack-bolt leaves it untyped
            self._slack = None


def improving(app: App) -> Callable[[], object]:
    """The look for drafts that a language model may write better: there is one as soon as the settings name it."""

    def drafts() -> None:
        from kintsugi.steps.improving import improve_drafts

        improve_drafts(app)

    return drafts


def _port_of(app: App, roles: Collection[str], place: int) -> socket | None:
    """The port of the pages, or of what tells how a process without them is. Raises ConfigurationError.

    Who has a `place` among several on one machine answers on a port of its own, so many above `web.status_port`.
    """
    from kintsugi.web.server import listening

    settings = app.settings.web
    if "web" in roles:
        return listening(settings)
    if settings.status_port is None:
        return None
    port = settings.status_port + place if settings.status_port else 0
    return listening(settings.model_copy(update={"port": port}))


def _serve_the_web(app: App, roles: Collection[str], port: socket) -> WebServer:
    """The pages and the intake, or only what tells how this process is; one without roles opens no model."""
    from kintsugi.web.app import web_app
    from kintsugi.web.pages.status import router as status
    from kintsugi.web.server import WebServer

    pages = None if "web" in roles else [partial(status, works=bool(roles))]
    server = WebServer(web_app(app, pages), app.settings.web, port)
    log.info("listening", address=app.settings.web.listen, port=server.port)
    return server


def _listen_to_slack(app: App) -> SocketModeHandler | None:
    """Buttons and commands over Socket Mode, where there is an app token."""
    if app.secrets.slack_app_token is None or app.secrets.slack_bot_token is None:
        return None
    from alerts.slack.app import connect
    from kintsugi.desk.slack_desk import open_slack

    handler = connect(open_slack(app), app.settings, app.secrets)
    handler.connect()  # type: ignore[no-untyped-call]  # slack-bolt leaves it untyped
    return handler
