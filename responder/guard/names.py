"""The guard on names: somebody else than the author, another house than the brand."""

from __future__ import annotations

import re
from collections.abc import Iterator

from responder.composing.people import name_of
from responder.guard.finding import Context, Finding
from responder.guard.reasons import reason_finding

_KINDS_JA = "ホテル|旅館|商店|食堂|銀行|医院|クリニック|病院|モバイル|テレコム|レストラン|カフェ|ストア|マート|会計事務所|法律事務所|交通|運輸|バス|引越便|電機|温泉"

_OTHER_HOUSE = re.compile(
    r"(?:^|(?<=[。、\s「]))(?P<name>[一-龠々ァ-ヶーA-Za-z・][一-龠々ァ-ヶーぁ-んA-Za-z・]{1,9}?(?:"
    + _KINDS_JA
    + r"))(?=[\s　をにへでのは。、]|$)",
    re.M,
)

_OTHER_EN = re.compile(r"\b[A-Z][\w'-]+(?: (?:of |the |and |& )?[A-Z][\w'-]+){1,3}")

_CHOSEN_EN = re.compile(
    r"\b(?:[Cc]hoosing|[Cc]hose|[Ss]taying (?:at|with)|[Ss]tayed at|[Vv]isiting|[Vv]isited|[Dd]ining at|[Ss]hopping (?:at|with)|behalf of|team at|[Ww]elcome to|here at|bought at|banking with|booked with) (?:the )?(?P<name>[A-Z][\w'&-]+(?: (?:of |the |and |& )?[A-Z][\w'&-]+){0,3})"
)

_GENERAL_NAMES = re.compile(
    r"(?:当|弊|本|貴|同|各|その|この|系列|近隣|他|提携|大学|総合|ビジネス|カプセル|シティ|高速|路線|送迎|観光|最寄りの)(?:"
    + _KINDS_JA
    + r")"
)

_THANKED = re.compile(r"\b(?:Thank you|Thanks|Sorry|Welcome|Dear|Hello|Hi),? (?P<en>[A-Z][a-z]{2,})(?=[,.!])")

_SALUTE = re.compile(
    r"^\s*(?P<name>[^\s、。,]{1,20})(?:様|さん)(?=[\s、。　]|$)|^\s*(?:Dear|Hello|Hi|Hey) (?P<en>[A-Z][\w'.-]*(?: [A-Z][\w'.-]*)?)(?=[,!\n])"
)

_NOBODY = frozenset(
    [
        "customer",
        "guest",
        "reviewer",
        "sir",
        "madam",
        "friend",
        "all",
        "there",
        "team",
        "valued",
        "お客",
        "ご投稿者",
        "投稿者",
        "皆",
        "お客さま",
        "ゲスト",
        "お連れ",
    ]
)


def wrong_names(text: str, context: Context, tongue: str) -> Iterator[Finding]:
    """A salutation to somebody else, or the name of another house."""
    if context.mention is None:
        return
    author = (name_of(context.author) or "").lower()
    for pattern in (_SALUTE,) if tongue == "ja" else (_SALUTE, _THANKED):
        found = pattern.search(text)
        if found is None or context.author is None:
            continue
        said = (found.groupdict().get("name") or found["en"] or "").lower()
        if said and said not in _NOBODY and not (author and (said in author or author in said)):
            yield reason_finding("wrong_name", "block", found.start(), found.end(), tongue)
            break
    house = _other_house(text, context) if tongue == "ja" else _other_house_en(text, context)
    if house is not None:
        yield reason_finding("wrong_brand", "block", *house, tongue)


def _known_names(context: Context) -> list[str]:
    return [name.lower() for name in (*context.brand.names, *(one.name for one in context.brand.locations))]


def _other_house(text: str, context: Context) -> tuple[int, int] | None:
    known = _known_names(context)
    for match in _OTHER_HOUSE.finditer(text):
        said = match["name"].lower()
        mine = any(said in name or name in said for name in known) or said in (context.mention or "").lower()
        if not mine and not _GENERAL_NAMES.search(said):
            return match.span("name")
    return None


def _other_house_en(text: str, context: Context) -> tuple[int, int] | None:
    """A name after "staying at", or one that shares a word with the brand and is not the brand."""
    known = [name.removeprefix("the ") for name in _known_names(context)]
    words = {word for name in known for word in name.split() if len(word) > 3}
    for pattern in (_CHOSEN_EN, _OTHER_EN):
        for match in pattern.finditer(text):
            said = (match["name"] if pattern is _CHOSEN_EN else match[0]).lower().removeprefix("the ")
            mine = any(said in name or name in said for name in known) or said in (context.mention or "").lower()
            if not mine and (pattern is _CHOSEN_EN or words & set(said.split())):
                return match.span()
    return None
