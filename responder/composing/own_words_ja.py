"""The customer's own words, as one short clause that a reply can take up: 「充電が1時間ほどでなくなってしまったとのこと」.

A clause is taken only when it is certain: its predicate is a known fault or wish (config/packs/phrases/clauses.ja.yaml), it
has a subject, and nothing in it is about somebody or something else. Otherwise there is none.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from responder.composing.frames import read_phrases
from responder.composing.plain_ja import from_te, plain

SHORTEST, LONGEST = 5, 36

_NOISE = re.compile(r"https?://\S+|[@#＠＃][\w.\-]+|[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f]")
_DOTS = re.compile(r"[.。・]{2,}|､{2,}")
_SENTENCE = re.compile(r"[^。！？!?\n♪☆★…｡]+(?:[？?])?")
_ENDED = re.compile(r"(?:(?<=です)|(?<=ます)|(?<=した)|(?<=せん)|(?<=った)|(?<=ない)|(?<=さい)|(?<=ます。))[ 　]+")
_PIECE = re.compile(
    r"(?P<said>[^、, 　]+?)(?P<link>[、, 　]+|$|(?<=すぎて)|(?<=過ぎて)|(?<=くて)|(?<=[いたるすんうくむぐだな])(?:ので|けれども|けれど|けど|のに)|(?<=[いたるすんうくむぐだ])(?:ため(?![にの]?す|息)|から(?!の|は))|(?<=[^、]{3}[いたるすんうくむぐだ])(?<![臭匂違思勢扱使払戦笑占狙願合具]い)が(?![らりるっち])|(?<=[いたるすだ])し(?![たてまいよかなくさ]))"
)
_BUT = re.compile(r"(?:が|けれども|けれど|けど|のに|ものの|ですが)$")
_TIED = re.compile(
    r"(?:(?<=[いたるすうくむぐぶつだ])(?:ので|から|ため|けれども|けれど|けど|のに|もので|が|し)|なので|なため|ものの|ですが|ですけど)$"
)
_GOES_ON = re.compile(r"(?:て|んで|いで|ず|ずに|く)$|(?<=[ァ-ヴー一-龠便雑的])で$")
_SUBJECT = re.compile(
    r"[一-龠ァ-ヴーA-Za-z0-9々ぁ-ん](?:が|は|も|を|に|で|から|の方)"
    r"|[一-龠ァ-ヴー]{2,}(?:悪|遅|弱|狭|臭|汚|少な|多|重|高)(?:い|すぎ)"
    r"|[一-龠ァ-ヴー]{2,}(?:ほとんど|全く|まったく)?(?:な|出来な|できな)(?:い|かった|さすぎ)"
)
_NUMBER = re.compile(r"^[0-9①-⑳]+[.:)、]\s*")
_ADVERB = re.compile(r"(?:急|すぐ|一緒|逆|特|突然|常|非常|全体的|本当|意外|簡単|勝手|普通|単純)[にで]")
_INNER = re.compile(
    r"(?<=たら)|(?<=ために)|(?<=ので)|(?<=けど)|(?<=のに)|(?<=ところ)|(?<=ても)|(?<=ると)|(?<=から)(?!は|の)"
)
_TAIL = re.compile(r"[一-龠ァ-ヴーA-Za-z0-9]{2,}(?:の[一-龠ァ-ヴー]+)*[がはも][^がはも]{2,16}$")
_WORD_START = re.compile(r"^[はがをにでもとのへやかっん、ーゃゅょ]")


@dataclass(frozen=True, slots=True)
class OwnWords:
    """A clause in the plain form. kind: fault or wish; felt: what it was for the person; mild: only an opinion.

    start: where it stands in the text; turned: its sentence turns from the good to it (「ただ」, 「…ですが」).
    """

    said: str
    start: int
    kind: str
    felt: str
    mild: bool
    turned: bool


@dataclass(frozen=True, slots=True)
class _Fault:
    clause: str
    kind: str
    felt: str
    mild: bool
    alone: bool  # understood without a subject: 「動かない」


def prepared(text: str) -> str:
    """The text as it is read: NFKC, without links, handles and emoji, with a full stop for dots."""
    return _DOTS.sub("。", _NOISE.sub(" ", unicodedata.normalize("NFKC", text)))


def own_words(text: str) -> list[OwnWords]:
    """All clauses of a `prepared` text that can be taken up, in their order."""
    found: list[OwnWords] = []
    for start, sentence in sentences(text):
        asked = sentence.endswith(("?", "？")) and not sentence.endswith(("かな?", "かな？"))
        found += (one for one in _of_sentence(sentence.rstrip("?？"), start) if one.kind == "wish" or not asked)
    return found


def about(said: str) -> str | None:
    """The topic of a clause by its own words."""
    topics: dict[str, str] = _bank()["about"]
    return next((topic for topic, words in topics.items() if re.search(words, said)), None)


def quoted(text: str) -> list[OwnWords]:
    """Short sentences that blame, as they stand, in quotation marks: for a grievance that no predicate tells of."""
    found = []
    for start, sentence in sentences(text):
        said = _trimmed(sentence)
        fits = SHORTEST + 3 <= len(said) <= LONGEST - 4 and not sentence.endswith(("?", "？"))
        blames = _bank_re("blame").search(said) and not _bank_re("not_blame").search(said)
        if fits and blames and _bank_re("quote_end").search(said) and not _unfit(said) and _has_subject(said):
            found.append(OwnWords(f"「{said}」", start, "fault", "hope", False, False))
    return found


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
    return _bank_re("turn").search(sentence) is not None


def _of_sentence(sentence: str, start: int) -> Iterator[OwnWords]:
    turned = turns(sentence)
    if (last := _bank_re("named_last").search(sentence)) is not None and not _unfit(last["thing"]):
        yield OwnWords(
            _respectful(f"{last['thing']}が残念だった"), start + last.start(), "fault", "hope", False, turned
        )
        return
    before = ""
    for one in _PIECE.finditer(sentence):
        link = one["link"].strip("、, 　")
        piece = one["said"] + link
        fault = _fault(_predicate(piece))
        taken = False
        if fault is not None:
            said = _said(before, fault)
            if said is not None and not _bank_re("aim").match(sentence[one.end() - len(link) :]):
                taken = True
                yield OwnWords(said, start + one.start(), fault.kind, fault.felt, fault.mild, turned)
        ended = taken or _BUT.search(piece) is not None
        before = "" if ended else piece + ("、" if "、" in one["link"] or "," in one["link"] else "")


def _predicate(piece: str) -> str:
    """The piece in the plain form, without what ties it to the next and without what is only said of it."""
    bare = _TIED.sub("", piece.strip())
    for said_of in _said_of():
        bare = said_of.sub("", bare)
    said = from_te(bare) if bare == piece.strip() and _GOES_ON.search(bare) else plain(bare)
    for said_of in _said_of():
        said = said_of.sub("", said)
    return said


def _fault(clause: str) -> _Fault | None:
    """The fault or wish that the predicate at the end of a clause tells of; None where it blames nothing."""
    for kind in ("wish", "fault"):
        for line, end in _ends(kind):
            if (found := end.search(clause)) is not None:
                if "say" in line:
                    clause = clause[: found.start()] + line["say"]
                return _Fault(clause, kind, line.get("felt", "hope"), bool(line.get("mild")), bool(line.get("alone")))
    return None


def _said(before: str, fault: _Fault) -> str | None:
    """The clause with what leads to it where it needs that, trimmed and in respectful nouns; None for what is unfit."""
    clause = fault.clause
    alone = _trimmed(clause)
    tries = [alone]
    if before and (not _has_subject(alone) or len(alone) < 9):
        tries.insert(0, _trimmed(before + clause))
    if len(alone) > LONGEST and not _unfit(alone):
        tries += [_trimmed(clause[cut.end() :]) for cut in _INNER.finditer(clause)]
        tries += [tail[0] for tail in _TAIL.finditer(clause)]
    for said in tries:
        known = _has_subject(said) or (fault.alone and len(said) >= 4 and not said.startswith(("でき", "出来")))
        shortest = 4 if fault.alone else SHORTEST
        if shortest <= len(said) <= LONGEST and known and not _unfit(said):
            return _respectful(said)
    return None


def _has_subject(said: str) -> bool:
    return _SUBJECT.search(_ADVERB.sub("", said)) is not None


def _unfit(said: str) -> bool:
    return _bank_re("unfit").search(said) is not None or _WORD_START.search(said) is not None


def _trimmed(clause: str) -> str:
    text = _NUMBER.sub("", clause.strip(" 　、,・●■◆-"))
    again = True
    while again:
        short = _leads().sub("", text, count=1).strip(" 　、,")
        again, text = short != text and bool(short), short or text
    return _fillers().sub("", text)


def _respectful(said: str) -> str:
    return _polite().sub(lambda noun: _bank()["polite"][noun[0]], said)


@lru_cache(maxsize=1)
def _bank() -> dict[str, Any]:
    return read_phrases("clauses.ja.yaml")


@lru_cache(maxsize=4)
def _bank_re(name: str) -> re.Pattern[str]:
    return re.compile(_bank()[name].replace(" ", ""))


@lru_cache(maxsize=2)
def _ends(kind: str) -> list[tuple[dict[str, Any], re.Pattern[str]]]:
    macros: dict[str, str] = _bank()["macros"]

    def compiled(end: str) -> re.Pattern[str]:
        return re.compile(re.sub(r"<([A-Z]+)>", lambda name: macros[name[1]], end))

    return [(line, compiled(line["end"])) for line in _bank()[f"{kind}s" if kind == "fault" else "wishes"]]


@lru_cache(maxsize=1)
def _said_of() -> list[re.Pattern[str]]:
    return [re.compile(one) for one in _bank()["said_of"]]


@lru_cache(maxsize=1)
def _leads() -> re.Pattern[str]:
    words = sorted(map(re.escape, _bank()["leads"]), key=len, reverse=True)
    return re.compile(
        rf"^(?:(?:{'|'.join(words)})[、, 　]+|(?:ただし|ただ|しかし|しかも|でも(?!の)|正直|やはり|とにかく|残念ながら|実際|こちらは|これは|それは)(?=お?[一-龠ァ-ヴこそ]))"
    )


@lru_cache(maxsize=1)
def _fillers() -> re.Pattern[str]:
    words = sorted(map(re.escape, _bank()["fillers"]), key=len, reverse=True)
    return re.compile(rf"(?:{'|'.join(words)})(?:、)?")


@lru_cache(maxsize=1)
def _polite() -> re.Pattern[str]:
    words = sorted(map(re.escape, _bank()["polite"]), key=len, reverse=True)
    return re.compile(rf"(?<![一-龠ァ-ヴーおご])(?:{'|'.join(words)})(?=[がはもをにでの])")
