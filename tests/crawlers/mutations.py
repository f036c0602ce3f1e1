"""Bodies as a hostile or broken source might send them: true ones with parts changed, by a seed."""

from __future__ import annotations

import json
from collections.abc import Callable
from random import Random
from typing import Any

# What parsers stumble over: other types, numbers that overflow, broken Unicode, names that mean something in Python.
VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 5, 1e308, float("inf"), float("nan"), 10**30, 2**63, -(2**53), 1_762_000_000, "", " ",
    "0",
    "1" * 5_000, "NaN", "null", "４．５", "4,5", "-", "2026-13-45T99:99:99Z", "0000-00-00", "9999-12-31T23:59:59Z",
    "R99.9.9",
    "\ud800", "\x00", "\u202e逆", "é" * 300, "http://[", "https://x.example/?utm_source=a&b=%zz", "javascript:alert(1)",
    "<p>" * 50, "<![CDATA[x]]>", "&#xD800;&bogus;", "[deleted]", "__class__", "{}", "[]", "T" * 40_000, "submitted by ",
    [], {}, [[]], [{}], [None], {"": None}, {"@id": "x"}, {"@type": "Review"}, {"label": []}, {"seconds": "x"},
    {"data": []}, [1, 2], {"id": {}}, "(Translated by Google)", "3日前", 3.5, "at://", "🙂",
)  # fmt: skip
TOKENS = (
    b"<", b">", b"</", b'"', b"'", b"{", b"}", b"[", b"]", b",", b":", b"&", b";", b"\x00", b"\xff", b"\xed\xa0\x80",
    b"\xef\xbb\xbf", b"\r\n", b"<![CDATA[", b"]]>", b"<!--", b"&#x0;", b"&amp;amp;", b"<!DOCTYPE a [<!ENTITY b 'c'>]>",
    b"itemscope ", b'itemprop="review" ', b"\\u0000", b"\\ud83d", b"null", b"1e999", b"data:[", b")]}'", b"=?utf-8?b?",
    b"\xfe\xff", b"event: update\ndata: ", b"<entry>", b"<item>", b'<div class="review-container">', b"%",
)  # fmt: skip


def mutated(body: bytes, others: list[bytes], random: Random) -> bytes:
    """The body with one to four changes, half of them in its structure where it has one."""
    for _ in range(random.choice((1, 1, 1, 2, 4))):
        if body[:1] in (b"{", b"[") and random.random() < 0.7:
            try:
                body = json.dumps(_changed(json.loads(body, strict=False), random)).encode("utf-8", "surrogatepass")
                continue
            except (ValueError, RecursionError):
                pass
        body = random.choice(_CUTS)(body, others, random)
    return body


def _changed(value: Any, random: Random) -> Any:
    """The same value with one place changed: replaced, left out, doubled, wrapped, or taken out of what wraps it."""
    places: list[tuple[Any, Any]] = []
    stack = [value]
    while stack and len(places) < 2_000:
        node = stack.pop()
        keys = list(node) if isinstance(node, dict) else list(range(len(node))) if isinstance(node, list) else []
        places += [(node, key) for key in keys]
        stack += [node[key] for key in keys if isinstance(node[key], dict | list)]
    if not places:
        return random.choice(VALUES)
    holder, key = random.choice(places)
    how = random.randrange(8)
    if how < 4:
        holder[key] = random.choice(VALUES)
    elif how == 4:
        del holder[key]
    elif how == 5:
        holder[key] = [holder[key], holder[key]]
    elif how == 6:
        other, place = random.choice(places)
        if place in other if isinstance(other, dict) else place < len(other):
            holder[key] = json.loads(json.dumps(other[place]))
    else:
        holder[key] = {random.choice(("data", "label", "id", "text", "@value", "status")): holder[key]}
    return value


def _place(body: bytes, random: Random) -> tuple[int, int]:
    start = random.randint(0, len(body))
    return start, min(len(body), start + random.choice((0, 1, 3, 20, 200)))


def _insert(body: bytes, _: list[bytes], random: Random) -> bytes:
    start, end = _place(body, random)
    return body[:start] + random.choice(TOKENS) * random.choice((1, 1, 2, 50)) + body[end:]


def _flip(body: bytes, _: list[bytes], random: Random) -> bytes:
    if not body:
        return bytes([random.randrange(256)])
    at = random.randrange(len(body))
    return body[:at] + bytes([body[at] ^ (1 << random.randrange(8))]) + body[at + 1 :]


def _cut(body: bytes, _: list[bytes], random: Random) -> bytes:
    start, end = _place(body, random)
    return body[:start] if random.random() < 0.3 else body[:start] + body[end:]


def _double(body: bytes, _: list[bytes], random: Random) -> bytes:
    start, end = _place(body, random)
    return body[:end] + body[start:end] * random.choice((1, 2, 30)) + body[end:]


def _mix(body: bytes, others: list[bytes], random: Random) -> bytes:
    other = random.choice(others)
    start, end = _place(other, random)
    at = random.randint(0, len(body))
    return body[:at] + other[start:end] + body[at:] if random.random() < 0.8 else other


_CUTS: tuple[Callable[[bytes, list[bytes], Random], bytes], ...] = (_insert, _flip, _cut, _double, _mix)
