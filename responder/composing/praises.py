"""What a mention praises, as a clause for 「…とのこと」 or "I am so glad …"."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from responder.composing.frames import read_phrases

_SENTENCE = re.compile(r"[^。、！？!?.,\n]+")
_NOT = re.compile(
    r"(?<![少危])な(?:い|かった|く)(?:です|ので|けど|が|。|$)|ません|残念|少な|悪|ひど|なければ|だけに|\b(?:not|never|wasn'?t|isn'?t|weren'?t|aren'?t|no|could be|would be|should be|wish|supposed to)\b",
    re.I,
)  # fmt: skip
_WHOLE = re.compile(r"(?:[^。！？!?.…→♪☆★\n\U0001f000-\U0001faff]|(?<=\d)\.(?=\d))+")
_PAUSE = re.compile(r", and |, but |; ")
_UNFIT = re.compile(
    r"^(?:ただ|でも|しかし|だけ)|(?:る|た|く)と(?:嬉し|うれし|助か|いい|良い)|[「」『』“”\"<>@#]|https?|星|レビュー|口コミ|円|無料|ｗ|笑|stars?\b|review|[$€£¥]|free\b|fuck|shit|damn|love love",
    re.I,
)
_BLAMED = re.compile(
    r"遅れ|待た|電話もな|なし$|きつ|嫌|困|失敗|壊|汚|臭|無表情|投げる|早口|だけが|減らし|ものの$"
    r"|\b(?:but|though|however|although|late|slow|broken|cold|wrong|missing|dated|leaked?|niggle|shame|unfortunately|expires?)\b",
    re.I,
)
_GOOD = re.compile(
    r"感動|喜|手際|嬉|ありがと|最高|良|よかった|助か|好き|かわい|可愛|楽し|便利|きれい|綺麗|美味|おいし|くれ|感謝|すご|素敵|絶品|ほっこり|ようになった|温か"
    r"|\b(?:love\w*|great|best|thank\w*|lovely|kind|brilliant|perfect|amazing|happy|delicious|wonderful|safe|found|made|favou?rite|beautiful|neat|fun|helped|restored|faith|remembered|above and beyond|thoughtful|patient|thank\w*|smile\w*|grateful|legend|hero)\b",
    re.I,
)
MOST = 2


def praises(text: str, language: str) -> list[str]:
    """At most two praised things; empty when nothing is praised in plain words."""
    found: list[tuple[int, str]] = []
    tongue = "ja" if language == "ja" else "en"
    for sentence in _SENTENCE.finditer(text):
        if _NOT.search(sentence[0]):
            continue
        match, say = next(
            ((found_at, say) for pattern, say in _lines(tongue) if (found_at := pattern.search(sentence[0]))),
            (None, ""),
        )
        if match is None:
            continue
        clause = say.format(**{name: _said(value or "", tongue) for name, value in match.groupdict().items()})
        if not any(clause == said or _one_meal(clause, said) for _, said in found):
            found.append((sentence.start() + match.start(), clause))
    specific = [one for one in found if one[1] not in _general(tongue)]
    return [clause for _, clause in sorted(specific[:MOST])]


def _one_meal(clause: str, said: str) -> bool:
    """Whether both thank for the table: 「朝食をお楽しみいただき、お食事を…」 says one thing twice."""
    return any(
        food in clause + said and clause.endswith(end) and said.endswith(end)
        for food, end in (("お食事を", "をお楽しみいただけた"), ("the food", ""))
        if "enjoyed" in clause + said or end
    )


def quoted_praise(text: str, language: str, least: int = 0) -> str | None:
    """A short sentence of praise in the customer's own words, without its marks; None when none can stand in public.

    least: how many words of praise it must have, where not all of the text is praise.
    """
    best: tuple[int, str] | None = None
    for part in (part for sentence in _WHOLE.finditer(text) for part in _PAUSE.split(sentence[0])):
        quote = part.strip(" 　、,-♪☆★・(^)_;").strip()
        long_enough = 6 <= len(quote) <= 60 if language == "ja" else 2 <= len(quote.split()) <= 18
        if long_enough and not any(words.search(quote) for words in (_UNFIT, _NOT, _BLAMED)):
            good = len(_GOOD.findall(quote))
            if best is None or good > best[0]:
                best = (good, quote)
    return best[1] if best and best[0] >= least else None


def general_praise(language: str) -> str:
    """What is said when the praise names nothing."""
    return str(_bank()["ja_default" if language == "ja" else "en_default"])


def _said(value: str, tongue: str) -> str:
    if tongue == "en":
        return value.lower()
    return {"刺身": "お刺身", "魚": "お魚", "肉": "お肉"}.get(value, value)


def _general(tongue: str) -> tuple[str, ...]:
    return (str(_bank()[f"{tongue}_default"]), "that you had such a good time with us")


@lru_cache(maxsize=1)
def _bank() -> dict[str, Any]:
    return read_phrases("praise.yaml")


@lru_cache(maxsize=2)
def _lines(tongue: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(line["find"], re.I), line["say"]) for line in _bank()[tongue])
