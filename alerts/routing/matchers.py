"""Matchers in Alertmanager's syntax: `severity="critical"`, `topic=~"staff|clean.*"`, `!=`, `!~`, in braces or not.

Alertmanager reads each line with two parsers: the UTF-8 one (quoted parts follow Go's escapes) and the classic one
(label names of ASCII letters, lone backslashes are literal). Where only one accepts the line, that one counts; where
both do and disagree, the classic one counts (`matcher/compat` in its default mode). So do we.

Regular expressions run in RE2, as in Alertmanager: they have its syntax, are anchored at both ends, and take time
linear in the text, so that no expression can be catastrophic. A pattern may need 8 MB at most; one that would need
more is an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

_OPERATORS = ("=~", "!=", "!~", "=")
_CLASSIC = re.compile(r"[\t\n\f\r ]*([a-zA-Z_:][a-zA-Z0-9_:]*)[\t\n\f\r ]*(=~|=|!=|!~)[\t\n\f\r ]*(.*)", re.DOTALL)
_UNQUOTED = re.compile(r"""[^\s{}!=~,\\"'`]+""")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_SPACE = re.compile(r"\s+")
# The escapes of a Go string in double quotes.
_ESCAPE = re.compile(r"\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-7]{3}|.)", re.DOTALL)
_SIMPLE = {"a": 7, "b": 8, "f": 12, "n": 10, "r": 13, "t": 9, "v": 11, "\\": 92, '"': 34}
_MOST_MEMORY = 8 << 20
# `\C`, one byte, is the only part of RE2's syntax that Go has not; what stands between \Q and \E is literal.
_LITERAL = re.compile(r"((?<!\\)(?:\\\\)*)\\Q.*?(?:\\E|$)", re.DOTALL)
_ONE_BYTE = re.compile(r"(?<!\\)(?:\\\\)*\\C")


class MatcherError(ValueError):
    """A matcher that cannot be read: what was found and what to write."""


@dataclass(frozen=True)
class Matcher:
    """One condition on one label. A label that is missing has the empty value."""

    name: str
    operator: str
    value: str
    _pattern: Any = field(default=None, compare=False, repr=False)

    def holds(self, labels: Mapping[str, str]) -> bool:
        """Whether the labels satisfy it."""
        found = str(labels.get(self.name, ""))  # rows may keep a number
        if self._pattern is None:
            return (found == self.value) is (self.operator == "=")
        hit = self._pattern.search(found.encode("utf-8", "replace")) is not None
        return hit is (self.operator == "=~")

    def __str__(self) -> str:
        quoted = self.value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        return f'{self.name}{self.operator}"{quoted}"'


def matcher(name: str, operator: str, value: str) -> Matcher:
    """A matcher from its parts. Raises MatcherError for an expression that RE2 refuses."""
    return Matcher(name, operator, value, _compiled(value) if operator in ("=~", "!~") else None)


def all_hold(matchers: Iterable[Matcher], labels: Mapping[str, str]) -> bool:
    """Whether the labels satisfy every one. No matchers: yes."""
    return all(one.holds(labels) for one in matchers)


def parse_matchers(line: str) -> list[Matcher]:
    """The matchers of one line; several are separated by commas. Raises MatcherError."""
    try:
        modern = _parse_modern(line)
    except MatcherError:
        return _parse_classic(line)
    try:
        classic = _parse_classic(line)
    except MatcherError:
        return modern
    return modern if modern == classic else classic


def parse_label(text: str) -> tuple[str, str]:
    """A label as amtool takes it on the command line: `severity=critical`, `topic="a b"`. Raises MatcherError.

    One matcher with `=`, by the same two parsers. A comma without quotes belongs to the value.
    """
    found = _parse_label_modern(text)
    try:
        found = _parse_one_classic(text)
    except MatcherError as error:
        if found is None:
            raise MatcherError(f"{text!r} is no label: write it like severity=critical") from error
    if found is None or found.operator != "=":
        raise MatcherError(f"{text!r} is no label: write it like severity=critical")
    return found.name, found.value


def _parse_label_modern(text: str) -> Matcher | None:
    if text.startswith("{") or text.endswith("}"):
        return None
    try:
        found = _parse_modern(text)
    except MatcherError:
        return None
    return found[0] if len(found) == 1 else None


@lru_cache(maxsize=4096)
def _compiled(value: str) -> Any:
    import re2

    if _ONE_BYTE.search(_LITERAL.sub(r"\1", value)):
        raise MatcherError(f"{value!r} is no regular expression of Alertmanager: it has no \\C")
    options = re2.Options()
    options.log_errors = False
    options.max_mem = _MOST_MEMORY
    try:
        # Joined as in Alertmanager, so that `a)|(b` means there what it means here.
        return re2.compile(f"^(?:{value})$", options=options)
    except (re2.error, UnicodeEncodeError) as error:
        why = (
            error.args[0].decode("utf-8", "replace") if error.args and isinstance(error.args[0], bytes) else str(error)
        )
        raise MatcherError(f"{value!r} is no regular expression of RE2: {why}") from None


