"""Durations, amounts, comparisons and the clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from config.amount import Amount
from config.clock import SetClock, SystemClock
from config.comparison import Comparison, NumberComparison, SeverityComparison
from config.duration import parse_duration, write_duration

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@settings(derandomize=True, max_examples=80)
@given(st.integers(0, 10**9))
def test_a_duration_is_read_back_as_it_was_written(seconds: int) -> None:
    assert parse_duration(write_duration(timedelta(seconds=seconds))) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("written", "seconds"), [("30s", 30), ("15m", 900), ("1h30m", 5400), (" 2h ", 7200), ("3d", 259200), ("1w", 604800)]
)
def test_durations_are_a_number_with_its_unit(written: str, seconds: int) -> None:
    assert parse_duration(written) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "written", [15, 1.5, "15", "", "m", "1.5h", "-5m", "5 m", "15M", "1z", None, True, [], "１５m分"]
)
def test_what_has_no_unit_is_no_duration(written: object) -> None:
    with pytest.raises(ValueError, match="is no duration: write a number with its unit"):
        parse_duration(written)


def test_an_amount_covers_what_lies_within_it_in_its_own_currency() -> None:
    limit = Amount(amount=Decimal(5000), currency="JPY")
    assert limit.covers(Amount(amount=Decimal(5000), currency="JPY"))
    assert not limit.covers(Amount(amount=Decimal("5000.01"), currency="JPY"))
    with pytest.raises(ValueError, match="a limit in JPY says nothing about USD"):
        limit.covers(Amount(amount=Decimal(1), currency="USD"))


@pytest.mark.parametrize(
    "wrong", [5000, {"amount": -1, "currency": "JPY"}, {"amount": 1}, {"amount": 1, "currency": "¥"}]
)
def test_an_amount_needs_a_currency_and_is_not_negative(wrong: object) -> None:
    with pytest.raises(ValidationError):
        Amount.model_validate(wrong)


@pytest.mark.parametrize(
    ("written", "value", "holds"),
    [
        ("<= 2", 2, True),
        ("<=2", 2.5, False),
        ("> 0.8", 0.81, True),
        ("!= 3", 3, False),
        (3, 3.0, True),
        ("3", 4, False),
        ("< 2", None, False),
        ("!= 2", None, False),  # what is not known satisfies nothing
    ],
)
def test_numbers_are_compared(written: object, value: float | None, holds: bool) -> None:
    adapter: TypeAdapter[Comparison] = TypeAdapter(NumberComparison)
    assert adapter.validate_python(written).holds(value) is holds


@pytest.mark.parametrize(
    ("written", "holding"),
    [
        (">= major", ["major", "critical"]),
        ("< minor", ["none"]),
        ("critical", ["critical"]),
        ("!= none", ["minor", "major", "critical"]),
    ],
)
def test_severities_are_compared_in_their_order(written: str, holding: list[str]) -> None:
    adapter: TypeAdapter[Comparison] = TypeAdapter(SeverityComparison)
    comparison = adapter.validate_python(written)
    assert [word for word in ("none", "minor", "major", "critical") if comparison.holds(word)] == holding
    assert adapter.validate_python(str(comparison)) == comparison


@pytest.mark.parametrize("wrong", ["=> 2", "<= two", "", "2 3", None, "<="])
def test_what_compares_nothing_is_refused(wrong: object) -> None:
    with pytest.raises(ValidationError, match="is no comparison: write it like"):
        TypeAdapter(NumberComparison).validate_python(wrong)


def test_a_set_clock_stands_until_it_is_moved() -> None:
    clock = SetClock(AT.astimezone(timezone(timedelta(hours=9))))
    assert (clock.now(), clock.now().tzinfo) == (AT, UTC)
    assert clock.advance(timedelta(days=1)) == clock.now() == AT + timedelta(days=1)
    with pytest.raises(ValueError, match="needs a time zone"):
        clock.set(datetime(2026, 3, 2))  # noqa: DTZ001 (that is the mistake)


def test_the_machines_clock_is_in_utc() -> None:
    assert SystemClock().now().tzinfo is UTC
