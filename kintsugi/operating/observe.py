"""The service's own log lines: structlog, as console text or JSON, the standard library's lines among them.

They name rows (mention=17, case=K-3) and nothing of a person. What an exception says may quote what a customer wrote,
so a line keeps its type and its place in our code, and its words only where those come from the system or from us.
What could not be processed keeps its whole error in the database (`kintsugi parked list`).
"""

from __future__ import annotations

import logging
import sys
import traceback
from types import TracebackType

import structlog

from config.mistakes import ConfigurationError
from config.settings import LogSettings

LONGEST = 500  # characters of one value
OURS = ("logger", "level", "timestamp", "exception")  # values that hold no words of others


def configure_logging(settings: LogSettings) -> None:
    """Sends all log lines to standard error in the configured shape. Standard output stays for results."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if settings.format == "json"
        else structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(),
            # Not the rich one: it prints local variables, and those hold what customers wrote.
            exception_formatter=structlog.dev.plain_traceback,
        )
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.ExceptionRenderer(_told),
                without_people,
                renderer,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.level.upper())
    logging.getLogger("psycopg.pool").setLevel(logging.ERROR)  # each try of each pool while the database is away
    for noisy in ("slack_sdk", "alembic", "apscheduler", "procrastinate", "urllib3"):
        logging.getLogger(noisy).setLevel(max(logging.WARNING, root.level))


def without_people(_logger: object, _method: str, line: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Masks what looks personal in the values of a line, and says of exceptions what `words_of` lets through."""
    for name, value in line.items():
        if isinstance(value, BaseException):
            line[name] = words_of(value)
        elif isinstance(value, str) and name not in OURS:
            line[name] = _masked(value)
    return line


def words_of(error: BaseException) -> str:
    """The type of an exception, with its words where they are the system's or ours."""
    from sqlalchemy.exc import OperationalError

    kind = type(error).__name__
    if isinstance(error, ConfigurationError):
        return f"{kind}: {'; '.join(error.lines)}"
    if isinstance(error, OperationalError):  # disk full, locked, server away; its own words quote the statement
        return f"{kind}: {str(error.orig).strip()}"
    return f"{kind}: {error}" if isinstance(error, OSError) else kind


def _told(exc_info: tuple[type[BaseException], BaseException, TracebackType | None]) -> str:
    """The frames of an exception and of what caused it, oldest first, with `words_of` each."""
    error: BaseException | None = exc_info[1]
    parts: list[str] = []
    while error is not None and len(parts) < 10:
        parts.append("".join(traceback.format_tb(error.__traceback__)) + words_of(error))
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\n-- which led to --\n".join(reversed(parts))


def _masked(text: str) -> str:
    from alerts.messages.masking import masked

    return masked(text[:LONGEST]) + ("…" if len(text) > LONGEST else "")
