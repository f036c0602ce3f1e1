"""What single Japanese words tell, by the lists of config/packs/phrases/clauses.ja.yaml, in every spelling and form."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from responder.composing.frames import read_phrases
from responder.composing.japanese.grammar import Word, words


@lru_cache(maxsize=16)
def listed(name: str) -> frozenset[str]:
    """The words of one list in their usual spelling."""
    return _list(name)[0]


def holds(run: Sequence[Word], *names: str) -> bool:
    """Whether a word of one of the lists stands in `run`; `bad` is the list of all predicates that blame."""
    norms, text = {one.norm for one in run}, "".join(one.text for one in run)
    for name in names:
        singles, compounds = _all_bad() if name == "bad" else _list(name)
        if norms & singles or any(one in text for one in compounds):
            return True
    return False


def felt_of(said: set[str], text: str) -> str | None:
    """What it was for the person (trouble, hope, comfort, unease) that `said` blames; None where it does not."""
    for felt, singles, compounds in _bads():
        if said & singles or any(text.endswith(one) for one in compounds):
            return felt
    return None


@lru_cache(maxsize=32)
def spelt(written: str) -> frozenset[str]:
    """The words of a list that is written elsewhere, in their usual spelling."""
    return _known(written)[0]


def stands(run: Sequence[Word], written: str) -> bool:
    """Whether a word of such a list stands in `run`; one of several morphemes as it is written."""
    singles, compounds = _known(written)
    return not singles.isdisjoint(one.norm for one in run) or any(
        one in "".join(word.text for word in run) for one in compounds
    )


@lru_cache(maxsize=1)
def clause_bank() -> dict[str, Any]:
    """The whole file."""
    return read_phrases("clauses.ja.yaml")


@lru_cache(maxsize=16)
def _list(name: str) -> tuple[frozenset[str], tuple[str, ...]]:
    written: str = clause_bank()[name]
    return _known(written)


@lru_cache(maxsize=1)
def _all_bad() -> tuple[frozenset[str], tuple[str, ...]]:
    return (
        frozenset().union(*(singles for _, singles, _ in _bads())),
        tuple(one for _, _, compounds in _bads() for one in compounds),
    )


@lru_cache(maxsize=1)
def _bads() -> tuple[tuple[str, frozenset[str], tuple[str, ...]], ...]:
    return tuple((felt, *_known(written)) for felt, written in clause_bank()["bad"].items())


@lru_cache(maxsize=64)
def _known(written: str) -> tuple[frozenset[str], tuple[str, ...]]:
    """The words of a list in their usual spelling, and those of several morphemes as written."""
    singles, compounds = set(), []
    for one in written.split():
        parts = words(one)
        singles |= {parts[0].norm, one} if len(parts) == 1 else {one}
        compounds += [one] if len(parts) > 1 else []
    return frozenset(singles), tuple(compounds)
