"""Cuts a text into sentences and keeps where each of them stands."""

import re
from typing import NamedTuple

_END = re.compile(
    r"[。．！？!?…♪☆★]+[」』）)\]\"'”’]*|(?<=[^\W\d])\.+[\"')\]”’]*(?=\s|$)|\n+"
    r"|(?<=[ぁ-ん])(?:[（(][^（）()]{1,12}[）)])(?=\S)|(?:笑|[wｗ]{2,}|草)(?=[\s、])"
)


class Sentence(NamedTuple):
    """``text == whole[start:end]``, without the white space around it."""

    text: str
    start: int
    end: int


def sentences(whole: str, longest: int = 400) -> list[Sentence]:
    """The sentences of ``whole`` in order; what has no full stop is cut after ``longest`` characters."""
    found, start = [], 0
    for match in _END.finditer(whole):
        found += _pieces(whole, start, match.end(), longest)
        start = match.end()
    return found + _pieces(whole, start, len(whole), longest)


def _pieces(whole: str, start: int, end: int, longest: int) -> list[Sentence]:
    pieces = []
    for left in range(start, end, longest):
        piece = whole[left : min(left + longest, end)]
        text = piece.strip()
        if text:
            offset = left + len(piece) - len(piece.lstrip())
            pieces.append(Sentence(text, offset, offset + len(text)))
    return pieces
