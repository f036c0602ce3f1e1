"""The plain form of a Japanese clause: 「届きませんでした」 becomes 「届かなかった」, which 「…とのこと」 can follow.

Japanese verbs end in a register; the tables of config/packs/phrases/clauses.ja.yaml turn the polite one into the plain one.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from responder.composing.frames import read_phrases

_PARTICLES = re.compile(r"(?<=[いうくぐすつるたんだ])(?:かなあ?|かなぁ|よね|[ねよなわぞー]+)$")
_EXPLAINS = re.compile(r"(?<=[いたるうくすつぬむぐぶな])(?:の|ん)(?:です|だ|でした)?$")
_SHORT = (
    (re.compile(r"(?<=[ぁ-ん])て(?=(?:た|る|ない|なかった|ます|ました|ません|ませんでした)$)"), "てい"),
    (re.compile(r"(?<=[んい])で(?=(?:た|る|ない|なかった|ます|ました|ません|ませんでした)$)"), "でい"),
    (re.compile(r"ちゃ(?=(?:った|う|います|いました)$)"), "てしま"),
    (re.compile(r"(?<=[んい])じゃ(?=(?:った|う|います|いました)$)"), "でしま"),
)
_ADJECTIVE_NOT = (("くありませんでした", "くなかった"), ("くありません", "くない"), ("くないです", "くない"))
_THERE_IS_NOT = (("ありませんでした", "なかった"), ("ありません", "ない"), ("ございません", "ない"))
_POLITE = (("ませんでした", 2, "なかった"), ("ません", 2, "ない"), ("ました", 1, ""), ("ます", 0, ""))
_OVER = re.compile(r"(?<=[いたるな])(?:です|でした)$")


def plain(clause: str) -> str:
    """`clause` with its predicate in the plain form; what ends in no predicate that is known comes back as it is."""
    text = _EXPLAINS.sub("", _PARTICLES.sub("", clause.strip()))
    for short, full in _SHORT:
        text = short.sub(full, text)
    for polite, said in (*_ADJECTIVE_NOT, *_THERE_IS_NOT):
        if text.endswith(polite):
            return text.removesuffix(polite) + said
    for polite, form, rest in _POLITE:
        if text.endswith(polite):
            stem = text.removesuffix(polite)
            return (_inflected(stem, form) + rest) if stem else text
    if _OVER.search(text):
        return _OVER.sub("", text)
    if text.endswith("でした"):
        return text.removesuffix("でした") + "だった"
    return text.removesuffix("です") if text.endswith("です") else text.removesuffix("だ") if _noun_da(text) else text


def from_te(clause: str) -> str:
    """The plain past (or present, of an adjective) of a clause that goes on: 「壊れて」 「壊れた」, 「小さくて」 「小さい」."""
    if clause.endswith("くて"):
        return clause.removesuffix("くて") + "い"
    if clause.endswith(("んで", "いで")):
        return clause.removesuffix("で") + "だ"
    if clause.endswith("て"):
        return clause.removesuffix("て") + "た"
    if clause.endswith(("せず", "せずに")):
        return clause.removesuffix("に").removesuffix("せず") + "しない"
    if clause.endswith(("ず", "ずに")):
        return clause.removesuffix("に").removesuffix("ず") + "ない"
    if clause.endswith("く"):
        return clause.removesuffix("く") + "い"
    return clause.removesuffix("で")


def _noun_da(text: str) -> bool:
    return text.endswith("だ") and not text.endswith(("んだ", "いだ"))


def _inflected(stem: str, form: int) -> str:
    """A polite stem as 0 る, 1 た or 2 before ない."""
    bank = _bank()
    last = stem[-1]
    if stem.endswith(
        ("てき", "んでき")
    ):  # 来る after another verb: 「出てきました」 is 「出てきた」, not 「出ていた」.
        return stem[:-1] + ("くる", "きた", "こ")[form]
    if last == "し":
        if stem[:-1].endswith(tuple(bank["s_verbs"])):
            return stem[:-1] + ("す", "した", "さ")[form]
        return stem[:-1] + ("する", "した", "し")[form]
    if last in "えけげせぜてでねべめれ" or stem.endswith(tuple(bank["ichidan"])):
        return stem + ("る", "た", "")[form]
    row: list[str] | None = bank["rows"].get(last)
    if row is None:
        return stem + ("る", "た", "")[form]
    if stem.endswith(("行き", "いき")) and form == 1:
        return stem[:-1] + "った"
    return stem[:-1] + row[form]


@lru_cache(maxsize=1)
def _bank() -> dict[str, Any]:
    return read_phrases("clauses.ja.yaml")
