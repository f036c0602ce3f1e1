"""A network between the workers and PostgreSQL that can be cut: what is sent meanwhile goes nowhere."""

from __future__ import annotations

import random
import socket
import threading
from collections.abc import Callable
from contextlib import suppress

from sqlalchemy.engine import URL, make_url


class Network:
    """Passes connections on to a server. While it is cut nothing passes, and who connects is never answered.

    When it comes back, half of the connections go on where they were, as TCP would; the others are gone for both ends.
    """

    def __init__(self, url: str, seed: int) -> None:
        self._server = make_url(url)
        self._chance = random.Random(seed)
        self._whole = threading.Event()
        self._whole.set()
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self._door = socket.create_server(("127.0.0.1", 0))
        self.lost = 0
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        """The address of the same database through this network."""
        host, port = self._door.getsockname()
        through: URL = self._server.set(host=host, port=port).difference_update_query(["host"])
        return through.render_as_string(hide_password=False)

    def cut(self) -> None:
        """From now on nothing passes."""
        self._whole.clear()

    def mend(self) -> None:
        """It passes again, for the connections that survived and for new ones."""
        for pair in list(self._pairs):
            if self._chance.random() < 0.5:
                self.lost += 1
                self._close(pair)
        self._whole.set()

    def close(self) -> None:
        """Takes the network away."""
        self._door.close()
        self._whole.set()
        for pair in list(self._pairs):
            self._close(pair)

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._door.accept()
                threading.Thread(target=self._join, args=(client,), daemon=True).start()

    def _join(self, client: socket.socket) -> None:
        self._whole.wait()
        pair = (client, self._dialled())
        self._pairs.append(pair)
        for here, there in (pair, pair[::-1]):
            threading.Thread(target=self._pass, args=(here, there, pair), daemon=True).start()

    def _dialled(self) -> socket.socket:
        folder = self._server.query.get("host")
        if isinstance(folder, str):
            server = socket.socket(socket.AF_UNIX)
            server.connect(f"{folder}/.s.PGSQL.{self._server.port or 5432}")
            return server
        return socket.create_connection((self._server.host or "127.0.0.1", self._server.port or 5432))

    def _pass(self, here: socket.socket, there: socket.socket, pair: tuple[socket.socket, socket.socket]) -> None:
        with suppress(OSError):
            while said := here.recv(65536):
                self._whole.wait()
                there.sendall(said)
        self._close(pair)

    def _close(self, pair: tuple[socket.socket, socket.socket]) -> None:
        with suppress(ValueError):
            self._pairs.remove(pair)
        for end in pair:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()


def cutting(network: Network, seconds: float, times: int, wait: Callable[[float], None]) -> Callable[[], None]:
    """What to call now and then: the first `times` calls cut the network for so many seconds."""
    left = iter(range(times))

    def now_and_then() -> None:
        if next(left, None) is not None:
            wait(0.3)  # the workers are at work
            network.cut()
            wait(seconds)
            network.mend()

    return now_and_then
