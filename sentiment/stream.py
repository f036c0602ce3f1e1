"""JSON lines in, assessments out: in order, in constant memory, however many lines there are."""

import json
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from math import isfinite
from typing import Any

from sentiment.assessor import Assessor
from sentiment.mention_text import MentionText

WINDOW = 512  # lines read ahead, so that texts of like length share a batch


def assess_lines(lines: Iterable[bytes], assessor: Assessor, window: int = WINDOW) -> Iterator[dict[str, Any]]:
    """One answer a line, in order: the shape of `Assessment.as_json`, or ``{"line": n, "error": …}``.

    A line is a JSON object with ``text`` and, where known, rating, language, kind, reach; lines count from
    one; blank lines are skipped. Never raises for what a line holds.
    """
    numbered = ((number, line) for number, line in enumerate(lines, 1) if line.strip())
    # Two at a time: the model reads one window while the answers to the one before it are made up.
    with ThreadPoolExecutor(2, thread_name_prefix="window") as pool:
        in_hand: deque[Future[list[dict[str, Any]]]] = deque()
        while chunk := list(islice(numbered, window)):
            in_hand.append(pool.submit(_answers, chunk, assessor))
            if len(in_hand) == 2:
                yield from in_hand.popleft().result()
        while in_hand:
            yield from in_hand.popleft().result()


def _answers(chunk: Sequence[tuple[int, bytes]], assessor: Assessor) -> list[dict[str, Any]]:
    parsed = [_parsed(number, line) for number, line in chunk]
    answers = iter(assessor.assess([each for each in parsed if isinstance(each, MentionText)]))
    return [next(answers).as_json() if isinstance(each, MentionText) else each for each in parsed]


def _parsed(number: int, line: bytes) -> MentionText | dict[str, Any]:
    try:
        return _mention(json.loads(line.decode("utf-8-sig")))
    except UnicodeDecodeError as error:
        return {"line": number, "error": f"not UTF-8 at byte {error.start}"}
    except json.JSONDecodeError as error:
        return {"line": number, "error": f"not JSON: {error.msg} at column {error.colno}"}
    except (RecursionError, ValueError) as error:
        return {"line": number, "error": str(error) or "nested too deeply"}


def _mention(row: Any) -> MentionText:
    if not isinstance(row, dict):
        raise ValueError('not an object: write {"text": "…"}')
    if not isinstance(row.get("text"), str):
        raise ValueError("no text: write it as a string under the key text")
    rating, reach = row.get("rating"), row.get("reach")
    if rating is not None and (isinstance(rating, bool) or not isinstance(rating, int | float)):
        raise ValueError(f"rating must be a number from 1 to 5, not {json.dumps(rating)[:40]}")
    if rating is not None and not 1 <= rating <= 5:
        raise ValueError(f"rating must be from 1 to 5, not {rating}")
    language, kind = row.get("language"), row.get("kind")
    return MentionText(
        row["text"],
        rating=rating,
        language_hint=language if isinstance(language, str) else None,
        kind=kind if isinstance(kind, str) else None,
        reach=_accounts(reach),
    )


def _accounts(reach: Any) -> int | None:
    """The crawl's ``reach`` is an object of counts; the widest of them matters."""
    counts = list(reach.values()) if isinstance(reach, dict) else [reach]
    numbers = [int(n) for n in counts if isinstance(n, int | float) and not isinstance(n, bool) and isfinite(n)]
    return max(numbers, default=None)
