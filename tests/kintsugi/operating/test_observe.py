"""Log lines: JSON with the rows they are about, and nothing of a person in them."""

from __future__ import annotations

import io
import json
import logging
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import structlog
from sqlalchemy.exc import IntegrityError, OperationalError

from config.mistakes import ConfigurationError
from config.settings import LogSettings
from kintsugi.engines.embedded import EmbeddedEngine
from kintsugi.operating.observe import configure_logging
from storage.author import Author
from storage.database import Database
from storage.work import add_work
from tests.kintsugi.steps.test_crawling import installed

PERSONAL = ("山田ゆき子", "090-1234-5678", "yuki@example.jp", "シャワーが出ない")


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What goes to standard error, with logging as the service sets it up."""
    root = logging.getLogger()
    handlers, level, before = list(root.handlers), root.level, structlog.get_config()
    configure_logging(LogSettings(format="json", level="info"))
    (handler,) = root.handlers
    assert isinstance(handler, logging.StreamHandler)
    written = io.StringIO()
    handler.setStream(written)
    yield written
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.configure(**before)


def read(lines: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in lines.getvalue().splitlines()]


def test_words_of_a_customer_in_an_exception_stay_out(lines: io.StringIO) -> None:
    log = structlog.get_logger("kintsugi.test")
    try:
        raise ValueError(f"cannot read {' '.join(PERSONAL)}")
    except ValueError as error:
        log.error("step failed", step="open", mention=17, case="K-3", error=error, exc_info=error)
    log.warning("refused", error=f"550 {PERSONAL[2]}: no such user, call {PERSONAL[1]}")
    logging.getLogger("slack_sdk").warning("failed for %s", PERSONAL[2])
    first, second, third = read(lines)
    assert [word for word in PERSONAL if word in lines.getvalue()] == []
    assert (first["mention"], first["case"], first["error"]) == (17, "K-3", "ValueError")
    assert "test_observe.py" in first["exception"], "its place stays"
    assert second["error"] == "550 [email]: no such user, call [phone]"
    assert third["event"] == "failed for [email]"


def test_words_of_the_system_and_of_ours_are_kept(lines: io.StringIO) -> None:
    log = structlog.get_logger("kintsugi.test")
    for error in (
        OSError(28, "No space left on device"),
        ConfigurationError(["web.port: 99999 is no port"]),
        OperationalError(
            "INSERT …", {"text": PERSONAL[3]}, Exception("database or disk is full"), hide_parameters=True
        ),
    ):
        log.error("x", error=error)
    said = [line["error"] for line in read(lines)]
    assert said == [
        "OSError: [Errno 28] No space left on device",
        "ConfigurationError: web.port: 99999 is no port",
        "OperationalError: database or disk is full",
    ]


def test_an_error_of_the_database_quotes_no_values(database: Database) -> None:
    with pytest.raises(IntegrityError) as told:
        _store_an_author_of_no_source(database)
    assert PERSONAL[0] not in str(told.value)
    assert "INSERT INTO author" in str(told.value)


def _store_an_author_of_no_source(database: Database) -> None:
    with database.write() as session:
        session.add(Author(source_id=4711, external_id="a", name=PERSONAL[0], first_seen_at=datetime.now(UTC)))


def test_a_failing_step_names_its_rows(lines: io.StringIO, tmp_path: Path, migrated_sqlite: Path) -> None:
    shutil.copy(migrated_sqlite, tmp_path / "kintsugi.sqlite")
    app = installed(tmp_path, "  {}")
    with app.database.write() as session:
        add_work(session, "open", [4711], app.clock.now())  # there is no such mention
    EmbeddedEngine(app).work()
    (line,) = [one for one in read(lines) if one["event"] == "step failed"]
    assert (line["step"], line["mention"], line["error"]) == ("open", 4711, "NoResultFound")
    assert "pipeline.py" in line["exception"]
    app.database.close()
