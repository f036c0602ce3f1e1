"""An RSS 2.0 feed of local news and blogs, one a language. It scrolls: only the newest items are in it."""

from __future__ import annotations

from collections.abc import Sequence
from email.utils import format_datetime
from xml.sax.saxutils import escape

from kintsugi.demo.world import START, Said

_LONGEST = 10
_TITLE = {"ja": "旅とまちの新着", "en": "Travel and Town: latest"}
_SITE = "https://news.example"


def rss(said: Sequence[Said], language: str) -> bytes:
    """The feed in one language. An item that was rewritten keeps its guid and its pubDate."""
    written = [one for one in said if one.language == language]
    shown = sorted(written, key=lambda one: (one.posted_at, one.id), reverse=True)[:_LONGEST]
    built = max((one.changed_at for one in shown), default=START)
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/">',
        "<channel>",
        f"<title>{_TITLE[language]}</title>",
        f"<link>{_SITE}/{language}/</link>",
        f"<description>{_TITLE[language]}</description>",
        f"<language>{language}</language>",
        f"<lastBuildDate>{format_datetime(built)}</lastBuildDate>",
        *[line for one in shown for line in _item(one)],
        "</channel>",
        "</rss>",
    ]
    return ("\n".join(lines) + "\n").encode()


def _item(one: Said) -> list[str]:
    changed = [f"<dcterms:modified>{one.edited_at.isoformat()}</dcterms:modified>"] if one.edited_at else []
    return [
        "<item>",
        f"<title>{escape(one.title or '')}</title>",
        f"<link>{_SITE}/{one.language}/articles/{one.id}</link>",
        f'<guid isPermaLink="false">{one.id}</guid>',
        f"<pubDate>{format_datetime(one.posted_at)}</pubDate>",
        *changed,
        f"<dc:creator>{escape(one.author or '')}</dc:creator>",
        f"<description>{escape(f'<p>{escape(one.text)}</p>')}</description>",
        "</item>",
    ]
