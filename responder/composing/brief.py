"""All that a reply is written from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from config.brand import BrandSettings
from responder.composing.complaint import Complaint


@dataclass(frozen=True, slots=True)
class Brief:
    """What a reply says, to whom and where; how it is put is the writer's."""

    kind: str
    language: str
    register: str
    brand: BrandSettings
    author: str | None
    location: str | None
    source_kind: str | None
    grave: bool
    complaints: tuple[Complaint, ...]
    praised: tuple[str, ...]
    acts: Mapping[str, tuple[str, ...]]
    question: str | None
    answer: str | None
    quote: str | None
    harm: str | None
    thanked: bool = False  # they thank us, and name nothing more
    occasion: tuple[str, ...] = ()  # what may be said where the day was a celebration
    again: bool = False  # it happened before
    standing: str = ""  # what is still open, and by what we find it again (composing/standing.py)
    reference: str = ""
    content: bool = False  # whoever is content all in all: a reservation is noted, not apologised for at length
    opinion: bool = True  # whether they say what they think of it
    # English only:
    shrug: bool = False  # a word or two without an opinion
    more: bool = False  # more went wrong than is named
