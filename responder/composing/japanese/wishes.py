"""What a Japanese clause asks for: 「…てほしい」, before 「とのご要望」 (config/packs/phrases/clauses.ja.yaml)."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from responder.composing.japanese.fit import LONGEST, SHORTEST, respectful, trimmed, unfit
from responder.composing.japanese.grammar import Clause, plain, untailed
from responder.composing.japanese.lexicon import clause_bank
from responder.composing.japanese.phrase import unwrapped

_MORE = ("もう少し", "もっと", "もうちょっと", "もうすこし")


def wish_in(told: str, clause: Clause) -> str | None:
    """What `clause` asks for, the last of the words `told`; None where it asks for nothing that can be said."""
    said, lead = plain(unwrapped(clause.words)[0] or clause.words), told[: clause.start - clause.end]
    written = "".join(one.text for one in clause.words)
    if clause.words[-1].text == "よ":
        return None  # 「レインコートがあるといいですよ」 is advice.
    if clause.link == "if":
        if any(one in told for one in _MORE):
            said = plain(untailed([one for one in clause.words if one.text not in ("ば", "と", "たら")])) + "とよい"
        elif not written.endswith(("ば", "と", "ら")):
            written += "ば" if clause.words[-1].form.startswith("仮定形") else "と"
    for line, end in _wishes("wishes") + (_wishes("wishes_if") if clause.link == "if" else ()):
        found = end.search(lead + (written if line in clause_bank()["wishes_if"] else said))
        if found is not None:
            wish = trimmed(found.string[: found.start()] + line["say"])
            fit = SHORTEST <= len(wish) <= LONGEST and not unfit(wish, wish=True)
            return respectful(wish) if fit else None
    return None


@lru_cache(maxsize=2)
def _wishes(name: str) -> tuple[tuple[dict[str, Any], re.Pattern[str]], ...]:
    return tuple((line, re.compile(line["end"])) for line in clause_bank()[name])