def _parse_modern(line: str) -> list[Matcher]:
    """The UTF-8 parser: `{` a matcher, or several with commas between and one allowed at the end, `}`."""
    tokens = _tokens(line)
    braces = bool(tokens) and tokens[0] == ("{", "{")
    if braces:
        if tokens[-1] != ("}", "}") or len(tokens) < 2:
            raise MatcherError(f"{line!r}: expected a closing brace")
        tokens = tokens[1:-1]
    found = []
    while tokens:
        kinds = "".join(kind for kind, _ in tokens[:3])
        if kinds != "sos" or (len(tokens) > 3 and tokens[3][0] != ","):
            raise MatcherError(f'{line!r}: write a matcher like severity="critical", several with commas between')
        found.append(matcher(tokens[0][1], tokens[1][1], tokens[2][1]))
        tokens = tokens[4:]
    return found


def _tokens(line: str) -> list[tuple[str, str]]:
    """(kind, text): `s` a name or value, `o` an operator, and `{`, `}`, `,` for themselves."""
    found: list[tuple[str, str]] = []
    at = 0
    while at < len(line):
        if space := _SPACE.match(line, at):
            at = space.end()
        elif line[at] in "{},":
            found.append((line[at], line[at]))
            at += 1
        elif operator := next((one for one in _OPERATORS if line.startswith(one, at)), None):
            found.append(("o", operator))
            at += len(operator)
        elif quoted := _QUOTED.match(line, at):
            found.append(("s", _unquoted(quoted[0])))
            at = quoted.end()
        elif word := _UNQUOTED.match(line, at):
            found.append(("s", word[0]))
            at = word.end()
        else:
            raise MatcherError(f"{line!r}: unexpected {line[at]!r} at {at + 1}; put the text in double quotes")
    return found


def _unquoted(text: str) -> str:
    """The text of a Go string literal."""
    if "\n" in text:
        raise MatcherError(f"{text!r}: write a line feed as \\n")

    def one(found: re.Match[str]) -> bytes:
        escape = found[1]
        if escape in _SIMPLE:
            return bytes([_SIMPLE[escape]])
        if escape[0] in "uU" and len(escape) > 1:
            return _rune(int(escape[1:], 16), text)
        if escape[0] == "x" and len(escape) > 1:
            return bytes([int(escape[1:], 16)])
        if len(escape) == 3 and int(escape, 8) < 256:
            return bytes([int(escape, 8)])
        raise MatcherError(f"{text}: \\{escape} is no escape")

    parts, last = [], 1
    for found in _ESCAPE.finditer(text, 1, len(text) - 1):
        parts += [text[last : found.start()].encode("utf-8", "surrogatepass"), one(found)]
        last = found.end()
    parts.append(text[last:-1].encode("utf-8", "surrogatepass"))
    try:
        return b"".join(parts).decode()
    except UnicodeDecodeError:
        raise MatcherError(f"{text}: not UTF-8 once its escapes are resolved") from None


def _rune(code: int, text: str) -> bytes:
    if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        raise MatcherError(f"{text}: U+{code:X} is no character")
    return chr(code).encode()


def _parse_classic(line: str) -> list[Matcher]:
    """The older parser: splits at commas outside double quotes, and takes lone backslashes as they are."""
    body = line.removeprefix("{").removesuffix("}")
    parts, part, quoted, escaped = [], "", False, False
    for character in body:
        if character == "," and not quoted:
            parts.append(part)
            part = ""
            continue
        if character == '"':
            quoted, escaped = (quoted if escaped else not quoted), False
        elif character != ",":
            escaped = character == "\\" and not escaped
        part += character
    if part.strip():
        parts.append(part.strip())
    return [_parse_one_classic(one) for one in parts]


def _parse_one_classic(text: str) -> Matcher:
    shape = _CLASSIC.fullmatch(text)
    if shape is None:
        raise MatcherError(f'{text!r} is no matcher: write it like severity="critical"')
    raw = shape[3].rstrip("\t\n\f\r ")
    quoted = raw.startswith('"')
    rest = raw[1:] if quoted else raw
    value, at = "", 0
    while at < len(rest):
        character, last = rest[at], at == len(rest) - 1
        if character == "\\" and not last:
            following = rest[at + 1]
            value += {"n": "\n", '"': '"', "\\": "\\"}.get(following, "\\" + following)
            at += 2
            continue
        if character == '"':
            if not (quoted and last):
                raise MatcherError(f"{text!r}: a double quote inside the value needs a backslash before it")
            return matcher(shape[1], shape[2], value)
        value += character
        at += 1
    if quoted:
        raise MatcherError(f"{text!r}: the closing double quote is missing")
    return matcher(shape[1], shape[2], value)
