"""A place whose certificate nobody vouches for is sent nothing, neither messages nor replies with their tokens."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

from alerts.receivers.incoming import post
from alerts.receivers.receiver import Temporary
from responder.channels.calls import Calls, Failed

x509 = pytest.importorskip("cryptography.x509")


@pytest.fixture
def impostor(tmp_path: Path) -> Iterator[HTTPServer]:
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key, file = ec.generate_private_key(ec.SECP256R1()), tmp_path / "own.pem"
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, now - timedelta(days=1), now + timedelta(days=1))
    made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
    signed = made.sign(key, hashes.SHA256())
    plain = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    file.write_bytes(key.private_bytes(*plain) + signed.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    with HTTPServer(ssl_context=context) as server:
        server.expect_request("/").respond_with_data("ok")
        yield server


def test_nothing_is_sent_to_whom_nobody_vouches_for(impostor: HTTPServer) -> None:
    url = impostor.url_for("/")
    assert url.startswith("https://")
    told = post(url, b"{}", {}, "webhook")
    assert isinstance(told, Temporary)
    assert "CERTIFICATE_VERIFY_FAILED" in str(told)
    with pytest.raises(Failed, match="cannot be reached: ConnectError"):
        Calls("site", url, lambda _refused: {"authorization": "Bearer secret"}).send("POST", "/", json={})
    assert impostor.log == []
