"""Words that may mean a critical case, by named reason; the words themselves are lines of ``alarms.yaml``.

The patterns back the model: they are wide, because a missed injury costs more than a second look. What
keeps 「死ぬほど美味しい」 or "killer burgers" out is mostly not the pattern but the triage, which asks the model
whether anybody complains at all.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

CRITICAL = (
    "injury", "food_safety", "danger", "discrimination", "harassment", "data_leak", "fraud", "legal_threat",
)  # fmt: skip
ATTENTION = ("press", "child_concerned", "disability_concerned")  # weigh more once something is wrong


def alarms(text: str) -> Iterator[tuple[str, int]]:
    """Yields each reason that ``text`` may give, with the offset of the first word that gave it."""
    words = _words()
    plain = words["figures_of_speech"].sub(lambda match: " " * len(match.group()), text)
    for reason in (*CRITICAL, *ATTENTION):
        if match := words[reason].search(plain):
            yield reason, match.start()


@lru_cache(maxsize=1)
def _words() -> dict[str, re.Pattern[str]]:
    import yaml

    lists = yaml.load(Path(__file__).with_suffix(".yaml").read_bytes(), Loader=yaml.CSafeLoader)
    return {reason: re.compile("|".join(lines), re.IGNORECASE) for reason, lines in lists.items()}
