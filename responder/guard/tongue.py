"""Whether a text can be in a language at all: by its script, and English by the words that hold its sentences together.

No detector of languages: it must not object to a short reply, to names or to loan words, and it needs no model.
"""

from __future__ import annotations

import re

LEAST = 12  # words; fewer say too little

_WORDS = re.compile(r"[^\W\d_]+(?:['’][a-z]+)?", re.I)
# Words that hardly any English text goes without and few other languages write alike: a fifth of the words and more.
_COMMON = """
the and to you your are for with that this it have been please my i'm i'll what not be from every at they if
can just very would could should which when their them about thank thanks sorry you're we're i've we've it's
will is of by we our has had before after who how there than in
"""
_ENGLISH = frozenset(_COMMON.split())
_SCRIPTS = {
    "ja": re.compile(r"[ぁ-んァ-ヶ]"),
    "ko": re.compile(r"[가-힣]"),
    "zh": re.compile(r"[一-龠]"),
    "ru": re.compile(r"[Ѐ-ӿ]"),
    "uk": re.compile(r"[Ѐ-ӿ]"),
    "bg": re.compile(r"[Ѐ-ӿ]"),
    "el": re.compile(r"[Ͱ-Ͽ]"),
    "ar": re.compile(r"[؀-ۿ]"),
    "fa": re.compile(r"[؀-ۿ]"),
    "he": re.compile(r"[֐-׿]"),
    "th": re.compile(r"[฀-๿]"),
    "hi": re.compile(r"[ऀ-ॿ]"),
}
_LATIN = re.compile(r"[A-Za-zÀ-ɏ]")


def cannot_be(text: str, language: str) -> bool:
    """Whether `text` is clearly not in `language` (ISO 639-1). A language that is not known here may be anything."""
    letters = sum(map(str.isalpha, text))
    if letters < 8:
        return False
    own = _SCRIPTS.get(language, _LATIN)
    if len(own.findall(text)) < letters * (0.15 if language == "ja" else 0.5):
        return True
    if language == "zh":
        return len(_SCRIPTS["ja"].findall(text)) > letters * 0.1
    if language == "en":
        return _english(text) < 0.08
    return own is _LATIN and _english(text) > 0.2


def _english(text: str) -> float:
    """The share of English words; 0.15, which decides nothing, where there are too few."""
    words = [word.lower().replace("’", "'") for word in _WORDS.findall(text)]
    return sum(word in _ENGLISH for word in words) / len(words) if len(words) >= LEAST else 0.15
