"""The document of the API, and the examples that people copy."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from config.web import WebSettings
from kintsugi.app import App
from kintsugi.web.api.assembly import api_app
from kintsugi.web.app import web_app
from kintsugi.web.server import WebServer

PAGE = Path(__file__).parents[3] / "docs" / "api.md"
EXAMPLE = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_the_document_names_every_operation_once_and_every_problem(app: App) -> None:
    document = api_app(app).openapi()
    operations = [one for path in document["paths"].values() for one in path.values()]
    names = [one["operationId"] for one in operations]
    assert len(names) == len(set(names)) > 70
    for one in operations:
        assert {"401", "403", "422", "429"} <= set(one["responses"]), one["operationId"]
        assert one["description"] or one["summary"]
        for status, answer in one["responses"].items():
            if status >= "400":
                assert set(answer["content"]) == {"application/problem+json"}, (one["operationId"], status)
    assert set(document["components"]["securitySchemes"]) == {"HTTPBearer", "APIKeyQuery"}


def test_the_examples_of_the_page_work(app: App, tokens: dict[str, str], tmp_path: Path) -> None:
    examples = EXAMPLE.findall(PAGE.read_text(encoding="utf-8"))
    assert len(examples) == 4
    server = WebServer(web_app(app, ()), WebSettings(port=0))
    known = {
        "API": f"http://127.0.0.1:{server.port}/api/v1",
        "TOKEN": tokens["agent"],
        "ADMIN_TOKEN": tokens["admin"],
        "READ_TOKEN": tokens["reader"],
    }
    try:
        done = subprocess.run(
            ["bash", "-e", "-c", "\n".join(examples)], env=os.environ | known, cwd=tmp_path, check=False,
            capture_output=True, text=True, timeout=60,
        )  # fmt: skip
    finally:
        server.close()
    if "curl: command not found" in done.stderr:
        pytest.skip("curl is not installed")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "kintsugi.test" in done.stdout
    assert (tmp_path / "mentions.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert (tmp_path / "cases.xlsx").read_bytes().startswith(b"PK")
