"""What a person wrote in a mail: without what was quoted, signatures, and what programs add."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_INTRODUCES = re.compile(  # what follows is an earlier mail
    r"^\s*(?:-{2,}\s*(?:original message|forwarded message|元のメッセージ|転送(?:された)?メッセージ|原文).*"
    r"|_{20,}"
    r"|(?:on|le|am|el)\b.{6,200}\b(?:wrote|a écrit|schrieb|escribió)\s*[::]"
    r"|\d{4}\s*[年/.-]\s*\d{1,2}\s*[月/.-]\s*\d{1,2}\s*日?.{0,120}(?:<[^<>\s]+@[^<>\s]+>|のメール|wrote|書きました)\s*[::]?"
    r"|.{1,80}(?:さん|様)?(?:は|が)(?:次のように)?書きました\s*[::。]?)\s*$",
    re.IGNORECASE,
)
_HEADER = re.compile(
    r"^\s*\*?(?:from|sent|date|to|cc|subject|差出人|送信者|送信日時|日時|日付|宛先|件名)\s*[::]\*?", re.IGNORECASE
)
_FROM = re.compile(r"^\s*\*?(?:from|差出人|送信者)\s*[::]\*?\s*(.*\S+@\S+.*)", re.IGNORECASE)
_SIGNATURE = re.compile(r"^--\s?$")
_ADDED = re.compile(
    r"sent from my \w+|sent from (?:outlook|yahoo|mail for)|get outlook for|(?:iphone|ipad|android|スマートフォン|"
    r"スマホ|携帯電話?|yahoo!メール).{0,12}から送信|virus-free|avast"
    r"|^\W*unsubscribe\b|unsubscribe (?:here|from this|link)|(?:here )?to unsubscribe[,:]|manage (?:your )?preferences"
    r"|配信停止|配信を停止|購読(?:を)?解除|(?:送信|配信)専用|(?:この|本)メールに(?:直接)?(?:ご)?返信(?:されまして|いただ|し)"
    r"|do not reply|no-?reply|view (?:it |this email )?in (?:your )?browser|ブラウザで(?:表示|見る)"
    r"|intended recipient|confidential|機密情報|秘密情報|誤って受信|誤送信"
    r"|all rights reserved|^\W*(?:©|\(c\)|copyright)",
    re.IGNORECASE | re.MULTILINE,
)
_LONGEST_ADDED = 1_000
_QUOTED_HTML = (
    "//blockquote | //*[contains(concat(' ', @class, ' '), ' gmail_quote ')] | //*[contains(@class, 'yahoo_quoted')]"
    " | //*[contains(@class, 'gmail_signature')] | //*[contains(@class, 'moz-cite-prefix')]"
    " | //*[@id='divRplyFwdMsg'] | //*[@id='divRplyFwdMsg']/following-sibling::*"
)


def said_in(text: str) -> str:
    """The words of the sender. A mail that only forwards keeps what it forwards."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    end = next((number for number, line in enumerate(lines) if _SIGNATURE.match(line)), len(lines))
    own = _without_added(_unquoted(lines[: _earlier_mail(lines[:end])]))
    if own:
        return own
    whole = [line for line in lines[:end] if not (_INTRODUCES.match(line) or _HEADER.match(line))]
    return _without_added(_unquoted(whole))


@dataclass(frozen=True, slots=True)
class Forwarded:
    """A mail inside a mail: who wrote it (a name with its address) and what they said."""

    sender: str
    text: str


def forwarded(text: str) -> Forwarded | None:
    """The mail that another one passes on, or None where it does not say whose it is."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    start = _earlier_mail(lines)
    while start < len(lines) and not _HEADER.match(lines[start]):
        start += 1
    end = start
    while end < len(lines) and _HEADER.match(lines[end]):
        end += 1
    sender = next((found[1] for line in lines[start:end] if (found := _FROM.match(line))), None)
    said = said_in("\n".join(lines[end:]))
    return Forwarded(sender, said) if sender and said else None


def without_quotes(html: str) -> str:
    """HTML of a mail without the parts that its programs mark as quoted or as signature."""
    from lxml import etree
    from lxml import html as markup

    try:
        tree = markup.document_fromstring(html.encode("utf-8", "replace"), markup.HTMLParser(encoding="utf-8"))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return html
    whole = str(markup.tostring(tree, encoding="unicode"))
    for part in tree.xpath(_QUOTED_HTML):
        if part.getparent() is not None:
            part.drop_tree()
    left = str(markup.tostring(tree, encoding="unicode"))
    return left if "".join(tree.itertext()).strip() else whole


def _earlier_mail(lines: Sequence[str]) -> int:
    """The line at which an earlier mail begins; their number where there is none."""
    for number, line in enumerate(lines):
        if _INTRODUCES.match(line) or all(_HEADER.match(one) for one in [*lines[number : number + 3], "-"][:3]):
            return number
        # "On … wrote:" is often broken into two lines.
        if number + 1 < len(lines) and len(line) < 120 and _INTRODUCES.match(f"{line} {lines[number + 1]}"):
            return number
    return len(lines)


def _unquoted(lines: Sequence[str]) -> str:
    return "\n".join(line.rstrip() for line in lines if not line.lstrip().startswith(">")).strip()


def _without_added(text: str) -> str:
    """Without the paragraphs at both ends that a program added; the last one that is left always stays."""
    parts = [part for part in re.split(r"\n\s*\n", text) if part.strip()]
    while len(parts) > 1 and len(parts[-1]) <= _LONGEST_ADDED and _ADDED.search(parts[-1]):
        parts.pop()
    while len(parts) > 1 and len(parts[0]) <= _LONGEST_ADDED and _ADDED.search(parts[0]):
        parts.pop(0)
    lines = "\n\n".join(parts).split("\n")
    while len(lines) > 1 and len(lines[-1]) <= 80 and (not lines[-1].strip() or _ADDED.search(lines[-1])):
        lines.pop()
    return "\n".join(lines).strip()
