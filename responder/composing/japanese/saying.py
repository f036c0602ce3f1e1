"""How a Japanese reply puts what it took up: the apology and the remark, as columns to choose from."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from responder.composing.bank import bank
from responder.composing.complaint import Complaint

# What has not ended is not apologised for as if it had.
_STILL_SO = ("おりますこと", "おりませんこと", "ておりません")
_TOGETHER = 42  # characters of two clauses that one sentence can hold
# 「返答も遅い」 alone is 「返答が遅い」.
_ALSO = re.compile(r"^(?P<thing>[^はもがを、一二三何0-9]{1,11}[一-龠ァ-ヴー])も(?=[^、がは]*$)")
_JOINS = ("い", "る", "た", "う", "く", "つ", "む", "ぶ", "す")


def apology(
    complaints: Sequence[Complaint], phrases: Mapping[str, Any], lead: str = "", *, again: bool = False
) -> tuple[str, list[list[str]]]:
    """(clause, columns): 「…とのこと、ご不便をおかけし、誠に申し訳ございません。」 `{clause}` stands in the columns.

    again: it is not the first time.

    A failure that nobody named is not named: the apology is then for the disappointment alone.
    """
    known = [one for one in complaints if one.certain]
    if not known:
        felt = bank("ja")["felt_for"]["again" if again else "beside" if lead else "unknown"]
        return "", [[lead], _before(felt), list(phrases["sorry_ends"])]
    own = [one for one in known if one.felt]
    framed = "、ならびに".join(one.clause for one in known if not one.felt)
    clause = "、また".join(part for part in (framed, taken_up(own)) if part)
    ends = phrases["sorry_now"] if clause.endswith(_STILL_SO) else phrases["sorry_ends"]
    told = next((one for one in own if not one.named), own[0] if own else None)
    felt = bank("ja")["felt_for"]["again"] if again else bank("ja")["felt_for"][told.felt] if told else []
    return clause, [[lead], ["{clause}、"], _before(felt) if not framed or again else [""], list(ends)]


def taken_up(own: Sequence[Complaint]) -> str:
    """「A ほか、B とのこと」; a wish is 「… とのご要望に」."""
    if not own:
        return ""
    names = [one.clause for one in own if one.named]
    if names and len(names) < len(own):
        return f"{names[0]}の件に加え、{taken_up([one for one in own if not one.named])}"
    first, *rest = [one.clause for one in own]
    said = first = first if rest else _ALSO.sub(r"\g<thing>が", first)
    for other in rest if len(first) + len(rest[0] if rest else "") <= _TOGETHER else ():
        said += f"ほか、{other}" if said.endswith(_JOINS) and "ほか" not in said else f"、また{other}"
    if names:
        return "や".join(names) + "につきまして"
    return said + ("とのご要望に" if own[0].felt == "wish" else "とのこと")


def remark(complaints: Sequence[Complaint], phrases: Mapping[str, Any], lead: str = "") -> tuple[str, list[list[str]]]:
    """(clause, columns): 「…とのお声は、確かに承りました。担当の者と共有し、…」"""
    one = complaints[0]
    name = "wish" if one.felt == "wish" else "remark"
    said, heard, done = phrases[name]
    if not one.felt:  # A frame says what we did: that is owned, not merely heard.
        return one.clause, [[lead], ["{clause}、"], list(phrases["sorry_ends"]), list(done)]
    return one.clause, [[lead], ["{clause}"], list(said), list(heard), list(done)]


def _before(felt: Sequence[str]) -> list[str]:
    return [f"{one}、" for one in felt] or [""]
