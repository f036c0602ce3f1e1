"""The only way out for a browser: a proxy that connects to public hosts and to the operator's own alone."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from contextlib import suppress
from types import TracebackType
from urllib.parse import urlsplit

from crawlers.fetching.addresses import Addresses
from crawlers.fetching.guard import host_of, why_not_there

_LONGEST_HEAD = 1 << 16
_PATIENCE = 20.0  # seconds for a request's head, and for a connection
_BROKEN = (OSError, ValueError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, TimeoutError)


class Door:
    """An HTTP proxy (CONNECT, and addresses in full) for one page. `closed` are the reasons for what it refused.

    A browser follows redirects, looks up names and opens sockets by itself; whatever it means to do comes through
    here, is looked up once, checked, and connected to at the very address that was checked. At most `most` bytes
    come in by one connection.
    """

    def __init__(self, addresses: Addresses, own: Collection[str], most: int) -> None:
        self._addresses, self._own, self._most = addresses, own, most
        self._serving: set[asyncio.Task[None]] = set()
        self.closed: list[str] = []
        self.too_much = False
        self.address = ""

    async def __aenter__(self) -> Door:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=_LONGEST_HEAD)
        self.address = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        self._server.close()
        for task in self._serving:
            task.cancel()
        await asyncio.gather(*self._serving, return_exceptions=True)

    async def _serve(self, inside: asyncio.StreamReader, answer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._serving.add(task)
        try:
            with suppress(*_BROKEN, asyncio.CancelledError):
                await self._let_through(inside, answer)
        finally:
            self._serving.discard(task)
            answer.close()

    async def _let_through(self, inside: asyncio.StreamReader, answer: asyncio.StreamWriter) -> None:
        head = await asyncio.wait_for(inside.readuntil(b"\r\n\r\n"), _PATIENCE)
        method, target, _version = head.split(b"\r\n", 1)[0].decode("latin-1").split(" ", 2)
        tunnel = method == "CONNECT"
        url = f"https://{target}" if tunnel else target
        try:
            outside, onward = await self._connected(url)
        except OSError as error:
            reason = str(error) or type(error).__name__
            answer.write(
                f"HTTP/1.1 502 Closed\r\nConnection: close\r\nContent-Type: text/plain\r\n\r\n{reason}".encode()
            )
            await answer.drain()
            return
        try:
            if tunnel:
                answer.write(b"HTTP/1.1 200 Open\r\n\r\n")
            else:
                onward.write(_as_asked_of_a_site(head, url))
            await asyncio.gather(_pour(inside, onward), self._pour_in(outside, answer))
        finally:
            onward.close()

    async def _pour_in(self, outside: asyncio.StreamReader, answer: asyncio.StreamWriter) -> None:
        poured = 0
        try:
            while not self.too_much and (chunk := await outside.read(1 << 16)):
                poured += len(chunk)
                self.too_much = poured > self._most
                answer.write(chunk)
                await answer.drain()
        finally:
            answer.close()

    async def _connected(self, url: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A connection to the host of an address that was checked. Raises OSError with the reason."""
        parts, host = urlsplit(url), host_of(url)
        found = await self._addresses.of(host)
        problem = None if host in self._own else why_not_there(host, found)
        if problem:
            self.closed.append(problem)
            raise OSError(problem)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        for address in found:
            with suppress(OSError, TimeoutError):
                return await asyncio.wait_for(asyncio.open_connection(address, port), _PATIENCE)
        raise OSError(f"{host}: nobody answers there")


def _as_asked_of_a_site(head: bytes, url: str) -> bytes:
    """The head of a request with its path instead of the whole address; its connection serves no second one."""
    first, *lines = head.rstrip(b"\r\n").split(b"\r\n")
    method, _, version = first.split(b" ", 2)
    parts = urlsplit(url)
    path = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}".encode("latin-1", "replace")
    kept = [line for line in lines if not line.lower().startswith((b"proxy-", b"connection:", b"keep-alive:"))]
    return b"\r\n".join([b" ".join([method, path, version]), *kept, b"Connection: close", b"", b""])


async def _pour(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    """Everything from one side to the other. Whoever has said all ends both: a page asks nothing after its answer."""
    try:
        while chunk := await source.read(1 << 16):
            target.write(chunk)
            await target.drain()
    finally:
        target.close()
