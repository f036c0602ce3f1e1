"""One `kintsugi run` with the real model in a folder of its own, beside a site and a Slack: what is measured whole."""

from __future__ import annotations

import base64
import hashlib
import hmac
import itertools
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

from sqlalchemy import func, select

from kintsugi.app import App, open_app
from storage.assessment import Assessment
from storage.case import Case
from storage.delivery import Delivery
from storage.work import Work
from tests.fake_slack.server import FakeSlack

SECRET = "a secret of this measurement"
BODY = 500  # mentions
GROUP_WAIT = 2.0  # seconds
PATIENCE = 4 * 3600.0
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


class Speed:
    """Mentions a second by the clock, and seconds of CPU for each."""

    def __init__(self, count: int, seconds: float, cpu: float) -> None:
        self.speed, self.cpu = count / seconds, cpu / count


class Service:
    """One running `kintsugi run`, and the doors to it."""

    def __init__(self, process: subprocess.Popen[bytes], app: App, slack: FakeSlack, port: int) -> None:
        self.process, self.app, self._slack, self._port = process, app, slack, port
        self.first_crawl = 0.0
        self._sent = 0
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
        self._sent += len(rows)

    def carry(self, rows: Sequence[dict[str, object]]) -> Speed:
        """From the first body to the last answer of Slack."""
        began, cpu = time.monotonic(), self._cpu()
        self.send(rows)
        while not self.ready():
            if time.monotonic() - began > PATIENCE or self.process.poll() is not None:
                raise SystemExit("the service did not come to its end")
            time.sleep(0.5)
        return Speed(len(rows), time.monotonic() - began, self._cpu() - cpu)

    def ready(self) -> bool:
        """Whether all that was sent is assessed, decided, and told."""
        with self.app.database.read() as session:
            waiting = session.scalar(select(func.count()).select_from(Work).where(Work.state != "parked")) or 0
            due = session.scalar(select(func.count()).where(Delivery.state.in_(("due", "claimed")))) or 0
            assessed = session.scalar(select(func.count()).select_from(Assessment)) or 0
        return not waiting and not due and assessed >= self._sent

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
        process = subprocess.Popen([sys.executable, "-m", "kintsugi", "run"], cwd=folder, env=environment())
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


def _answers(port: int) -> None:
    for _ in range(600):
        with suppress(URLError, ConnectionError), urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5):
            return
        time.sleep(0.05)
    raise SystemExit("the pages do not answer")


def environment() -> dict[str, str]:
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
