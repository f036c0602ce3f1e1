"""What is given back is gone from memory, and still there to be read."""

from __future__ import annotations

import mmap
import sys
from pathlib import Path

import pytest

from kintsugi.engines.memory import give_back

SIZE = 32 * 2**20


def resident() -> int:
    """Kilobytes that this process has in memory."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux says what is resident")
def test_a_large_file_that_was_read_through_is_let_go_of_and_can_be_read_again(tmp_path: Path) -> None:
    file = tmp_path / "dictionary"
    file.write_bytes(b"words" * (SIZE // 5 + 1))
    with file.open("rb") as opened, mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        assert sum(mapped[at] for at in range(0, SIZE, 4096))
        before = resident()
        give_back()
        assert before - resident() > 0.8 * SIZE / 1024
        assert mapped[:10] == b"wordswords"
