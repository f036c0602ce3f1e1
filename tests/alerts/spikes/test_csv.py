"""`kintsugi spikes --csv`: one object a row, errors in one line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

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
        (["timestamp,value\n", "2026-03-02,inf\n"], "line 2: 'inf' is no count"),
        (["timestamp,timestamp,value\n", "2026-03-02,2026-03-02,1\n"], "line 1: expected the header"),
        (["timestamp,value\n", "2026/13/02 9:05,1\n"], "line 2: '2026/13/02 9:05' is no timestamp"),
        (["timestamp,value\n", "2026-03-02,3,4\n"], "line 2: expected `timestamp,value`, found 3"),
        (["timestamp,value\n", "2026-03-02,3\n", "2026-03-03T00:00:00Z,3\n"], "line 3: .* every row a time zone"),
    ],
)
def test_a_mistake_is_named_with_its_line(lines: list[str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        list(spikes_csv(lines))


STORM = [f"2026-03-03 00:{i * 5:02}:53,300\n" for i in range(6)]


def _answers(lines: list[str]) -> list[tuple[object, object, object]]:
    return [(row["expected"], row["score"], row["spike"]) for row in spikes_csv(lines)]


@pytest.mark.parametrize(
    "rewritten",
    [
        lambda at, value: f"{at:%Y/%-m/%-d %-H:%M:%S},{value}",
        lambda at, value: f"{at:%Y-%m-%dT%H:%M:%S.000}Z,{value}",
        lambda at, value: f"{int(at.replace(tzinfo=UTC).timestamp())},{value}",
        lambda at, value: f"{int(at.replace(tzinfo=UTC).timestamp() * 1000)},{value}",
        lambda at, value: f'"{at}","{value}.0"',
    ],
)
def test_however_time_is_written_the_answers_are_the_same(rewritten: Callable[[datetime, str], str]) -> None:
    rows = [line.strip().split(",") for line in (ROWS + STORM)[1:]]
    other = [rewritten(datetime.fromisoformat(at), value) + "\r\n" for at, value in rows]
    assert _answers(["\ufefftimestamp,value\r\n", *other]) == _answers(ROWS + STORM)


def test_columns_are_found_by_their_names() -> None:
    other = [",".join(("x", *reversed(line.strip().split(",")), "")) + "\n" for line in (ROWS + STORM)[1:]]
    assert _answers(["Place, Value ,TIMESTAMP,note\n", *other]) == _answers(ROWS + STORM)


def test_a_row_that_comes_twice_or_late_or_without_a_value_is_answered_and_teaches_nothing() -> None:
    stray = [ROWS[-1], ROWS[5].replace(",", ",9999 ").replace("9999 ", "9999"), "2026-03-02 23:59:00,\n"]
    found = _answers([*ROWS, *stray, *STORM])
    assert [one[1:] for one in found[288:291]] == [(0.0, False)] * 3
    assert found[:288] + found[291:] == _answers(ROWS + STORM)
    [missing] = list(spikes_csv(["timestamp,value\n", "2026-03-02,NaN\n"]))
    assert missing["value"] is None


def test_the_interval_is_found_behind_rows_that_come_twice() -> None:
    assert _answers([ROWS[0], ROWS[1], *ROWS[1:], *STORM])[1:] == _answers(ROWS + STORM)


def test_the_first_rows_of_a_file_are_answered_as_in_the_whole() -> None:
    whole = _answers(ROWS + STORM)
    for count in (1, 2, 3, 30, 289, 291):
        assert _answers((ROWS + STORM)[: count + 1])[1:] == whole[1:count]
