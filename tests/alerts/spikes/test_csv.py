"""`kintsugi spikes --csv`: one object a row, errors in one line."""

from __future__ import annotations

import pytest

from alerts.spikes.csv import spikes_csv

ROWS = ["timestamp,value\n"] + [f"2026-03-02 {i // 12:02}:{i % 12 * 5:02}:53,{5 + i % 4}\n" for i in range(288)]


def test_every_row_gives_one_object_in_order() -> None:
    found = list(spikes_csv(ROWS))
    assert [row["timestamp"] for row in found] == [line.partition(",")[0] for line in ROWS[1:]]
    assert set(found[0]) == {"timestamp", "value", "expected", "score", "spike"}
    assert found[3]["value"] == 8
    assert all(isinstance(row["score"], float) and 0 <= row["score"] <= 1 for row in found)


def test_a_spike_is_true_only_where_it_opens() -> None:
    storm = [f"2026-03-03 00:{i * 5:02}:53,300\n" for i in range(6)]
    found = list(spikes_csv(ROWS + storm))
    assert [row["spike"] for row in found[288:]] == [True, False, False, False, False, False]


def test_rows_are_answered_before_later_ones_are_read() -> None:
    def lines():  # type: ignore[no-untyped-def]
        yield from ROWS[:50]
        raise RuntimeError("read too far")

    answers = spikes_csv(lines())
    assert [next(answers)["spike"] for _ in range(49)] == [False] * 49


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([], "no rows"),
        (["timestamp,value\n"], "no rows"),
        (["when,count\n", "x\n"], "line 1: expected the header"),
        (["timestamp,value\n", "yesterday,3\n"], "line 2: 'yesterday' is no timestamp"),
        (["timestamp,value\n", "2026-03-02,-3\n"], "line 2: '-3' is no count"),
        (["timestamp,value\n", "2026-03-02,nan\n"], "line 2: 'nan' is no count"),
        (["timestamp,value\n", "2026-03-02,3,4\n"], "line 2: expected `timestamp,value`"),
        (["timestamp,value\n", "2026-03-02,3\n", "2026-03-01,3\n"], "line 3: 2026-03-01 is not later"),
        (["timestamp,value\n", "2026-03-02,3\n", "2026-03-03,3\n", "2026-03-03,4\n"], "line 4: 2026-03-03 is not"),
        (["timestamp,value\n", "2026-03-02,3\n", "2026-03-03T00:00:00Z,3\n"], "line 3: .* every row a time zone"),
    ],
)
def test_a_mistake_is_named_with_its_line(lines: list[str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        list(spikes_csv(lines))
