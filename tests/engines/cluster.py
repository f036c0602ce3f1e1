"""Two worker processes over one PostgreSQL database, and a test that turns their clock."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from sqlalchemy import func, select, text

from kintsugi.app import App, open_app
from kintsugi.demo.owner import Owner
from kintsugi.demo.runner import CRAWL_EVERY, STEP
from kintsugi.demo.site import DemoSite
from kintsugi.demo.world import START
from kintsugi.engines.line import JOBS, ProcrastinateLine, job
from storage.delivery import Delivery
from storage.group import AlertGroup
from storage.source import Source
from tests.drills.installation import CHANNELS, PEOPLE, write_installation
from tests.engines.lives import begun
from tests.engines.worker import SharedClock, work
from tests.fake_slack.server import FakeSlack

PATIENCE = 300.0  # seconds for one quarter of a day, on a machine that others use as well
STALLED = 3.0
ROUNDS = ("look", "crawls", "tick", "settle", "stalled")


def workspace() -> FakeSlack:
    """A Slack that knows the demo's channels and people."""
    slack = FakeSlack()
    slack.workspace.bot_token = "xoxb-test"
    for channel in CHANNELS:
        slack.workspace.add_channel(channel)
    for person in PEOPLE:
        slack.workspace.add_user(person, person)
    return slack


class Cluster:
    """The demo's installation on PostgreSQL. As many kills as wanted fall on its workers, at random moments."""

    def __init__(
        self,
        folder: Path,
        site: DemoSite,
        clock: SharedClock,
        slack: FakeSlack,
        database: str,
        *,
        port: int | None = None,
        sources: Sequence[str] = (),
    ) -> None:
        self.folder, self.site, self.clock = folder, site, clock
        self.app: App = open_app(
            write_installation(folder, site, slack.url, database, port=port, sources=sources), clock
        )
        self.killed = 0
        self.database_goes_away = False
        self._owner = Owner(self.app)
        self._line = ProcrastinateLine()
        self._workers: list[ForkServerProcess] = []
        self._wanted, self._reach, self._chance = 0, 0, random.Random()
        self._looked_for_dead = 0.0

    def start(self, workers: int = 2, *, kills: int = 0, reach: int = 90, seed: int = 0) -> None:
        """Starts the processes; `kills` of them die within `reach` commits and calls, and are started again."""
        self.app.database  # noqa: B018  # migrated before they come
        self._wanted, self._reach, self._chance = kills, reach, random.Random(seed)
        self._workers = [self._spawn() for _ in range(workers)]

    def stop(self) -> None:
        """Asks them to finish what is in hand; all must end well."""
        for worker in self._workers:
            worker.terminate()
        for worker in self._workers:
            worker.join(60)
        codes = [worker.exitcode for worker in self._workers]
        self._workers = []
        assert codes == [0] * len(codes), codes

    def live(self, until: datetime, now_and_then: Callable[[], None] = lambda: None) -> None:
        """Turns the clock from where it stands to `until`, quarter by quarter, as the demo does."""
        while self.clock.now() < until:
            now = self.clock.now() + STEP
            self.clock.set(now)
            if self.database_goes_away:
                self.site.write_guest_book()
                for name in ("crawls", "look", "tick"):  # so that it finds the workers at work
                    self._ask(name, lock=name)
            now_and_then()
            if (now - START) % CRAWL_EVERY == timedelta():
                self.site.write_guest_book()
                self.round("crawls")
            self.settle()
            self._owner.work()
            self.round("tick")
            self.settle()

    def finish(self) -> None:
        """What was said meanwhile is read, and what waits for its next try has it."""
        for _ in range(8):
            self.clock.set(self.clock.now() + STEP)
            self.site.write_guest_book()
            self.round("crawls")
            self.settle()
            if not self._failing():
                break
        self.round("tick")
        self.settle()
        while self._unsent():
            self.clock.set(self.clock.now() + timedelta(minutes=5))
            self.settle()

    def settle(self) -> None:
        """Until nothing is due at this moment, and nobody works."""
        self._quiet()
        while True:
            self.round("settle")
            self.round("look")
            self._quiet()
            if not self._due():
                return

    def round(self, name: str) -> None:
        """One round of what else comes round by the machine's clock."""
        self._ask(name, lock=name)
        self._wait(lambda: not self._jobs(name))

    def _ask(self, name: str, lock: str | None) -> None:
        if "todo" not in self._jobs(name):
            with self.app.database.write() as session:
                self._line.defer(session, [job(name, "alert", {"timestamp": 0}, lock=lock, priority=100)])

    def _quiet(self) -> None:
        self._wait(lambda: not self._jobs())

    def _wait(self, done: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not done():
            self._keep_up()
            assert time.monotonic() < deadline, f"stuck at {self.clock.now()}: {self._waiting()}"
            time.sleep(0.05)

    def _jobs(self, name: str | None = None) -> list[str]:
        """States of the jobs of this kind; without one, of all that do not just come round."""
        kind = JOBS.c.task_name == name if name else JOBS.c.task_name.not_in(ROUNDS)
        with self.app.database.read() as session:
            return list(session.scalars(select(JOBS.c.status).where(kind)))

    def _due(self) -> bool:
        now = self.clock.now()
        with self.app.database.read() as session:
            sends = (Delivery.state == "claimed") & (Delivery.claimed_until <= now)
            sends |= (Delivery.state == "due") & (Delivery.due_at <= now)
            groups = select(func.count()).where(AlertGroup.due_at <= now)
            return bool(session.scalar(select(func.count()).where(sends)) or session.scalar(groups))

    def processes(self) -> list[int]:
        """The workers that live."""
        return [worker.pid for worker in self._workers if worker.pid and worker.exitcode is None]

    def _failing(self) -> int:
        with self.app.database.read() as session:
            return session.scalar(select(func.count()).select_from(Source).where(Source.failures > 0)) or 0

    def _unsent(self) -> int:
        with self.app.database.read() as session:
            return session.scalar(select(func.count()).where(Delivery.state.in_(("due", "claimed")))) or 0

    def _waiting(self) -> list[object]:
        with self.app.database.read() as session:
            return list(session.execute(text("SELECT task_name, status, args, attempts FROM procrastinate_jobs")))

    def _keep_up(self) -> None:
        """Starts again what was killed, and has what it had in hand taken up."""
        if time.monotonic() - self._looked_for_dead > STALLED / 3:
            self._looked_for_dead = time.monotonic()
            self._ask("stalled", lock=None)
        for at, worker in enumerate(self._workers):
            code = worker.exitcode
            if code is not None:
                away = self.database_goes_away and code == 1  # it could not start; whatever runs it tries again
                assert code == -9 or away, f"a worker ended by itself with {code}: {self._log()}"
                self.killed += code == -9
                self._workers[at] = self._spawn()

    def _spawn(self) -> ForkServerProcess:
        dies_at = 0
        if self._wanted:
            self._wanted -= 1
            dies_at = self._chance.randint(2, self._reach)
        return begun(work, self.folder, dies_at, STALLED, log=self.folder / "workers.log")

    def _log(self) -> str:
        lines = (self.folder / "workers.log").read_text().splitlines()
        return "\n".join([line for line in lines if "psycopg.pool" not in line and "server running" not in line][-40:])
