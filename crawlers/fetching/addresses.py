"""The IP addresses of hosts, looked up once a run: what was checked is what is connected to."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Collection, Sequence
from typing import Literal, Protocol

from twisted.internet.address import IPv4Address, IPv6Address

from crawlers.fetching.guard import is_public

Lookup = Callable[[str], Awaitable[Sequence[str]]]


async def asked_of_the_system(host: str) -> Sequence[str]:
    """The addresses of a host in the order in which they are to be tried. Raises OSError."""
    found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class Addresses:
    """One table for all connections of a run, so that a name that answers anew with another address changes nothing.

    (DNS rebinding: the first answer is public and passes the check, the second is that of a machine inside.) A host
    that cannot be found is looked up again the next time. Only `own` hosts are ever connected to on private networks.
    """

    def __init__(self, own: Collection[str] = (), lookup: Lookup = asked_of_the_system) -> None:
        self._own = {_name(host) for host in own}
        self._lookup = lookup
        self._found: dict[str, asyncio.Future[Sequence[str]]] = {}

    async def of(self, host: str) -> Sequence[str]:
        """All addresses of a host, the same for the whole run. Raises OSError where there is none."""
        name = _name(host)
        found = self._found.get(name)
        if found is None:
            found = self._found[name] = asyncio.ensure_future(self._lookup(name))
        try:
            return await asyncio.shield(found)
        except (OSError, UnicodeError) as error:
            self._found.pop(name, None)
            raise error if isinstance(error, OSError) else OSError(f"{host[:100]!r} is no host") from None

    async def open_to(self, host: str) -> list[str]:
        """The addresses of a host that may be connected to: public ones, and any of our own hosts."""
        found = await self.of(host)
        return [address for address in found if _name(host) in self._own or is_public(address)]


def _name(host: str) -> str:
    """One name for one host: Twisted asks for 例え.jp where an address has xn--r8jz45g.jp."""
    host = host.rstrip(".").lower()
    try:
        return host if host.isascii() else host.encode("idna").decode()
    except UnicodeError:
        return host


class _Receiver(Protocol):
    """Twisted's `IResolutionReceiver`, whose methods its own types call without their object."""

    def resolutionBegan(self, resolution: object) -> None: ...
    def addressResolved(self, address: IPv4Address | IPv6Address) -> None: ...
    def resolutionComplete(self) -> None: ...


class _Resolution:
    def __init__(self, name: str) -> None:
        self.name = name

    def cancel(self) -> None:
        """Nobody waits for it any more: the answer is kept for the next one who asks."""


class TableResolver:
    """Makes Twisted connect to the addresses of a table. Names in addresses, and in TLS, stay names."""

    def __init__(self, addresses: Addresses) -> None:
        self._addresses = addresses
        self._running: set[asyncio.Task[None]] = set()  # the loop itself keeps weak references only

    def resolveHostName(
        self,
        resolutionReceiver: _Receiver,
        hostName: str,
        portNumber: int = 0,
        addressTypes: Sequence[type] | None = None,
        transportSemantics: Literal["TCP", "UDP"] = "TCP",
    ) -> _Resolution:
        """Twisted's `IHostnameResolver`: tells the receiver each address, then that these were all."""
        resolution = _Resolution(hostName)
        resolutionReceiver.resolutionBegan(resolution)

        async def answer() -> None:
            try:
                found = await self._addresses.open_to(hostName)
            except OSError:
                found = []
            for address in found:
                form = IPv6Address if ":" in address else IPv4Address
                if addressTypes is None or form in addressTypes:
                    resolutionReceiver.addressResolved(form(transportSemantics, address, portNumber))
            resolutionReceiver.resolutionComplete()

        task = asyncio.ensure_future(answer())
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return resolution
