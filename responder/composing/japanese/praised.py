"""A Japanese statement of praise as a reply thanks for it: 「音が良い」 is 「音の良さ」, 「駅からもすぐ」 「駅からの近さ」.

What was praised is a noun phrase before 「についてのお言葉」; what happened to people is a whole clause before 「とのこと」. A
statement that is no such thing with certainty is not told. The words stand in config/packs/phrases/praise.yaml.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from responder.composing.frames import read_phrases
from responder.composing.japanese.fit import trimmed
from responder.composing.japanese.grammar import Clause, Word, clauses
from responder.composing.japanese.lexicon import holds, spelt
from responder.composing.japanese.phrase import MARKS, norms
from responder.composing.japanese.quality import quality_of
from responder.composing.japanese.reading import prepared

if TYPE_CHECKING:
    from responder.drafting.request import Heard

LEAST = 0.55  # how sure a statement must be

_EDGES = " 　、。,.!！♪…・「」"
_POLITE = frozenset(["下さる", "頂く", "頂ける"])
_HELPS = _POLITE | {"呉れる", "貰う", "貰える"}


@dataclass(frozen=True, slots=True)
class Thanked:
    """`said`: a noun phrase, or (`clause`) a clause in the plain form."""

    said: str
    clause: bool = False


def thanked(text: str, heard: Heard) -> Thanked | None:
    """What is thanked for, by one statement of a `prepared` text; None where nothing can be said of it."""
    if heard.p < LEAST:
        return None
    found = [one for one in _marked(text, heard) if not (one.asked and one.link == "end")]
    found = [one for one in found if one.link != "but"] or found
    marked = [run for one in found for run in _split(one.words)]
    run = [word for part in marked for word in part]
    if not run:
        return None
    said = trimmed(text[run[0].start : run[-1].end]).strip(_EDGES)
    if (known := _by_line("lines", said)) is not None:
        return known
    if (_helps(run) and (_does(run) or _of_others(run))) or (_first("who", said) and _first("manners", said)):
        return _kindness(said, run)
    return _qualities(marked) or _by_line("wholes_said", said)


def _by_line(name: str, said: str) -> Thanked | None:
    for find, line in _lines(name):
        if (match := find.search(said)) is not None:
            told = str(line["say"]).format(**{key: value or "" for key, value in match.groupdict().items()})
            return Thanked(told, "clause" in line)
    return None


def _marked(text: str, heard: Heard) -> Iterator[Clause]:
    """The marked words of each clause, made whole: no phrase is cut at their beginning and no predicate at their end."""
    said = prepared(heard.text).strip(_EDGES)
    start = text.find(said, max(0, heard.start - 20)) if said else -1
    start = text.find(said) if start < 0 and said else start
    end = start + len(said)
    before = ""
    for clause in clauses(text) if start >= 0 else ():
        led, before = before, clause.link
        shared = min(end, clause.end) - max(start, clause.start)
        if "if" not in (led, clause.link) and shared >= min(len(said), clause.end - clause.start) / 2:
            first = next(at for at, one in enumerate(clause.words) if one.end > start)
            while first and _bound(clause.words[first - 1], clause.words[first]):
                first -= 1
            last = _whole(clause.words, next((at for at, one in enumerate(clause.words) if one.end >= end), -1), end)
            yield Clause(clause.words[first:last], clause.link, clause.sentence, clause.asked)


def _whole(run: Sequence[Word], last: int, end: int) -> int:
    """Where what ends with the word `last` is over: behind its auxiliaries, or where the clause is if it was cut."""
    if last < 0 or last + 1 == len(run):
        return len(run)
    if run[last].kind == "接続詞":
        return last  # 「朝食も美味しく|また」.
    inside = run[last].end > end or run[last].sub in ("格助詞", "係助詞", "副助詞") or run[last].kind == "副詞"
    follows = run[last + 1]
    ends = follows.kind in ("助動詞", "補助記号", "空白") or follows.sub == "接続助詞" or follows.text == "で"
    if inside or not ends:
        return len(run)
    while last + 1 < len(run) and _auxiliary(run[last], run[last + 1]):
        last += 1
    return last + 1


def _auxiliary(before: Word, one: Word) -> bool:
    return one.kind == "助動詞" or one.sub == "接続助詞" or (before.sub == "接続助詞" and one.sub == "非自立可能")


def _bound(before: Word, after: Word) -> bool:
    """Whether a phrase would be cut between: 「純正と|変わらない」, 「新宿|ゴールデン街」, 「スタッフ|の対応」."""
    nominal = ("名詞", "接頭辞", "接尾辞")
    if after.kind == "助詞" or (after.kind in nominal and before.kind in nominal and before.use != "副詞可能"):
        return before.kind != "補助記号"
    return before.text in ("の", "と", "に", "から", "への") and before.kind == "助詞"


def _split(run: Sequence[Word]) -> Iterator[list[Word]]:
    """「丈夫で|洗濯もできる」: also behind a quality that goes on."""
    part: list[Word] = []
    for at, one in enumerate(run):
        if one.text == "で" and one.row == "助動詞-ダ" and run[at - 1].kind == "形状詞" and _of_another(run[at + 1 :]):
            yield part
            part = []
            continue
        part.append(one)
        told = one.kind == "形容詞" and one.form.startswith("連用形-一般") and _of_another(part)
        if told and _of_another(run[at + 1 :]):  # 「食事も美味しく|ボリュームがある」.
            yield part
            part = []
    if part:
        yield part


def _of_another(behind: Sequence[Word]) -> bool:
    """Whether it speaks of another thing: in 「シンプルで|良い」 it does not."""
    return any(one.kind == "助詞" and one.text in MARKS for one in behind)


def _qualities(marked: Sequence[list[Word]]) -> Thanked | None:
    """「軽さと歩きやすさ」: two at most; that something is so (「…点」) only where it is alone."""
    names = [name for name in dict.fromkeys(map(quality_of, marked)) if name]
    names = [name for name in names if not name.endswith("点")][:2] or names[:1]
    return Thanked("と".join(names)) if names else None


def _kindness(said: str, run: Sequence[Word]) -> Thanked | None:
    """What somebody did: 「スタッフの丁寧な応対」, 「駅員の心配り」; None where it was none of ours."""
    who = _first("who", said)
    if who is None and (_of_others(run) or not _does(run)):
        return None
    manner = _first("manners", said)
    did = f"{manner}応対" if manner else "心配り"
    return Thanked(f"{who or 'スタッフ'}の{did}")


def _does(run: Sequence[Word]) -> bool:
    """Whether it is politely said, or what is done stands right before 「…てくれた」: 「教えてくれる」, not 「鳴らしてくれて聴きやすい」."""
    deeds = spelt(_bank()["deeds"])
    helped = [at for at, one in enumerate(run) if one.norm in _HELPS]
    return not norms(run).isdisjoint(_POLITE) or any(norms(run[max(0, at - 3) : at]) & deeds for at in helped)


def _of_others(run: Sequence[Word]) -> bool:
    """「アプリが教えてくれる」, 「娘も使ってくれている」."""
    return holds(run, "companions") or any(
        one.text == "が" or (one.text in ("は", "も") and holds([run[at - 1]], "persons"))
        for at, one in enumerate(run)
        if at and run[at - 1].kind == "名詞"
    )


def _helps(run: Sequence[Word]) -> bool:
    """「…て|くれた」, 「ご説明|いただき」; 「朝食を頂く」 is eaten."""
    return any(
        one.norm in _HELPS
        and (run[at - 1].sub == "接続助詞" or run[at - 1].use == "サ変可能")
        and not {"せる", "させる"} & norms(run[max(0, at - 3) : at])
        for at, one in enumerate(run)
        if at
    )


def _first(name: str, said: str) -> str | None:
    return next((say for find, say in _patterns(name) if find.search(said)), None)


@lru_cache(maxsize=4)
def _patterns(name: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    """A table of praise.yaml from words to what is said of them."""
    return tuple((re.compile(find), say) for find, say in _bank()[name].items())


@lru_cache(maxsize=1)
def _bank() -> dict[str, Any]:
    bank: dict[str, Any] = read_phrases("praise.yaml")["told"]
    return bank


@lru_cache(maxsize=2)
def _lines(name: str) -> tuple[tuple[re.Pattern[str], dict[str, Any]], ...]:
    return tuple((re.compile(line["find"]), line) for line in _bank()[name])
