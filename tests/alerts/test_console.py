"""The console receiver prints cases in the house's language, and nothing that acts on a terminal."""

from __future__ import annotations

import io

from rich.console import Console

from alerts.messages.wording import words_in
from alerts.receivers.console import ConsoleReceiver
from alerts.receivers.receiver import Sent
from tests.alerts.conftest import SATO, a_view


def printed(*deliveries: tuple[str, dict[str, object], object], language: str = "ja") -> str:
    out = io.StringIO()
    receiver = ConsoleReceiver(Console(file=out, width=80, force_terminal=False), words_in(language))
    for purpose, payload, view in deliveries:
        assert isinstance(receiver.deliver("k", purpose, payload, view, None), Sent)  # type: ignore[arg-type]
    return out.getvalue()


def test_a_case_is_a_panel_with_its_draft_and_every_line_is_as_wide() -> None:
    from rich.cells import cell_len

    text = printed(("case_message", {}, a_view()))
    for part in ("K-42", "重大", "★1", "浅草", "返信案", "申し訳ございません", "旅する猫"):
        assert part in text
    assert {cell_len(line) for line in text.rstrip("\n").split("\n")} == {80}


def test_an_edit_is_one_line() -> None:
    text = printed(("case_edit", {}, a_view(state="closed", owner=SATO, owner_name="佐藤", outcome="recovered")))
    assert text == "  K-42 → 完了 · 担当: 佐藤 · 結果: 信頼を回復\n"


def test_a_review_cannot_act_on_the_terminal() -> None:
    hostile = "\x1b[2J\x1b]0;owned\x07 [bold]x[/bold] \u202eevil"
    text = printed(
        ("case_message", {}, a_view(evidence=hostile, author=hostile, location=hostile)),
        ("notice", {"title": hostile, "lines": [hostile]}, None),
        ("thread", {"text": hostile, "mention": SATO}, a_view()),
    )
    assert not {"\x1b", "\x07", "\u202e"} & set(text)
    assert "[bold]" in text
