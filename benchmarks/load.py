"""How much the whole service carries: from the intake to Slack, against `kintsugi assess` alone in the same run.

    python benchmarks/load.py [--mentions N] [--burst N] [--idle SECONDS]

`kintsugi run` with the real model on one SQLite file; mentions come as signed bodies over HTTP, as other programs send
them; one in fifty opens a case; Slack is that of the tests, in this process. *Ready* is everything assessed, decided,
drafted and accepted by Slack. On a busy machine the ratio of CPU seconds says more than that of the clock. A burst
comes all at once, with critical mentions anywhere in it; what is asked of it is that each of those is told in time.
Floors: ratio 0.6, first crawl within 4 s, idle memory under 400 MB, no acknowledge clock of a critical case missed.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).parents[1])  # the files beside this one are named like the packages that they measure

import argparse
import base64
import hashlib
import hmac
import itertools
import json
import os
import random
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.error import URLError
from urllib.request import Request, urlopen

from sqlalchemy import func, select

from benchmarks.postgres import SENTENCES
from kintsugi.app import App, open_app
from storage.assessment import Assessment
from storage.case import Case, CaseClock
from storage.delivery import Delivery
from storage.mention import Mention, Revision
from storage.work import Work
from tests.fake_slack.server import FakeSlack

SECRET = "a secret of this measurement"
BODY = 500  # mentions
GROUP_WAIT = 2.0  # seconds
PATIENCE = 4 * 3600.0
CASES = 0.02  # of what is said opens a case, as docs/scale.md reckons
FLOOR, START, MEMORY = 0.6, 4.0, 400
GOOD = (
    """とても快適で、また来たいと思います。 駅から近くて便利でした。 スタッフの皆さんが親切で、気持ちよく過ごせました。
Great stay, the staff were lovely. Clean rooms and a quiet street.""".replace("。 ", "。\n")
    .replace(". ", ".\n")
    .splitlines()
)
GRAVE = [
    "夕食のあと家族全員が食中毒になり、救急車で運ばれました。",
    "I slipped on the wet floor and broke my wrist. Ambulance called.",
]
SETTINGS = """\
brand: {{name: Hotel Sora, timezone: Asia/Tokyo, locations: [{{name: Asakusa}}, {{name: Kyoto}}]}}
sources:
  desk: {{kind: webhook, max_kb: 4096}}
  news: {{kind: feed, url: "{site}/rss", every: 1h}}
