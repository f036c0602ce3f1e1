"""What the service does around a crawl: tokens that go along."""

from __future__ import annotations

from pathlib import Path

import pytest

from kintsugi.app import App, open_app
from kintsugi.steps.crawling import tokens_of

KEY = "k" * 64


def installed(folder: Path, sources: str, env: str = "", more: str = "") -> App:
    """An installation with these sources."""
    (folder / "kintsugi.yaml").write_text(
        f"brand: {{name: Hotel Sora}}\nsources:\n{sources}\nsentiment: {{model: cues-1}}\n{more}", encoding="utf-8"
    )
    (folder / ".env").write_text(f"KINTSUGI_LOG_KEY={KEY}\n{env}", encoding="utf-8")
    return open_app(folder / "kintsugi.yaml")


def test_the_crawling_process_gets_the_tokens_that_its_sources_name_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("X_BEARER_TOKEN", "YELP_SECOND", "YOUTUBE_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    sources = """\
  posts: {kind: x, query: Sora}
  yelp: {kind: yelp, businesses: [sora], key_env: YELP_SECOND}
  videos: {kind: youtube, videos: [v1]}
  broken: {kind: x, qeury: Sora}"""
    app = installed(tmp_path, sources, "X_BEARER_TOKEN=from-env-file\nYELP_SECOND=second\nSLACK_BOT_TOKEN=xoxb\n")
    assert tokens_of(app.settings, app.secrets, app.settings.sources) == {
        "X_BEARER_TOKEN": "from-env-file",
        "YELP_SECOND": "second",
    }
    monkeypatch.setenv("X_BEARER_TOKEN", "from-environment")
    assert tokens_of(app.settings, app.secrets, ["posts", "broken"]) == {"X_BEARER_TOKEN": "from-environment"}
