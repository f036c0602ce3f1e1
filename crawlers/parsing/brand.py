"""Whether a text is about the brand, and why."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

# A run of a script is what a name must not continue: the prolonged sound mark belongs to katakana, the middle dot
# does not, since it separates words.
_LATIN = r"0-9a-z_\u00df-\u00f6\u00f8-\u024f"
_KATAKANA = r"\u30a1-\u30fa\u30fc-\u30fe\u31f0-\u31ff"
_HAN = r"\u3005\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_HIRAGANA = r"\u3041-\u3096"
_UNSEEN = re.compile("[\u00ad\u200b-\u200d\u2060\ufe00-\ufe0f\ufeff]")  # where a line may break, how a sign is drawn
_HANGUL = r"\uac00-\ud7a3"


@dataclass(frozen=True, slots=True)
class Match:
    """Whether a text is about us, the reason in words, and the location that it names."""

    about_us: bool
    why: str
    location: str | None = None


class Brand:
    """Recognises the brand in texts.

    After NFKC and case folding, a Latin or katakana name must not continue a run of its own script to the left; its
    right side is free, unless `exact` closes both. A handle (@name) is always whole. A word of `exclude` makes a text
    someone else's; one that contains a name only takes away that very place.
    """

    def __init__(
        self,
        names: Sequence[str],
        exclude: Sequence[str] = (),
        exact: bool = False,
        locations: Sequence[tuple[str, Sequence[str]]] = (),
    ) -> None:
        self._names = [(name, _pattern(name, exact)) for name in names if name.strip()]
        self._exclude = [(word, _pattern(word, exact=False)) for word in exclude if word.strip()]
        self._locations = [
            (place, [_pattern(word, exact=False) for word in (words or [place]) if word.strip()])
            for place, words in locations
        ]
        self._longer = {
            word: any(pattern.search(fold(word)) for _, pattern in self._names) for word, _ in self._exclude
        }

    def match(self, *texts: str | None) -> Match:
        """Decides over title, text, author's handle … of one mention."""
        text = fold("\n".join(part for part in texts if part))
        taken: list[tuple[int, int, str]] = []
        foreign: str | None = None
        for word, pattern in self._exclude:
            places = [found.span() for found in pattern.finditer(text)]
            if places and not self._longer[word]:
                foreign = word
            taken += [(start, end, word) for start, end in places]
        lost: tuple[str, str] | None = None
        for name, pattern in self._names:
            for found in pattern.finditer(text):
                covering = [word for start, end, word in taken if start < found.end() and found.start() < end]
                if covering:
                    lost = lost or (name, covering[0])
                elif foreign is not None:
                    lost = (name, foreign)
                else:
                    return Match(True, f"names {name!r}", self.location(text))
        if lost:
            return Match(False, f"names {lost[0]!r}, but {lost[1]!r} makes it someone else")
        return Match(False, "names none of ours")

    def location(self, *texts: str | None) -> str | None:
        """The first of our locations that a text names."""
        text = fold("\n".join(part for part in texts if part))
        for place, patterns in self._locations:
            if any(pattern.search(text) for pattern in patterns):
                return place
        return None


def fold(text: str) -> str:
    """The form in which names are compared: full-width is half-width, case and what cannot be seen do not count."""
    return unicodedata.normalize("NFKC", _UNSEEN.sub("", text)).casefold()


def _pattern(name: str, exact: bool) -> re.Pattern[str]:
    words = fold(name).split()
    handle = words[0].startswith("@")
    body = r"\s+".join(map(re.escape, words))
    if len(words) > 1:  # A hashtag cannot hold spaces.
        body = rf"(?:{body}|(?<=\#){''.join(map(re.escape, words))})"
    first, last = words[0][0], words[-1][-1]
    left = rf"(?<![{_LATIN}.])" if handle else _not(first, exact, "<!")
    right = _not(last, exact or handle, "!")
    return re.compile(left + body + (right if exact or handle else ""))


def _not(sign: str, exact: bool, look: str) -> str:
    scripts = (_LATIN, _KATAKANA, _HAN, _HIRAGANA, _HANGUL) if exact else (_LATIN, _KATAKANA)
    for script in scripts:
        if re.match(f"[{script}]", sign):
            return f"(?{look}[{script}])"
    return ""
