"""What deploy/ says fits to what the service does: figures, commands, settings; and its containers may do little."""

from __future__ import annotations

import configparser
import importlib
import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from config.settings import settings_from
from kintsugi.app import App
from kintsugi.metrics.rows import RowsCollector
from kintsugi.metrics.steps import REGISTRY
from kintsugi.service import ROLES
from tests.kintsugi.steps.test_crawling import installed

DEPLOY = Path(__file__).parents[1] / "deploy"
NAME = re.compile(r"\b(?:kintsugi|process)_[a-z_]+\b")
# Made by Prometheus itself, or by the client for the process.
GIVEN = {"process_resident_memory_bytes", "process_cpu_seconds_total"}


@pytest.fixture
def figures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    monkeypatch.delenv("KINTSUGI_LOG_KEY", raising=False)
    app: App = installed(tmp_path, "  {}")
    rows = list(RowsCollector(app).collect())
    app.database.close()
    importlib.import_module("kintsugi.engines.workforce")  # its figures are those of a process that keeps workers
    names = {family.name for family in (*rows, *REGISTRY.collect())}
    only_with_data = {"kintsugi_model_drift", "kintsugi_tick_late_seconds"}
    counters = {f"{name}{end}" for name in names for end in ("_total", "_bucket", "_count", "_sum")}
    return names | counters | only_with_data | GIVEN


def test_every_figure_that_is_watched_exists(figures: set[str]) -> None:
    rules = yaml.safe_load((DEPLOY / "prometheus/alerts.yaml").read_text("utf-8"))
    asked = [rule["expr"] for group in rules["groups"] for rule in group["rules"]]
    board = json.loads((DEPLOY / "grafana/kintsugi.json").read_text("utf-8"))
    asked += [target["expr"] for panel in board["panels"] for target in panel.get("targets", [])]
    assert len(asked) > 30
    unknown = {name for expression in asked for name in NAME.findall(expression)} - figures
    assert unknown == set()


def test_every_alert_says_what_to_do_in_a_place_that_exists() -> None:
    headings = re.findall(r"^#+ (.+)$", (DEPLOY.parent / "docs/operate.md").read_text("utf-8"), re.MULTILINE)
    rules = yaml.safe_load((DEPLOY / "prometheus/alerts.yaml").read_text("utf-8"))
    for rule in rules["groups"][0]["rules"]:
        page, _, heading = rule["annotations"]["do"].partition(", ")
        assert page == "docs/operate.md"
        assert heading in headings, f"{rule['alert']}: docs/operate.md has no part {heading!r}"
        assert rule["labels"]["severity"] in ("page", "ticket")


def test_the_containers_may_do_little() -> None:
    compose: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
    ours = {name: one for name, one in compose["services"].items() if name != "database"}
    roles = [one["command"][one["command"].index("--role") + 1] for one in ours.values()]
    assert sorted(roles) == sorted(ROLES)
    for service in ours.values():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert "no-new-privileges:true" in service["security_opt"]
        assert service["environment"]["KINTSUGI_LOG_KEY"].startswith("${")
    dockerfile = (DEPLOY / "Dockerfile").read_text("utf-8")
    assert "USER 10001:10001" in dockerfile
    assert "--require-hashes" in dockerfile
    copied = set(re.findall(r"^COPY (\w+) \1$", dockerfile, re.MULTILINE))
    project = (DEPLOY.parent / "pyproject.toml").read_text("utf-8")
    packages = re.search(r"packages = \[([^]]+)\]", project)
    assert packages is not None
    assert copied == set(re.findall(r'"(\w+)"', packages[1]))


def test_the_settings_for_the_containers_are_valid() -> None:
    settings = settings_from(yaml.safe_load((DEPLOY / "kintsugi.example.yaml").read_text("utf-8")))
    assert (settings.engine, settings.web.status_port) == ("postgres", 8001)


def test_the_unit_reloads_and_is_closed_in() -> None:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment, method-assign]  # keys of systemd are case-sensitive
    unit.read(DEPLOY / "kintsugi.service", encoding="utf-8")
    service = unit["Service"]
    assert service["ExecStart"].endswith("kintsugi run")
    assert "-HUP" in service["ExecReload"]
    closed = ("NoNewPrivileges", "ProtectHome", "PrivateTmp", "RestrictSUIDSGID", "ProtectKernelModules")
    assert {service[name] for name in closed} == {"yes"}
    assert service["ProtectSystem"] == "strict"
    assert service["User"] == "kintsugi"
    # What stands in the environment wins over .env, and could not be changed without a restart.
    assert not service["EnvironmentFile"].endswith(".env")


def test_decisions_are_numbered_one_after_the_other() -> None:
    decisions = sorted((DEPLOY.parent / "docs/decisions").glob("*.md"))
    assert [int(file.name[:4]) for file in decisions] == list(range(1, len(decisions) + 1))
    for file in decisions:
        assert file.read_text("utf-8").startswith(f"# {int(file.name[:4])}. "), file.name


def test_the_page_of_security_names_tests_that_exist() -> None:
    named = set(re.findall(r"`(test_\w+)`", (DEPLOY.parent / "docs/security.md").read_text("utf-8")))
    sources = [file.read_text("utf-8") for file in (DEPLOY.parent / "tests").rglob("test_*.py")]
    there = {name for source in sources for name in re.findall(r"def (test_\w+)\(", source)}
    assert len(named) > 40
    assert named - there == set()
