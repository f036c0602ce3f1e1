"""`kintsugi run` on PostgreSQL as an operator meets it: it tells, and stops when what is in hand is done."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from sqlalchemy import text
from werkzeug import Request, Response

from storage.database import Database
from storage.delivery import Delivery
from tests.conftest import LOG_KEY
from tests.engines.installation import SETTINGS, write_installation

SECONDS = 100


@pytest.fixture
def running(tmp_path: Path, postgres_url: str, httpserver: HTTPServer) -> Iterator[subprocess.Popen[bytes]]:
    settings = SETTINGS.replace("receiver: console", "receiver: chat")
    receivers = "receivers: {chat: {mattermost: {url_from: CHAT}}}\n"
    write_installation(tmp_path, f'{settings}{receivers}engine: postgres\ndatabase: "{postgres_url}"\n')
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "CHAT": httpserver.url_for("/hook")}
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "kintsugi", "run", "--role", "worker,crawler"],
            cwd=tmp_path,
            stdout=log,
            stderr=log,
            env=environment,
        )
    yield process
    process.kill()
    process.wait()


def test_a_delivery_in_hand_is_finished_before_the_process_ends(
    running: subprocess.Popen[bytes], httpserver: HTTPServer, postgres_url: str, tmp_path: Path
) -> None:
    asked, go_on = threading.Event(), threading.Event()

    def slow(_request: Request) -> Response:
        asked.set()
        go_on.wait(SECONDS)
        return Response("ok")

    httpserver.expect_request("/hook").respond_with_handler(slow)
    while not asked.wait(0.1):
        assert running.poll() is None, (tmp_path / "log").read_text()[-3000:]
    running.send_signal(signal.SIGTERM)
    with pytest.raises(subprocess.TimeoutExpired):
        running.wait(0.5)
    go_on.set()
    assert running.wait(SECONDS) == 0, (tmp_path / "log").read_text()[-3000:]
    database = Database(postgres_url, LOG_KEY)
    with database.read() as session:
        assert "claimed" not in list(session.scalars(session.query(Delivery.state).statement))
        assert session.scalar(text("SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing'")) == 0
        assert session.scalar(text("SELECT count(*) FROM procrastinate_workers")) == 0
    database.close()
