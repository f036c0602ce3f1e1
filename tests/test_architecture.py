"""What the architecture promises: who imports whom, what a start costs, whose names these are, how long files are."""

from __future__ import annotations

import ast
import importlib.metadata
import importlib.util
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGES = ("config", "storage", "crawlers", "sentiment", "alerts", "responder", "reports", "kintsugi")
SOURCES = sorted(
    file for package in PACKAGES for file in (ROOT / package).rglob("*.py") if "versions" not in file.parts
)
HEAVY = {
    "alembic", "apscheduler", "dateparser", "feedparser", "httpx2", "jinja2", "lxml", "numpy", "onnxruntime",
    "openpyxl", "scrapy", "slack_bolt", "slack_sdk", "sqlalchemy", "tokenizers", "torch", "transformers", "twisted",
}  # fmt: skip
LONG, TOO_LONG = 300, 400
OUTSIDE = re.compile(r"(?<![\w.])/(?:work|root|home)/|\.\./shared")
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command], cwd=ROOT, capture_output=True, text=True, timeout=100, check=False
    )


def test_the_stages_meet_only_in_rows() -> None:
    linted = run("-c", "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))")
    assert linted.returncode == 0, linted.stdout + linted.stderr


def test_the_generic_names_are_ours_in_this_environment() -> None:
    owners = importlib.metadata.packages_distributions()
    for name in PACKAGES:
        assert set(owners.get(name, [])) <= {"kintsugi-recovery"}, f"{name} belongs to {owners[name]}"
        found = importlib.util.find_spec(name)
        assert found is not None
        assert found.origin == str(ROOT / name / "__init__.py")


def test_asking_for_help_imports_nothing_heavy() -> None:
    asked = run(
        "-c",
        "import sys; sys.argv = ['kintsugi', '--help']\n"
        "from kintsugi.__main__ import main\n"
        "try: main()\n"
        "except SystemExit as end: assert not end.code, end.code\n"
        "print('MODULES', *sorted({name.partition('.')[0] for name in sys.modules}))",
    )
    assert asked.returncode == 0, asked.stderr
    text, _, modules = asked.stdout.rpartition("MODULES ")
    assert "Usage" in text
    assert set(modules.split()) & HEAVY == set()


def test_every_init_holds_its_docstring_only() -> None:
    for file in SOURCES:
        if file.name == "__init__.py":
            tree = ast.parse(file.read_text("utf-8"))
            rest = tree.body[1:] if ast.get_docstring(tree) else tree.body
            assert rest == [], f"{file.relative_to(ROOT)}: what is more than its docstring belongs into a module"


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        str(file.relative_to(ROOT)) for file in SOURCES if not ast.get_docstring(ast.parse(file.read_text("utf-8")))
    ]
    assert silent == []


def test_files_stay_short() -> None:
    lengths = {str(file.relative_to(ROOT)): len(file.read_text("utf-8").splitlines()) for file in SOURCES}
    long = {name: length for name, length in lengths.items() if length > LONG}
    assert max(lengths.values()) <= TOO_LONG, f"over {LONG} lines: {long}"


def test_no_file_is_named_after_nothing() -> None:
    nothing = {"utils", "util", "helpers", "helper", "manager", "core", "common", "base", "misc"}
    assert [str(file.relative_to(ROOT)) for file in SOURCES if file.stem in nothing] == []


def test_links_of_the_pages_lead_to_files_of_this_project() -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    assert pages
    for page in pages:
        text = page.read_text("utf-8")
        assert not OUTSIDE.search(text), f"{page.name} names a place outside the project"
        for target in LINK.findall(text):
            assert (page.parent / target).exists(), f"{page.name} links to {target}, which is not there"
