"""A failure that the network marked in a Japanese text, as the clause that stands before 「とのこと」.

The network says which words tell it, grammar where their clause begins and ends and of what it is said; what is rude,
spoken or the customer's own act is said as a house says it (config/packs/phrases/told.ja.yaml). What cannot be said so
with certainty is not told.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from responder.composing.frames import read_phrases
from responder.composing.japanese.fit import name_of, respectful, trimmed
from responder.composing.japanese.grammar import Clause, Word, clauses, plain, untailed, words
from responder.composing.japanese.lexicon import felt_of, holds, listed
from responder.composing.japanese.marked import around, marked_clauses
from responder.composing.japanese.phrase import MARKS, Subject, phrase_before, unwrapped
from responder.composing.japanese.predicate import Predicate
from responder.composing.japanese.respect import softened
from responder.composing.japanese.wishes import wish_in

if TYPE_CHECKING:
    from responder.drafting.request import Heard

SURE = 0.75  # from here on what is marked tells a failure, whatever its words
LEAST = 0.58  # below, its places are too often wrong
SHORTEST, LONGEST = 4, 40
_SIZE = re.compile(r"(?:もう)?(?:少し|だいぶ)?(?:大き|小さ|長|短|重|薄|厚|硬|固)(?:い|かった|すぎた|すぎる)$")
_LED, _LED_TO = 18, 24  # characters of what may lead to the failure, and to one that names nothing itself


@dataclass(frozen=True, slots=True)
class Told:
    """What failed, in the plain form.

    felt: what it was for the person (trouble, bother, hope, comfort, unease, taste), or wish; weight: 2 for what failed, 1 for
    what was bad; start: its place in the prepared text.
    """

    said: str
    start: int
    felt: str
    weight: int


def told_ja(text: str, heard: Heard, *, goods: bool = False) -> Told | None:
    """What `heard` tells of a `prepared` text; None where it cannot be said with certainty.

    goods: whether things are sold, so that what is broken and has no name is the thing that was bought.
    """
    if heard.p < LEAST:
        return None
    near, place = around(text, heard.text)
    covered = marked_clauses(near, heard.text)
    tried = (_of_clause(near, covered, number, heard.p, goods=goods) for number in range(len(covered) - 1, -1, -1))
    told = next((one for one in tried if one is not None), None)
    return replace(told, start=told.start + place) if told is not None else None


def _of_clause(text: str, covered: Sequence[Clause], place: int, sure: float, *, goods: bool) -> Told | None:
    main, led = covered[place], place
    if _only_feels(main):
        return None
    while led and _leads(covered[led - 1], main):
        led -= 1
    start = covered[led].start
    if (wish := wish_in(text[start : main.end], main)) is not None:
        return Told(wish, start, "wish", 1) if _fit(wish) else None
    body = _bare(main)
    if not body or main.link == "if":
        return None
    said = Predicate(body)
    last = place == len(covered) - 1
    alone = (last and main.link != "but") or main.link == "because"
    if said.tells_no_failure() or ((sure < SURE or not alone) and not said.blames()):
        return None
    if not last and (holds(covered[place + 1].words, "good") or (main.link == "but" and not said.marked)):
        return None  # 「…から良い」, 「触れていないのに点く」.
    if (soft := _softly(said, goods=goods)) is not None:
        soft = _said(soft)
        return Told(soft, start, "taste", 1) if _fit(soft) else None
    clause = _complete(text, main, start, said, goods=goods)
    if clause is None:
        return None
    clause = respectful(_said(trimmed(clause)))
    if _SIZE.match(clause):  # What it is said of was the customer: 「私には少し大きい」.
        clause = f"商品が{clause}" if goods else ""
    return Told(clause, start, *said.felt()) if _fit(clause) else None


def _softly(said: Predicate, *, goods: bool) -> str | None:
    """A verdict in the words of a house; of what is sold, also where nothing is named: 「まずい」."""
    soft = softened(said.body, said.head)
    tasted = said.core.norm == ("美味しい" if said.negated else "不味い")
    return "商品がお口に合わなかった" if soft is None and goods and tasted and said.known is None else soft


def _leads(clause: Clause, main: Clause) -> bool:
    """Whether a clause belongs to the failure behind it: a condition or a cause, unless it is the customer's own act."""
    whole = any(one.text in ("が", "は") and one.kind == "助詞" for one in main.words)
    if clause.link not in ("and", "if") or main.start - clause.start > (_LED if whole else _LED_TO):
        return False
    happened = clause.link == "and" or clause.words[-1].base == "た"  # 「開けたら、…」.
    own = any(one.norm in listed("own") for one in clause.words) and not any(one.text == "が" for one in clause.words)
    fails = clause.link == "and" and bool(body := _bare(clause)) and Predicate(body).blames()
    return not (happened and (own or (whole and not fails)))


def _only_feels(clause: Clause) -> bool:
    """「…でがっかりしました」."""
    return holds(clause.words, "emotions") and len(clause.words) < 6


def _bare(clause: Clause) -> list[Word]:
    body = list(unwrapped(clause.words)[0])
    while body and (body[0].kind in ("接続詞", "感動詞", "補助記号") or body[0].text in ("ただ", "特に", "また")):
        body.pop(0)
    return body


