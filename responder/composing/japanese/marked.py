"""The words that the network marked in a Japanese text, as whole clauses: it knows which words, grammar where they end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from responder.composing.japanese.grammar import Clause, Word, clauses, clauses_of, words
from responder.composing.japanese.phrase import norms
from responder.composing.japanese.reading import prepared

_SAID_AS_ASKED = ("のでは", "んじゃ", "かな")  # 「短いのでは?」 says that it is short.
_OTHER_TIMES = ("今まで", "これまで", "以前", "前回", "従来", "昔")
_ENDS = "。！？!?\n"
_EDGES = " 　、。,.!！?？・"


def around(text: str, marked: str) -> tuple[str, int]:
    """The sentences of a `prepared` text in which the marked words stand, and their place: only these need be read."""
    said = prepared(marked).strip(_EDGES)
    start = text.find(said) if said else -1
    if start < 0:
        return "", 0
    begun = max(text.rfind(one, 0, start) for one in _ENDS) + 1
    ends = [end for one in _ENDS if (end := text.find(one, start + len(said))) >= 0]
    return text[begun : min(ends, default=len(text)) + 1], begun


def marked_clauses(text: str, marked: str) -> list[Clause]:
    """The clauses of a `prepared` text that are marked, with what belongs to them where the network cut through it.

    None for a question, and for what others are said to say.
    """
    said = prepared(marked).strip(_EDGES)
    start = text.find(said) if said else -1
    if start < 0:
        return []
    end = start + len(said)
    near = [one for one in clauses(text) if one.end > start and one.start < end]
    if not near:
        return []
    most = max(near, key=lambda one: min(end, one.end) - max(start, one.start))
    near = [one for one in near if one.sentence == most.sentence]
    if near[-1].asked and not text[end:].startswith(_SAID_AS_ASKED):
        return []
    read = [one for one in words(text) if near[0].start <= one.start and one.end <= near[-1].end]
    last = _end(read, end)
    said_so = read[last : last + 2]  # 「…と聞いた」, 「…らしい」.
    if said_so and (norms(said_so) & {"言う", "聞く", "らしい", "そう"}):
        return []
    first = _begin(read, start)
    if any(one in text[read[0].start : read[last - 1].end] for one in _OTHER_TIMES):
        return []
    found = clauses_of(read[first:last])
    if found and text[read[last - 1].end :].startswith(("が", "けど", "けれど")):
        found[-1] = replace(found[-1], link="but")
    return found


def _begin(read: Sequence[Word], start: int) -> int:
    """The place of the first word: the marked one, unless it goes on what stands before it."""
    place = next((at for at, one in enumerate(read) if one.end > start), 0)
    before = read[place - 1] if place else None
    bare = before is None or before.text == "ところ" or before.kind in ("補助記号", "空白", "接続詞", "感動詞", "副詞")
    tied = before is not None and before.kind == "助詞" and before.text not in ("の", "が", "を", "と", "に", "で")
    if read[place].start >= start - 1 and read[place].kind not in ("助詞", "助動詞") and (bare or tied):
        return place
    while place and read[place - 1].sub not in ("読点", "句点") and read[place - 1].kind != "空白":
        place -= 1
    return place


def _end(read: Sequence[Word], end: int) -> int:
    """The place behind the last word: the marked one with its auxiliaries; a noun takes what it is the subject of."""
    place = next((at for at, one in enumerate(read) if one.end >= end), len(read) - 1) + 1
    last = read[place - 1]
    says = last.kind in ("動詞", "形容詞", "助動詞", "形状詞") or last.sub in ("接続助詞", "終助詞", "助数詞")
    while place < len(read) and _goes_on(read[place], read[place - 1]):
        place += 1
        says = True
    while place < len(read) and not says and read[place].sub not in ("読点", "句点"):
        says = read[place].kind == "助動詞" and read[place].form.startswith("終止形")
        place += 1
    while place < len(read) and _goes_on(read[place], read[place - 1]):
        place += 1
    return place


def _goes_on(one: Word, before: Word) -> bool:
    auxiliary = one.kind == "助動詞" or one.sub == "非自立可能" or one.text in ("て", "で", "ちゃ", "ば")
    return (auxiliary or one.norm in ("為る", "出来る")) and before.sub not in ("読点", "句点") and before.text != "の"
