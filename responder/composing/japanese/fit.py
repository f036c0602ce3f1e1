"""What of a customer's Japanese words may stand in a public reply, and how: trimmed, in respectful nouns, or not at all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from responder.composing.japanese.grammar import Word, words
from responder.composing.japanese.lexicon import clause_bank as _bank
from responder.composing.japanese.lexicon import holds, listed

_ONE_SIGN = re.compile("(?![感物者方性力])[一-龠]$")
SHORTEST, LONGEST = 5, 38

_NUMBER = re.compile(r"^[0-9①-⑳]+[.:)、](?![0-9])\s*")
_WORD_START = re.compile(r"^(?:[はがをにでもとのへや](?![ぁ-ん])|から|まで|という|との|とか|[っんー、ゃゅょ])")
_ASIDE = re.compile(r"(?<![A-Za-z0-9])[ 　]+|[ 　]+(?![A-Za-z0-9])|\([^()]*\)")


def name_of(phrase: Sequence[Word]) -> str | None:
    """The name of a thing, where a noun phrase is one that can be said in public."""
    while len(phrase) > 2 and phrase[1].text == "の" and (phrase[0].kind == "代名詞" or holds(phrase[:1], "persons")):
        phrase = phrase[2:]  # 「私の名前」.
    thing = "".join(one.text for one in phrase)
    last = phrase[-1]
    manner = len(phrase) > 1 and phrase[-2].kind == "動詞"  # 「使い方」.
    vague = (last.norm in listed("vague") and len(phrase) == 1) or (
        last.text in _bank()["places"].split() and not manner
    )
    strange = any(
        one.sub in ("固有名詞", "数詞") or one.kind in ("代名詞", "接頭辞")
        for one in phrase[:1]
        if one.text not in ("お", "ご", "御")
    )
    if (
        vague
        or strange
        or last.use == "副詞可能"
        or last.text in ("なし", "無し")
        or not (2 <= len(thing) <= 14 or _ONE_SIGN.match(thing))
        or unfit(thing)
    ):
        return None
    named = (
        manner
        or last.text == "さ"
        or last.kind.startswith("名詞")
        or (len(phrase) > 1 and last.norm in listed("of_things"))
    )
    return respectful(thing + "が").removesuffix("が") if named else None


def unfit(said: str, *, wish: bool = False) -> bool:
    """Whether it cannot stand in public."""
    if bank_re("unfit_wish" if wish else "unfit").search(said) is not None or _WORD_START.search(said) is not None:
        return True
    likely = not wish and any(one in said for one in _persons())  # Most clauses need no second analysis.
    return likely and holds(words(said), "persons")


def trimmed(clause: str) -> str:
    """A clause without what leads to it and what only fills it."""
    text = _NUMBER.sub("", clause.strip(" 　、,・●■◆-"))
    again = True
    while again:
        short = _leads().sub("", bank_re("of_note").sub("", text), count=1).strip(" 　、,")
        again, text = short != text and bool(short), short or text
    for spoken, written in _bank()["spoken"].items():
        text = text.replace(spoken, written) if spoken in text else text
    return _ASIDE.sub("", _fillers().sub("", text))


def respectful(said: str) -> str:
    """Its nouns in respect: 「部屋が」 is 「お部屋が」."""
    return _polite().sub(lambda noun: _bank()["polite"][noun[0]], said)


@lru_cache(maxsize=16)
def bank_re(name: str) -> re.Pattern[str]:
    """An expression of config/packs/phrases/clauses.ja.yaml."""
    return re.compile(_bank()[name].replace(" ", ""))


@lru_cache(maxsize=1)
def _persons() -> tuple[str, ...]:
    return tuple(str(_bank()["persons"]).split())


@lru_cache(maxsize=1)
def _leads() -> re.Pattern[str]:
    words = sorted(map(re.escape, _bank()["leads"]), key=len, reverse=True)
    bare = "|".join(map(re.escape, _bank()["leads_bare"]))
    return re.compile(rf"^(?:(?:{'|'.join(words)})[、, 　]+|(?:{bare}|でも(?!の))(?=お?[一-龠ァ-ヴこそ0-9]))")


@lru_cache(maxsize=1)
def _fillers() -> re.Pattern[str]:
    words = sorted(map(re.escape, _bank()["fillers"]), key=len, reverse=True)
    return re.compile(rf"(?:{'|'.join(words)})(?:、)?")


@lru_cache(maxsize=1)
def _polite() -> re.Pattern[str]:
    words = sorted(map(re.escape, _bank()["polite"]), key=len, reverse=True)
    return re.compile(rf"(?<![一-龠ァ-ヴーおごれけりき])(?:{'|'.join(words)})(?=[がはもをにでの後])")
