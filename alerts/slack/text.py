"""Text as Slack wants it: escaped, within a limit, dates in the reader's own time."""

from __future__ import annotations

from datetime import UTC, datetime

_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def escaped(text: str) -> str:
    """`&`, `<`, `>` as entities: nothing in it can mention, link or notify."""
    return "".join(_ENTITIES.get(character, character) for character in text)


def fitted(text: str, limit: int, ending: str = "…") -> str:
    """The escaped text, at most `limit` characters long as Slack counts, cut between two characters."""
    whole = escaped(text)
    if len(whole) <= limit:
        return whole
    room = limit - len(ending)
    kept: list[str] = []
    for character in text:
        piece = _ENTITIES.get(character, character)
        room -= len(piece)
        if room < 0:
            break
        kept.append(piece)
    return "".join(kept).rstrip() + ending


def quoted(text: str, limit: int, ending: str = "…") -> str:
    """The escaped text as a quotation: every line after a bar."""
    lines = text.splitlines() or [""]
    return "\n".join("> " + line for line in fitted("\n".join(lines), limit - 2 * len(lines), ending).split("\n"))


def date(at: datetime) -> str:
    """A moment in the reader's time zone; UTC where Slack cannot show it."""
    fallback = at.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
    return f"<!date^{int(at.timestamp())}^{{date_short_pretty}} {{time}}|{fallback}>"


def mention(person: str) -> str:
    """A mention of a Slack user id; anything else is shown as text."""
    return f"<@{person}>" if person.isalnum() and person[:1] in "UW" and person.isascii() else escaped(person)


def link(url: str, text: str) -> str:
    """A link, where the address can stand in one; otherwise the address as text."""
    if not url.startswith(("https://", "http://")) or len(url) > 2000 or any(c in url for c in "<>| \n"):
        return fitted(url, 300)
    return f"<{escaped(url)}|{escaped(text)}>"
