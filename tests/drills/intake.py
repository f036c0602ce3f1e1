"""Somebody who sends mentions to a web process that dies: each is sent until it was taken, under one event id."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import socket
import threading
import time
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

from tests.drills.door import listen
from tests.drills.installation import KEY
from tests.engines.lives import begun
from tests.engines.worker import SharedClock

PATIENCE = 300.0
SAID = "予約した部屋が取れておらず、フロントで{n}分も待たされました。謝罪もなく、二度と泊まりません。"


def free_port() -> int:
    """A port that nobody has now."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


class Intake:
    """The web process and its sender."""

    def __init__(self, folder: Path, port: int, clock: SharedClock) -> None:
        self._folder, self._port, self._clock = folder, port, clock
        self.taken = self.killed = 0
        self._process: ForkServerProcess | None = None

    def send(self) -> None:
        """Sends one mention. Returns when it was taken."""
        self.taken += 1
        body = json.dumps({"id": f"d{self.taken}", "text": SAID.format(n=self.taken), "rating": 1}).encode()
        deadline = time.monotonic() + PATIENCE
        while not self._sent(body, f"event-{self.taken}"):
            assert time.monotonic() < deadline, "the intake does not answer"
            self._keep_up()
            time.sleep(0.2)

    def kill_within(self, seconds: float) -> None:
        """It dies within so many seconds."""
        self._keep_up()
        process = self._process
        assert process is not None
        self.killed += 1
        threading.Timer(seconds, process.kill).start()

    def stop(self) -> None:
        """Asks it to end."""
        if self._process is not None:
            self._process.terminate()
            self._process.join(60)

    def _sent(self, body: bytes, event: str) -> bool:
        moment = str(int(self._clock.now().timestamp()))
        digest = hmac.new(KEY.encode(), f"{event}.{moment}.".encode() + body, hashlib.sha256).digest()
        headers = {
            "content-type": "application/json", "webhook-id": event, "webhook-timestamp": moment,
            "webhook-signature": "v1," + base64.b64encode(digest).decode(),
        }  # fmt: skip
        try:
            with urlopen(Request(f"http://127.0.0.1:{self._port}/intake/desk", body, headers), timeout=20) as answer:
                return answer.status == 200
        except (URLError, ConnectionError, TimeoutError):
            return False

    def _keep_up(self) -> None:
        if self._process is None or self._process.exitcode is not None:
            self._process = begun(listen, self._folder, log=self._folder / "door.log")
