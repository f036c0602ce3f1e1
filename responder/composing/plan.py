"""A reply as text: its sentences in order, in one tone, within the limit of its site."""

from __future__ import annotations

from responder.composing.brief import Brief
from responder.composing.english.writer import EnglishWriter
from responder.composing.fitting import fitted
from responder.composing.japanese.writer import JapaneseWriter
from responder.composing.variation import Variation
from responder.drafting.lengths import limit_of

ALTERNATIVES = ("shorter", "warmer", "formal")


def write(brief: Brief, tone: str | None, variation: Variation) -> str:
    """The whole reply in one tone (None: the plain one)."""
    writer = (JapaneseWriter if brief.language == "ja" else EnglishWriter)(brief, tone, variation)
    return fitted(writer.parts(), limit_of(brief.source_kind), brief.language, brief.register)
