"""The words of the pages in Japanese and English, and which of them a viewer gets."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml

LANGUAGES = ("ja", "en")
WORDS = Path(__file__).with_name("words")
LANGUAGE_COOKIE = "language"


class Words:
    """All words in one language. `words("now.due", n=3)` raises KeyError for a word that nobody wrote.

    Of one thing (`n=1`) `now.due_one` is said, where somebody wrote it.
    """

    def __init__(self, language: str) -> None:
        self.language = language
        self._said = written(language)

    def __call__(self, key: str, /, **values: object) -> str:
        text = self._said[key]
        if str(values.get("n")) == "1":
            text = self._said.get(f"{key}_one", text)
        return text.format(**values) if values else text

    def known(self, key: str) -> str | None:
        """The word, where somebody wrote one."""
        return self._said.get(key)

    def name(self, group: str, value: object) -> str:
        """The word for a domain value (`name("severity", "major")`); one that a team added stays as it is."""
        from alerts.messages.wording import words_in

        key = f"{group}.{value}"
        return self._said.get(key) or words_in(self.language).get(key) or str(value)


@cache
def words_in(language: str) -> Words:
    """The words of one of LANGUAGES."""
    return Words(language)


@cache
def written(language: str) -> dict[str, str]:
    """Every word by `section.key`, as the files have them: `ja.yaml`, and `NAME.ja.yaml` for a page with many words."""
    files = sorted([WORDS / f"{language}.yaml", *WORDS.glob(f"*.{language}.yaml")])
    sections = [
        part for file in files for part in yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader).items()
    ]
    return {f"{section}.{key}": str(text) for section, lines in sections for key, text in lines.items()}


def language_for(chosen: str | None, cookie: str | None, accepted: str, brand: str) -> str:
    """What the person set, then what this browser set, then what the browser accepts, then the brand's first."""
    for one in (chosen, cookie, *_accepted(accepted), brand):
        short = (one or "").lower().partition("-")[0]
        if short in LANGUAGES:
            return short
    return "en"


def _accepted(header: str) -> list[str]:
    """The languages of Accept-Language, the dearest first."""
    found = []
    for part in header[:500].split(","):
        name, _, weight = part.strip().partition(";q=")
        try:
            found.append((float(weight or 1), name))
        except ValueError:
            continue
    return [name for weight, name in sorted(found, key=lambda one: -one[0]) if weight > 0]
