"""Whatever a source sends, its parser answers with mentions that can be stored, or says that it cannot read it."""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from random import Random

import pytest

from crawlers.parsing.dates import read_date
from crawlers.parsing.normal import normalise
from crawlers.parsing.raw import Page, Raw, Unreadable
from crawlers.registry import NAMES, kind_named
from crawlers.running.reading import Sieve
from crawlers.running.wire import read, write
from storage.item import Item
from tests.crawlers.conftest import AT, job
from tests.crawlers.layouts import LAYOUTS
from tests.crawlers.mutations import mutated
from tests.crawlers.shapes import SHAPES

SEED = 20261122
LONGEST = 5.0  # seconds of the processor for one body of a few kilobytes
ORIGINALS = {kind: [SHAPES[kind][0], *(body for other, body, _ in LAYOUTS if other == kind)] for kind in NAMES}
BODIES = [body for bodies in ORIGINALS.values() for body in bodies]
SIEVE = Sieve(job("feed", {}, names=("サクラホテル", "Sakura"), exclude=("cherry",)), own=False)


def hurt(kind: str, body: bytes) -> tuple[str, str | None]:
    """What became of one body (read, nothing, unreadable), and what is wrong with that."""
    began, became = time.process_time(), "nothing"
    try:
        for entry in kind_named(kind).parse(body, Page()):
            found = normalise(entry, AT) if isinstance(entry, Raw) else entry
            if isinstance(found, Item):
                became = "read"
                if problem := unfit(found):
                    return became, problem
                SIEVE.sift(found)
            if read(write(kind, found)) is None:
                return became, "it does not come through to the service"
    except Unreadable:
        became = "unreadable"
    except Exception as error:  # Whatever escapes a parser is what is looked for.
        return "raised", f"{type(error).__name__}: {error}"
    took = time.process_time() - began
    return became, f"took {took:.1f} s" if took > LONGEST else None


def unfit(item: Item) -> str | None:
    """Why an item could not be stored or shown."""
    if not item.external_id or len(item.external_id) > 500:
        return f"id {item.external_id[:50]!r}"
    if item.rating is not None and not 1 <= item.rating <= 5:
        return f"rating {item.rating}"
    for moment in (item.posted_at, item.edited_at, item.reply_at):
        if moment is not None and (moment.tzinfo is None or not 1990 <= moment.year <= AT.year):
            return f"moment {moment}"
    if item.url is not None and not item.url.lower().startswith(("http://", "https://")):
        return f"link {item.url[:50]!r}"
    for text in (item.text, item.title or "", item.author_name or "", item.reply_text or ""):
        if "\x00" in text or text.encode("utf-8", "replace").decode() != text:
            return f"text {text[:50]!r}"
    return None


def drill(seconds: float, count: int) -> tuple[Counter[str], list[str]]:
    """Bodies of all kinds, `count` of each or as many as there is time for: what became of them, what is wrong."""
    read_date("5. März 2024", AT)  # imports what takes seconds to import
    figures: Counter[str] = Counter()
    wrong: list[str] = []
    for kind in NAMES:
        random, ends = Random(f"{SEED} {kind}"), time.monotonic() + seconds / len(NAMES)
        for _ in range(count):
            if time.monotonic() > ends:
                break
            body = mutated(random.choice(ORIGINALS[kind]), BODIES, random)
            became, problem = hurt(kind, body)
            figures[f"{kind} {became}"] += 1
            if problem:
                wrong.append(f"{kind}: {problem}: {body[:3_000]!r}")
    return figures, wrong


def test_a_sample_of_hurt_bodies_never_raises_and_gives_only_what_can_be_stored() -> None:
    figures, wrong = drill(60, 40)
    assert wrong == []
    assert sum(figures.values()) >= 20 * len(NAMES)


@pytest.mark.drill
@pytest.mark.timeout(0)
def test_as_many_hurt_bodies_as_there_is_time_for() -> None:
    seconds = float(os.environ.get("KINTSUGI_DRILL_SECONDS", "1200"))
    figures, wrong = drill(seconds, 10**9)
    for kind in NAMES:
        told = {became: figures[f"{kind} {became}"] for became in ("read", "nothing", "unreadable", "raised")}
        sys.stdout.write(f"{kind:22}" + "".join(f"{count:>10,} {became}" for became, count in told.items()) + "\n")
    sys.stdout.write(f"{sum(figures.values()):,} bodies in {seconds:.0f} s, {len(wrong)} wrong\n" + "\n".join(wrong))
    assert wrong == []
