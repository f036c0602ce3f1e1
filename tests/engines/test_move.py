"""`kintsugi move`: everything arrives, a cut move goes on, and nobody else's database is touched."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, select, text
from typer.testing import CliRunner

from config.clock import SetClock, SystemClock
from config.mistakes import ConfigurationError
from kintsugi.app import App, open_app
from kintsugi.commands.root import app as commands
from kintsugi.desk.desk import Desk
from kintsugi.engines.embedded import EmbeddedEngine
from kintsugi.operating.moving import move
from storage.case import Case
from storage.database import Database
from storage.delivery import Delivery
from storage.log import verify_log
from storage.search import search_mentions
from storage.tables import Row
from tests.conftest import LOG_KEY, PostgresServer
from tests.engines.installation import SETTINGS, write_installation

AT = SystemClock().now()


@pytest.fixture(scope="module")
def worked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an installation that has worked for a while on SQLite: one case answered, one merged away."""
    folder = tmp_path_factory.mktemp("worked")
    app = open_app(write_installation(folder, SETTINGS), SetClock(AT))
    engine = EmbeddedEngine(app)
    engine.start()
    engine.crawl()
    engine.settle()
    assert Desk(app).claim(1, "U1") is None
    assert Desk(app).post_manual(1, "U1", "申し訳ございませんでした。") is None
    engine.settle()
    with app.database.write() as session:  # a row that refers to a later one
        session.get_one(Case, 1).merged_into = 2
    engine.close()
    app.database.close()
    return folder


@pytest.fixture
def old(worked: Path, tmp_path: Path) -> Iterator[App]:
    """That installation, this test's own."""
    app = open_app(Path(shutil.copytree(worked, tmp_path / "old")) / "kintsugi.yaml", SetClock(AT))
    yield app
    app.database.close()


@pytest.fixture
def empty_url(postgres_server: PostgresServer) -> Iterator[str]:
    """A PostgreSQL database in which there is nothing."""
    postgres_server.do("CREATE DATABASE moved")
    yield postgres_server.named("moved")
    postgres_server.do("DROP DATABASE moved WITH (FORCE)")


def _rows(database: Database) -> dict[str, list[dict[str, object]]]:
    with database.connect() as connection:
        return {
            table.name: sorted(
                (dict(row) for row in connection.execute(select(table)).mappings()),
                key=lambda row: [str(value) for value in row.values()],
            )
            for table in Row.metadata.sorted_tables
        }


def test_everything_arrives_and_the_installation_goes_on_there(old: App, empty_url: str) -> None:
    target = Database(empty_url, old.log_key())
    said: list[str] = []
    move(old.database, target, old.log_key(), AT, said.append, batch=3)
    assert _rows(target) == _rows(old.database)
    assert "mention: 6 rows copied" in said
    with target.read() as session:
        assert verify_log(session) == []
        assert len(session.scalars(search_mentions(session, "最悪")).all()) == 1
    with target.write() as session:  # the next row is numbered after the copied ones
        session.add(Delivery(key="next", receiver="console", purpose="thread", due_at=AT, made_at=AT))
    said.clear()
    before = _rows(target)
    move(old.database, target, old.log_key(), AT, said.append)
    assert "was moved there" in said[0]
    assert _rows(target) == before, "a move that is done overwrites nothing"
    target.close()


def test_a_cut_move_goes_on_and_follows_what_changed_meanwhile(old: App, empty_url: str) -> None:
    class CutError(Exception):
        pass

    def cut(line: str) -> None:
        if line.startswith("event:"):
            raise CutError

    target = Database(empty_url, old.log_key())
    with pytest.raises(CutError):
        move(old.database, target, old.log_key(), AT, cut, batch=2)
    with old.database.write() as session:
        session.get_one(Case, 2).owner = "U1"
        session.delete(session.scalars(select(Delivery).order_by(Delivery.id.desc())).first())
    said: list[str] = []
    move(old.database, target, old.log_key(), AT, said.append, batch=2)
    assert _rows(target) == _rows(old.database)
    assert "mention: 0 rows copied, 6 were there already" in said
    target.close()


def test_a_database_of_somebody_else_is_refused(old: App, empty_url: str) -> None:
    with create_engine(empty_url).begin() as connection:
        connection.execute(text("CREATE TABLE customers (id integer)"))
    target = Database(empty_url, old.log_key())
    with pytest.raises(ConfigurationError, match="not empty \\(1 tables: customers\\)"):
        move(old.database, target, old.log_key(), AT, lambda _line: None)
    target.close()


def test_the_database_of_another_installation_is_refused(old: App, empty_url: str) -> None:
    target = Database(empty_url, old.log_key())
    move(old.database, target, old.log_key(), AT, lambda _line: None)
    with pytest.raises(ConfigurationError, match="another installation"):
        move(old.database, target, LOG_KEY, AT, lambda _line: None)
    target.close()


def test_the_command_moves_and_says_what_to_do_next(old: App, empty_url: str) -> None:
    settings = old.folder / "kintsugi.yaml"
    done = CliRunner().invoke(commands, ["move", "--to", empty_url, "--config", str(settings)])
    assert done.exit_code == 0, done.output
    assert f"now set in {settings}: engine: postgres" in done.output
