"""A mailbox: complaints that customers mail, or notifications of review sites. Read only: nothing is marked."""

from __future__ import annotations

import asyncio
import base64
import imaplib
import re
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from pydantic import Field, model_validator

from crawlers.fetching.visit import Failure, Visit, secret
from crawlers.kind import Kind
from crawlers.parsing.mail import MailOptions, parse
from crawlers.parsing.raw import Page, Parsed, Raw, Unreadable, excerpt
from storage.item import Item, Refused, WindowRead

_MOST_OF_A_MAIL = 2**20  # bytes; what is said stands before the attachments
_AT_ONCE = 20
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_UID = re.compile(rb"\bUID (\d+)")
_LOCAL = ("localhost", "127.0.0.1", "::1")


class Options(MailOptions):
    """`host`, `username`; the password is in the variable `password_env`. `mailboxes` are folders there."""

    host: str
    username: str
    password_env: str = "IMAP_PASSWORD"  # noqa: S105 (the name of a variable)
    port: int | None = Field(default=None, ge=1, le=65535)
    security: Literal["tls", "starttls", "none"] = "tls"
    mailboxes: list[str] = Field(default=["INBOX"], min_length=1)

    @model_validator(mode="after")
    def _no_open_passwords(self) -> Options:
        if self.security == "none" and self.host not in _LOCAL:
            raise ValueError("security: none sends the password in the open; write tls or starttls")
        return self


@dataclass
class _Box:
    """One connection. Its methods block: call them in a thread."""

    options: Options
    timeout: float
    password: str

    def open(self) -> None:
        """Connects and signs in. Raises Failure."""
        options, trusted = self.options, ssl.create_default_context()
        port = options.port or (993 if options.security == "tls" else 143)
        if options.security == "tls":
            self.server: imaplib.IMAP4 = imaplib.IMAP4_SSL(
                options.host, port, ssl_context=trusted, timeout=self.timeout
            )
        else:
            self.server = imaplib.IMAP4(options.host, port, timeout=self.timeout)
        if options.security == "starttls":
            self.server.starttls(trusted)
        try:
            self.server.login(options.username, self.password)
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error:
            # Trying again and again would lock the account.
            raise Failure(
                f"{options.host} does not take {options.username} with {options.password_env}", refused=True
            ) from None

    def close(self) -> None:
        """Signs out as far as the connection still stands."""
        server = getattr(self, "server", None)
        if server is not None:
            try:
                server.logout()
            except (imaplib.IMAP4.error, OSError):
                server.shutdown()

    def look_into(self, mailbox: str) -> str:
        """Opens a mailbox without a right to change it; returns the validity of its UIDs. Raises Failure."""
        answer, said = self.server.select(_quoted(mailbox), readonly=True)
        if answer != "OK":
            raise Failure(f"{self.options.host}: there is no mailbox {mailbox!r}: {_shown(said)}")
        validity = self.server.response("UIDVALIDITY")[1]
        return validity[0].decode() if validity and validity[0] else ""

    def new(self, after: int, since: datetime) -> list[int]:
        """UIDs above `after`, or, where that is 0, of mails that came since a day."""
        day = f"{since.day:02d}-{_MONTHS[since.month - 1]}-{since.year}"
        criteria = ("UID", f"{after + 1}:*") if after else ("SINCE", day)
        found = self.server.uid("SEARCH", *criteria)[1]
        uids = sorted(int(uid) for part in found if part for uid in part.split() if uid.isdigit())
        return [uid for uid in uids if uid > after]  # `n:*` names the newest even where it is older than n.

    def fetch(self, uids: list[int]) -> list[tuple[int, bytes]]:
        """These mails as they came, cut after the first megabyte."""
        numbers = ",".join(map(str, uids))
        parts = self.server.uid("FETCH", numbers, f"(UID BODY.PEEK[]<0.{_MOST_OF_A_MAIL}>)")[1]
        mails = []
        for number, part in enumerate(parts):
            if not isinstance(part, tuple):
                continue
            following = parts[number + 1] if number + 1 < len(parts) else b""
            uid = _UID.search(part[0]) or _UID.search(following if isinstance(following, bytes) else b"")
            if uid:
                mails.append((int(uid[1]), part[1]))
        return mails


async def crawl(visit: Visit) -> AsyncIterator[Parsed | Item | WindowRead]:
    """Mails that came since the last crawl, by UID; everything in `look_back` the first time."""
    options: Options = visit.options
    box = _Box(options, visit.job.timeout, secret(options.password_env))
    read: dict[str, dict[str, Any]] = dict(visit.before.get("mailboxes", {}))
    visit.cursor["mailboxes"] = read
    try:
        await asyncio.to_thread(box.open)
        for mailbox in options.mailboxes:
            validity = await asyncio.to_thread(box.look_into, mailbox)
            known = read.get(mailbox, {})
            again = visit.job.since is not None or known.get("validity") != validity
            last = 0 if again else int(known["last"])
            uids = await asyncio.to_thread(box.new, last, visit.job.from_when)
            for start in range(0, len(uids), _AT_ONCE):
                for uid, body in await asyncio.to_thread(box.fetch, uids[start : start + _AT_ONCE]):
                    for parsed in _read(body, f"uid:{validity}:{uid}", options):
                        yield parsed
            read[mailbox] = {"validity": validity, "last": max([*uids, last])}
    except (imaplib.IMAP4.error, OSError) as error:
        raise Failure(f"{options.host}: {str(error)[:200] or type(error).__name__}") from None
    finally:
        await asyncio.to_thread(box.close)


def _read(body: bytes, instead: str, options: Options) -> list[Parsed]:
    """One mail. What is no mail at all is refused alone."""
    try:
        found = list(parse(body, Page(options=options)))
    except Unreadable as error:
        return [Refused("rejected", str(error), instead, excerpt(body[:500].decode("utf-8", "replace")))]
    for parsed in found:
        if isinstance(parsed, Raw) and parsed.external_id is None:
            parsed.external_id = instead
    return found


def _quoted(mailbox: str) -> str:
    """The name of a mailbox as IMAP writes it: in modified UTF-7 (RFC 3501, 5.1.3), quoted."""
    parts = []
    for part in re.split(r"([^\x20-\x7e]+)", mailbox):
        if part.isascii() and part.isprintable():
            parts.append(part.replace("&", "&-"))
        else:
            encoded = base64.b64encode(part.encode("utf-16-be", "surrogatepass")).decode()
            parts.append("&" + encoded.rstrip("=").replace("/", ",") + "-")
    name = "".join(parts).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{name}"'


def _shown(said: list[Any]) -> str:
    return " ".join(part.decode("utf-8", "replace") for part in said if isinstance(part, bytes))[:200]


KIND = Kind("imap", Options, parse, crawl, own=True)
