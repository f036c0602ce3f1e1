"""From what a source wrote to an Item that may be stored, or to the reason why not."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from crawlers.parsing.dates import read_date
from crawlers.parsing.markup import html_to_text
from crawlers.parsing.rating import read_rating
from crawlers.parsing.raw import Raw, excerpt
from storage.item import Item, Refused

LONGEST_TEXT = 20_000
_LONGEST_LINE, _LONGEST_ID, _LONGEST_URL = 300, 500, 2_000
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]")
_NEWLINES = re.compile(r"\r\n?|[\x85\u2028\u2029]")
_TRACKING = re.compile(
    r"utm_\w+|fbclid|gclid|dclid|msclkid|yclid|igshid|igsh|mc_[ce]id|_ga|ref_src|ref_url|cmpid", re.I
)


def normalise(
    raw: Raw, at: datetime, zone: tzinfo = UTC, language: str | None = None, *, strict: bool = False
) -> Item | Refused:
    """Texts cleaned, rating on 1 to 5, moments in UTC. What is missing is None; what is unusable is refused.

    `zone` is where dates without a zone are from, `language` what the operator says of the whole source. What was
    changed or left out (a text cut, a date unreadable) is named in `why`. A rating off its scale costs a review its
    rating; where `strict` the whole row is refused, since in a file somebody can name the right scale.
    """
    notes = [raw.note] if raw.note else []
    external_id = line(raw.external_id)
    if external_id is None:
        return Refused("rejected", "no id", None, excerpt(raw.text))
    if len(external_id) > _LONGEST_ID:
        external_id = "sha256:" + hashlib.sha256(external_id.encode()).hexdigest()
    rating = read_rating(raw.rating, raw.rating_best, raw.rating_worst)
    text = body(raw.text, raw.html, notes)
    title = _shown(raw.title, raw.html)
    if rating.reason:
        if strict or not (text or title):
            return Refused("rejected", rating.reason, external_id, excerpt(raw.text))
        notes.append(rating.reason)
    if not text and not title and rating.value is None and raw.kind == "review" and not raw.note:
        return Refused("rejected", "neither text nor rating", external_id)
    posted = read_date(raw.posted_at, at, zone)
    if posted.reason:
        notes.append(f"posted: {posted.reason}")
    edited = read_date(raw.edited_at, at, zone) if raw.edited_at else None
    if edited and edited.reason:
        notes.append(f"edited: {edited.reason}")
    replied = read_date(raw.reply_at, at, zone) if raw.reply_at else None
    return Item(
        external_id=external_id,
        kind=raw.kind,
        text=text,
        title=title,
        author_id=line(raw.author_id),
        author_name=line(raw.author_name),
        author_url=link(raw.author_url),
        rating=rating.value,
        rating_raw=rating.raw,
        rating_scale=rating.scale,
        language=_language(raw.language) or language,
        url=link(raw.url),
        posted_at=posted.at,
        edited_at=edited.at if edited else None,
        location=line(raw.location),
        product_version=line(raw.product_version),
        served_by=line(raw.served_by),
        reach=_reach(raw.reach),
        reply_text=body(raw.reply_text, raw.html, []) or None,
        reply_at=replied.at if replied else None,
        why="; ".join(notes) or None,
    )


def body(given: object, html: bool, notes: list[str]) -> str:
    """A text of several lines. What was cut is added to `notes`."""
    if given is None:
        return ""
    text = given if isinstance(given, str) else str(given)
    length = len(text)
    if length > LONGEST_TEXT * 100:  # No markup makes that much of a text worth reading.
        text = text[: LONGEST_TEXT * 100]
    if html:
        text = html_to_text(text)
    text = clean(text).strip()
    if len(text) > LONGEST_TEXT:
        notes.append(f"text of {length:,} characters cut at {LONGEST_TEXT:,}")
        text = text[:LONGEST_TEXT]
    return text


def line(given: object) -> str | None:
    """An id or a name: one line, or None where there is none."""
    if given is None or isinstance(given, bool | dict | list):
        return None
    text = " ".join(clean(str(given)).split())
    return text or None


def clean(text: str) -> str:
    """NFC, with \\n as line break, without control characters; lone surrogates become the replacement character."""
    if not text.isprintable():
        if not text.isascii():
            try:
                text.encode()
            except UnicodeEncodeError:
                text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        text = _CONTROL.sub("", _NEWLINES.sub("\n", text))
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def link(given: object) -> str | None:
    """A http(s) address without tracking parameters, or None. Nothing else is shown as a link."""
    text = line(given)
    if text is None or len(text) > _LONGEST_URL:
        return None
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or not parts.netloc:
        return None
    if "?" not in text or not _TRACKING.search(parts.query):
        return text
    kept = [
        (key, value) for key, value in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.fullmatch(key)
    ]
    return urlunsplit(parts._replace(query=urlencode(kept)))


def _shown(given: object, html: bool) -> str | None:
    if given is None:
        return None
    text = str(given)[:LONGEST_TEXT]
    found = line(html_to_text(text) if html else text)
    return found[:_LONGEST_LINE] if found else None


def _language(given: object) -> str | None:
    """The primary tag, lower-case: `ja-JP` and `ja_JP` are ja. Anything that is no tag is None."""
    found = re.match(r"([A-Za-z]{2,3})(?:[-_]|$)", given) if isinstance(given, str) else None
    return found[1].lower() if found else None


def _reach(given: Mapping[str, object]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for name, value in given.items():
        if isinstance(value, str) and value.strip().lstrip("-").isdecimal() and len(value) < 16:
            value = int(value)
        if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 2**53:
            counts[name] = int(value)
    return counts
