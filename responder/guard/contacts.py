"""The guard on links, addresses and telephone numbers that are not the brand's."""

from __future__ import annotations

import re
from collections.abc import Iterator

from responder.guard.finding import Context, Finding
from responder.guard.reasons import reason_finding

_LINK = re.compile(
    r"https?://[!-(*-~]+|\bwww\.[!-(*-~]+|(?<![A-Za-z0-9_.+-])[A-Za-z0-9_.+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"
    r"|(?<![A-Za-z0-9_.@-])[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.(?:com|net|org|jp|info|io|co|shop|site|xyz|example|me|ly|gl|app"
    r"|dev|biz|tokyo|uk|de|fr|ru|cn|kr|tw|hk|eu|cc|tv|top|store|online|click|club|vip)(?![A-Za-z0-9-])(?:/[!-~]*)?",
    re.I,
)

_HANDLE = re.compile(r"(?<![\w.+-])@[A-Za-z0-9_]{3,30}")

_PHONE = re.compile(
    r"(?<![A-Za-z0-9-])(?:\+?\d{1,3}[-\s.‐-―−－]?)?(?:\(\d{2,5}\)|\d{2,5})[-\s.‐-―−－（(]?\d{2,4}[-\s.‐-―−－）)]?\d{3,6}"
    r"(?![A-Za-z0-9-])"
)


def foreign_contacts(text: str, context: Context, tongue: str) -> Iterator[Finding]:
    """The first link, handle and number that is not the brand's."""
    contact = context.brand.contact
    own = [value.lower().rstrip("/") for value in (contact.email, contact.url) if value]
    digits = re.sub(r"\D", "", contact.phone or "")
    named = " ".join(context.brand.names).lower()
    for match in _LINK.finditer(text) if "." in text or "://" in text else ():
        said = match[0].lower().rstrip("/.,")
        if said not in named and not any(_is_of(said, one) for one in own):
            yield reason_finding("foreign_contact", "block", match.start(), match.end(), tongue)
            return
    for match in _HANDLE.finditer(text) if "@" in text else ():
        said = match[0][1:].lower()
        if said not in named and said not in (context.author or "").lower() and not any(said in one for one in own):
            yield reason_finding("foreign_contact", "block", match.start(), match.end(), tongue)
            return
    for match in _PHONE.finditer(text) if re.search(r"\d\d", text) else ():
        number = re.sub(r"\D", "", match[0])
        if 9 <= len(number) <= 15 and not (digits and (number in digits or digits in number)):
            yield reason_finding("foreign_contact", "block", match.start(), match.end(), tongue)
            return


def _is_of(said: str, own: str) -> bool:
    """A page below an address of ours, or a part of it from host to path: no host that only begins or ends alike."""
    below = said == own or said.startswith((f"{own}/", f"{own}?", f"{own}#"))
    return below or re.search(rf"(?:^|[/.@]){re.escape(said)}(?:$|[/?#:])", own) is not None
