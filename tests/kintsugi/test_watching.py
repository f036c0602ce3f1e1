"""What machines see of a running installation: figures, readiness, traces; and that none of it tells who wrote what."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import select
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from config.clock import SetClock, SystemClock
from kintsugi.app import App, open_app
from kintsugi.engines.embedded import EmbeddedEngine
from kintsugi.metrics.page import MetricsPage
from kintsugi.metrics.reasons import REASONS, reason_of
from kintsugi.operating.tracing import Traces, opened_traces, trace_id_of
from kintsugi.web.app import web_app
from kintsugi.web.pages.status import router as status
from kintsugi.web.server import PROXIES
from storage.delivery import Delivery
from storage.mention import Mention
from tests.kintsugi.steps.test_crawling import KEY, installed

PERSONAL = ("山田ゆき子", "090-1234-5678", "yuki@example.jp", "シャワーが出ません")
TOKEN = "a token of the machine that watches"
Figures = dict[tuple[str, frozenset[tuple[str, str]]], float]


@dataclass
class Lived:
    """An installation through which one complaint and one word of praise have gone."""

    app: App
    clock: SetClock
    spans: InMemorySpanExporter


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Iterator[Lived]:
    folder = tmp_path_factory.mktemp("lived")
    voices = [
        {
            "id": "1",
            "text": f"最悪。{PERSONAL[3]}。{PERSONAL[1]} {PERSONAL[2]} まで",
            "rating": 1,
            "author": PERSONAL[0],
        },
        {"id": "2", "text": "とても良かったです", "rating": 5, "author": "別の人"},
    ]
    (folder / "voices.jsonl").write_text(
        "\n".join(json.dumps(one, ensure_ascii=False) for one in voices), encoding="utf-8"
    )
    shutil.copy(migrated_sqlite, folder / "kintsugi.sqlite")
    made = installed(
        folder,
        f"  voices: {{kind: file, path: {folder}/voices.jsonl, every: 1h}}",
        more='receivers: {gone: {webhook: {url: "http://127.0.0.1:9/"}}}\n'
        'route: {receiver: gone, group_wait: 0s}\nclocks: {business_hours: {mon-sun: ["00:00-24:00"]}}\n',
    )
    clock = SetClock(SystemClock().now())
    app = open_app(made.configuration, clock)
    spans, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(spans))
    app.traces = Traces(provider, app.log_key())
    engine = EmbeddedEngine(app)
    engine.start()
    engine.crawl()
    engine.settle()
    clock.advance(timedelta(hours=3))
    engine.tick()
    yield Lived(app, clock, spans)
    engine.close()
    app.database.close()


def asked(app: App, path: str, client: str = "127.0.0.1", **headers: str) -> tuple[int, str]:
    with TestClient(web_app(app, [status]), client=(client, 50000), raise_server_exceptions=False) as browser:
        answer = browser.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    return answer.status_code, answer.text


def figures_of(text: str) -> Figures:
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def figure(found: Figures, name: str, **labels: str) -> float:
    return found[name, frozenset(labels.items())]


def test_the_figures_tell_what_happened(lived: Lived) -> None:
    found = figures_of(MetricsPage(lived.app).text().decode())
    assert figure(found, "kintsugi_crawled_items", source="voices", became="new") == 2
    assert figure(found, "kintsugi_crawl_unaccounted_items", source="voices") == 0
    assert figure(found, "kintsugi_source_health", source="voices", kind="file", health="late") == 1
    assert figure(found, "kintsugi_clocks", clock="acknowledge", state="missed") == 1
    assert sum(value for (name, _), value in found.items() if name == "kintsugi_cases") == 1
    assert figure(found, "kintsugi_delivery_failures", state="due", receiver="gone", reason="unreachable") >= 1
    assert figure(found, "kintsugi_backlog_items", step="deliver") >= 1
    assert figure(found, "kintsugi_backlog_age_seconds", step="deliver") > 3600
    assert figure(found, "kintsugi_backlog_items", step="assess") == 0
    assert figure(found, "kintsugi_model_share", window="first", label="negative") == 0.5
    assert figure(found, "kintsugi_model_drift") == 0
    assert figure(found, "kintsugi_step_seconds_count", step="assess") >= 1
    assert figure(found, "kintsugi_tick_late_seconds") == 0
    assert figure(found, "kintsugi_path_seconds", part="assessed", quantile="0.95") >= 0


def test_a_subject_that_is_given_up_is_counted(lived: Lived) -> None:
    from storage.work import park_work

    with lived.app.database.write() as session:
        park_work(session, "open", 4711, lived.clock.now(), "x")
    assert figure(figures_of(MetricsPage(lived.app).text().decode()), "kintsugi_parked_items", step="open") == 1


def test_figures_and_spans_hold_nothing_of_a_person(lived: Lived) -> None:
    told = asked(lived.app, "/metrics")[1] + "".join(span.to_json() for span in lived.spans.get_finished_spans())
    assert "kintsugi_cases" in told
    assert "assess" in told
    assert [word for word in (*PERSONAL, "別の人", "良かった", KEY) if word in told] == []


def test_one_trace_follows_a_mention_through_all_stages(lived: Lived) -> None:
    with lived.app.database.read() as session:
        mention = session.scalars(select(Mention.id).where(Mention.external_id == "1")).one()
    trace = trace_id_of(lived.app.log_key(), mention)
    spans = [span for span in lived.spans.get_finished_spans() if span.context.trace_id == trace]
    first = list(dict.fromkeys(span.name for span in sorted(spans, key=lambda span: span.start_time or 0)))
    assert first[:6] == ["store", "assess", "qualify", "open", "route", "deliver"]
    others = {span.context.trace_id for span in lived.spans.get_finished_spans()}
    assert len(others) == 2, "the other mention has a trace of its own"


def test_without_an_exporter_nothing_is_traced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OTEL_EXPORTER_OTLP_ENDPOINT", raising=False)
    assert not opened_traces(b"key").on


def test_figures_are_for_this_machine_or_for_who_has_the_token(lived: Lived, monkeypatch: pytest.MonkeyPatch) -> None:
    assert asked(lived.app, "/metrics")[0] == 200
    assert asked(lived.app, "/metrics", client="192.0.2.7")[0] == 401
    assert asked(lived.app, "/metrics", x_forwarded_for="127.0.0.1")[0] == 401, "a proxy's word is not enough"
    monkeypatch.setenv("KINTSUGI_METRICS_TOKEN", TOKEN)
    guarded = open_app(lived.app.configuration, lived.clock)
    assert asked(guarded, "/metrics")[0] == 401
    assert asked(guarded, "/metrics", client="192.0.2.7", authorization="Bearer something else")[0] == 401
    status_code, text = asked(guarded, "/metrics", client="192.0.2.7", authorization=f"Bearer {TOKEN}")
    assert status_code == 200
    assert TOKEN not in text
    guarded.database.close()


@pytest.mark.parametrize(
    ("told", "address"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("127.0.0.1, 203.0.113.9", "203.0.113.9"),
        ("198.51.100.1, 203.0.113.9, 10.0.0.4", "203.0.113.9"),
    ],
)
def test_a_client_cannot_choose_its_address_behind_a_proxy(told: str, address: str) -> None:
    async def say(scope: Scope, receive: Receive, send: Send) -> None:
        await PlainTextResponse(scope["client"][0])(scope, receive, send)

    browser = TestClient(ProxyHeadersMiddleware(say, PROXIES), client=("10.0.0.5", 1))
    assert browser.get("/", headers={"x-forwarded-for": told}).text == address


def test_ready_means_that_somebody_looks_at_the_clock(lived: Lived) -> None:
    assert asked(lived.app, "/readyz") == (200, '{"status":"ready"}')
    lived.clock.advance(timedelta(minutes=5))
    code, said = asked(lived.app, "/readyz")
    lived.clock.advance(timedelta(minutes=-5))
    assert (code, "the engine stands still" in said) == (503, True)


def test_not_ready_without_schema_model_or_tick(tmp_path: Path, migrated_sqlite: Path) -> None:
    app = installed(tmp_path, "  {}")
    (tmp_path / "model").mkdir()
    for name in ("model.onnx", "config.json"):
        (tmp_path / "model" / name).write_text('{"max_tokens": 64', encoding="utf-8")
    settings = f"brand: {{name: x}}\nsentiment: {{model: {tmp_path}/model}}\n"
    (tmp_path / "kintsugi.yaml").write_text(settings, encoding="utf-8")
    app = open_app(app.configuration)
    shutil.copy(migrated_sqlite, tmp_path / "kintsugi.sqlite")
    code, said = asked(app, "/readyz")
    assert code == 503
    assert json.loads(said)["missing"] == ["nothing has looked at the clock yet", "the model does not load"]
    app.database.close()
    (tmp_path / "kintsugi.sqlite").write_bytes(b"torn" * 5000)
    code, said = asked(open_app(app.configuration), "/healthz")
    assert (code, said) == (503, '{"status":"the database does not answer"}')


def test_every_failure_has_one_of_few_reasons(lived: Lived) -> None:
    for error, reason in (
        ("Slack: missing_scope: add the scope chat:write to the app and install it again", "credentials"),
        ("Slack asks to slow down (ratelimited)", "slowed_down"),
        ("Slack: channel_not_found: invite the app", "place_missing"),
        ("webhook: no answer (ConnectError: refused)", "unreachable"),
        ("gone: the mention was deleted on 2026-01-01", "gone"),
        ("webhook: 503 Service Unavailable", "trouble"),
        ("there is no receiver 'x' in the configuration any more", "no_receiver"),
        ("山田ゆき子", "other"),
    ):
        assert reason_of(error) == reason
    with lived.app.database.read() as session:
        assert {reason_of(error or "") for error in session.scalars(select(Delivery.error))} <= set(REASONS)
