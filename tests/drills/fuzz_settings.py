"""What people write in settings: matchers, durations, comparisons, days and times, all of kintsugi.yaml."""

from __future__ import annotations

import copy
import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError

from alerts.routing.matchers import MatcherError, parse_matchers
from config.comparison import NumberComparison, SeverityComparison
from config.duration import Duration, write_duration
from config.error import ConfigurationError
from config.settings import settings_from
from config.time_interval import TimeInterval
from config.yaml_file import parse_yaml
from tests.drills.nonsense import changed, mutated

LINES = (
    'severity="critical"', '{topic=~"staff|clean.*", location!="浅草"}', "a!~b,c=d",
    r'x="\u3042\"\\"', 'a=~"(?i)[a-z]+"',
    "{}", '"quoted name"="v"', "brand=Hotel Sora",
)  # fmt: skip
DURATIONS = ("30s", "15m", "1h30m", "3d", "104w", "2h45m10s")
COMPARISONS = ("<= 2", ">= major", "> 0.8", "critical", "!= 3", "== minor")
INTERVAL: dict[str, Any] = {
    "times": [{"start_time": "09:00", "end_time": "24:00"}],
    "weekdays": ["monday:friday", "sunday"], "days_of_month": ["1:5", "-3:-1"], "months": ["january:march", "12"],
    "years": ["2026:2030"], "location": "Asia/Tokyo",
}  # fmt: skip
SETTINGS: dict[str, Any] = {
    "brand": {"name": "Hotel Sora", "aliases": ["ソラ"], "languages": ["ja", "en"], "timezone": "Asia/Tokyo"},
    "sources": {"news": {"kind": "feed", "url": "https://example.jp/rss", "every": "15m"}},
    "recover_when": [{"rating": "<= 2"}, {"sentiment": "negative", "confidence": ">= 0.8"}],
    "people": {"U1": {"name": "佐藤", "role": "agent"}},
    "route": {"receiver": "desk", "group_by": ["topic"], "routes": [{"match": {"severity": "critical"}}]},
    "receivers": {"desk": {"console": {}}},
    "clocks": {"acknowledge": "15m", "business_hours": {"mon-fri": ["09:00-12:00", "13:00-18:00"], "holidays": "JP"}},
    "reports": {"weekly": {"on": "mon 09:00", "to": {"receiver": "desk"}}},
    "time_intervals": [{"name": "night", "time_intervals": [INTERVAL]}],
}
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


class _One(BaseModel):
    duration: Duration | None = None
    number: NumberComparison | None = None
    severity: SeverityComparison | None = None


def fuzz_matchers(count: int, seed: int) -> Counter[str]:
    """Each line is read, or refused with a reason; what was read says itself again, and holds or does not."""
    chance, came = random.Random(seed), Counter[str]()
    for _ in range(count):
        line = mutated(chance.choice(LINES), chance)
        try:
            found = parse_matchers(line)
        except MatcherError:
            came["refused"] += 1
            continue
        came["read"] += 1
        for one in found:
            assert one.holds({one.name: "あ\ud800"}) in (True, False)
            assert str(one)
    return came


def fuzz_values(count: int, seed: int) -> Counter[str]:
    """Durations and comparisons: read, or refused. A duration that was read is read again as it is written."""
    chance, came = random.Random(seed), Counter[str]()
    for _ in range(count):
        name = chance.choice(("duration", "number", "severity"))
        written = mutated(chance.choice(DURATIONS if name == "duration" else COMPARISONS), chance)
        try:
            one = _One.model_validate({name: written})
        except ValidationError:
            came["refused"] += 1
            continue
        came["read"] += 1
        if one.duration is not None:
            assert timedelta() <= one.duration
            assert _One.model_validate({"duration": write_duration(one.duration)}).duration == one.duration
        if one.number is not None:
            assert {one.number.holds(2.0), one.number.holds(None)} <= {True, False}
            assert one.number.bound == one.number.bound, written
    return came


def fuzz_intervals(count: int, seed: int) -> Counter[str]:
    """Days, months and times of day: read and answered for any moment, or refused."""
    chance, came = random.Random(seed), Counter[str]()
    for number in range(count):
        written = changed(copy.deepcopy(INTERVAL), chance)
        try:
            interval = TimeInterval.model_validate(written)
        except ValidationError:
            came["refused"] += 1
            continue
        came["read"] += 1
        assert interval.contains(NOON + timedelta(hours=7 * (number % 5000))) in (True, False)
    return came


def fuzz_settings(count: int, seed: int) -> Counter[str]:
    """All of kintsugi.yaml, hurt as a tree and as a text: taken, or refused in lines that people can read."""
    chance, came = random.Random(seed), Counter[str]()
    text = yaml.safe_dump(SETTINGS, allow_unicode=True)
    for number in range(count):
        try:
            written = (
                parse_yaml(mutated(text, chance).encode("utf-8", "replace").decode(), "x")
                if number % 50 == 0
                else changed(copy.deepcopy(SETTINGS), chance)
            )
            settings_from(written)
        except ConfigurationError as error:
            came["refused" if error.lines and "\n" not in "".join(error.lines) else "refused without a word"] += 1
            continue
        came["read"] += 1
    assert "refused without a word" not in came
    return came
