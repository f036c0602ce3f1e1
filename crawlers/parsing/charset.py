"""Bytes of strangers as text: what is declared is believed where it can be true."""

from __future__ import annotations

import codecs
import re

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
# What is called Shift_JIS or EUC-JP is nearly always what Windows makes of it, with ① and 髙 (WHATWG, Encoding, 4.2).
_WINDOWS = frozenset(
    ("shift_jis", "x-sjis", "sjis", "ms_kanji", "ms932", "windows-31j", "cp943c", "cp932", "x-ms-cp932")
)
_EUC = frozenset(("euc-jp", "x-euc-jp", "eucjp", "euc_jp", "cp51932", "eucjp-ms", "eucjp-win"))
_JIS = frozenset(("iso-2022-jp", "iso-2022-jp-ms", "csiso2022jp", "cp50220", "cp50221", "jis"))
# The same holds elsewhere: what is declared is the older and smaller set.
_WIDER = {
    "gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs", "euc-kr": "cp949", "ks_c_5601-1987": "cp949",
    "iso-8859-9": "cp1254", "tis-620": "cp874", "iso-8859-11": "cp874",
}  # fmt: skip
_DEFAULT = frozenset(("iso-8859-1", "iso8859-1", "latin1", "latin-1", "us-ascii", "ascii", "windows-1252"))
_TWO_BYTES = re.compile(rb"\x8f[\xa1-\xfe]{2}|\x8e[\xa1-\xdf]|[\xa1-\xfe]{2}")
_ESCAPES = re.compile(rb"\x1b(\$[@B]|\([BIJ])([^\x1b]*)")
_KANA = re.compile("[\u3041-\u30fe]")
_HALF_KATAKANA = re.compile("[\uff61-\uff9f]")
_FOREIGN = re.compile("[^\x00-\x7f]")


def decoded(body: bytes, *declared: str | None) -> str:
    """The text of a body. `declared` are the character sets that it is said to have, the most trusted first.

    Valid UTF-8 with characters beyond ASCII is UTF-8, whatever is declared: nothing else looks like it by accident.
    Latin-1 is what servers say who know nothing. Without a declaration Japanese is recognised by its kana.
    """
    for mark, name in _MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace")
    if not body.isascii() and _is_utf8(body):
        return body.decode("utf-8", "replace")
    names = [name.strip().lower() for name in declared if name]
    for name in sorted(names, key=lambda name: name in _DEFAULT):
        text = _by_name(body, name)
        if text is not None:
            return text
    return _guessed(body)


def _is_utf8(body: bytes) -> bool:
    try:
        # A last character that was cut off does no harm.
        return not codecs.getincrementaldecoder("utf-8")().decode(body).isascii()
    except UnicodeDecodeError:
        return False


def _by_name(body: bytes, name: str) -> str | None:
    if name.replace("-", "_") in _WINDOWS or name in _WINDOWS:
        return body.decode("cp932", "replace")
    if name in _EUC:
        return _euc(body)
    name = _WIDER.get(name, name)
    if name in _JIS:
        return _euc(_ESCAPES.sub(_as_euc, body))
    try:
        return body.decode("cp1252" if name in _DEFAULT else codecs.lookup(name).name, "replace")
    except (LookupError, ValueError, AssertionError):
        return None


def _guessed(body: bytes) -> str:
    if b"\x1b$" in body:
        return _euc(_ESCAPES.sub(_as_euc, body))
    unicode = body.decode("utf-8", "replace")
    wrong = unicode.count("\ufffd")
    if wrong * 20 <= len(_FOREIGN.findall(unicode)):
        return unicode
    # EUC-JP read as CP932 is a row of half-width katakana, which nobody writes by the page.
    japanese = sorted((body.decode("cp932", "replace"), _euc(body)), key=lambda text: len(_HALF_KATAKANA.findall(text)))
    for text in japanese:
        foreign = len(_FOREIGN.findall(text))
        if len(_KANA.findall(text)) * 10 >= foreign and text.count("\ufffd") * 20 <= foreign:
            return text
    return body.decode("cp1252", "replace")


def _euc(body: bytes) -> str:
    """EUC-JP as Windows writes it. Python's own lacks the characters of NEC and IBM."""
    try:
        return body.decode("euc_jp")
    except UnicodeDecodeError:
        parts, end = [], 0
        for found in _TWO_BYTES.finditer(body):
            parts += [body[end : found.start()].decode("ascii", "replace"), _character(found[0])]
            end = found.end()
        return "".join([*parts, body[end:].decode("ascii", "replace")])


def _character(code: bytes) -> str:
    """One character of EUC-JP, of two bytes by way of Shift_JIS."""
    if code[0] in (0x8E, 0x8F):
        return code.decode("euc_jp", "replace")
    row, cell = code[0] - 0x80, code[1] - 0x80
    first = (row + 1) // 2 + (0x70 if row <= 0x5E else 0xB0)
    second = cell + (0x1F if cell <= 0x5F else 0x20) if row % 2 else cell + 0x7E
    return bytes((first, second)).decode("cp932", "replace")


def _as_euc(found: re.Match[bytes]) -> bytes:
    """What stands after an escape of ISO-2022-JP, as EUC-JP."""
    escape, text = found[1], found[2]
    if escape.startswith(b"$"):
        return bytes(byte | 0x80 if 0x21 <= byte <= 0x7E else byte for byte in text)
    if escape == b"(I":
        return b"".join(bytes((0x8E, byte | 0x80)) if 0x21 <= byte <= 0x5F else bytes((byte,)) for byte in text)
    return text
