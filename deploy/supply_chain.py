"""What Kintsugi is made of: writes deploy/requirements.lock, deploy/sbom.cdx.json and docs/licences.md from uv.lock.

Run by `make sbom` after every change of uv.lock, in an environment with all extras: licences are read from what is
installed. Ends with code 1 where a licence cannot be found. Known vulnerabilities are asked for by `make audit`.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from importlib.metadata import PackageMetadata, PackageNotFoundError, metadata
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
LOCK, SBOM, LICENCES = (
    ROOT / name for name in ("deploy/requirements.lock", "deploy/sbom.cdx.json", "docs/licences.md")
)
HEAD = """\
# Licences of what Kintsugi stands on

Written by `make sbom` from what `deploy/requirements.lock` names: the service with all its extras, without what only
development needs. Kintsugi itself is under Apache-2.0 (LICENSE).

| package | version | licence |
|---|---|---|
"""
PINNED = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*==\S+(?: ; [^\\]+)?)", re.MULTILINE)
ELSEWHERE = "not needed here"


def exported(form: str, *more: str) -> str:
    """What `uv export` makes of uv.lock."""
    uv = Path(sys.executable).with_name("uv")
    command = [str(uv), "export", "--frozen", "--no-dev", "--all-extras", "--quiet", "--format", form, *more]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True, env=dict(os.environ))  # noqa: S603  # our own tool
    return done.stdout


def requirements() -> str:
    """All pins with their hashes, as pip reads them."""
    body = exported("requirements.txt", "--no-emit-project", "--no-header", "--no-annotate")
    return f"# Made by `make sbom` from uv.lock; pip install --require-hashes -r {LOCK.name}\n{body}"


def sbom(known: dict[str, str]) -> str:
    """CycloneDX 1.5 with licences, without what would make two equal ones differ. Hashes stand in the pins."""
    found = json.loads(exported("cyclonedx1.5"))
    del found["serialNumber"], found["metadata"]["timestamp"]
    for component in found["components"]:
        component.pop("externalReferences", None)
        if known.get(component["name"], ELSEWHERE) != ELSEWHERE:
            component["licenses"] = [{"license": {"name": known[component["name"]]}}]
    return json.dumps(found, indent=1, ensure_ascii=False) + "\n"


def licence_of(about: PackageMetadata) -> str | None:
    """The licence as a package declares it: by expression, by classifier, by its field, in this order."""
    if about.get("License-Expression"):
        return str(about["License-Expression"])
    classifiers = [one.rpartition(" :: ")[2] for one in about.get_all("Classifier") or [] if one.startswith("License")]
    named = sorted(one for one in classifiers if one != "OSI Approved")
    first = str(about.get("License") or "").strip().partition("\n")[0][:60]
    return " / ".join(named) or first or None


def licences(pins: str) -> dict[str, str]:
    """The licence of every pinned package. Raises SystemExit for one that is needed here and declares none."""
    found: dict[str, str] = {}
    unknown = []
    for wanted in pinned(pins):
        try:
            licence = licence_of(metadata(wanted.name))
        except PackageNotFoundError:
            licence = ELSEWHERE if wanted.marker is not None and not wanted.marker.evaluate() else None
        if licence is None:
            unknown.append(wanted.name)
        else:
            found[wanted.name] = licence
    if unknown:
        raise SystemExit(f"no licence found for {', '.join(unknown)}: install all extras (make sbom does)")
    return found


def pinned(pins: str) -> list[Requirement]:
    """Name, version and marker of each pin."""
    return [Requirement(line.strip()) for line in PINNED.findall(pins)]


def table(pins: str, known: dict[str, str]) -> str:
    """The page of licences."""
    rows = [f"| {one.name} | {str(one.specifier)[2:]} | {known[one.name]} |" for one in pinned(pins)]
    return HEAD + "\n".join(rows) + "\n"


def main() -> None:
    """Writes the three files."""
    pins = requirements()
    known = licences(pins)
    LICENCES.write_text(table(pins, known), encoding="utf-8")
    LOCK.write_text(pins, encoding="utf-8")
    SBOM.write_text(sbom(known), encoding="utf-8")
    sys.stdout.write(f"{len(PINNED.findall(pins))} packages: {LOCK.name}, {SBOM.name}, {LICENCES.name}\n")


if __name__ == "__main__":
    main()
