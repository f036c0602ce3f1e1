"""Finds out whether a mention says again what another said: one alert a story, not one a copy.

Short stock phrases (朝食は普通でした。) are in many honest reviews, and a customer who is taken for a copy is never
answered: so a text of at least 12 characters and another sign are needed. Two authors of reviews are two customers,
also where they write in the same hour.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy.orm import Session

from storage.mention import Mention, Revision, latest_revision
from storage.story import StoryCopy, firsts_like, leave_story, remember_bands

SHORTEST = 12  # characters
ALIKE = 0.5  # Jaccard of character trigrams
WINDOW = timedelta(days=30)
_HOUR = timedelta(hours=1)
_PERMUTATIONS, _ROWS, _SEED = 64, 4, 42
_MARKS = re.compile(
    r"^(?:rt|via|転載)\b\s*:?|\bRT @\w+:?|【(?:拡散希望|拡散|転載)】|#拡散希望|拡散希望|https?://\S+", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Copy:
    """Of which mention this is a copy, and by which sign."""

    first_id: int
    why: str  # same_author, same_hour or passed_on


def copy_of(session: Session, revision: Revision, at: datetime) -> Copy | None:
    """Notes the mention for later ones, or joins it to the story that it repeats. May run twice."""
    mention = revision.mention
    leave_story(session, mention.id)
    said = bare(revision)
    if len(said) < SHORTEST:
        return None
    bands = signature(said)
    for first_id in firsts_like(session, method(), bands, mention.id, at - WINDOW):
        first = latest_revision(session, first_id)
        why = _sign(revision, first)
        if why and similarity(said, bare(first)) >= ALIKE:
            session.add(StoryCopy(mention_id=mention.id, first_id=first_id, why=why, joined_at=at))
            session.flush()
            return Copy(first_id, why)
    remember_bands(session, method(), bands, mention.id)
    return None


def bare(revision: Revision) -> str:
    """What is compared: the words in one width and case, without marks of passing on, links, spaces and signs."""
    text = unicodedata.normalize("NFKC", f"{revision.title or ''} {revision.text}")
    return re.sub(r"[\W_]+", "", _MARKS.sub(" ", text)).lower()


def similarity(one: str, other: str) -> float:
    """Jaccard similarity of character trigrams, 0 to 1."""
    left, right = _trigrams(one), _trigrams(other)
    return len(left & right) / len(left | right)


def signature(said: str) -> list[str]:
    """The bands of a MinHash: texts that share one are compared in full."""
    import rensa

    made = rensa.RMinHash(_PERMUTATIONS, _SEED)
    made.update(sorted(_trigrams(said)))
    digest: list[int] = made.digest()
    return [
        f"{start}:" + hashlib.blake2b(repr(digest[start : start + _ROWS]).encode(), digest_size=8).hexdigest()
        for start in range(0, _PERMUTATIONS, _ROWS)
    ]


@cache
def method() -> str:
    """What made a signature: those of another version or seed are not compared with ours."""
    from importlib.metadata import version

    return f"rensa {version('rensa')} {_PERMUTATIONS}/{_ROWS} seed {_SEED}"


def _trigrams(said: str) -> set[str]:
    return {said[start : start + 3] for start in range(max(1, len(said) - 2))}


def _sign(revision: Revision, first: Revision) -> str | None:
    """What besides the words says that one is a copy of the other."""
    one, other = revision.mention, first.mention
    if one.author is not None and other.author is not None and one.author.name and one.author.name == other.author.name:
        return "same_author"
    if _MARKS.search(unicodedata.normalize("NFKC", revision.text)) or (other.url and other.url in revision.text):
        return "passed_on"
    if "review" not in (one.kind, other.kind) and _near(one, other):
        return "same_hour"
    return None


def _near(one: Mention, other: Mention) -> bool:
    return one.posted_at is not None and other.posted_at is not None and abs(one.posted_at - other.posted_at) <= _HOUR
