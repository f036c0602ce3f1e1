"""What stands beside a complaint in an English mention: that it was not the first time, and that there was more."""

from __future__ import annotations

from collections.abc import Sequence

from responder.composing.complaint import Complaint
from responder.composing.english.clauses import plain, sentences_of
from responder.composing.english.heard import heard

_LONG, _MUCH = 45, 3  # words of a text, and sentences in it that blame, from which on two failures are not all of it


def happened_before(text: str) -> bool:
    """Whether the writer says that it was not the first time."""
    return heard("again", plain(text))


def more_than_named(text: str, named: Sequence[Complaint]) -> bool:
    """Whether a long text tells of more failures than the reply names; of what is not certain there is no more."""
    if not named or not named[0].certain or len(text.split()) < _LONG:
        return False
    blaming = sum(any(part.fault > part.good for part in one.clauses) for one in sentences_of(plain(text), None))
    return blaming >= _MUCH + len(named) - 1
