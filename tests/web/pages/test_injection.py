"""Header injection and climbing paths: what stands in an address never becomes a header, a line of one, or a file."""

from __future__ import annotations

import re

import pytest

from kintsugi.web.access import LEAST
from tests.web.pages.house import House

EVIL = "x\r\nSet-Cookie: kintsugi=stolen\r\nX-Evil: yes"
SILENT = ("GET /live", "GET /readyz")  # a stream without an end; what is not ready says so
PATHS = sorted(route.removeprefix("GET ") for route in LEAST if route.startswith("GET ") and route not in SILENT)
CLIMBING = ("..%2f..%2f..%2fetc%2fpasswd", "%2e%2e%2f.env", "..%5c..%5ckintsugi.yaml", "....//....//.env", "%00.env")
NAMES = ("next", "place", "source", "kind", "since", "until", "q", "after", "done", "days", "stage", "zone", "cases")


@pytest.mark.parametrize("role", [None, "admin"])
def test_nothing_of_an_address_becomes_a_header(house: House, role: str | None) -> None:
    client = house.client(role)
    for path in PATHS:
        filled = re.sub(r"{\w+}", "x%0d%0aX-Evil:%20yes", path)
        answer = client.get(filled, params=dict.fromkeys(NAMES, EVIL))
        assert answer.status_code < 500, path
        assert "x-evil" not in answer.headers, path
        assert "stolen" not in answer.headers.get("set-cookie", ""), path
        assert not [value for value in answer.headers.values() if "\r" in value or "\n" in value], path


def test_no_address_climbs_out_of_its_folder(house: House) -> None:
    client = house.client("admin")
    secret = (house.app.folder / ".env").read_text(encoding="utf-8").strip()
    for path in (one for one in PATHS if "{" in one):
        for climbing in CLIMBING:
            answer = client.get(re.sub(r"{\w+}", climbing, path))
            assert answer.status_code in (400, 404, 405, 422), (path, climbing)
            assert secret not in answer.text
            assert "root:" not in answer.text
