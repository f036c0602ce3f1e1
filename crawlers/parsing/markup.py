"""HTML of posts and reviews as plain text."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser

_BLOCK_NAMES = (
    "address article aside blockquote dd div dl dt figcaption footer h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre "
    "section table tr ul"
)
_BLOCKS = frozenset(_BLOCK_NAMES.split())
_SILENT = frozenset(("script", "style", "template", "noscript", "svg", "head"))
_LONGEST = 2_000_000
_TAG = re.compile("<[a-zA-Z/!?]")
_SPACES = re.compile(r"[ \t\r\f\v]+")
_AROUND_BREAK = re.compile(r" *\n *")
_BREAKS = re.compile(r"\n{3,}")


def html_to_text(markup: str) -> str:
    """The text of an HTML fragment, with its line breaks; scripts and styles are left out. Never raises."""
    if not _TAG.search(markup):
        return html.unescape(markup).strip() if "&" in markup else markup.strip()
    reader = _Reader()
    reader.feed(markup[:_LONGEST])
    reader.close()
    text = _AROUND_BREAK.sub("\n", "".join(reader.parts))
    return _BREAKS.sub("\n\n", text).strip()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent: list[str] = []
        self._pre = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent.append(tag)
        elif tag == "br":
            self.parts.append("\n")
        elif tag in _BLOCKS:
            self._break(2 if tag in ("p", "blockquote") else 1)
            self._pre += tag == "pre"
        elif tag == "img":
            # Emoji are pictures on some sites; their alternative text is what the person wrote.
            shown = dict(attrs)
            if "emoji" in (shown.get("class") or "").lower():
                self.parts.append(shown.get("alt") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._silent:
            while self._silent.pop() != tag:
                pass
        elif tag in _BLOCKS:
            self._break(2 if tag in ("p", "blockquote") else 1)
            self._pre = max(0, self._pre - (tag == "pre"))

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(data if self._pre else _SPACES.sub(" ", data.replace("\n", " ")))

    def unknown_decl(self, data: str) -> None:
        # <![CDATA[ … ]]> inside HTML: some feeds wrap twice.
        if data.startswith("CDATA["):
            self.handle_data(data[6:])

    def parse_marked_section(self, i: int, report: bool = True) -> int:
        # <![ANYTHING else is a comment to a browser, and an AssertionError to Python.
        try:
            return super().parse_marked_section(i, report)
        except AssertionError:
            return self.parse_bogus_comment(i)

    def _break(self, count: int) -> None:
        tail = "".join(self.parts[-2:])
        have = len(tail) - len(tail.rstrip("\n"))
        if self.parts and have < count:
            self.parts.append("\n" * (count - have))
