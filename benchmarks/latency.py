"""From a mention stored to its Slack message accepted: the running loop of the service, idle, and a fake Slack.

Run by hand from the repository: `python -P benchmarks/latency.py [MENTIONS]` (-P: a script is named like a package).
Prints p50 and p95 for critical cases, which skip `group_wait`, and for the others, without and with it.
"""

from __future__ import annotations

import sys
from pathlib import Path

if Path(sys.path[0]).name == "benchmarks":
    del sys.path[0]  # its files are named like the packages that they measure

import random
import statistics
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1]))  # the fake Slack of the tests

from config.settings import LogSettings
from kintsugi.app import App, open_app
from kintsugi.steps.crawling import store_items
from kintsugi.operating.observe import configure_logging
from kintsugi.service import Ticked
from storage.item import Item
from tests.fake_slack.server import FakeSlack

GROUP_WAIT = 3.0  # seconds
FLOOR = 2.0  # seconds that a message may take beside group_wait
PATIENCE = 30.0
CRITICAL = "朝食を食べた後、家族全員が食中毒になり救急搬送されました。"
OTHER = "部屋の清掃が雑で、髪の毛が落ちていました。"
SETTINGS = """\
brand: {{name: ホテルさくら, timezone: Asia/Tokyo}}
route: {{receiver: voice, group_wait: {wait:g}s, group_by: [location]}}
receivers: {{voice: {{slack: {{channel: "#voice"}}}}}}
slack: {{api_url: "{slack}"}}
log: {{level: error}}
"""


def main() -> int:
    """Measures, prints, and says by its exit code whether p95 is within the floor."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    chance = random.Random(5)
    configure_logging(LogSettings(level="error"))
    with FakeSlack() as slack, tempfile.TemporaryDirectory() as folder:
        slack.workspace.add_channel("voice")
        app = _installation(Path(folder), slack)
        working = Ticked(app)
        working.start()
        took: dict[str, list[float]] = {"critical": [], "other": []}
        # The first case of a process loads the playbooks.
        print(f"first case after the start: {_told(app, slack, 'first', CRITICAL):.2f} s")
        for number in range(count):
            for kind, text in (("critical", CRITICAL), ("other", OTHER)):
                took[kind].append(_told(app, slack, f"{kind}{number}", text))
                time.sleep(1 + chance.random())  # idle, and at any moment of the loop
        working.stop()
        app.database.close()
    within = [_print("critical", took["critical"], 0.0), _print("other", took["other"], GROUP_WAIT)]
    return 0 if all(within) else 1


def _installation(folder: Path, slack: FakeSlack) -> App:
    configuration = folder / "kintsugi.yaml"
    configuration.write_text(SETTINGS.format(wait=GROUP_WAIT, slack=slack.url), encoding="utf-8")
    (folder / ".env").write_text(
        f"KINTSUGI_LOG_KEY={'k' * 64}\nSLACK_BOT_TOKEN={slack.workspace.bot_token}\n", encoding="utf-8"
    )
    return open_app(configuration)


def _told(app: App, slack: FakeSlack, name: str, text: str) -> float:
    """Seconds from the commit of a mention to its message in the channel. Each is of a place of its own."""
    before, at = len(slack.messages("voice")), app.clock.now()
    item = Item(
        external_id=name, kind="review", text=text, rating=1.0, author_id=name, author_name=name,
        location=name, posted_at=at - timedelta(minutes=1),
    )  # fmt: skip
    store_items(app.database, "book", "file", [item], at)
    began = time.perf_counter()
    while len(slack.messages("voice")) == before:
        if time.perf_counter() - began > PATIENCE:
            raise SystemExit(f"{name} was not told within {PATIENCE:g} s")
        time.sleep(0.005)
    return time.perf_counter() - began


def _print(kind: str, took: list[float], wait: float) -> bool:
    own = sorted(seconds - wait for seconds in took)
    p50, p95 = statistics.median(own), own[max(0, -(-len(own) * 95 // 100) - 1)]
    beside = f" beside group_wait of {wait:g} s" if wait else ", group_wait skipped"
    print(f"{kind}: p50 {p50:.2f} s, p95 {p95:.2f} s of {len(own)} (floor {FLOOR:g} s){beside}")
    return p95 < FLOOR


if __name__ == "__main__":
    sys.exit(main())
