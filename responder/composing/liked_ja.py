"""What a Japanese text likes, by the grammar of its clauses: the things that a good predicate is said of.

「着け心地も良く、音質がとても良い」 likes 「着け心地」 and 「音質」. The words stand in config/packs/phrases/praise.yaml.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any

from responder.composing.fit_ja import name_of
from responder.composing.frames import read_phrases
from responder.composing.grammar_ja import Clause, Word, clauses
from responder.composing.lexicon_ja import holds, listed, spelt, stands
from responder.composing.phrase_ja import MARKS, NOT, chunk, head_of, norms, phrase_before, subject, unwrapped

_HELPS = frozenset(["呉れる", "下さる", "頂く", "貰う", "頂ける", "貰える"])
_OWN_DOING = frozenset(["せる", "させる"])
_HEDGES = frozenset(
    ["ほう", "方", "かも", "はず", "べき", "なら", "たい", "ば", "たら", "もう少し", "もっと", "だけ", "しか"]
)


def liked(text: str) -> list[tuple[int, str]]:
    """The things praised, in respectful nouns, with the place of each."""
    found: list[tuple[int, str]] = []
    for clause, body, last in _praising(text):
        for head in (*_goes_on(body, last), last):
            thing = _thing(body[: head + 1] if head < last else body, head)
            thing = thing or (_attributed(body, head) if head < last else None)
            if thing is not None and not any(thing in other or other in thing for _, other in found):
                found.append((clause.start, thing))
    return found


def kindness(text: str) -> bool:
    """Whether somebody did something for the customer: 「玄関まで送ってくれた」, 「お見送りをしていただき」."""
    for _, body, head in _praising(text):
        aids = body[head:]
        if any(one.form.startswith("命令形") for one in aids) or holds(body, "companions"):
            continue  # 「注意してください」, 「同僚に連れて行ってもらった」.
        own = not _OWN_DOING.isdisjoint(norms(aids))  # 「泊まらせていただいた」.
        if (
            not own
            and not _HELPS.isdisjoint(norms(aids))
            and any(one.text in ("て", "で") or one.norm == "為る" for one in aids)
        ):
            return True
    return False


def verdict(text: str) -> str | None:
    """What the whole was to the customer: 「便利にお使いいただけた」; None where no verdict is good."""
    for _, body, head in _praising(text):
        if any(one.text in ("こと", "事") and after.text == "を" for one, after in pairwise(body)):
            continue  # 「平日に行くことをお勧めします」.
        said = body[max(0, head - 3) :]
        for line in _bank()["verdicts"]:
            if stands(body if "anywhere" in line else said, line["words"]):
                return str(line["say"])
    return None


def _praising(text: str) -> Iterator[tuple[Clause, list[Word], int]]:
    """The clauses that may praise and where their predicate begins: no denial, condition, comparison or question."""
    leads_on = ""
    for clause in clauses(text):
        before, leads_on = leads_on, clause.link
        if "if" in (before, clause.link) or clause.asked:
            continue
        body, pity = unwrapped(clause.words)
        head = head_of(body) if body else 0
        if head > 1 and body[head].norm == "有る" and body[head - 1].text == "で":
            head = head_of(body[: head - 1])  # 「快適であった」.
        tail = body[head + 1 :]
        hedged = any(one.norm in NOT or one.text in _HEDGES or one.form.startswith("仮定形") for one in tail)
        wished = head > 0 and body[head - 1].text in ("と", "ば")  # 「…があると助かる」.
        if (
            body
            and not pity
            and not hedged
            and not wished
            and not any(one.text in _HEDGES and one.kind != "接尾辞" for one in body[:head])
        ):
            yield clause, body, head


def _goes_on(body: Sequence[Word], last: int) -> Iterator[int]:
    """Where a good word stands before the last: 「香りも豊かで、味も…」, 「丁寧な対応をいただいた」."""
    sought = holds(body[last:], "sought")
    for at in range(last):
        goes_on = body[at + 1].text in ("で", "、", "だし", "し") and body[at].row == "*"
        if (goes_on or (not sought and _tied(body, at))) and _good(body[at]):
            yield at


def _tied(body: Sequence[Word], at: int) -> bool:
    return body[at + 1].text == "な" or (body[at].kind == "形容詞" and body[at + 1].kind == "名詞")


def _attributed(body: Sequence[Word], at: int) -> str | None:
    """The noun that a good word is said of before it: 「十分な|明るさ|を確保できる」."""
    first = at + 1 + (body[at + 1].text == "な")
    end = first
    while end < len(body) and body[end].kind in ("名詞", "接尾辞", "接頭辞"):
        end += 1
    follows = body[end].text if end < len(body) else ""
    return _named(body[first:end]) if _tied(body, at) and follows in ("を", "が", "も", "に", "で") else None


def _thing(body: Sequence[Word], head: int) -> str | None:
    core = body[head]
    easy = core.kind == "動詞" and not holds([core], "bad") and any(one.norm == "易い" for one in body[head + 1 :])
    if _good(core) or easy:
        about = subject(body, head)
        if about is None or about.mark not in (*MARKS, "") or about.phrase[-1].end > core.start:
            return None
        behind = [one.text for one in body if about.phrase[-1].end <= one.start < core.start]
        apart = behind[:1] in (["に"], ["で"]) or behind[-2:-1] == ["に"]  # 「買い物にも便利」, 「持ち運ぶには良い」.
        apart = apart or (core.norm == "好き" and not about.mark)  # 「スピーカー好き」.
        return None if apart else _named(about.phrase)
    if core.kind != "名詞" or not head:
        return None
    first = head - len(chunk(body, head)) + 1
    tied = first > 1 and body[first - 1].text in ("な", "た", "る")
    by = body[first - 2] if tied else body[first - 1]  # 「清潔な|部屋」, 「落ち着い|た|雰囲気」, 「良い|品」.
    fits = tied or by.kind == "形容詞"
    return _named(phrase_before(body, head + 1)) if first and fits and _good(by) else None


def _good(core: Word) -> bool:
    return core.norm in spelt(_bank()["good"]) and not holds([core], "bad")


def _named(phrase: Sequence[Word]) -> str | None:
    while phrase and (phrase[0].use == "副詞可能" or phrase[0].norm in ("時", "の")):
        phrase = phrase[1:]
    if phrase and phrase[-1].text == "自体":
        phrase = phrase[:-1]
    manner = len(phrase) > 1 and phrase[-2].kind == "動詞"  # 「使い方」
    vague = bool(phrase) and phrase[-1].norm in listed("vague") and not manner
    if not phrase or vague or holds(phrase, "persons", "harm", "prices"):
        return None
    return None if norms(phrase) & spelt(_bank()["not_ours"]) else name_of(phrase)


@lru_cache(maxsize=1)
def _bank() -> dict[str, Any]:
    bank: dict[str, Any] = read_phrases("praise.yaml")["liked"]
    return bank
