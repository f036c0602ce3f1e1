"""The demo's installation, told through Slack."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import yaml

from kintsugi.demo.configuration import write_configuration
from kintsugi.demo.site import DemoSite

KEY = "k" * 64
PEOPLE = tuple(f"U0SORA{number:03}" for number in range(1, 6))
CHANNELS = ("front-desk", "quality", "app", "social", "brand-reports")


def write_installation(
    folder: Path,
    site: DemoSite,
    slack: str,
    database: str | None = None,
    *,
    port: int | None = None,
    sources: Sequence[str] = (),
) -> Path:
    """The demo's kintsugi.yaml with a Slack channel for every receiver, and its .env; on PostgreSQL with `database`.

    sources: those that are read; none named are all. port: where its pages listen; then there is also a source `desk`
    to which others send, and a plan of escalation.
    """
    path = write_configuration(folder, site)
    written = yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)  # our own file, all text
    written["receivers"] = {name: {"slack": {"channel": f"#{name}"}} for name in CHANNELS}
    written["slack"] = {"api_url": slack, "pace": "0s"}
    written["sentiment"] = {"model": "cues-1"}
    if sources:
        written["sources"] = {key: written["sources"][key] for key in sources}
    if database is not None:
        written |= {"engine": "postgres", "database": database}
    if port is not None:
        written["web"] = {"port": port}
        written["sources"]["desk"] = {"kind": "webhook"}
        written["escalation"] = [{"after": "6h", "receiver": "quality"}, {"after": "12h", "person": PEOPLE[2]}]
    path.write_text(yaml.safe_dump(written, allow_unicode=True), encoding="utf-8")
    secrets = f"KINTSUGI_LOG_KEY={KEY}\nSLACK_BOT_TOKEN=xoxb-test\nWEBHOOK_SECRET={KEY}\n"
    (folder / ".env").write_text(secrets, encoding="utf-8")
    return path