def _complete(text: str, main: Clause, start: int, told: Predicate, *, goods: bool) -> str | None:
    """The clause in the plain form with its subject, which may stand before it."""
    body, known, lead = told.body, told.known, text[start : main.start]
    said = _plainly(body)
    if said is None:
        return None
    if told.marked or any(one.text in ("が", "は") and one.kind == "助詞" for one in body):
        said = _as_subject(said, known, body) if known else said
        return lead + said if len(lead + said) <= LONGEST else said
    respected = "れな" in said and _said(said) != said  # 「お休みになれなかった」 is of the customer.
    if "が" in lead or any(one.text == "しか" for one in body) or told.could_not() or respected:
        return lead + said
    if told.unmarked():
        width = body[told.head - 1].end - body[0].start
        return f"{lead}{said[:width]}が{said[width:]}" if said[width:] else None
    if known is not None and (known.mark == "を" or (known.mark == "から" and told.core.kind == "形容詞")):
        return lead + said  # 「駅から遠い」.
    before = _before(text, main, told, goods=goods)
    return None if before is None else before + lead + said


def _plainly(body: Sequence[Word]) -> str | None:
    """Its predicate in the plain form; what goes on, or stands without a predicate, is put as over."""
    last = body[-1]
    if last.text == "が" and any(one.text == "に" for one in body):  # 「冷蔵庫の中に髪の毛が…」.
        return "".join(one.text for one in body) + "あった"
    if not untailed(body) or (last.kind == "助詞" and last.sub not in ("接続助詞", "終助詞") and last.text != "だけ"):
        return None
    end = untailed(body)[-1]
    if (end.kind in ("名詞", "接尾辞", "形状詞") and end.row == "*") or end.text == "だけ":
        named = any(one.text in MARKS for one in body) and end.text not in ("時", "とき", "ところ", "場合", "中")
        does = end is last and end.use == "サ変可能" and body[-2:-1] and body[-2].text in MARKS
        return plain(untailed(body)) + ("した" if does else "だった") if named or end is not last else None
    goes_on = last.sub == "接続助詞" or last.form.startswith("連用形") or last.text == "ず"
    return plain(body, past=goes_on)


def _as_subject(said: str, known: Subject, body: Sequence[Word]) -> str:
    """Its thing as the subject of what failed: 「値段も高い」 and 「値段は高い」 are 「値段が高い」."""
    width = known.phrase[-1].end - body[0].start
    # 「一滴も」, 「今日は」.
    counted = known.phrase[0].sub == "数詞" or known.phrase[-1].use in ("副詞可能", "助数詞可能")
    sure = said[width : width + 1] == known.mark and known.mark in ("は", "も") and not counted
    return f"{said[:width]}が{said[width + 1 :]}" if sure and "が" not in said[:width] else said


def _before(text: str, main: Clause, told: Predicate, *, goods: bool) -> str | None:
    """What a clause that names no subject is said of: the topic of the clauses before, or the thing that was bought."""
    core = told.core
    if core.kind not in ("動詞", "形容詞", "形状詞") and not told.negated:
        return None
    whole = next((one for one in clauses(text) if one.start <= main.start < one.end), None)
    before = [one for one in clauses(text) if whole and one.sentence == whole.sentence and one.start <= main.start]
    for one in reversed(before):
        led = [word for word in one.words if word.end <= main.start]
        if one is not whole and one.link not in ("and", "if", "because"):
            break
        if (thing := _topic(led)) is not None:
            return thing + "が"
    fails = told.acts and (told.negated or felt_of({core.norm}, core.base) == "trouble")
    sized = core.norm in listed("scale") or core.text in ("大きめ", "小さめ")
    theirs = told.own or core.base.endswith(("きれる", "切れる"))
    return "商品が" if goods and not theirs and (fails or sized) else None


def _topic(read: Sequence[Word]) -> str | None:
    for place in range(len(read) - 1, 0, -1):
        if read[place].text == "は" and read[place].kind == "助詞" and read[place - 1].kind != "助詞":
            phrase = phrase_before(read, place)
            return name_of(phrase) if phrase else None
    return None


def _said(said: str) -> str:
    for find, say in _says():
        said = find.sub(say, said)
    return said


def _fit(said: str) -> bool:
    if not SHORTEST <= len(said) <= LONGEST or _never().search(said) is not None:
        return False
    read = words(said)
    return not holds(read, "persons") and not any(_drops_particle(*pair) for pair in pairwise(read))


def _drops_particle(thing: Word, act: Word) -> bool:
    """「名刺|出せない」 is spoken; 「三本|届いた」, 「お待たせ|した」 are not."""
    named = thing.kind == "名詞" and thing.sub == "普通名詞" and thing.use == "一般"
    return named and act.kind == "動詞" and act.sub == "一般" and act.norm not in ("為る", "出来る")


@lru_cache(maxsize=1)
def _says() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(line["find"]), line["say"]) for line in read_phrases("told.ja.yaml")["says"])


@lru_cache(maxsize=1)
def _never() -> re.Pattern[str]:
    return re.compile(read_phrases("told.ja.yaml")["never"].replace(" ", ""))
