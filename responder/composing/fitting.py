"""The sentences of a reply, joined in their paragraphs and fitted into the limit of the site."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from responder.drafting.lengths import Limit, measure


@dataclass(slots=True)
class Part:
    """A sentence in its paragraph. When the limit is short the highest `spare` goes first; 0 stays."""

    text: str
    paragraph: int
    spare: int


def fitted(parts: Sequence[Part], limit: Limit, language: str, register: str) -> str:
    """The parts as text; what can be spared goes, the most dispensable first, until the site's limit holds."""
    kept = [part for part in parts if part.text]
    while True:
        text = _joined(kept, language, register)
        spare = max((part.spare for part in kept), default=0)
        if spare == 0 or measure(text, limit.unit) <= limit.maximum:
            return text
        kept = [part for part in kept if part.spare != spare]


def _joined(parts: Sequence[Part], language: str, register: str) -> str:
    paragraphs: dict[int, list[str]] = {}
    for part in parts:
        paragraphs.setdefault(part.paragraph, []).append(part.text)
    space = "" if language == "ja" else " "
    blocks = [space.join(sentences) for _, sentences in sorted(paragraphs.items())]
    if register == "social":
        head, *rest = blocks
        if 0 in paragraphs and paragraphs[0][0] and language == "ja":
            return head + "、" + "".join(rest) if rest else head
        return space.join(blocks)
    return ("\n\n" if register == "review" else "\n").join(blocks)
