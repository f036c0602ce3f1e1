"""Personal data goes, order numbers stay."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.messages.masking import masked


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("連絡は 090-1234-5678 まで", "連絡は [phone] まで"),
        ("電話は03ー1234ー5678です", "電話は[phone]です"),
        ("０９０−１２３４−５６７８に電話して", "[phone]に電話して"),
        ("call me at +81 90 1234 5678.", "call me at [phone]."),
        ("mail taro.yamada+x@example.co.jp!", "mail [email]!"),
        ("カード 4111 1111 1111 1111 を使った", "カード [card] を使った"),
        ("マイナンバー 123456789018 を聞かれた", "マイナンバー [personal number] を聞かれた"),
        ("住所は東京都台東区浅草2-3-1です", "住所は[address]です"),
        ("I live at 221 Baker Street, come", "I live at [address], come"),
        ("〒111-0032 に送って", "[postal code] に送って"),
        ("LINE ID: taro_123 です", "[account] です"),
    ],
)
def test_personal_data_is_replaced_by_what_it_was(text: str, expected: str) -> None:
    assert masked(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "注文番号 1234-5678-9012 が届かない",
        "予約番号 AB-202611-0042 でした",
        "注文番号：0312345678 の件",
        "order #4111111111111111 never came",
        "追跡番号 123456789012 が動かない",
        "部屋は 1204 号室、2026-11-02 に 3 泊",
        "100,000円も払ったのに",
        "",
    ],
)
def test_what_the_owner_needs_stays(text: str) -> None:
    assert masked(text) == text


@given(st.text(max_size=300))
@settings(max_examples=40, derandomize=True, deadline=None)
def test_any_text_can_be_masked_and_twice_is_as_once(text: str) -> None:
    once = masked(text)
    assert masked(once) == once
