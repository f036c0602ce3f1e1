"""The customer's own words, as one short clause that a reply can take up: 「充電が1時間ほどでなくなってしまったとのこと」.

Grammar finds the clauses, what their predicates say and of what (grammar_ja, blame_ja); a clause is taken only when it
blames or wishes, says of what, and nothing in it is unfit for a public reply. Where the clause cannot stand, its thing is
named alone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Any

from responder.composing.blame_ja import Blame, blamed, spoken_of
from responder.composing.fit_ja import LONGEST, SHORTEST, bank_re, name_of, respectful, trimmed, unfit
from responder.composing.grammar_ja import Clause, Word, clauses, plain, untailed
from responder.composing.lexicon_ja import clause_bank as _bank
from responder.composing.lexicon_ja import holds, listed
from responder.composing.phrase_ja import MARKS, phrase_before, subject, unwrapped
from responder.composing.respect_ja import opinion, owned, softened

_NOISE = re.compile(r"https?://\S+|[@#＠＃][\w.\-]+|[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f]")
_DOTS = re.compile(r"[.。・]{2,}|､{2,}")
_SENTENCE = re.compile(r"[^。！？!?\n♪☆★…｡]+(?:[？?])?")
_ENDED = re.compile(r"(?:(?<=です)|(?<=ます)|(?<=した)|(?<=せん)|(?<=った)|(?<=ない)|(?<=さい)|(?<=ます。))[ 　]+")
_COMMA = re.compile(r"[、,] *")
_IN_ONE_BREATH = 18  # a longer one with a comma is no clause that a reply can say
_SHORT = 70  # characters of a text that speaks of one thing
_MORE = ("もう少し", "もっと", "もうちょっと", "もうすこし")


@dataclass(frozen=True, slots=True)
class OwnWords:
    """A clause in the plain form. kind: fault, wish or thing (only its name); felt: what it was for the person.

    mild: only an opinion; start: where it stands in the text; turned: its sentence turns from the good to it (「ただ」).
    weight: 2 for what failed, 1 for what was bad, 0 for a remark.
    """

    said: str
    start: int
    kind: str
    felt: str
    mild: bool
    turned: bool
    weight: int = 1


def prepared(text: str) -> str:
    """The text as it is read: NFKC, without links, handles and emoji, with a full stop for dots."""
    return _DOTS.sub("。", _NOISE.sub(" ", unicodedata.normalize("NFKC", text)))


def own_words(text: str) -> list[OwnWords]:
    """All clauses of a `prepared` text that can be taken up, in their order."""
    found: list[OwnWords] = []
    for _, group in groupby(clauses(text), lambda clause: clause.sentence):
        for one in _of_sentence(list(group), text):
            if found and one.start <= found[-1].start and one.kind == found[-1].kind:
                found.pop()  # 「暗くて怖い」 takes 「暗い」 with it.
            found.append(one)
    return found


def about(said: str) -> str | None:
    """The topic of a clause by its own words."""
    topics: dict[str, str] = _bank()["about"]
    return next((topic for topic, words in topics.items() if re.search(words, said)), None)


def sentences(text: str) -> Iterator[tuple[int, str]]:
    """The sentences with their places; a blank after a predicate ends one as well."""
    for sentence in _SENTENCE.finditer(text):
        at = 0
        for end in [*_ENDED.finditer(sentence[0]), None]:
            part = sentence[0][at : end.start() if end else None]
            if part.strip():
                yield sentence.start() + at, part
            at = end.end() if end else 0


def turns(sentence: str) -> bool:
    """Whether a sentence turns from the good to what was not: 「ただ、…」, 「…は良いですが、…」, 「…のが残念」."""
    return bank_re("turn").search(sentence) is not None


def _of_sentence(group: Sequence[Clause], text: str) -> list[OwnWords]:
    sentence = text[group[0].start : group[-1].end]
    turned = turns(sentence)
    if (last := bank_re("named_last").search(sentence.rstrip("。"))) is not None and not unfit(last["thing"]):
        pity = respectful(f"{last['thing']}が{_bank()['unmet']}")
        return [OwnWords(pity, group[0].start + last.start(), "fault", "taste", False, turned)]
    told = (_of_clause(group, index, text, turned) for index in range(len(group)))
    return [one for one in told if one is not None] or list(_cause(group))


def _of_clause(group: Sequence[Clause], index: int, text: str, turned: bool) -> OwnWords | None:
    clause = group[index]
    if (wish := _wish(group, index, text)) is not None:
        return OwnWords(wish, clause.start, "wish", "hope", False, turned)
    blame = blamed(clause)
    if blame is None or clause.link == "if" or _aimed(clause, group[index + 1 :]):
        return None
    told, led_by = text[clause.start : clause.end], text[group[max(0, index - 1)].start : clause.start]
    other = bank_re("elsewhere").search(told) or bank_re("until_now").search(led_by)
    if (clause is group[-1] and _asks(clause)) or other:
        return None
    known = subject(blame.words, blame.head)
    if known is not None and known.phrase[-1].norm in listed("bare") and blame.head <= len(known.phrase) + 3:
        return None  # 「多少の不便はあった」 says nothing of what.
    if (soft := softened(blame)) is not None:
        return OwnWords(*soft, "fault", "taste", blame.weight == 0, turned, blame.weight)
    if not opinion(blame) and (found := _said(group, index, blame, text)) is not None:
        return OwnWords(*found, "fault", blame.felt, blame.weight == 0, turned, blame.weight)
    thing = _thing(blame)
    return None if thing is None else OwnWords(thing, clause.start, "thing", blame.felt, False, turned, blame.weight)


def _cause(group: Sequence[Clause]) -> Iterator[OwnWords]:
    """The thing whose clause is the reason of a feeling: 「冷蔵庫が昔のままで、がっかりした」."""
    for clause in reversed(group if holds(group[-1].words, "emotions") else ()):
        known = spoken_of(clause)
        if known is not None and not clause.asked and (thing := _thing(known)) is not None:
            yield OwnWords(thing, clause.start, "thing", "hope", False, False)
            return


def spoken_first(text: str) -> Iterator[OwnWords]:
    """What a short text speaks of, where nothing else of it can be said: 「窓からの景色は、壁でした」."""
    if len(text) > _SHORT:
        return
    for clause in clauses(text):
        for place, one in enumerate(clause.words):
            if one.text == "は" and one.sub == "係助詞" and (phrase := phrase_before(clause.words, place)):
                if (thing := name_of(phrase)) is not None and not holds(phrase, "persons", "harm"):
                    yield OwnWords(thing, clause.start, "thing", "hope", False, False)
                return


def _aimed(clause: Clause, after: Sequence[Clause]) -> bool:
    """「前のが壊れたので買った」: why it was bought is no complaint."""
    return clause.link == "because" and any(holds(one.words, "bought") for one in after)


def _asks(clause: Clause) -> bool:
    """「…でしょうか」 asks; 「…かな?」 only wonders."""
    return clause.words[-1].text == "か" or (clause.asked and clause.words[-1].text not in ("な", "なぁ", "なあ"))


def _wish(group: Sequence[Clause], index: int, text: str) -> str | None:
    """What a clause asks for, with the condition that it stands in: 「駐車場があれば嬉しい」."""
    clause = group[index]
    before = text[group[index - 1].start : clause.start] if index and group[index - 1].link == "if" else ""
    if clause.link in ("and", "because") and any(holds(one.words, "bought") for one in group[index + 1 :]):
        return None  # 「コードが欲しくて購入」.
    said = before + plain(unwrapped(clause.words)[0] or clause.words)
    sentence = text[clause.start : group[min(index + 1, len(group) - 1)].end]
    if clause.link == "if" and text[clause.end] != "て" and any(one in sentence for one in _MORE):
        bare = untailed([one for one in clause.words if one.text not in ("ば", "と", "たら")])
        said = plain(bare) + "とよい"
    if clause.words[-1].text == "よ":
        return None  # 「レインコートがあるといいですよ」 is advice.
    for line, end in _wishes():
        if (found := end.search(said)) is not None:
            wish = trimmed(said[: found.start()] + line["say"])
            if SHORTEST <= len(wish) <= LONGEST and not unfit(wish, wish=True):
                return respectful(wish)
            return None
    return None


def _said(group: Sequence[Clause], index: int, blame: Blame, text: str) -> tuple[str, int] | None:
    """The clause with what leads to it where it needs that, and its place, trimmed and in respectful nouns."""
    body = list(blame.words)
    while len(body) > 1 and body[0].kind in ("接続詞", "感動詞", "補助記号"):
        body.pop(0)
    own, start = _plainly(body, group), body[0].start
    led = _led(group, index, own, text)
    known = subject(blame.words, blame.head)
    bare = known is not None and known.mark == "" and known.phrase[-1].use == "一般" and known.phrase[0].sub != "数詞"
    if bare and known is not None and (behind := known.phrase[-1].end - start) > 0:
        own = f"{own[:behind]}が{own[behind:]}"  # 「アップデート多すぎる」.
    if known is not None and known.mark in (*MARKS, ""):
        condition = index and (group[index - 1].link == "if" or _leads_on(group, index, text) > 1)
        parts = [(own[comma.end() :], start + comma.end()) for comma in _COMMA.finditer(own)]
        tries = [*(led[:1] if condition else []), (own, start)]
        if known.phrase[0].norm not in listed("vague") | listed("harm"):
            tries.append((own[known.start - start :], known.start))
        tries += parts
    else:
        goes_on = index and group[index - 1].link not in ("but", "end")
        topic = _topic(group[index - 1], alone=blame.alone) if goes_on and len(own) <= 10 else None
        tries = [*led, *([(topic + own, start)] if topic else [])]
        tries += [(own, start)] if known is not None or blame.alone else []
        tries += [(own[known.start - start :], known.start)] if known is not None else []
    for written, at in tries:
        said = trimmed(written)
        if (
            not (len(said) > _IN_ONE_BREATH and _COMMA.search(said))
            and (3 if blame.alone else SHORTEST) <= len(said) <= LONGEST
            and not unfit(said)
            and not bank_re("elsewhere").search(said)
        ):
            return respectful(owned(said, blame)), at
    return None


def _led(group: Sequence[Clause], index: int, own: str, text: str) -> list[tuple[str, int]]:
    """The clause with one, two … of those that lead to it."""
    found: list[tuple[str, int]] = []
    at = index
    while at and _leads_on(group, at, text) and group[index].start - group[at].start + len(own) < LONGEST:
        at -= 1
        if not _willed(group[at]):
            found.append((text[group[at].start : group[index].start] + own, group[at].start))
    return found


def _leads_on(group: Sequence[Clause], index: int, text: str) -> int:
    """Whether the clause before belongs to the one at `index`; 2 where it tells against it: 「一月も経っていないのに」."""
    before = group[index - 1]
    if before.link == "but" and text[before.start : group[index].start].rstrip("、, ").endswith("のに"):
        return 2
    return int(before.link in ("if", "and"))


def _plainly(body: Sequence[Word], group: Sequence[Clause]) -> str:
    """A clause that goes on: what happened is over (「壊れて困る」: 「壊れた」), a state has the tense of its sentence."""
    last, bare = body[-1], untailed(body)
    if last.text == "ず":  # 「点灯せず。」
        return plain(body, past=True)
    if not (last.sub == "接続助詞" or last.form.startswith("連用形")) or not bare:
        return plain(body)
    happened = (
        bare[-1].kind == "動詞"
        and bare[-1].norm not in ("居る", "有る", "出来る", "過ぎる")
        and last.base not in ("ぬ", "ず")
    )
    return plain(body, past=happened or any(one.base == "た" for one in group[-1].words[-3:]))


def _willed(clause: Clause) -> bool:
    """What the writer did before it happened needs no retelling: 「買って」, 「期待して」."""
    return clause.link == "and" and any(one.norm in listed("own") for one in clause.words[-3:])


def _topic(before: Clause, *, alone: bool) -> str | None:
    """「朝食は」: what the clause before speaks of, for one that names nothing itself."""
    marks = ("は", "が") if alone and before.words[-2:-1] and before.words[-2].norm == "比べる" else ("は",)
    for place, one in enumerate(before.words):
        if one.text in marks and one.kind == "助詞" and (phrase := phrase_before(before.words, place)):
            return "".join(word.text for word in phrase) + one.text
    return None


def _thing(blame: Blame) -> str | None:
    """The name of what a clause complains of, where the clause itself cannot be said."""
    known = subject(blame.words, blame.head)
    thought = holds(blame.words[blame.head :], "thinks")  # 「事故とは考えにくい」.
    return None if thought or known is None or known.mark not in MARKS else name_of(known.phrase)


@lru_cache(maxsize=1)
def _wishes() -> list[tuple[dict[str, Any], re.Pattern[str]]]:
    return [(line, re.compile(line["end"])) for line in _bank()["wishes"]]
