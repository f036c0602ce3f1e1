"""Takes a changed configuration into the running process: all of it, or, where anything is wrong, nothing.

What is refused is logged line by line, as `kintsugi check` says it, and the old configuration stays. Work in hand ends
under the settings with which it began.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from config.mistakes import ConfigurationError
from kintsugi.app import App, open_app
from kintsugi.metrics.steps import RELOADS
from kintsugi.operating.observe import configure_logging
from sentiment.mention_text import MentionText

if TYPE_CHECKING:
    from config.settings import Settings

log = structlog.get_logger(__name__)

# What a process is built upon. Everything else may change while it runs.
FIXED = ("engine", "database", "web")
FIXED_SECRETS = ("kintsugi_log_key", "kintsugi_database")
# What the model is made from; where it stays the same, the opened one is kept.
MODEL = ("sentiment", "topics")


class Reloading:
    """Watches the files of one installation. Make it before anything works with the settings."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._taken = self._before = self._look()

    def changed(self) -> bool:
        """Whether the files differ from those read last, and lie still since the last call: nobody is writing them."""
        now, before = self._look(), self._before
        self._before = now
        return now != self._taken and now == before

    def reload(self) -> bool:
        """Reads the files. True: other settings hold from now on; False: they are the same, or were refused."""
        self._taken = self._look()
        try:
            fresh = self._opened()
        except ConfigurationError as error:
            for line in error.lines:
                log.error("configuration refused, the old one stays", line=line)
            RELOADS.labels("refused").inc()
            return False
        if fresh.settings == self._app.settings and fresh.secrets == self._app.secrets:
            log.info("configuration read again: nothing changed")
            return False
        self._app.adopt(fresh)
        configure_logging(self._app.settings.log)
        log.info("configuration taken", sources=len(fresh.settings.sources), receivers=len(fresh.receivers))
        RELOADS.labels("taken").inc()
        return True

    def _opened(self) -> App:
        """The installation as its files say it, with every part made. Raises ConfigurationError."""
        app = self._app
        fresh = open_app(app.configuration, app.clock)
        self._nothing_fixed_changed(fresh)
        _options_are_right(fresh.settings)
        if _same(MODEL, app.settings, fresh.settings):
            fresh.assessor = app.assessor
        try:
            for part in ("tree", "playbooks", "receivers", "channels"):
                getattr(fresh, part)
            if fresh.assessor is not app.assessor:
                fresh.assessor.assess([MentionText(text="ok")])  # some models are only read when they are asked
        except ConfigurationError:
            raise
        except Exception as error:  # whatever a model's file or a token does: the running process must live on
            raise ConfigurationError([f"{app.configuration}: {error}"]) from error
        return fresh

    def _nothing_fixed_changed(self, fresh: App) -> None:
        app = self._app
        changed = [name for name in FIXED if not _same([name], app.settings, fresh.settings)]
        changed += [
            name.upper() for name in FIXED_SECRETS if getattr(app.secrets, name) != getattr(fresh.secrets, name)
        ]
        if changed:
            raise ConfigurationError([f"{name}: cannot change while it runs: stop and start it" for name in changed])

    def _look(self) -> list[tuple[int, int] | None]:
        """Size and time of the files; None where there is none."""
        found: list[tuple[int, int] | None] = []
        for file in (self._app.configuration, self._app.folder / ".env"):
            try:
                status = file.stat()
            except OSError:
                found.append(None)
            else:
                found.append((status.st_size, status.st_mtime_ns))
        return found


def _options_are_right(settings: Settings) -> None:
    from crawlers.registry import kind_named, options_for

    for key, source in settings.sources.items():
        options_for(key, kind_named(source.kind), source.options)


def _same(names: tuple[str, ...] | list[str], one: Settings, other: Settings) -> bool:
    return all(getattr(one, name) == getattr(other, name) for name in names)
