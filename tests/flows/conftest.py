"""A whole installation: the demo's web site with a story of its own, real crawlers, and a fake Slack workspace."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from config.clock import SetClock
from kintsugi.app import App, open_app
from kintsugi.demo.site import DemoSite
from kintsugi.demo.world import START, World
from kintsugi.engines.embedded import EmbeddedEngine
from tests.fake_slack.server import FakeSlack

CONFIGURATION = """\
brand:
  name: Hotel Sora
  aliases: [ホテルソラ]
  signature: {{ja: "ホテルソラ 支配人 佐伯", en: "Guest Relations, Hotel Sora"}}
  contact: {{email: care@hotel-sora.example}}
sources:
  app-store: {{kind: app_store, base_url: "{site}", app_id: 1600250417, countries: [jp], every: 1h}}
  mastodon: {{kind: mastodon, base_url: "{site}", tags: [ホテルソラ], every: 1h}}
teams:
  front-desk: {{channel: "#front-desk"}}
people:
  U0SATO0001: {{name: 佐藤, team: front-desk, role: agent, languages: [ja]}}
  U0KIM00001: {{name: Kim, team: front-desk, role: lead, languages: [en]}}
route: {{receiver: front-desk}}
receivers: {{}}
reports: {{weekly: {{on: "mon 09:00", to: {{slack: "#brand-reports"}}}}}}
crawlers: {{delay: 0.0}}
sentiment: {{model: cues-1}}
slack: {{api_url: "{slack}", pace: 0s}}
database: sqlite:///kintsugi.sqlite
log: {{level: error}}
"""


@pytest.fixture
def slack() -> Iterator[FakeSlack]:
    with FakeSlack() as server:
        server.workspace.add_user("U0SATO0001", "佐藤")
        server.workspace.add_user("U0KIM00001", "Kim", locale="en-US")
        for channel in ("front-desk", "brand-reports"):
            server.workspace.add_channel(channel)
        yield server


class House:
    """One installation that a test plays with: `say` before it is opened, then turn the clock."""

    def __init__(self, folder: Path, slack: FakeSlack) -> None:
        self.clock = SetClock(START)
        self.lines: list[dict[str, Any]] = []
        self.settings = ""  # more lines of kintsugi.yaml
        self._folder, self._slack = folder, slack
        self._site: DemoSite | None = None

    def says(self, **line: Any) -> None:
        """One line of the story, as in kintsugi/demo/script."""
        self.lines.append({"author": "ゆき", "author_id": "a1", "language": "ja", "country": "jp", "likes": 0} | line)

    def open(self) -> App:
        """Starts the web site and opens the installation."""
        self._site = DemoSite(self.clock, self._folder, World(self.lines))
        self._site.start()
        configuration = self._folder / "kintsugi.yaml"
        configuration.write_text(
            CONFIGURATION.format(site=self._site.base_url, slack=self._slack.url) + self.settings, encoding="utf-8"
        )
        (self._folder / ".env").write_text(
            f"KINTSUGI_LOG_KEY={'k' * 32}\nSLACK_BOT_TOKEN={self._slack.workspace.bot_token}\n", encoding="utf-8"
        )
        return open_app(configuration, self.clock)

    def live(self, engine: EmbeddedEngine) -> None:
        """Crawls, works, and waits until the groups have been told."""
        engine.crawl()
        engine.settle()
        self.clock.advance(timedelta(minutes=1))
        engine.settle()

    def close(self) -> None:
        if self._site is not None:
            self._site.stop()


@pytest.fixture
def house(ready_path: Path, slack: FakeSlack, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    for name in ("KINTSUGI_LOG_KEY", "SLACK_BOT_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    made = House(ready_path, slack)
    yield made
    made.close()
