"""An English text as its clauses, each with how much in it speaks of a failure or of praise."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from responder.composing.frames import read_phrases

_NOISE = re.compile(r"https?://\S+|(?<!\w)[@#][\w.\-]+:?|\bRT\b|[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f]")
_QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "…": ".", "\u00a0": " "})
SENTENCE = re.compile(r"(?:[^.!?\n;]|\.(?=\d)|(?<=\d)\.(?=\d)|(?<=\bDr)\.|(?<=\bMr)\.|(?<=\bMrs)\.|(?<=\bMs)\.)+")
_SPLIT = re.compile(
    r",? (?:but|that said|that being said|however|because|although|though|yet|which|while|whereas|except that|so(?= (?:i|we|they|it|the|my|you|he|she|now)\b)|even though|then|cause|only to (?:find|discover|learn)(?: out)?(?: that)?)\b,? "
    r"|, (?:and |then )?|\s+-+\s*|\s*[–—]\s*|:(?!\d)\s*| \(|\)"
    r"| (?:and|&) (?=(?:i|i'm|i've|we|they|the|then|you|nobody|no one|was|were|had|got|never|my|our|your|it|it's|he|she|there|no|not|told|said|left|took|sent|charged|still|now|can't|cannot|couldn't|won't|didn't|doesn't|don't|isn't|wasn't|have|waited|sat|been)\b)"
    r"| (?=(?:after|since|when|until|before|as) (?:i|we|my|our|you|they|the)\b)",
    re.I,
)
_SHORT = 15
_ARGUED = re.compile(r"\b(?:but|though|although|because|since|if|so|however|as)\b", re.I)
_IF = re.compile(r"\s*(?:even )?(?:if|when|whenever|unless|once|while)\b", re.I)
_TURN = re.compile(r"[ ,]*(?:that said|that being said|but|however|though|although|except|yet)\b", re.I)
_NOT_GOOD = re.compile(
    r"(?:\bnot|\bnever|n't|\bno|\bneither|\bnor) (?!only|just)(?:[a-z]+ ){0,2}?(?:love|great|brilliant|excellent|amazing|perfect|delicious"
    r"|best|happy|pleased|impressed|friendly|helpful|enjoy|comfortable|comfy|flattering|worth|tasty|kind)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause as written. sentence: its number; decided: of the sentence on which the assessment rests."""

    text: str
    start: int
    sentence: int
    fault: int
    good: int
    decided: bool
    supposed: bool = False  # stands under an "if" or a "when"
    turned: bool = False  # behind praise and a "but", or all there is of the sentence that decided


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence with its clauses."""

    text: str
    start: int
    clauses: tuple[Clause, ...]
    decided: bool

    @property
    def praises(self) -> bool:
        """Whether it holds words of praise and none of a failure."""
        return any(one.good for one in self.clauses) and not any(one.fault for one in self.clauses)


def plain(text: str) -> str:
    """The text without links, handles, hashtags and pictures, its quotation marks made plain."""
    return _NOISE.sub(" ", html.unescape(text).translate(_QUOTES))


@lru_cache(maxsize=64)
def sentences_of(text: str, evidence: str | None) -> tuple[Sentence, ...]:
    """The sentences of a text that is `plain` already; without evidence every one is decided."""
    said = " ".join(plain(evidence).split()) if evidence else ""
    found = []
    for number, match in enumerate(SENTENCE.finditer(text)):
        whole = " ".join(match[0].split())
        decided = not said or (len(whole) > 3 and (whole in said or said in whole))
        parts = tuple(_clauses(match[0], match.start(), number, decided))
        if said and decided and len(parts) == 1:
            parts = (replace(parts[0], turned=True),)
        found.append(Sentence(match[0], match.start(), parts, decided))
    if said and not any(one.decided for one in found):
        return sentences_of(text, None)
    return tuple(found)


def _clauses(sentence: str, start: int, number: int, decided: bool) -> Iterator[Clause]:
    place, praised, turned = 0, False, False
    supposed = _IF.match(sentence) is not None
    for cut in (*_SPLIT.finditer(sentence), None):
        part = sentence[place : cut.start() if cut else len(sentence)]
        if len(part.split()) > 1:
            fault, good = _faults(part), len(words("good").findall(part))
            fault = _faults(words("harmless").sub(" ", part)) if fault else 0
            good -= len(_NOT_GOOD.findall(part)) if good else 0
            yield Clause(part.strip(), start + place, number, fault, max(good, 0), decided, supposed, turned)
            praised = praised or good > 0
        else:
            praised = praised or words("good").search(part) is not None  # "Beautiful but not quite right".
        if cut is not None:
            supposed = _IF.match(sentence, cut.end()) is not None or (supposed and "," not in cut[0])
        turned = praised and cut is not None and _TURN.match(cut[0]) is not None
        place = cut.end() if cut else place


def _faults(said: str) -> int:
    return len(words("fault").findall(said)) + said.count("n't")


@lru_cache(maxsize=64)
def words(name: str) -> re.Pattern[str]:
    """A list of told.en.yaml as one expression over whole words."""
    listed = sorted(read_phrases("told.en.yaml")[name], key=len, reverse=True)
    return re.compile(rf"(?<![\w'])(?:{'|'.join(listed)})(?![\w])", re.I)
