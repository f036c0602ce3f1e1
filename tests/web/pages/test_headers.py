"""What answers tell beside their pages: nothing of the program that made them, and that nobody may keep them."""

from __future__ import annotations

from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from kintsugi.web.passwords import LONGEST, SHORTEST, unfit
from kintsugi.web.server import WebServer
from tests.web.pages.house import House


def test_no_page_is_kept_by_a_cache_and_none_names_its_program(house: House) -> None:
    server = WebServer(house.web, house.app.settings.web.model_copy(update={"port": 0}))
    try:
        with urlopen(f"http://127.0.0.1:{server.port}/login", timeout=20) as page:
            headers = page.headers
        with pytest.raises(HTTPError) as missing:
            urlopen(f"http://127.0.0.1:{server.port}/f/nothing", timeout=20)
        for one in (headers, missing.value.headers):
            assert "no-store" in one["cache-control"]
            assert {"server", "x-powered-by"} & {name.lower() for name in one} == set()
        assert b"Traceback" not in missing.value.read()
    finally:
        server.close()


def test_a_password_is_long_enough_and_none_is_cut_off() -> None:
    assert SHORTEST >= 12
    words = "金継ぎ kintsugi " * 20
    assert unfit(words[: SHORTEST - 1], "hana") == "short"
    assert unfit(words[:SHORTEST], "hana") is None
    assert unfit(words[:LONGEST], "hana") is None
    assert unfit(words[: LONGEST + 1], "hana") == "long"
