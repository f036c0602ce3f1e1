"""What a Japanese mention praises: by a line of praise.yaml, else the things it likes, its own short words, or its verdict."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from responder.composing.aspects_ja import aspects
from responder.composing.frames import read_phrases
from responder.composing.heard_things_ja import named_ja
from responder.composing.liked_ja import kindness, liked, verdict
from responder.composing.own_words_ja import prepared, sentences

if TYPE_CHECKING:
    from responder.drafting.request import Heard

MOST = 2
SPOKEN_OF = 0.6  # how sure a thing must be that is said to be spoken of, and no more
SHORTEST, LONGEST = 6, 30

_CLAUSE = re.compile(r"[^、,]+?(?:(?<=[いたるすだ])(?:のに|けれど|けど|だけに|が(?=[、,]|$))|(?=[、,]|$))")
_BUT = re.compile(r"(?:のに|けれど|けど|だけに|が)$")
_AND = re.compile(r"^(?:また|そして|あと|さらに|それに(?!しても)|特に|しかも|何より)(?:、|は)?")
_MARKS = " 　、,-♪☆★・(^)_;。!！"


@lru_cache(maxsize=4)
def praised_ja(
    text: str, meant: frozenset[str] | None, *, whole: bool = True, heard: tuple[Heard, ...] = ()
) -> str | None:
    """What to thank for, before 「、大変嬉しく存じます」: 「…いただけたとのこと」, 「…についてのお褒めの言葉」; None for nothing.

    meant: the topics that can be meant here (None: all); whole: whether a verdict on the whole counts (beside a
    complaint it does not); heard: the things that the network names.
    """
    plain = prepared(text)
    named, again = _named(plain, meant)
    if named:
        return "、".join([*map(_te, named[:-1]), named[-1]]) + "とのこと"
    if things := [thing for _, thing in liked(plain)]:
        return "や".join(things[:MOST]) + ("など" if len(things) > MOST else "") + "についてのお褒めの言葉"
    if {"staff", "facilities"} <= set(meant or ()) and kindness(plain):
        return "スタッフの応対を喜んでいただけたとのこと"
    if names := named_ja(plain, heard, bad=False):
        return f"{names[0][0]}についてのお褒めの言葉"
    if again:
        return f"{again}とのこと"
    if quote := _quoted(plain):
        return f"「{quote}」とのお言葉"
    if whole and (said := verdict(plain)):
        return f"{said}とのこと"
    return None


def spoken_of_ja(text: str, meant: frozenset[str] | None, heard: tuple[Heard, ...] = ()) -> str | None:
    """What a text speaks of, where nothing that it says of it can be told: 「音」, 「サイズや色」."""
    plain = prepared(text)
    named = [name for bad in (False, True) for name, _ in named_ja(plain, heard, bad=bad, least=SPOKEN_OF)][:1]
    found = named or [name for name, _ in aspects(plain, meant)]
    return "や".join(found[:MOST]) or None


def sounds_good(text: str) -> bool:
    """Whether any sentence of it is praise, also where it can be neither named nor quoted."""
    plain = prepared(text)
    return any(_re("good_end").search(one) and not _re("not_good").search(one) for _, one in sentences(plain))


def _named(text: str, meant: Collection[str] | None) -> tuple[list[str], str | None]:
    """What the lines name, and what they say where nothing is named."""
    found: list[tuple[int, str]] = []
    alone: list[tuple[int, str]] = []
    for start, sentence in sentences(text):
        parts = [(start + one.start(), one[0], False) for one in _CLAUSE.finditer(sentence)]
        for at, clause, across in (*parts, (start, sentence, True)):
            line = _line(_BUT.sub("", clause), meant, across=across)
            if line is not None and line[0] not in [known for _, known in (*found, *alone)]:
                (alone if line[1] else found).append((at, line[0]))
    first: dict[str, tuple[int, str]] = {}
    for one in found:  # 「お過ごしいただけた」 is said once.
        first.setdefault(one[1][-8:], one)
    return [said for _, said in sorted([*first.values()][:MOST])], alone[0][1] if alone else None


def _line(clause: str, meant: Collection[str] | None, *, across: bool) -> tuple[str, bool] | None:
    """What the first fitting line says of a clause, and whether it stands alone."""
    if not clause or _re("not_good").search(clause):
        return None
    for find, line in _lines():
        if across and not line.get("across"):
            continue
        if meant is not None and "topics" in line and not set(line["topics"]) & set(meant):
            continue
        if (match := find.search(clause)) is not None:
            return str(line["say"]).format(thing=_polite(match.groupdict().get("thing") or "")), "once" in line
    return None


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
    return (
        praised.removesuffix("いただけた") + "いただき"
        if praised.endswith("いただけた")
        else praised.removesuffix("いる") + "おり"
    )


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
