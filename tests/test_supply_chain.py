"""What is deployed is what was locked, and every licence of it is known."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)==([^\s;]+)", re.MULTILINE)
RUN = "uv.lock has changed: run `make sbom` and commit what it writes"


@pytest.fixture(scope="module")
def pins() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for name, version in PIN.findall((ROOT / "deploy/requirements.lock").read_text("utf-8")):
        found.setdefault(name, set()).add(version)
    return found


def test_the_pins_are_those_of_the_lock_and_each_has_its_hashes(pins: dict[str, set[str]]) -> None:
    locked: dict[str, set[str]] = {}
    needed: set[str] = set()
    for package in tomllib.loads((ROOT / "uv.lock").read_text("utf-8"))["package"]:
        locked.setdefault(package["name"], set()).add(package["version"])
        if package["name"] == "kintsugi-recovery":
            extras = package.get("optional-dependencies", {}).values()
            wanted = [*package["dependencies"], *(one for extra in extras for one in extra)]
            needed = {one["name"] for one in wanted}
    assert {name: versions for name, versions in pins.items() if not versions <= locked.get(name, set())} == {}, RUN
    assert needed - set(pins) == set(), RUN
    blocks = re.split(r"^(?=[a-z0-9])", (ROOT / "deploy/requirements.lock").read_text("utf-8"), flags=re.MULTILINE)
    assert [block for block in blocks if PIN.match(block) and "--hash=sha256:" not in block] == []


def test_every_licence_is_listed_and_none_forbids_what_we_do(pins: dict[str, set[str]]) -> None:
    rows = re.findall(
        r"^\| ([a-z0-9._-]+) \| (\S+) \| (.+) \|$", (ROOT / "docs/licences.md").read_text("utf-8"), re.MULTILINE
    )
    assert {(name, version) for name, version, _ in rows if name != "package"} == {
        (n, v) for n, versions in pins.items() for v in versions
    }, RUN
    # A licence that binds whoever uses a library; where there is a choice, another one was chosen.
    binding = [
        name for name, _, licence in rows if re.search(r"(?<!L)GPL|Affero|SSPL", licence) and "Lesser" not in licence
    ]
    assert binding == []


def test_the_bill_of_materials_names_the_same(pins: dict[str, set[str]]) -> None:
    bill = json.loads((ROOT / "deploy/sbom.cdx.json").read_text("utf-8"))
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.5")
    named = {(one["name"], one["version"]) for one in bill["components"]}
    assert {(name, version) for name, versions in pins.items() for version in versions} == named, RUN
