"""The character set of a file: UTF-8, UTF-16 with its mark, Shift_JIS (CP932), EUC-JP; anything else is refused."""

from __future__ import annotations

import codecs
import re
from typing import IO

from crawlers.parsing.raw import Unreadable

_CHUNK = 1 << 20
_KANA = re.compile(r"[\u3041-\u30fe]")
_HALF_KATAKANA = re.compile(r"[\uff61-\uff9f]")
_FOREIGN = re.compile(r"[^\x00-\x7f]")
_ADVICE = "save it as UTF-8, or name its `encoding`"


def encoding_of(opened: IO[bytes]) -> str:
    """The name of the encoding; `opened` is read once to its end and put back to the beginning.

    Raises Unreadable for what is neither: a wrong guess would store garbage as if customers had written it.
    """
    start = opened.read(4)
    opened.seek(0)
    if start.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if b"\x00" in opened.read(_CHUNK):
        raise Unreadable(f"this is no text file (it holds zero bytes): {_ADVICE}")
    if _sample(opened, "utf-8") is not None:
        return "utf-8"
    japanese = [(name, text) for name in ("cp932", "euc_jp") if (text := _sample(opened, name)) is not None]
    # EUC-JP read as CP932 is a row of half-width katakana, which nobody writes by the page.
    for name, text in sorted(japanese, key=lambda pair: len(_HALF_KATAKANA.findall(pair[1]))):
        if len(_KANA.findall(text)) * 10 >= len(_FOREIGN.findall(text)):
            opened.seek(0)
            return name
    raise Unreadable(f"neither UTF-8 nor Shift_JIS (CP932): {_ADVICE}")


def _sample(opened: IO[bytes], name: str) -> str | None:
    """The beginning of the text when the whole file decodes, otherwise None."""
    opened.seek(0)
    decoder, sample = codecs.getincrementaldecoder(name)(), ""
    try:
        while chunk := opened.read(_CHUNK):
            text = decoder.decode(chunk)
            sample = sample or text
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return None
    finally:
        opened.seek(0)
    return sample
