"""Nonsense, millions of times: all that people write in settings, and all that comes in by a door.

Nothing breaks, nothing is let in. Seeded: the same inputs every time. `INPUTS=0.01` for a hundredth; figures are
printed. The parsers of the crawlers have a drill of their own (tests/crawlers/test_mutations.py).
"""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from collections.abc import Callable

import pytest

from tests.drills.fuzz_doors import fuzz_bodies, fuzz_files, fuzz_questions, fuzz_signatures, fuzz_tokens
from tests.drills.fuzz_settings import fuzz_intervals, fuzz_matchers, fuzz_settings, fuzz_values
from tests.drills.fuzz_slack import fuzz_payload_shapes, fuzz_slack

SHARE = float(os.environ.get("INPUTS", "1"))
# Together more than ten million. What takes longest has fewest.
TARGETS: dict[str, tuple[Callable[[int, int], Counter[str]], int]] = {
    "matcher language": (fuzz_matchers, 2_000_000),
    "durations, comparisons": (fuzz_values, 2_500_000),
    "days and times": (fuzz_intervals, 1_000_000),
    "form tokens": (fuzz_tokens, 2_500_000),
    "signed bodies": (fuzz_signatures, 1_500_000),
    "Slack payloads, shape": (fuzz_payload_shapes, 1_500_000),
    "API questions": (fuzz_questions, 700_000),
    "CSV and JSON lines": (fuzz_files, 40_000),
    "bodies that are sent": (fuzz_bodies, 60_000),
    "Slack payloads, handled": (fuzz_slack, 40_000),
    "kintsugi.yaml": (fuzz_settings, 15_000),
}


def test_some_nonsense_breaks_nothing() -> None:
    assert set(fuzz_matchers(500, 1)) == {"read", "refused"}
    assert fuzz_tokens(500, 2)["refused"] > 400
    assert "500" not in fuzz_slack(40, 3)
    for number, fuzz in enumerate(
        (fuzz_values, fuzz_intervals, fuzz_signatures, fuzz_payload_shapes, fuzz_questions, fuzz_files, fuzz_bodies)
    ):
        assert fuzz(300, number)["refused"] > 10, fuzz.__name__
    assert set(fuzz_settings(30, 4)) == {"read", "refused"}


@pytest.mark.drill
@pytest.mark.timeout(8 * 3600)
@pytest.mark.parametrize("target", TARGETS)
def test_much_nonsense_breaks_nothing(target: str) -> None:
    fuzz, most = TARGETS[target]
    count, began = max(100, int(most * SHARE)), time.process_time()
    came = fuzz(count, 11)
    took = time.process_time() - began
    sys.stdout.write(f"\n{target}: {count:,} inputs, {dict(came)}, {took:.0f} s of CPU\n")
