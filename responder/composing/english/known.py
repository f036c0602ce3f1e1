"""Failures that are plain by their words, however the clauses around them were written (known.en.yaml)."""

from __future__ import annotations

import re
from functools import lru_cache

from responder.composing.complaint import Complaint
from responder.composing.frames import read_phrases

MOST = 3
_MY = re.compile(r"\b(?:my|our)\b")
_DOUBTED = re.compile(r"\b(?:if|unless|in case|imagine|was not|wasn't|isn't)\b[^.!?,]*$", re.I)


def known_failures(text: str) -> list[Complaint]:
    """At most three, in the order of the text; none that stands under an "if"."""
    found = list[Complaint]()
    for find, beside, clause, topic in _known():
        match = find.search(text)
        if match is None or _DOUBTED.search(text[: match.start()]) or (beside and not beside.search(text)):
            continue
        said = clause.format(
            **{name: _MY.sub("your", (part or "").lower()) for name, part in match.groupdict().items()}
        )
        alone = said.removeprefix("about ") if said.startswith("about ") else ""
        found.append(Complaint(said, topic, match.start(), named=alone, framed=True))
    return sorted(found, key=lambda one: one.start)[:MOST]


@lru_cache(maxsize=1)
def _known() -> tuple[tuple[re.Pattern[str], re.Pattern[str] | None, str, str], ...]:
    listed: list[dict[str, str]] = read_phrases("known.en.yaml")["failures"]
    return tuple(
        (
            re.compile(one["find"], re.I),
            re.compile(one["beside"], re.I) if "beside" in one else None,
            one["clause"],
            one["topic"],
        )
        for one in listed
    )
