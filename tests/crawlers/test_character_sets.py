"""Whatever a site says of its bytes, what people wrote is read: in Japan as Windows writes it, with ① and 髙."""

from __future__ import annotations

import base64

import pytest

from crawlers.parsing.charset import decoded
from tests.crawlers.test_variations import only

SAID = "サクラホテルの髙橋さんは①番、ｶﾅ「狭い」"
RSS = '<?xml version="1.0" encoding="{}"?><rss version="2.0"><channel><title>声</title><link>https://b.example/</link>{}</channel></rss>'
ITEM = "<item><title>{}</title><link>/posts/1</link><description>狭い</description></item>"


def as_euc(text: str) -> bytes:
    """EUC-JP with the characters of NEC, by way of Shift_JIS: Python has no encoder for it."""
    out = b""
    for sign in text:
        two = sign.encode("cp932")
        if len(two) == 1:
            out += two if two < b"\x80" else b"\x8e" + two
            continue
        row = (two[0] - (0x70 if two[0] <= 0x9F else 0xB0)) * 2
        odd = two[1] < 0x9F
        cell = two[1] - (0x20 if two[1] > 0x7E else 0x1F) if odd else two[1] - 0x7E
        out += bytes((row - odd | 0x80, cell | 0x80))
    return out


def as_jis(text: str) -> bytes:
    return b"\x1b$B" + bytes(byte & 0x7F for byte in as_euc(text)) + b"\x1b(B"


NEC = SAID.replace("髙", "高").replace("ｶﾅ", "カナ")


@pytest.mark.parametrize(
    ("body", "declared"),
    [
        (SAID.encode("cp932"), "Shift_JIS"),
        (SAID.encode("cp932"), "x-sjis"),
        (SAID.encode("cp932"), None),
        (SAID.encode(), "Shift_JIS"),  # saved anew by somebody who left the declaration
        (SAID.encode(), "iso-8859-1"),
        (SAID.encode("utf-8-sig"), None),
        (SAID.encode("utf-16"), "utf-8"),
        (as_euc(NEC), "EUC-JP"),
        (as_euc(NEC), None),
        (as_jis(NEC), "ISO-2022-JP"),
        (as_jis(NEC), None),
        (SAID.encode("cp932"), "no-such-charset"),
    ],
)
def test_japanese_is_read_whatever_is_declared(body: bytes, declared: str | None) -> None:
    assert decoded(body, declared) in (SAID, NEC)


def test_what_is_not_japanese_and_what_was_cut_off() -> None:
    assert decoded("Très café".encode("latin-1"), "iso-8859-1") == "Très café"
    assert decoded("“café”".encode("cp1252")) == "“café”"
    assert decoded("部屋".encode("cp932"), "iso-8859-1", "shift_jis") == "部屋"  # a server that knows nothing
    assert decoded("部屋が狭い".encode()[:-1], "iso-8859-1").startswith("部屋が狭")
    assert decoded("房间很冷".encode("gb18030"), "gb2312") == "房间很冷"
    assert decoded("방이 추워요".encode("cp949"), "euc-kr") == "방이 추워요"
    assert decoded(b"\xff\x00\x81") != ""


@pytest.mark.parametrize("encoding", ["Shift_JIS", "EUC-JP", "ISO-2022-JP", "UTF-8"])
def test_feeds_are_read_in_the_character_sets_of_their_years(encoding: str) -> None:
    feed = RSS.format(encoding, ITEM.format(NEC))
    head, _, rest = feed.partition(NEC)
    body = {
        "Shift_JIS": feed.encode("cp932"),
        "EUC-JP": as_euc(feed),
        "ISO-2022-JP": head.replace("声", "").encode() + as_jis(NEC) + rest.replace("狭い", "").encode(),
        "UTF-8": feed.encode(),
    }[encoding]
    found = only("feed", body)
    assert found.title == NEC
    assert found.url == "https://b.example/posts/1"


def test_pages_are_read_in_the_character_sets_of_their_years() -> None:
    review = f'<div itemscope itemtype="https://schema.org/Review"><p itemprop="reviewBody">{NEC}</p></div>'
    page = f'<html><head><meta charset="{{}}"></head><body>{review}</body></html>'
    assert only("review_page", page.format("EUC-JP").encode("utf-8")).text == NEC
    assert only("review_page", as_euc(page.format("EUC-JP"))).text == NEC
    assert only("review_page", page.format("Shift_JIS").encode("cp932")).text == NEC


def test_mails_are_read_in_the_character_sets_of_their_programs() -> None:
    word = base64.b64encode(NEC.encode("cp932")).decode()
    head = (
        f"From: =?Shift_JIS?B?{word}?= <hana@guest.example>\r\nSubject: =?Shift_JIS?B?{word}?=\r\nMessage-ID: <1@x>\r\n"
    )
    body = head.encode() + b"Content-Type: text/plain; charset=ISO-2022-JP\r\n\r\n" + as_jis(NEC)
    found = only("imap", body)
    assert (found.title, found.author_name, found.text) == (NEC, NEC, NEC)
    raw = (
        b"From: hana@guest.example\r\nSubject: " + as_jis(NEC) + b"\r\nMessage-ID: <1@x>\r\n\r\n" + NEC.encode("cp932")
    )
    found = only("imap", raw)
    assert (found.title, found.text) == (NEC, NEC)
