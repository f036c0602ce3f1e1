"""The things that the network hears in a Japanese text, as names that a reply can say: 「露天風呂」, 「枕の固さ」.

The network marks pieces of words; grammar makes them whole noun phrases, and leaves out what cannot be said in public.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from responder.composing.japanese.fit import name_of
from responder.composing.japanese.grammar import Word, words
from responder.composing.japanese.lexicon import holds
from responder.composing.japanese.phrase import phrase_before

if TYPE_CHECKING:
    from responder.drafting.request import Heard

_WHERE = ("から", "まで")
_OTHER = ("より", "でもな", "でもあ", "ではな", "じゃな", "をそのまま")  # 「外風呂より温度が低い」: not that is meant.
SURE = {True: 0.7, False: 0.9}  # of a bad and of a good thing before it is named


def named_ja(text: str, things: Sequence[Heard], *, bad: bool, least: float | None = None) -> list[tuple[str, int]]:
    """(name, place) of the bad or the good things of a prepared `text`, those first that matter most.

    least: how sure of them one must be, else as SURE says.
    """
    sure = SURE[bad] if least is None else least
    wanted = [one for one in things if one.bad == bad and one.p >= sure and not _said_by_others(text, one)]
    read = words(text) if wanted else []
    found: dict[str, int] = {}
    for thing in wanted:
        for name, start in _name(text, read, unicodedata.normalize("NFKC", thing.text)):
            if not any(name in known or known in name for known in found):
                found[name] = start
    return list(found.items())


def _name(text: str, read: Sequence[Word], said: str) -> Iterator[tuple[str, int]]:
    start = text.find(said)
    inside = [place for place, one in enumerate(read) if start <= one.start < start + len(said)] if start >= 0 else []
    while inside and read[inside[-1]].kind in ("助詞", "補助記号", "助動詞"):
        if read[inside.pop()].text in _WHERE:
            return  # 「駅から(すぐ)」: not the station is praised.
    if not inside or _cut(read[inside[-1]], start + len(said)):
        return
    end = inside[-1] + 1
    while end < len(read) and read[end].kind in ("名詞", "接尾辞"):
        end += 1
    phrase = _without_numbers(phrase_before(read, end))
    if phrase and phrase[-1].end > start and not holds(phrase, "persons", "harm"):
        name = name_of(phrase)
        compared = text[phrase[-1].end :].startswith(_OTHER)
        if name is not None and not compared and not (name.isascii() and len(name) < 4):  # 「PS(4)」 names nothing.
            yield name, phrase[0].start


def _cut(last: Word, end: int) -> bool:
    """Whether the network marked only the lesser part of a word: 「見」 of 「見本」."""
    return last.end - end >= end - last.start


def _said_by_others(text: str, thing: Heard) -> bool:
    """Whether it stands in a quotation, where it is a title, or what others said."""
    before = text[: max(0, text.find(thing.text))]
    return before.count("「") > before.count("」")


def _without_numbers(phrase: list[Word]) -> list[Word]:
    """「りんご10キロ」 is 「りんご」."""
    first = next((place for place, one in enumerate(phrase) if place and one.sub == "数詞"), len(phrase))
    return phrase[:first]
