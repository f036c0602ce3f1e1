"""For the time being: the names of reading_ja."""

from responder.composing.reading_ja import about, prepared, sentences

__all__ = ["about", "prepared", "sentences"]
