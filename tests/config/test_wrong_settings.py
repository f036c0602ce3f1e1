"""Every way to be wrong has a line that says where, what was found, and what to do.

Each file in wrong/ carries its expected lines as comments. A new mistake is a new file there.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from config.settings import ConfigurationError, Settings, load_settings, settings_from

WRONG = sorted((Path(__file__).parent / "wrong").glob("*.yaml"))
SAYS = "# says: "


def lines_of(path: Path) -> list[str]:
    with pytest.raises(ConfigurationError) as found:
        load_settings(path)
    return [line.removeprefix(str(path)) for line in found.value.lines]


@pytest.mark.parametrize("path", WRONG, ids=lambda path: path.stem)
def test_a_mistake_is_named_with_its_path_its_value_and_what_to_do(path: Path) -> None:
    expected = [line.removeprefix(SAYS) for line in path.read_text("utf-8").splitlines() if line.startswith(SAYS)]
    assert expected
    assert lines_of(path) == expected


def test_what_is_not_utf_8_is_refused_with_its_byte(tmp_path: Path) -> None:
    path = tmp_path / "kintsugi.yaml"
    path.write_bytes("brand: {name: ホテルさくら}".encode("shift_jis"))
    assert lines_of(path) == [": not UTF-8 at byte 14; save it as UTF-8"]


def test_a_file_that_is_not_there_says_how_to_make_one(tmp_path: Path) -> None:
    assert lines_of(tmp_path / "kintsugi.yaml") == [": there is no such file; `kintsugi init` writes one"]


@pytest.mark.parametrize("content", ["", "\n\n", "# only a comment\n", "---\n"])
def test_an_empty_file_lacks_the_brand(tmp_path: Path, content: str) -> None:
    path = tmp_path / "kintsugi.yaml"
    path.write_text(content)
    assert lines_of(path) == [": brand.name: missing; see config/defaults.yaml for what it means"]


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    path = tmp_path / "kintsugi.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + "brand: {name: ホテルさくら}".encode())
    assert load_settings(path).brand.name == "ホテルさくら"


def test_a_long_value_is_cut_in_the_line() -> None:
    with pytest.raises(ConfigurationError) as found:
        settings_from({"brand": {"name": "x"}, "unknown": "長" * 10_000})
    assert len(str(found.value)) < 200


def test_what_a_team_writes_is_laid_over_the_defaults_key_by_key() -> None:
    settings = settings_from({"brand": {"name": "x"}, "clocks": {"acknowledge": "1h"}, "recover_when": [{"rating": 1}]})
    untouched = settings_from({"brand": {"name": "x"}})
    assert isinstance(settings, Settings)
    assert settings.clocks.acknowledge.total_seconds() == 3600
    assert settings.clocks.resolution == untouched.clocks.resolution
    assert len(settings.recover_when) == 1  # a list is replaced as a whole
    assert settings.receivers == untouched.receivers
