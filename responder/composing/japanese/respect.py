"""How a house says a customer's verdict: 「フィット感が微妙」 is 「フィット感がご期待に沿うものではなかった」.

The words stand in config/packs/phrases/clauses.ja.yaml.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from responder.composing.japanese.fit import name_of
from responder.composing.japanese.grammar import Word
from responder.composing.japanese.lexicon import clause_bank, holds, listed, spelt
from responder.composing.japanese.phrase import MARKS, NOT, chunk, norms, subject


def softened(body: Sequence[Word], head: int) -> str | None:
    """An opinion in words that a house may use; None where the clause is a fact, or names nothing."""
    core = body[head]
    about = subject(body, head)
    if about is None and core.kind == "名詞" and head:  # 「安っぽい本だった」.
        thing = name_of(chunk(body, head))
        by = norms(body[max(0, head - 2) : head])
        return thing + "が" + str(clause_bank()["unmet"]) if thing and by & _opinions() else None
    if {"成る", "為る"} & norms(body[head + 1 :]):
        return None  # 「駄目になった」 tells what happened.
    if about is None or about.mark not in (*MARKS, "") or holds(about.phrase, "harm"):
        return None
    denied = any(one.norm in NOT for one in body[head + 1 :])
    say = _say(
        norms(chunk(body, head)) | norms(body[max(0, head - 1) : head]),
        core.norm,
        about.phrase[-1].norm,
        denied=denied,
    )
    thing = name_of(about.phrase) if say else None
    if say is None or thing is None:
        return None
    return thing + (say if say.startswith("の") else "が" + say)


def _say(said: set[str], core: str, thing: str, *, denied: bool) -> str | None:
    if "半端" in said:
        return str(clause_bank()["unmet"])
    if core in ("無い", "なし", "無し") or (denied and core in ("有る", "為る")):
        quality = thing.endswith("感") or thing in listed("qualities")
        return str(clause_bank()["unmet"]) if quality else None
    if core in ("分かる", "判る"):
        return None  # 「香りが分からない」: something else hides it.
    if denied and thing in listed("qualities"):
        return str(clause_bank()["unmet"])  # 「効果は感じられない」.
    for line in clause_bank()["softly_denied" if denied else "softly"]:
        itself = not line["say"].startswith("お口") or core in spelt(line["words"])  # 「うまく入らない」 is no taste.
        if itself and said & spelt(line["words"]) and re.search(line.get("of", ""), thing):
            return str(line["say"])
    return str(clause_bank()["unmet"]) if denied and said & listed("good") - listed("own") else None


@lru_cache(maxsize=1)
def _opinions() -> frozenset[str]:
    return frozenset().union(*(spelt(line["words"]) for line in clause_bank()["softly"]))
