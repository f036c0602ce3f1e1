"""What a line of `recover_when` says, in words: 評価が2以下 / rating: 2 or below."""

from __future__ import annotations

from alerts.messages.wording import Words, name_of, words_in

_NAMES = {
    "rating": ("評価", "rating"),
    "sentiment": ("感情", "sentiment"),
    "confidence": ("確信度", "confidence"),
    "topic": ("話題", "topic"),
    "severity": ("深刻度", "severity"),
    "reach": ("届いた人数", "reach"),
    "author_history": ("過去の案件数", "earlier cases of the author"),
    "kind": ("種類", "kind"),
    "source": ("投稿元", "source"),
    "source_kind": ("投稿元の種類", "kind of source"),
    "language": ("言語", "language"),
    "location": ("場所", "place"),
}
_COMPARED = {
    "<=": ("{}以下", "{} or below"),
    ">=": ("{}以上", "{} or above"),
    "<": ("{}未満", "below {}"),
    ">": ("{}より上", "above {}"),
    "==": ("{}", "{}"),
    "!=": ("{}以外", "other than {}"),
}
_MOODS = {"negative": ("否定的", "negative"), "neutral": ("中立", "neutral"), "positive": ("肯定的", "positive")}
_KINDS = {"review": ("レビュー", "review"), "post": ("投稿", "post")}


def criteria_said(criteria: str, language: str) -> str:
    """The text of a criterion as a case keeps it (`rating <= 2`) in a language; what is not one stays as it is."""
    japanese = language == "ja"
    words = words_in("ja" if japanese else "en")
    conditions = [part.split(" ") for part in criteria.split(", ")]
    if not all(len(one) >= 2 and one[0] in _NAMES for one in conditions):
        return criteria
    return ("、" if japanese else ", ").join(_condition(name, rest, words, japanese) for name, *rest in conditions)


def _condition(name: str, rest: list[str], words: Words, japanese: bool) -> str:
    tongue = 0 if japanese else 1
    compared = rest[0] in _COMPARED and len(rest) == 2
    values = [_value(name, one, words, tongue) for one in (rest[1] if compared else " ".join(rest)).split("|")]
    value = ("・" if japanese else " or ").join(values)
    if compared:
        value = _COMPARED[rest[0]][tongue].format(value)
    return f"{_NAMES[name][tongue]}が{value}" if japanese else f"{_NAMES[name][tongue]}: {value}"


def _value(name: str, value: str, words: Words, tongue: int) -> str:
    known = {"sentiment": _MOODS, "kind": _KINDS}.get(name, {}).get(value)
    said = known[tongue] if known else name_of(words, name, value)
    return f"「{said}」" if tongue == 0 and said != value else said
