"""Ratings of any scale on 1 to 5."""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass

_WORDS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "一": 1, "二": 2, "三": 3, "四": 4, "五": 5}
_NUMBER = r"(\d+(?:[.,]\d+)?)"
_OF = re.compile(rf"{_NUMBER}\s*(?:/|out of|of|de un máximo de|de|von|sur|su|van|av)\s*{_NUMBER}", re.IGNORECASE)
_OF_JA = re.compile(rf"{_NUMBER}\s*(?:つ星|点満点|段階|점 만점)\s*(?:のうち|中|에)?\s*{_NUMBER}")
_BEFORE = re.compile(r"(?:rating|rated|score|総合評価|評価|点数|評点)\s*:?\s*", re.IGNORECASE)
_PERCENT = re.compile(rf"{_NUMBER}\s*(?:%|percent|パーセント)", re.IGNORECASE)
_PLAIN = re.compile(
    rf"(?:星|★|☆)?\s*{_NUMBER}\s*(?:stars?|つ星|点|★|☆|星|颗星|점|étoiles?|sterne?n?|estrellas?|stelle)?", re.IGNORECASE
)
_FULL, _EMPTY = "★⭐🌟●◆", "☆○◇"


@dataclass(frozen=True, slots=True)
class Rating:
    """`value` on 1 to 5; `raw` of `scale` is what the source said. `reason` says why there is no value."""

    value: float | None
    raw: float | None
    scale: float | None
    reason: str | None = None


NO_RATING = Rating(None, None, None)


def read_rating(given: object, best: object = None, worst: object = None) -> Rating:
    """Reads 4, "4.5", "4,5", "★★★★☆", "8/10", "80 %", "4 out of 5", "5つ星のうち4.0", "FOUR".

    Another scale is mapped in proportion (8 of 10 and 80 % are 4.0), never below 1. Zero on a scale of 5 that does
    not say that it begins at zero is how exports write "no rating". A value off its scale has a reason and no value.
    """
    if given is None or given == "":
        return NO_RATING
    raw, own_scale = _read(given)
    if raw is None:
        return Rating(
            None, None, None, f"rating {str(given)[:40]!r} is no number; map another column or leave it empty"
        )
    scale = own_scale or _number(best) or 5.0
    lowest = _number(worst)
    if lowest is not None and lowest > scale and own_scale is None:
        scale, lowest = lowest, scale  # Written the wrong way round.
    if raw == 0 and scale == 5 and lowest != 0:
        return NO_RATING
    if not math.isfinite(raw) or not 0 <= raw <= scale or (lowest is not None and raw < lowest):
        return Rating(
            None,
            None,
            None,
            f"rating {raw:g} is not on its scale of {scale:g}; set `rating_scale` to the highest value",
        )
    return Rating(raw if scale == 5 and raw >= 1 else max(1.0, round(raw * 5 / scale, 2)), raw, scale)


def _read(given: object) -> tuple[float | None, float | None]:
    """The number, and the scale where the value itself names one."""
    if isinstance(given, bool):
        return None, None
    if isinstance(given, int | float):
        try:
            return float(given), None
        except OverflowError:
            return math.inf, None
    text = _BEFORE.sub("", unicodedata.normalize("NFKC", str(given)[:100]).strip(), count=1)
    if text.lower() in _WORDS:
        return float(_WORDS[text.lower()]), None
    full, empty = sum(map(text.count, _FULL)), sum(map(text.count, _EMPTY))
    if full + empty > 1 and not any(sign.isdigit() for sign in text):
        return float(full), float(full + empty) if empty else None
    if found := _PERCENT.fullmatch(text):
        return _number(found[1]), 100.0
    if found := _OF.search(text):
        return _number(found[1]), _number(found[2])
    if found := _OF_JA.search(text):
        return _number(found[2]), _number(found[1])
    if found := _PLAIN.fullmatch(text):
        return _number(found[1]), None
    if text in ("★", "⭐"):
        return 1.0, None
    try:
        return float(text), None
    except ValueError:
        return None, None


def _number(given: object) -> float | None:
    if given is None or isinstance(given, bool):
        return None
    try:
        number = float(str(given).strip().replace(",", "."))
    except ValueError:
        return None
    return number if math.isfinite(number) else None
