"""A Japanese text as it is read: prepared, cut into sentences, and the topic of a clause by its own words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from responder.composing.japanese.lexicon import clause_bank

_NOISE = re.compile(r"https?://\S+|[@#＠＃][\w.\-]+|[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f]")
_DOTS = re.compile(r"[.。・]{2,}|､{2,}")
_SENTENCE = re.compile(r"[^。！？!?\n♪☆★…｡]+(?:[？?])?")
_ENDED = re.compile(r"(?:(?<=です)|(?<=ます)|(?<=した)|(?<=せん)|(?<=った)|(?<=ない)|(?<=さい)|(?<=ます。))[ 　]+")


def prepared(text: str) -> str:
    """The text as it is read: NFKC, without links, handles and emoji, with a full stop for dots."""
    return _DOTS.sub("。", _NOISE.sub(" ", unicodedata.normalize("NFKC", text)))


def sentences(text: str) -> Iterator[tuple[int, str]]:
    """The sentences with their places; a blank after a predicate ends one as well."""
    for sentence in _SENTENCE.finditer(text):
        at = 0
        for end in [*_ENDED.finditer(sentence[0]), None]:
            part = sentence[0][at : end.start() if end else None]
            if part.strip():
                yield sentence.start() + at, part
            at = end.end() if end else 0


def about(said: str) -> str | None:
    """The topic of a clause by its own words."""
    topics: dict[str, str] = clause_bank()["about"]
    return next((topic for topic, found in topics.items() if re.search(found, said)), None)
