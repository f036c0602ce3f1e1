"""Jobs and rows live and die together; batches, locks, back-pressure, and what could not be processed."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from procrastinate.periodic import PeriodicDeferrer
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from config.clock import SetClock, SystemClock
from config.mistakes import ConfigurationError
from kintsugi.app import App, open_app
from kintsugi.engines.job_tables import prepare_job_tables
from kintsugi.engines.jobs import COMES_ROUND, job_app
from kintsugi.engines.line import JOBS, ProcrastinateLine, job
from kintsugi.engines.postgres import PostgresEngine, conninfo
from kintsugi.engines.tasks import Tasks
from kintsugi.metrics.backlog import backlog
from kintsugi.service import serve
from kintsugi.steps.crawling import store_items
from storage.assessment import Assessment
from storage.database import Database
from storage.delivery import make_delivery
from storage.item import Item
from storage.mention import Revision
from storage.parked import parked, put_back
from storage.work import PARK_AFTER, Work, add_work
from tests.engines.installation import SETTINGS, write_installation

AT = SystemClock().now()


@pytest.fixture
def app(tmp_path: Path, postgres_url: str) -> Iterator[App]:
    opened = open_app(write_installation(tmp_path, SETTINGS + on(postgres_url)), SetClock(AT))
    yield opened
    opened.database.close()


def on(url: str) -> str:
    return f'engine: postgres\ndatabase: "{url}"\n'


def in_line(session: Session, task: str | None = None) -> list[dict[str, Any]]:
    query = text("SELECT task_name, queue_name, lock, priority, args, status FROM procrastinate_jobs ORDER BY id")
    rows = [dict(row) for row in session.execute(query).mappings()]
    return [row for row in rows if task in (None, row["task_name"])]


def store(app: App, source: str, number: int) -> None:
    items = [
        Item(external_id=f"{source}-{at}", kind="review", text="部屋が汚くて最悪でした", rating=1)
        for at in range(number)
    ]
    store_items(app.database, source, "file", items, app.clock.now())


def test_jobs_come_and_go_with_the_transaction_of_their_rows(app: App) -> None:
    with app.database.write() as session:
        add_work(session, "assess", [1, 2], AT)
        make_delivery(session, "a", receiver="console", purpose="thread", at=AT)
        session.rollback()
    with app.database.read() as session:
        assert in_line(session) == []
    with app.database.write() as session:
        add_work(session, "assess", [1, 2], AT)
        make_delivery(session, "a", receiver="console", purpose="thread", at=AT)
        made = make_delivery(session, "a", receiver="console", purpose="thread", at=AT)
        make_delivery(session, "later", receiver="console", purpose="thread", at=AT, due_at=AT + timedelta(hours=1))
    with app.database.read() as session:
        assert [(row["task_name"], row["args"]) for row in in_line(session)] == [
            ("assess", {"subjects": [1, 2]}),
            ("deliver", {"delivery": made.id}),
        ]


def test_a_case_is_worked_on_in_order_and_nothing_waits_for_assessment(app: App) -> None:
    with app.database.write() as session:
        add_work(session, "assess", range(100), AT)
        add_work(session, "route", [7], AT)
        add_work(session, "refresh", [7, 8], AT)
        add_work(session, "open", [3], AT)
        rows = in_line(session)
    assert [len(row["args"]["subjects"]) for row in rows if row["task_name"] == "assess"] == [64, 36]
    assert {row["queue_name"] for row in rows} == {"assess", "alert"}
    locks = [(row["task_name"], row["lock"]) for row in rows if row["queue_name"] == "alert"]
    assert locks == [("route", "case:7"), ("refresh", "case:7"), ("refresh", "case:8"), ("open", "mention:3")]
    assert max(row["priority"] for row in rows if row["queue_name"] == "assess") < min(
        row["priority"] for row in rows if row["queue_name"] == "alert"
    )


def test_a_batch_takes_in_what_waits_of_other_sources(app: App) -> None:
    for source in ("maps", "store", "news"):
        store(app, source, 10)
    tasks = Tasks(app, ProcrastinateLine())
    with app.database.write() as session:
        first, *others = in_line(session, "assess")
        assert len(others) == 2
        session.execute(text("UPDATE procrastinate_jobs SET status = 'doing' WHERE id = 1"))
    tasks.step("assess", first["args"]["subjects"], 0)
    with app.database.read() as session:
        assert session.query(Assessment).count() == 30
        # The first is the worker's to finish; the two others were taken over.
        assert [row["args"] for row in in_line(session, "assess")] == [first["args"]]
        assert len(in_line(session, "qualify")) == 1


def test_a_bad_subject_is_parked_and_its_neighbours_go_on(app: App) -> None:
    store(app, "maps", 2)
    tasks = Tasks(app, ProcrastinateLine())
    tasks.step("assess", [1, 2], 0)
    tasks.step("qualify", [1, 2], 0)
    tasks.step("open", [1, 4711], 0)  # there is no such mention
    with app.database.read() as session:
        alone = [row["args"]["subjects"] for row in in_line(session, "open") if row["lock"] is None]
    assert alone == [[1], [4711]]
    tasks.step("open", [1], 0)
    for attempts in range(PARK_AFTER - 1):
        with pytest.raises(Exception, match="No row"):
            tasks.step("open", [4711], attempts)
    tasks.step("open", [4711], PARK_AFTER - 1)
    with app.database.write() as session:
        (stuck,) = parked(session)
        assert stuck["name"] == "open/4711"
        put_back(session, "open/4711", AT)
    tasks.look()
    with app.database.read() as session:
        assert session.query(Work).count() == 0
        assert in_line(session, "open")[-1]["args"] == {"subjects": [4711]}


def test_what_fails_later_comes_up_again_when_its_wait_is_over(app: App) -> None:
    clock = app.clock
    assert isinstance(clock, SetClock)
    tasks = Tasks(app, ProcrastinateLine())
    with app.database.write() as session:
        make_delivery(session, "later", receiver="console", purpose="thread", at=AT, due_at=AT + timedelta(hours=1))
    for hours, expected in ((0.5, 0), (0.6, 1), (0.1, 1)):
        clock.advance(timedelta(hours=hours))
        tasks.look()
        with app.database.read() as session:
            assert len(in_line(session, "deliver")) == expected


def test_no_crawl_is_started_while_too_much_waits_to_be_assessed(app: App) -> None:
    line = ProcrastinateLine()
    tasks = Tasks(app, line)
    with app.database.write() as session:
        line.defer(session, [job("assess", "assess", {"subjects": list(range(20_001))})])
    tasks.crawls()
    with app.database.write() as session:
        assert in_line(session, "crawl") == []
        session.execute(text("DELETE FROM procrastinate_jobs"))
    tasks.crawls()
    tasks.crawls()
    with app.database.read() as session:
        (one,) = in_line(session, "crawl")
    assert (one["lock"], one["args"]) == ("source:voices", {"source": "voices"})


def test_many_that_come_at_once_are_put_in_order_and_what_may_be_grave_is_assessed_first(app: App) -> None:
    said = ["朝食も部屋もとても良かったです。", "部屋が汚くて最悪でした。", "転倒して骨折し、救急車で運ばれました。"]
    items = [
        Item(external_id=str(n), kind="review", text=f"{said[n % 3]} {n}", rating=(5.0, 1.0, None)[n % 3], posted_at=AT)
        for n in range(300)
    ]
    store_items(app.database, "voices", "file", items, AT)
    tasks = Tasks(app, ProcrastinateLine())
    with app.database.read() as session:
        (job,) = in_line(session, "rank")
        waiting = {one.step: one.items for one in backlog(session, AT, jobs=True)}
    assert waiting["assess"] == 300
    tasks.rank(job["args"]["subjects"])
    with app.database.read() as session:
        jobs = sorted(in_line(session, "assess"), key=lambda job: -job["priority"])
        first = [session.get_one(Revision, one).text for one in jobs[0]["args"]["subjects"]]
    assert all("骨折" in text for text in first)
    assert [row["priority"] for row in jobs] == [1, 1, -1, -1, -2, -2]


def test_what_comes_round_is_put_in_line_once_by_any_number_of_processes(app: App) -> None:
    tasks = Tasks(app, ProcrastinateLine())
    now = AT.timestamp()

    async def by_all() -> None:
        for _process in range(3):
            jobs = job_app(tasks, conninfo(app.database.url), rounds=True, stalled=30)
            async with jobs.open_async():
                deferrer = PeriodicDeferrer(jobs.periodic_registry)
                await deferrer.defer_jobs(deferrer.get_previous_tasks(at=now))

    app.database  # noqa: B018  # the tables of the jobs
    asyncio.run(by_all())
    with app.database.read() as session:
        assert sorted(row["task_name"] for row in in_line(session)) == sorted([*COMES_ROUND, "stalled"])


def test_a_job_that_only_a_newer_version_knows_waits_for_one(app: App) -> None:
    line = ProcrastinateLine()
    with app.database.write() as session:
        line.defer(session, [job("dream", "alert", {"subjects": [1]})])

    async def work() -> None:
        jobs = job_app(Tasks(app, line), conninfo(app.database.url), rounds=False, stalled=30)
        async with jobs.open_async():
            await jobs.run_worker_async(wait=False, install_signal_handlers=False, delete_jobs="always")

    asyncio.run(work())
    with app.database.read() as session:
        (waiting,) = in_line(session, "dream")
        assert waiting["status"] == "todo"


def test_the_job_tables_are_made_once_whoever_comes_first(postgres_url: str) -> None:
    databases = [Database(postgres_url, b"k") for _ in range(3)]
    threads = [threading.Thread(target=prepare_job_tables, args=(one,)) for one in databases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with databases[0].read() as session:
        assert session.execute(select(JOBS)).all() == []
    for one in databases:
        one.close()


def test_an_older_version_goes_on_after_a_newer_one_has_migrated(app: App) -> None:
    with app.database.connect() as connection:
        # What the first step of a rolling upgrade does: it only adds.
        connection.execute(text("ALTER TABLE mention ADD COLUMN mood text"))
        connection.execute(text("CREATE TABLE moods (id integer)"))
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        connection.commit()
    older = open_app(app.folder / "kintsugi.yaml", SetClock(AT))
    assert not older.database.behind()
    store(older, "maps", 3)
    tasks = Tasks(older, ProcrastinateLine())
    for step in ("assess", "qualify", "open", "route"):
        tasks.step(step, [1], 0)
    with older.database.read() as session:
        assert len(in_line(session, "deliver")) == 1
    older.database.close()


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ('database: "postgresql://db/kintsugi"', "engine: postgres"),
        ("engine: postgres", "needs an address like postgresql://"),
    ],
)
def test_an_engine_refuses_the_other_ones_database(tmp_path: Path, settings: str, said: str) -> None:
    with pytest.raises(ConfigurationError, match=said):
        open_app(write_installation(tmp_path, SETTINGS + settings + "\n")).database  # noqa: B018


def test_the_embedded_engine_has_one_role(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="need engine: postgres"):
        serve(open_app(write_installation(tmp_path, SETTINGS)), ["worker"])


def test_a_process_of_pages_alone_has_no_queue_and_ends_in_peace(app: App) -> None:
    engine = PostgresEngine(app, ("web",))
    engine.start()
    engine.stop()
