"""Where the pages may be served: beyond this machine only encrypted."""

from __future__ import annotations

import pytest

from config.mistakes import ConfigurationError
from config.settings import settings_from
from config.web import WebSettings

BRAND = {"brand": {"name": "Hotel Sora"}}


def web(**written: object) -> WebSettings:
    return settings_from(BRAND | {"web": written}).web


@pytest.mark.parametrize("listen", ["127.0.0.1", "::1", "localhost", "127.9.9.9"])
def test_this_machine_may_always_look(listen: str) -> None:
    assert not web(listen=listen).secure


@pytest.mark.parametrize(
    "written",
    [
        {"listen": "0.0.0.0"},
        {"listen": "::"},
        {"listen": "192.168.0.7"},
        {"listen": "kintsugi.example.jp"},
        {"listen": "0.0.0.0", "behind_proxy": True},
        {"listen": "0.0.0.0", "behind_proxy": True, "public_url": "http://kintsugi.example.jp"},
        {"listen": "0.0.0.0", "public_url": "https://kintsugi.example.jp"},
    ],
)
def test_a_public_address_needs_tls(written: dict[str, object]) -> None:
    with pytest.raises(ConfigurationError, match="passwords would travel in the open"):
        web(**written)


def test_tls_of_a_proxy_or_our_own_is_enough() -> None:
    proxied = web(listen="0.0.0.0", behind_proxy=True, public_url="https://kintsugi.example.jp/")
    assert (proxied.secure, proxied.address) == (True, "https://kintsugi.example.jp")
    own = web(listen="192.168.0.7", certificate="c.pem", certificate_key="k.pem", port=443)
    assert (own.secure, own.address) == (True, "https://192.168.0.7:443")
    with pytest.raises(ConfigurationError, match="needed together"):
        web(certificate="c.pem")


@pytest.mark.parametrize("url", ["kintsugi.example.jp", "ftp://kintsugi.example.jp", "https://a.jp/path", "https://"])
def test_a_public_url_is_the_address_of_a_site(url: str) -> None:
    with pytest.raises(ConfigurationError, match="no address of a site"):
        web(public_url=url)
