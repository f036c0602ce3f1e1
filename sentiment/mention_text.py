"""What the stage is given: the text of one mention and what its source says about it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MentionText:
    """One text to be assessed.

    text: as its author wrote it, any length; rating: stars from 1 to 5, or None; language_hint: the
    language that the source declares (``ja``, ``en-US``); kind: ``review`` or ``post``; reach: the number
    of accounts that may have seen it.
    """

    text: str
    rating: float | None = None
    language_hint: str | None = None
    kind: str | None = None
    reach: int | None = None
