"""What is kept of a password, as the product keeps it: the other tests pay less (tests/conftest.py)."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from argon2 import Type, extract_parameters

from kintsugi.web.passwords import fits

KEPT = "from kintsugi.web.passwords import hashed; print(hashed('a seam of gold'), end='')"


def test_a_password_is_kept_by_argon2id_at_the_cost_that_rfc_9106_names() -> None:
    kept = subprocess.check_output([sys.executable, "-c", KEPT], cwd=Path(__file__).parents[2], text=True)
    cost = extract_parameters(kept)
    assert cost.type is Type.ID
    assert (cost.time_cost, cost.memory_cost, cost.parallelism) == (3, 64 * 1024, 4)
    assert fits("a seam of gold", kept)
    assert not fits("a seam of silver", kept)
    assert not fits("a seam of gold", None)
