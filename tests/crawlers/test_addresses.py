"""What a host's name led to when it was checked is what is connected to, however the name answers the next time."""

from __future__ import annotations

import asyncio
import json
import ssl
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pytest_httpserver import HTTPServer
from werkzeug import Response

from crawlers.fetching.addresses import Addresses
from crawlers.fetching.door import Door
from crawlers.fetching.guard import why_not
from crawlers.running.wire import END, read
from storage.item import Finished, Item
from tests.crawlers.conftest import job
from tests.crawlers.test_child import FEED

PRIVATE = "127.0.0.1"
WORLD = "93.184.216.34"

# The crawling process, where one name answers with the world's address first and with this machine's ever after.
CHANGING = """
import socket, sys
true = socket.getaddrinfo
asked = []
def getaddrinfo(host, port, *rest, **more):
    host = host.decode() if isinstance(host, bytes) else host
    if host and host.endswith(".example"):
        asked.append(host)
        first = host.startswith("rebind") and asked.count(host) == 1
        host = "93.184.216.34" if first else "127.0.0.1"
    return true(host, port, *rest, **more)
socket.getaddrinfo = getaddrinfo
from crawlers.running.run import main
main()
"""


class Changing:
    """A name that answers otherwise each time."""

    def __init__(self, *answers: Sequence[str] | Exception) -> None:
        self.answers = list(answers)

    async def __call__(self, _host: str) -> Sequence[str]:
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def test_a_name_is_looked_up_once_a_run() -> None:
    async def twice() -> None:
        addresses = Addresses(lookup=Changing([WORLD], [PRIVATE]))
        assert await why_not("http://rebind.example/feed", (), addresses.of) is None
        assert await addresses.open_to("REBIND.example.") == [WORLD]
        assert await asyncio.gather(*[addresses.of("rebind.example")] * 3) == [[WORLD]] * 3

    asyncio.run(twice())


def test_a_host_that_was_not_found_is_looked_up_and_checked_again() -> None:
    async def again() -> None:
        addresses = Addresses(lookup=Changing(OSError("no such host"), [WORLD, PRIVATE]))
        with pytest.raises(OSError, match="no such host"):
            await why_not("http://rebind.example/", (), addresses.of)
        assert "private network (127.0.0.1)" in str(await why_not("http://rebind.example/", (), addresses.of))
        assert await addresses.open_to("rebind.example") == [WORLD]

    asyncio.run(again())


def test_only_our_own_hosts_may_be_inside_in_whatever_letters_they_are_written() -> None:
    async def inside() -> None:
        addresses = Addresses({"社内.example"}, Changing([PRIVATE], [PRIVATE]))
        assert await addresses.open_to("xn--v6q418g.example") == [PRIVATE]
        assert await addresses.open_to("other.example") == []

    asyncio.run(inside())


def test_a_browser_is_let_out_to_the_address_that_was_checked(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/open").respond_with_data("welcome")

    async def ask(host: str, own: set[str], *answers: Sequence[str]) -> tuple[bytes, list[str]]:
        async with Door(Addresses(own, Changing(*answers)), own, 1 << 20) as door:
            reader, writer = await asyncio.open_connection("127.0.0.1", int(door.address.rpartition(":")[2]))
            writer.write(f"GET http://{host}:{httpserver.port}/open HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
            said = await reader.read()
            writer.close()
            return said, door.closed

    said, closed = asyncio.run(ask("ours.example", {"ours.example"}, [PRIVATE]))
    assert said.endswith(b"welcome")
    assert closed == []
    said, closed = asyncio.run(ask("rebind.example", {"ours.example"}, [WORLD, PRIVATE], [PRIVATE]))
    assert said.startswith(b"HTTP/1.1 502")
    assert closed == ["rebind.example is on a private network (127.0.0.1): not fetched"]


def test_a_redirect_to_a_name_that_changes_its_answer_leads_nowhere(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/secret").respond_with_data(FEED)
    for number in range(3):
        where = f"http://rebind{number}.example:{httpserver.port}/secret"
        httpserver.expect_request(f"/{number}").respond_with_response(Response("", 302, {"Location": where}))
    jobs = [job("feed", {"url": httpserver.url_for(f"/{number}")}, str(number), timeout=0.3) for number in range(3)]
    jobs.append(job("feed", {"url": f"http://ours.example:{httpserver.port}/secret"}, "ours"))
    found = crawled([one.as_json() for one in jobs])
    assert [str(number) for number in range(3) if found[str(number)][0].error is None] == []
    assert {request.path for request, _ in httpserver.log if request.host.startswith("rebind")} == set()
    assert len(found["ours"][1]) == 2  # the operator's own name may lead inside


def test_the_name_is_told_to_a_site_that_speaks_tls(tmp_path: Path) -> None:
    names: list[str | None] = []
    context = certified(tmp_path, "tls.example")
    context.sni_callback = lambda _socket, name, _context: names.append(name)
    with HTTPServer(port=0, ssl_context=context) as server:
        server.expect_request("/rss").respond_with_data(FEED)
        found = crawled([job("feed", {"url": f"https://tls.example:{server.port}/rss"}, "tls").as_json()])
    assert len(found["tls"][1]) == 2
    assert set(names) == {"tls.example"}


def crawled(jobs: list[object]) -> dict[str, tuple[Finished, list[Item]]]:
    """What the crawling process found where names change their answers."""
    child = subprocess.run(
        [sys.executable, "-c", CHANGING], input=json.dumps(jobs).encode() + b"\n", capture_output=True, timeout=60
    )
    entries = [read(line) for line in child.stdout.splitlines(keepends=True) if line != END]
    return {
        key: (end, [entry for other, entry in entries if other == key and isinstance(entry, Item)])
        for key, end in entries
        if isinstance(end, Finished)
    }


def certified(folder: Path, name: str) -> ssl.SSLContext:
    """A server's context with a certificate that it made itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    called = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(called, called, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "site.pem").write_bytes(private + certificate.public_bytes(pem))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "site.pem")
    return context
