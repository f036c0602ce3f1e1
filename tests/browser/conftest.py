"""The pages in a real Chromium, served by the real server. Without Chromium these tests skip with one line."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from kintsugi.web.server import WebServer
from tests.web.pages.house import House, lived_through
from tests.web.seat import Seat

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

CHROMIUM = next((path for name in ("chromium", "chromium-browser") if (path := shutil.which(name))), None)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
AXE = (Path(__file__).with_name("vendor") / "axe.min.js").read_text(encoding="utf-8")
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}


# Not for the whole run: while it lives, its event loop runs in this thread, and no other test may start one.
@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    if CHROMIUM is None:
        if os.environ.get("KINTSUGI_BROWSER_TESTS") == "required":
            pytest.fail("Chromium is missing: apt-get install chromium")
        pytest.skip("Chromium is not installed (Debian: apt-get install chromium)", allow_module_level=True)
    from playwright.sync_api import sync_playwright  # half a second, which one worker alone has to spend

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def lived_in(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Path:
    return lived_through(tmp_path_factory, migrated_sqlite)


@dataclass
class Site:
    """The served installation, with the browser that looks at it."""

    house: House
    address: str
    browser: Browser
    contexts: list[BrowserContext] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def open(self, role: str | None = "lead", language: str = "ja", size: dict[str, int] = DESK, **more: Any) -> Page:
        """A page of a browser of its own; what its console complains of, and requests elsewhere, are kept."""
        context = self.browser.new_context(
            base_url=self.address, locale={"ja": "ja-JP", "en": "en-GB"}[language], viewport=size,
            timezone_id="Asia/Tokyo", **more,
        )  # fmt: skip
        context.set_default_timeout(20_000)
        self.contexts.append(context)
        if role is not None:
            context.add_cookies([{"name": "kintsugi", "value": self.house.token(role), "url": self.address}])
        page = context.new_page()
        page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on(
            "request",
            lambda asked: (
                None if asked.url.startswith((self.address, "data:")) else self.complaints.append(f"asked {asked.url}")
            ),
        )
        return page

    def close(self) -> None:
        for context in self.contexts:
            context.close()


class Served:
    """The pages behind one server, which goes on while one installation after another is looked at."""

    def __init__(self) -> None:
        self.seat = Seat()
        self._server: WebServer | None = None

    def address(self, house: House) -> str:
        """Where this installation is looked at from now on."""
        web = house.web  # sits down
        if self._server is None:
            self._server = WebServer(web, house.app.settings.web.model_copy(update={"port": 0}))
        return f"http://127.0.0.1:{self._server.port}"

    def close(self) -> None:
        if self._server is not None:
            self._server.close()


@pytest.fixture(scope="package")
def served() -> Iterator[Served]:
    made = Served()
    yield made
    made.close()


@pytest.fixture
def site(
    tmp_path: Path, lived_in: Path, served: Served, chromium: Browser, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Site]:
    monkeypatch.delenv("KINTSUGI_LOG_KEY", raising=False)
    shutil.copy(lived_in / "kintsugi.roots.jsonl", tmp_path)
    house = House(tmp_path, lived_in / "kintsugi.sqlite", seat=served.seat)
    made = Site(house, served.address(house), chromium)
    yield made
    made.close()
    assert made.complaints == []


def kept(page: Page, name: str) -> None:
    """A picture of the whole page for people to look at, where KINTSUGI_SCREENSHOTS names a folder."""
    if folder := os.environ.get("KINTSUGI_SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def name_of(path: str) -> str:
    """/cases/3?x=1 as a name of a file: cases."""
    return re.sub(r"[^a-z]+", "-", path.partition("?")[0]).strip("-") or "now"


WCAG = "['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']"


def violations(page: Page) -> list[str]:
    """What axe finds wrong by WCAG 2.2 AA and good practice: the rule, and the first element that breaks it."""
    page.evaluate(AXE)
    found = page.evaluate(
        f"async () => (await axe.run(document, {{runOnly: {WCAG}, resultTypes: ['violations']}}))"
        ".violations.map(v => v.id + ': ' + v.nodes[0].html.slice(0, 160))"
    )
    return [str(one) for one in found]
