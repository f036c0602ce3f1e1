"""What a Japanese mention praises: named where a line of praise.yaml knows it, else in the customer's own short words."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache
from typing import Any

from responder.composing.frames import read_phrases
from responder.composing.own_words_ja import prepared, sentences

MOST = 2
SHORTEST, LONGEST = 6, 30

_CLAUSE = re.compile(r"[^、,]+?(?:(?<=[いたるすだ])(?:のに|けれど|けど|だけに|が(?=[、,]|$))|(?=[、,]|$))")
_BUT = re.compile(r"(?:のに|けれど|けど|だけに|が)$")
_AND = re.compile(r"^(?:また|そして|あと|さらに|それに(?!しても)|特に|しかも|何より)(?:、|は)?")
_MARKS = " 　、,-♪☆★・(^)_;。!！"


def praised_ja(text: str, meant: Collection[str] | None) -> str | None:
    """What to thank for, before 「、大変嬉しく存じます」: 「…いただけたとのこと」 or 「「…」とのお言葉」; None for nothing.

    meant: the topics that can be meant here (None: all).
    """
    plain = prepared(text)
    named = _named(plain, meant)
    if named:
        first, *rest = named
        return f"{_te(first)}、{rest[0]}とのこと" if rest else f"{first}とのこと"
    quote = _quoted(plain)
    return f"「{quote}」とのお言葉" if quote else None


def sounds_good(text: str) -> bool:
    """Whether any sentence of it is praise, also where it can be neither named nor quoted."""
    plain = prepared(text)
    return any(_re("good_end").search(one) and not _re("not_good").search(one) for _, one in sentences(plain))


def _named(text: str, meant: Collection[str] | None) -> list[str]:
    found: list[tuple[int, str]] = []
    for start, sentence in sentences(text):
        for clause in _CLAUSE.finditer(sentence):
            said_so = _BUT.sub("", clause[0])
            if _re("not_good").search(said_so):
                continue
            for find, line in _lines():
                if meant is not None and "topics" in line and not set(line["topics"]) & set(meant):
                    continue
                if (match := find.search(said_so)) is not None:
                    said = str(line["say"]).format(thing=_polite(match.groupdict().get("thing") or ""))
                    if said not in [known for _, known in found] and not (line.get("once") and found):
                        found.append((start + clause.start(), said))
                    break
    meals = [one for one in found if one[1].endswith("をお楽しみいただけた")]
    found = [one for one in found if one not in meals[1:]]
    return [said for _, said in sorted(found[:MOST])]


def _quoted(text: str) -> str | None:
    """A short sentence, or the end of one, that is praise as a whole; None when none can stand in public."""
    best: tuple[int, str] | None = None
    for _, sentence in sentences(text):
        for part in (sentence, sentence.rpartition("、")[2]):
            quote = _AND.sub("", part.strip(_MARKS))
            if (
                SHORTEST <= len(quote) <= LONGEST
                and _re("good_end").search(quote)
                and not _re("not_good").search(quote)
                and not _re("unquoted").search(quote)
            ):
                good = len(_re("good").findall(quote))
                if best is None or good > best[0]:
                    best = (good, quote)
                break
    return best[1] if best else None


def _te(praised: str) -> str:
    """「お楽しみいただけた」 becomes 「お楽しみいただき」 before another clause."""
    return praised.removesuffix("いただけた") + "いただき" if praised.endswith("いただけた") else praised + "、"


def _polite(thing: str) -> str:
    return str(_bank()["polite"].get(thing, thing))


@lru_cache(maxsize=1)
def _bank() -> dict[str, Any]:
    return read_phrases("praise.yaml")


@lru_cache(maxsize=4)
def _re(name: str) -> re.Pattern[str]:
    return re.compile(_bank()["signs"][name])


@lru_cache(maxsize=1)
def _lines() -> tuple[tuple[re.Pattern[str], dict[str, Any]], ...]:
    return tuple((re.compile(line["find"]), line) for line in _bank()["ja"])
