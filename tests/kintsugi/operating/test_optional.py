"""`kintsugi check` names what is missing without need, and how to get it."""

from __future__ import annotations

from importlib.metadata import metadata
from pathlib import Path

import pytest

from kintsugi.operating.optional import EXTRAS, optional_parts
from tests.kintsugi.steps.test_crawling import installed

MORE = """\
smtp: {username: care, host: mail.example.jp}
drafts: {drafter: llm, url: "http://127.0.0.1:9/v1", model: m}
"""


def test_every_extra_is_explained() -> None:
    assert set(metadata("kintsugi-recovery").get_all("Provides-Extra") or []) == set(EXTRAS)


def test_every_missing_part_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "X_BEARER_TOKEN", "OTEL_EXPORTER_OTLP_ENDPOINT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PATH", "")
    app = installed(tmp_path, "  posts: {kind: x, query: Sora}", "SLACK_BOT_TOKEN=xoxb-1\n", MORE)
    parts = {part.what: part for part in optional_parts(app)}
    assert parts["SLACK_BOT_TOKEN"].there
    missing = {what for what, part in parts.items() if not part.there}
    wanted = {"SLACK_APP_TOKEN", "X_BEARER_TOKEN", "SMTP_PASSWORD", "KINTSUGI_LLM_KEY", "chromium"}
    assert wanted | {"KINTSUGI_METRICS_TOKEN", "OTEL_EXPORTER_OTLP_ENDPOINT"} <= missing
    assert {"extra postgres", "extra otel", "extra pdf", "extra photos", "extra train", "torch", "pango"} <= set(parts)
    for what in missing:
        assert any(word in parts[what].said for word in (".env", "install", "where traces go")), parts[what]
    assert "xoxb-1" not in str(parts)
