"""Moments as people and sites write them."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawlers.parsing.dates import read_date

AT = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
TOKYO = ZoneInfo("Asia/Tokyo")

READ = {
    "2026-11-03T10:00:00Z": "2026-11-03T10:00:00",
    "2026-11-03T10:00:00.123456789Z": "2026-11-03T10:00:00.123456",
    "2026-11-03T10:00:00+0900": "2026-11-03T01:00:00",
    "2026-11-03": "2026-11-02T15:00:00",
    "20261103": "2026-11-02T15:00:00",
    "Tue, 03 Nov 2026 10:00:00 +0900": "2026-11-03T01:00:00",
    "Sat Nov 21 10:00:00 +0000 2026": "2026-11-21T10:00:00",
    "1762130000": "2025-11-03T00:33:20",
    "1762130000123": "2025-11-03T00:33:20.123000",
    "3日前": "2026-11-19T03:00:00",
    "３日前": "2026-11-19T03:00:00",
    "三日前": "2026-11-19T03:00:00",
    "十二時間前": "2026-11-21T15:00:00",
    "一週間前": "2026-11-15T03:00:00",
    "1か月前": "2026-10-22T03:00:00",
    "先週": "2026-11-15T03:00:00",
    "昨日": "2026-11-21T03:00:00",
    "昨日 15:00": "2026-11-21T06:00:00",
    "yesterday": "2026-11-21T03:00:00",
    "2w": "2026-11-08T03:00:00",
    "2 weeks ago": "2026-11-08T03:00:00",
    "a month ago": "2026-10-22T03:00:00",
    "令和8年11月3日": "2026-11-02T15:00:00",
    "令和元年5月1日": "2019-04-30T15:00:00",
    "R7.11.3": "2025-11-02T15:00:00",
    "平成31年4月30日": "2019-04-29T15:00:00",
    "11月3日": "2026-11-02T15:00:00",
    "12/25": "2025-12-24T15:00:00",
    "2026年11月3日 15:30": "2026-11-03T06:30:00",
    "2026/11/3 (火) 午後3時30分": "2026-11-03T06:30:00",
    "October 24, 2011": "2011-10-23T15:00:00",
    "16 November 2018": "2018-11-15T15:00:00",
    "25 de agosto de 2017": "2017-08-24T15:00:00",
    "Seg, 24 Set 2018 10:00:00 -0300": "2018-09-24T13:00:00",
    "半年前": "2026-05-22T03:00:00",
    "昨日15:00": "2026-11-21T06:00:00",
    "昨日の午後3時": "2026-11-21T06:00:00",
    "yesterday at 3:15 PM": "2026-11-21T06:15:00",
    "today at 11am": "2026-11-22T02:00:00",
    "two days ago": "2026-11-20T03:00:00",
    "a few days ago": "2026-11-19T03:00:00",
    "an hour ago": "2026-11-22T02:00:00",
    "3 日前 (編集済み)": "2026-11-19T03:00:00",
    "１ か月前 NEW": "2026-10-22T03:00:00",
    "投稿日：3日前": "2026-11-19T03:00:00",
    "令和八年十一月三日": "2026-11-02T15:00:00",
    "２０２６年１１月３日": "2026-11-02T15:00:00",
    "2026年11月3日 15時": "2026-11-03T06:00:00",
    "2026년 11월 3일": "2026-11-02T15:00:00",
    "Tue, 03 Nov 2026 10:00:00 CET": "2026-11-03T09:00:00",
    "Tue, 03 Nov 26 10:00:00 +09:00": "2026-11-03T01:00:00",
    "Tue Nov 03 2026 10:00:00 GMT+0900 (Japan Standard Time)": "2026-11-03T01:00:00",
    "Tue Nov  3 10:00:00 2026": "2026-11-03T01:00:00",
    "Tue, 3 Nov 2026 10:00:00 -0000": "2026-11-03T10:00:00",
}
UNKNOWN = {
    "": "no date given", "garbage": "cannot be read", "2099-01-01": "in the future", "2018/11訪問": "without a day",
    "2026-02-30": "out of range", "0": "cannot be read", "1970-01-01": "before 1990", "3日": "cannot be read",
    "十十日前": "no number", "03/04/2026": "may come first", "明日": "cannot be read",
}  # fmt: skip


@pytest.mark.parametrize(("written", "meant"), READ.items())
def test_a_moment_is_read(written: str, meant: str) -> None:
    assert read_date(written, AT, TOKYO).at == datetime.fromisoformat(meant).replace(tzinfo=UTC)


@pytest.mark.parametrize(("written", "reason"), UNKNOWN.items())
def test_what_cannot_be_known_is_unknown_with_its_reason(written: str, reason: str) -> None:
    moment = read_date(written, AT, TOKYO)
    assert moment.at is None
    assert reason in str(moment.reason)


def test_a_day_of_a_leap_year_without_its_year_is_the_last_one() -> None:
    assert read_date("2/29", AT, UTC).at == datetime(2024, 2, 29, tzinfo=UTC)


@settings(max_examples=80, derandomize=True, deadline=None)
@given(st.text(max_size=30) | st.integers() | st.floats() | st.booleans() | st.none())
def test_nothing_raises_and_nothing_is_in_the_future(given_value: object) -> None:
    moment = read_date(given_value, AT, TOKYO)
    assert (moment.at is None) == (moment.reason is not None)
    assert moment.at is None or datetime(1990, 1, 1, tzinfo=UTC) <= moment.at <= datetime(2026, 11, 23, 3, tzinfo=UTC)
