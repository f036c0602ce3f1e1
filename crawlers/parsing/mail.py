"""One mail as a mention: a complaint in its sender's words, or a site's notification of a review."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import getaddresses
from fnmatch import fnmatch
from typing import Literal

from pydantic import Field, field_validator

from config.section import Section
from crawlers.parsing.charset import decoded
from crawlers.parsing.mailheader import addresses_in, header_of
from crawlers.parsing.mailtext import forwarded, said_in, without_quotes
from crawlers.parsing.markup import html_to_text
from crawlers.parsing.raw import Page, Parsed, Raw, Unreadable, each
from storage.item import Refused

FIELDS = ("id", "author", "rating", "title", "text", "url", "location", "posted_at")
_PASSES_ON = re.compile(r"\s*(?:fwd?|転送)\s*[::]", re.IGNORECASE)
_SOFT_BREAK = re.compile(r"(?<!^--)(?<!\n--) \r?\n(?![>\s])")
_NO_REPLY = re.compile(r"no.?reply|do.?not.?reply|notification|mailer|system", re.IGNORECASE)
_STARS = re.compile(
    r"([★⭐☆]{5})|(?:評価|評点|総合|rating|score)\D{0,12}?(\d(?:[.,]\d)?(?:\s*/\s*\d{1,3})?)|\b([1-5](?:[.,]\d)?)"
    r"[ -]stars?\b|星\s*([1-5])\b",
    re.IGNORECASE,
)


class MailOptions(Section):
    """`holds`: complaints (each mail is what its sender says) or reviews (a site tells of what somebody wrote there).

    `patterns` find the parts of a notification: regular expressions (RE2) with one group, by our word. `only_from`
    and `never_from` are patterns of addresses: "*@reviews.example".
    """

    holds: Literal["complaints", "reviews"] = "complaints"
    only_from: list[str] = []
    never_from: list[str] = []
    patterns: dict[str, str] = Field(default={})

    @field_validator("patterns")
    @classmethod
    def _can_be_searched(cls, given: dict[str, str]) -> dict[str, str]:
        import re2

        for field, pattern in given.items():
            if field not in FIELDS:
                raise ValueError(f"{field!r}: write one of {', '.join(FIELDS)}")
            try:
                groups = re2.compile(pattern).groups
            except re2.error as error:
                raise ValueError(f"{field}: {pattern!r} is no regular expression: {error}") from None
            if groups != 1:
                raise ValueError(f"{field}: {pattern!r} needs exactly one group (…), for what is to be taken")
        return given


def parse(body: bytes, page: Page) -> Iterator[Parsed]:
    """The mention of one mail. Raises Unreadable for what is no mail."""
    options = page.options if isinstance(page.options, MailOptions) else MailOptions()
    yield from each([body], lambda mail: _read(mail, options))


def _read(body: bytes, options: MailOptions) -> Parsed:
    message = message_from_bytes(body, policy=policy.default)
    if not isinstance(message, EmailMessage) or not (
        message["from"] and (message["date"] or message["message-id"] or message["subject"])
    ):
        raise Unreadable(f"no mail: {body[:80].decode('utf-8', 'replace')!r}" if body else "an empty answer")
    identity = str(message["message-id"] or "").strip(" <>") or None
    name, address = _sender(message)
    subject = header_of(message, "subject")
    left_out = _why_not(message, address, options)
    if left_out:
        return Refused("ignored", left_out, identity, subject[:200])
    html = _part(message, "html")
    plain = _part(message, "plain") or (html_to_text(without_quotes(html)) if html else "")
    found = _found(options.patterns, f"{subject}\n{plain}", html)
    passed_on = forwarded(plain) if options.holds == "complaints" and _PASSES_ON.match(subject) else None
    if passed_on:
        (name, address), plain = getaddresses([passed_on.sender])[0], passed_on.text
    raw = Raw(
        external_id=found.get("id") or identity,
        kind="post",
        text=found.get("text") or said_in(plain),
        title=found.get("title") or subject,
        url=found.get("url"),
        posted_at=found.get("posted_at") or str(message["date"] or ""),
        location=found.get("location"),
    )
    if options.holds == "reviews":
        raw.kind, raw.author_name = "review", found.get("author")
        raw.rating = found.get("rating") or _stars(f"{subject}\n{plain}")
    else:
        raw.author_id, raw.author_name = address, found.get("author") or name or address
        raw.rating = found.get("rating")
    return raw


def _sender(message: EmailMessage) -> tuple[str, str | None]:
    """Name and address of who wrote it: of a contact form that sends for others, the address to reply to."""
    known, answer = addresses_in(message, "from"), addresses_in(message, "reply-to")
    name, address = known[0] if known else ("", "")
    if answer and answer[0][1] and _NO_REPLY.search(address.partition("@")[0]):
        name, address = answer[0]
    return name, address.lower() or None


def _why_not(message: EmailMessage, address: str | None, options: MailOptions) -> str | None:
    if options.only_from and not _one_of(address, options.only_from):
        return f"from {address}, which `only_from` does not name"
    if _one_of(address, options.never_from):
        return f"from {address}, which `never_from` names"
    automatic = str(message["auto-submitted"] or "no").strip().lower()
    if message.get_content_type() == "multipart/report" or automatic.startswith("auto-replied"):
        return "an automatic answer or a delivery report"
    if options.holds == "complaints" and (
        not automatic.startswith("no") or str(message["precedence"] or "").lower() in ("bulk", "list", "junk")
    ):
        return "sent by a program, not by a person"
    return None


def _one_of(address: str | None, patterns: Sequence[str]) -> bool:
    return any(fnmatch(address or "", pattern.lower()) for pattern in patterns)


def _part(message: EmailMessage, subtype: str) -> str:
    """The first part of text of this subtype that says something and is no attachment."""
    for part in message.walk():
        if part.get_content_type() != f"text/{subtype}" or part.get_content_disposition() == "attachment":
            continue
        payload = part.get_payload(decode=True)
        if not isinstance(payload, bytes):
            continue
        text = decoded(payload, part.get_content_charset())
        if str(part.get_param("format", "")).lower() == "flowed":  # RFC 3676: a space at its end continues a line.
            text = _SOFT_BREAK.sub("" if str(part.get_param("delsp", "")).lower() == "yes" else " ", text)
        if text.strip():
            return text
    return ""


def _found(patterns: dict[str, str], text: str, html: str) -> dict[str, str]:
    """What the operator's patterns find: in the text as a person reads it, else in the HTML (addresses of links)."""
    import re2

    found: dict[str, str] = {}
    for field, pattern in patterns.items():
        search = re2.compile(pattern)
        match = search.search(text) or search.search(html)
        if match and match[1]:
            found[field] = match[1].strip()
    return found


def _stars(text: str) -> str | None:
    match = _STARS.search(text)
    return next((group for group in match.groups() if group), None) if match else None
