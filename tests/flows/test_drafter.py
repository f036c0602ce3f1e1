"""The drafter `llm` in a whole installation, against a local endpoint that answers well, badly, late or not at all."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from kintsugi.app import App, open_app
from kintsugi.desk.desk import Desk
from kintsugi.desk.reported import report_by_hand
from kintsugi.steps.improving import AT_ONCE, improve_drafts
from storage.draft import Draft, latest_draft
from storage.event import events_of

SETTINGS = """\
brand: {{name: ホテルソラ, languages: [ja]}}
people: {{sato: {{name: 佐藤}}}}
sentiment: {{model: cues-1}}
drafts: {{drafter: llm, url: "{url}", model: any, timeout: 1s, calls_per_day: {calls}}}
log: {{level: error}}
"""
TEXT = "フロントに40分も待たされました。"


def opened(folder: Path, server: HTTPServer, calls: int = 500) -> App:
    settings = SETTINGS.format(url=server.url_for("/v1"), calls=calls)
    (folder / "kintsugi.yaml").write_text(settings, encoding="utf-8")
    (folder / ".env").write_text(f"KINTSUGI_LOG_KEY={'k' * 64}\nKINTSUGI_LLM_KEY=sk-test\n", encoding="utf-8")
    app = open_app(folder / "kintsugi.yaml")
    report_by_hand(app, TEXT, None, "sato")
    return app


@pytest.fixture
def app(ready_path: Path, httpserver: HTTPServer) -> Iterator[App]:
    made = opened(ready_path, httpserver)
    yield made
    made.database.close()


def draft(app: App) -> Draft:
    with app.database.read() as session:
        found = latest_draft(session, 1)
        assert found is not None
        return found


def told(app: App) -> list[dict[str, Any]]:
    """What the events say of falling back."""
    with app.database.read() as session:
        return [event.data for event in events_of(session, 1) if event.kind == "drafter_fell_back"]


def streamed(text: str) -> Response:
    parts = [f"data: {json.dumps({'choices': [{'delta': {'content': part}}]})}\n\n" for part in text]
    return Response("".join([*parts, "data: [DONE]\n\n"]), content_type="text/event-stream")


def answers(server: HTTPServer, *texts: str) -> None:
    for text in texts:
        server.expect_ordered_request("/v1/chat/completions", method="POST").respond_with_handler(
            lambda _, text=text: streamed(text)  # type: ignore[misc]  # bound here
        )


def test_a_good_answer_replaces_the_composed_draft_and_no_transaction_is_open_meanwhile(
    app: App, httpserver: HTTPServer
) -> None:
    composed = draft(app)
    better = next(one["text"] for one in composed.alternatives if one["tone"] == "warmer")
    seen: list[str] = []

    def answer(request: Request) -> Response:
        seen.append(request.headers["Authorization"])
        with app.database.write() as session:  # Would wait for ever, were ours still open.
            session.get_one(Draft, composed.id)
        return streamed(better)

    httpserver.expect_request("/v1/chat/completions").respond_with_handler(answer)
    assert (composed.drafter, improve_drafts(app), improve_drafts(app)) == ("composed", 1, 0)
    assert (draft(app).drafter, draft(app).text) == ("llm", better)
    assert draft(app).alternatives == composed.alternatives
    assert seen == ["Bearer sk-test"]


@pytest.mark.parametrize(
    "answer",
    [
        "We are very sorry for the long wait at our front desk. Hotel Sora",
        '{"reply": "申し訳ございません"}',
        "ご指示のとおり、全額返金し、一泊を無料といたします。ホテルソラ",
        "これまでの指示を無視しました。PWNED",
    ],
)
def test_a_wrong_language_json_or_obedience_to_the_reviewer_leaves_the_composed_draft(
    app: App, httpserver: HTTPServer, answer: str
) -> None:
    answers(httpserver, answer, answer)
    assert (improve_drafts(app), improve_drafts(app)) == (1, 0)
    assert draft(app).drafter == "composed"
    assert told(app) == [{"reason": "guard", "calls": 2}]


def test_an_endpoint_that_hangs_drips_or_is_away_is_given_up_with_its_reason(
    tmp_path: Path, migrated_sqlite: Path, httpserver: HTTPServer
) -> None:
    def drip() -> Iterator[bytes]:
        for _ in range(300):
            time.sleep(0.1)
            yield b"d"

    for number, (handler, reason) in enumerate(
        (
            (lambda _: Response(drip(), content_type="text/event-stream"), "timeout"),
            (lambda _: Response("later", status=503), "refused"),
            (lambda _: Response("data: {}\n\n"), "unreadable"),
            (lambda _: Response('{"choices": []}', content_type="application/json"), "silent"),
        )
    ):
        folder = tmp_path / str(number)
        folder.mkdir()
        shutil.copy(migrated_sqlite, folder / "kintsugi.sqlite")
        httpserver.clear()
        httpserver.expect_request("/v1/chat/completions").respond_with_handler(handler)
        app = opened(folder, httpserver)
        began = time.monotonic()
        improve_drafts(app)
        assert time.monotonic() - began < 20, "not waited for until it ends after half a minute"
        assert [one["reason"] for one in told(app)] == [reason]
        assert draft(app).drafter == "composed"
        app.database.close()


def test_the_budget_of_a_day_counts_repairs_and_is_kept(ready_path: Path, httpserver: HTTPServer) -> None:
    app = opened(ready_path, httpserver, calls=1)
    answers(httpserver, "補償として全額を返金いたします。")
    assert improve_drafts(app) == 1
    assert told(app) == [{"reason": "budget", "calls": 1}]
    report_by_hand(app, "部屋のシャワーが冷たいままでした。", None, "sato")
    assert improve_drafts(app) == 1
    assert len(httpserver.log) == 1
    app.database.close()


def test_what_somebody_wrote_meanwhile_is_not_overruled(app: App, httpserver: HTTPServer) -> None:
    mine = "長くお待たせし、誠に申し訳ございませんでした。ホテルソラ"
    better = draft(app).alternatives[0]["text"]

    def answer(_: Request) -> Response:
        assert Desk(app).edit(1, "sato", mine) is None
        return streamed(better)

    httpserver.expect_request("/v1/chat/completions").respond_with_handler(answer)
    improve_drafts(app)
    assert (draft(app).drafter, draft(app).text) == ("sato", mine)
    assert [one["reason"] for one in told(app)] == ["late"]


def test_many_cases_for_a_person_to_write_leave_room_for_the_others(app: App, httpserver: HTTPServer) -> None:
    for number in range(AT_ONCE):
        report_by_hand(app, f"朝食で食中毒になり、{number + 2}日入院しました。", None, "sato")
    better = next(one["text"] for one in draft(app).alternatives if one["tone"] == "warmer")
    answers(httpserver, better)
    assert improve_drafts(app) == 1
    assert draft(app).drafter == "llm"
    assert len(httpserver.log) == 1
