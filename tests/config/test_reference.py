"""defaults.yaml, the models and docs/settings.md tell the same."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from config.reference import as_markdown, settings_of
from config.section import Section
from config.settings import DEFAULTS, Settings, settings_from

PAGE = Path(__file__).parents[2] / "docs" / "settings.md"
WRITTEN: dict[str, Any] = yaml.safe_load(DEFAULTS.read_text("utf-8"))
SECTIONS = {
    name: field.annotation
    for name, field in Settings.model_fields.items()
    if isinstance(field.annotation, type) and issubclass(field.annotation, Section) and isinstance(WRITTEN[name], dict)
}
# The tree of routes: its comment shows it whole.
SHOWN_WHOLE = {"route"}


def test_every_setting_has_a_comment_above_it() -> None:
    assert [one.path for one in settings_of() if not one.meaning] == []


def test_every_setting_of_the_models_stands_in_the_defaults() -> None:
    assert set(WRITTEN) == set(Settings.model_fields)
    for name, section in SECTIONS.items():
        if name not in SHOWN_WHOLE:
            fields = {field.alias or key for key, field in section.model_fields.items() if not field.is_required()}
            assert set(WRITTEN[name]) == fields, name


def test_the_models_and_the_file_have_the_same_defaults() -> None:
    settings = settings_from({"brand": {"name": "x"}})
    for name, section in SECTIONS.items():
        if name not in SHOWN_WHOLE:
            assert section.model_validate({"name": "x"} if name == "brand" else {}) == getattr(settings, name), name


def test_the_page_has_every_setting_with_its_default_and_no_other() -> None:
    page = PAGE.read_text("utf-8")
    named = re.findall(r"^(?:## |- )`([\w.-]+)`", page, re.MULTILINE)
    assert sorted(named) == sorted(one.path for one in settings_of())
    assert page == as_markdown(), "run: python -m config.reference > docs/settings.md"
