"""Where a clause that the assessment marks in an English text begins and ends, and what it is when it is told back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from responder.composing.english.meant import Around
from responder.composing.english.told_from import told_from

if TYPE_CHECKING:
    from responder.drafting.request import Heard

_SURE = 0.65  # of words whose ends are right
_RAMBLING, _TAIL, _CLAUSE = 22, 6, 14  # words of a clause without an end, behind what is marked, and of a whole one
_BOUND = re.compile(
    r"[.!?:\n()]+(?=\s|$)|(?<!&amp);|\.{2,}|\n|, |\s[-–—]+\s"
    r"| (?:(?<!anything )(?<!nothing )but|because|although|though|however|so|yet|which|when|while|until|if"
    r"|and(?= (?:i|i'm|i've|we|they|the|then|you|nobody|no one|it|it's|he|she|there|my|our|your)\b)) ",
    re.I,
)
_OPENS = re.compile(
    r"\W*(?:the|my|our|your|their|this|these|i|i'm|i've|we|we're|we've|you|they|it|it's|there|there's|no|nobody)\b",
    re.I,
)
_SUPPOSED = re.compile(
    r"\b(?:wish|if|hope[ds]?|thought|assumed?|expect(?:ed)?|as though|unless|whether|would|could|should|how|what|where"
    r"|in case|imagine|like)\b",
    re.I,
)
_JOINED = frozenset({"and", "then", "&", "still", "now", "also"})
_GOES_ON = frozenset({
    "and", "or", "with", "without", "for", "in", "on", "at", "to", "from", "after", "before", "when", "while", "because",
    "until", "than", "by", "into", "of", "as", "that", "since",
})  # fmt: skip


def told_back(text: str, marked: Heard, it: str) -> str | None:
    """The marked words told back, to the end of their clause; from its beginning where they have no subject.

    None where a wish or a guess stands before them, or where what they say leaves a doubt.
    """
    end = marked.start + len(marked.text)
    start = max(text.rfind(" ", 0, marked.start), text.rfind("\n", 0, marked.start)) + 1
    first = max((found.end() for found in _BOUND.finditer(text, 0, start)), default=0)
    last = next((found.start() for found in _BOUND.finditer(text, end)), len(text))
    if _SUPPOSED.search(text[max(0, first - 6) : start]):
        return None
    before, rest, clause = text[first:start].split(), text[end:last].split(), text[first:last].split()
    if marked.p < _SURE and len(clause) > _RAMBLING:
        return None
    tries = list[str]()
    if not before or before[-1].lower() in _JOINED or _OPENS.match(text[start:end]):
        if len(rest) <= _TAIL:
            tries = [text[start:last], *([text[start:end]] if rest and rest[0].lower() in _GOES_ON else [])]
        elif rest[0].lower() in _GOES_ON:
            tries = [text[start:end]]
    if before and len(clause) <= _CLAUSE and (marked.p >= _SURE or len(clause) - len(before) > len(before)):
        tries.append(text[first:last])
    return next((said for one in tries if (said := told_from(one, Around(text, start, it)))), None)