route: {{receiver: voice, group_wait: {wait:g}s}}
receivers: {{voice: {{slack: {{channel: "#voice"}}}}}}
slack: {{api_url: "{slack}", pace: 0s}}
clocks: {{business_hours: {{mon-sun: ["00:00-24:00"]}}}}
crawlers: {{obey_robots: false, delay: 0.0, put_off_at: 1000000}}
web: {{port: {port}}}
log: {{level: error}}
"""


def main() -> int:
    """Measures, prints, and says by its exit code whether the floors hold."""
    options = _options()
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before anything began")
    rows = mentions(options.mentions, seed=5)
    alone = assess_alone(rows)
    with service() as one:
        ready = one.carry(rows)
        memory, told = one.idle(options.idle), one.told()
    by_clock, by_cpu = ready.speed / alone.speed, alone.cpu / ready.cpu
    print(f"kintsugi assess alone: {alone.speed:.1f} mentions/s, {1000 * alone.cpu:.1f} ms of CPU each")
    print(f"intake to Slack: {ready.speed:.1f} mentions/s, {1000 * ready.cpu:.1f} ms of CPU each; {told}")
    print(f"ratio {by_clock:.2f} by the clock, {by_cpu:.2f} by CPU (floor {FLOOR})")
    print(f"start to first crawl {one.first_crawl:.2f} s (floor {START:g} s)")
    print(f"idle {memory:.0f} MB (floor {MEMORY} MB)")
    fine = [max(by_clock, by_cpu) >= FLOOR, one.first_crawl < START, memory < MEMORY]
    if options.burst:
        with service() as one:
            fine.append(burst(one, options.burst))
    return 0 if all(fine) else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--mentions", type=int, default=4000)
    parser.add_argument("--burst", type=int, default=0, help="also so many mentions at once")
    parser.add_argument("--idle", type=float, default=75.0, help="seconds of rest before memory is read")
    return parser.parse_args()


def mentions(count: int, seed: int, grave: int = 0) -> list[dict[str, object]]:
    """One in fifty has one star and complains; `grave` of them, anywhere, tell of somebody who was hurt."""
    chance = random.Random(seed)
    where = set(chance.sample(range(count), grave))
    rows: list[dict[str, object]] = []
    for number in range(count):
        bad = chance.random() < CASES
        words = " ".join(chance.choices(SENTENCES if bad else GOOD, k=chance.randint(1, 4)))
        rating: float | None = 1.0 if bad else chance.choice([4.0, 5.0, None])
        if number in where:
            words, rating = chance.choice(GRAVE), None
        place = chance.choice(["Asakusa", "Kyoto"])
        text = f"{words} ({number})"
        rows.append({"id": f"m{number}", "text": text, "rating": rating, "author": f"客{number}", "location": place})
    return rows


class Speed:
    """Mentions a second by the clock, and seconds of CPU for each."""

    def __init__(self, count: int, seconds: float, cpu: float) -> None:
        self.speed, self.cpu = count / seconds, cpu / count


def assess_alone(rows: Sequence[dict[str, object]]) -> Speed:
    """`kintsugi assess` over the same texts, without the time that it takes to open the model."""
    took: list[tuple[float, float]] = []
    with tempfile.TemporaryDirectory() as folder:
        for some in (rows[:1], rows):
            lines = "".join(json.dumps({"text": row["text"], "rating": row["rating"]}) + "\n" for row in some)
            before, began = os.times(), time.monotonic()
            subprocess.run(
                [sys.executable, "-m", "kintsugi", "assess"], input=lines.encode(), stdout=subprocess.DEVNULL,
                check=True, cwd=folder, env=_environment(),
            )  # fmt: skip
            after = os.times()
            cpu = after.children_user + after.children_system - before.children_user - before.children_system
            took.append((time.monotonic() - began, cpu))
    return Speed(len(rows) - 1, took[1][0] - took[0][0], took[1][1] - took[0][1])


class Service:
    """One running `kintsugi run`, and the doors to it."""

    def __init__(self, process: subprocess.Popen[bytes], app: App, slack: FakeSlack, port: int) -> None:
        self.process, self.app, self._slack, self._port = process, app, slack, port
        self.first_crawl = 0.0
        self._bodies = itertools.count(1)

    def send(self, rows: Sequence[dict[str, object]]) -> None:
        """Hands them to the intake, body by body."""
        for at in range(0, len(rows), BODY):
            body = json.dumps({"mentions": rows[at : at + BODY]}, ensure_ascii=False).encode()
            event, moment = f"body-{next(self._bodies)}", str(int(datetime.now(UTC).timestamp()))
            digest = hmac.new(SECRET.encode(), f"{event}.{moment}.".encode() + body, hashlib.sha256).digest()
            headers = {
                "content-type": "application/json", "webhook-id": event, "webhook-timestamp": moment,
                "webhook-signature": "v1," + base64.b64encode(digest).decode(),
            }  # fmt: skip
            with urlopen(Request(f"http://127.0.0.1:{self._port}/intake/desk", body, headers), timeout=300) as answer:
                account = json.load(answer)
            assert account["new"] == len(rows[at : at + BODY]), account

    def carry(self, rows: Sequence[dict[str, object]]) -> Speed:
        """From the first body to the last answer of Slack."""
        began, cpu = time.monotonic(), self._cpu()
        self.send(rows)
        while not self.ready(len(rows)):
            if time.monotonic() - began > PATIENCE or self.process.poll() is not None:
                raise SystemExit("the service did not come to its end")
            time.sleep(0.5)
        return Speed(len(rows), time.monotonic() - began, self._cpu() - cpu)

    def ready(self, count: int) -> bool:
        """Whether all of it is assessed, decided, and told."""
        with self.app.database.read() as session:
            waiting = session.scalar(select(func.count()).select_from(Work).where(Work.state != "parked")) or 0
            due = session.scalar(select(func.count()).where(Delivery.state.in_(("due", "claimed")))) or 0
            assessed = session.scalar(select(func.count()).select_from(Assessment)) or 0
        return not waiting and not due and assessed >= count

    def told(self) -> str:
        """What came of it."""
        with self.app.database.read() as session:
            cases = session.scalar(select(func.count()).select_from(Case)) or 0
            sent = session.scalar(select(func.count()).where(Delivery.state == "sent")) or 0
        return f"{cases} cases, {sent} messages"

    def idle(self, seconds: float) -> float:
        """MB of the service and its children after so much rest: what they share is counted once (PSS)."""
        time.sleep(seconds)
        return sum(_memory(process) for process in _family(self.process.pid))

    def _cpu(self) -> float:
        return sum(_cpu(process) for process in _family(self.process.pid))


@contextmanager
def service() -> Iterator[Service]:
    """`kintsugi run` in a folder of its own, from its start to its first crawl."""
    crawled = threading.Event()

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            crawled.set()
            self.send_response(200)
            self.end_headers()
            with suppress(BrokenPipeError):
                self.wfile.write(b"<rss version='2.0'><channel><title>news</title></channel></rss>")

        def log_message(self, *_: object) -> None:
            """Prints nothing."""

    site = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=site.serve_forever, daemon=True).start()
    with FakeSlack() as slack, tempfile.TemporaryDirectory() as name:
        slack.workspace.add_channel("voice")
        folder, port = Path(name), 8000 + os.getpid() % 20_000
        settings = SETTINGS.format(
            site=f"http://127.0.0.1:{site.server_port}", slack=slack.url, wait=GROUP_WAIT, port=port
        )
        (folder / "kintsugi.yaml").write_text(settings, encoding="utf-8")
        secrets = f"KINTSUGI_LOG_KEY={'k' * 64}\nSLACK_BOT_TOKEN={slack.workspace.bot_token}\nWEBHOOK_SECRET={SECRET}\n"
        (folder / ".env").write_text(secrets, encoding="utf-8")
        app = open_app(folder / "kintsugi.yaml")
        app.database.close()  # made and migrated: the first start of an installation does that once
        began = time.monotonic()
        process = subprocess.Popen([sys.executable, "-m", "kintsugi", "run"], cwd=folder, env=_environment())
        try:
            one = Service(process, app, slack, port)
            assert crawled.wait(120), "nothing was crawled"
            one.first_crawl = time.monotonic() - began
            _answers(port)
            yield one
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(120)
            app.database.close()
            site.shutdown()


def burst(one: Service, count: int) -> bool:
    """All at once, five critical ones in a thousand. Prints how soon those were told, and whose clock was missed."""
    rows = mentions(count, seed=7, grave=count // 200)
    speed = one.carry(rows)
    with one.app.database.read() as session:
        told = session.execute(
            select(Revision.seen_at, Case.opened_at, Delivery.sent_at)
            .join(Mention, Mention.id == Revision.mention_id)
            .join(Case, Case.mention_id == Mention.id)
            .join(Delivery, Delivery.case_id == Case.id)
            .where(Delivery.purpose == "case_message", Case.severity == "critical")
        ).all()
        critical = session.scalar(select(func.count()).where(Case.severity == "critical")) or 0
        late = session.scalar(
            select(func.count())
            .select_from(CaseClock)
            .join(Case, Case.id == CaseClock.case_id)
            .join(Delivery, Delivery.case_id == Case.id)
            .where(Case.severity == "critical", CaseClock.name == "acknowledge", Delivery.purpose == "case_message")
            .where((Delivery.sent_at.is_(None)) | (Delivery.sent_at > CaseClock.due_at))
        )
    waited = sorted((sent - seen).total_seconds() for seen, _, sent in told if sent is not None)
    opened = sorted((sent - begun).total_seconds() for _, begun, sent in told if sent is not None)
    print(
        f"burst of {count:,}: drained at {speed.speed:.1f} mentions/s; {critical} critical cases, {len(waited)} told: "
        f"from stored to told p50 {waited[len(waited) // 2]:.1f} s, last {waited[-1]:.1f} s; from opened to told last "
        f"{opened[-1]:.1f} s; told after their acknowledge clock: {late}"
    )
    return late == 0 and len(waited) == critical


def _answers(port: int) -> None:
    for _ in range(600):
        with suppress(URLError, ConnectionError), urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5):
            return
        time.sleep(0.05)
    raise SystemExit("the pages do not answer")


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1]), "PYTHONUTF8": "1"}


def _family(process: int) -> list[int]:
    """A process and all below it."""
    children = Path(f"/proc/{process}/task/{process}/children")
    with suppress(FileNotFoundError, ProcessLookupError):
        found = {
            int(child) for task in children.parents[1].iterdir() for child in (task / "children").read_text().split()
        }
        return [process, *(one for child in found for one in _family(child))]
    return []


def _cpu(process: int) -> float:
    """Seconds of CPU of a process, and of its children that ended."""
    with suppress(FileNotFoundError, ProcessLookupError):
        fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
    return 0.0


def _memory(process: int) -> float:
    with suppress(FileNotFoundError, ProcessLookupError):
        rollup = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="utf-8")
        return int(rollup.split("\nPss:")[1].split()[0]) / 1024
    return 0.0


if __name__ == "__main__":
    sys.exit(main())
