"""Masks personal data in texts for Slack, prompts and reports. An order number stays, a phone number goes.

The order of the rules matters (measured): e-mail, phone, card, My Number, account name, address, postal code. Names
cannot be found by rules; the author's name is a field of its own and is shown or hidden there.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

_EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−ーｰ－", "-"))
_DIGITS = re.compile(r"(?<![\w-])\d(?:[ -]?\d){11,18}(?![\w-])")
# Numbers that the owner needs: kept when one of these words stands right before them.
_NUMBER_WORD = re.compile(
    r"(?:注文|予約|受付|お問い?合わせ|確認|伝票|会員|追跡|番号|order|booking|reservation|confirmation|tracking|ticket"
    r"|ref(?:erence)?|no\.?|number|#)[\w\s番号はをが:：#№.-]{0,12}$",
    re.IGNORECASE,
)
_PERSONAL_WORD = re.compile(r"(?:マイナンバー|個人番号|my ?number)[^\d]{0,10}$", re.IGNORECASE)
_ACCOUNT = re.compile(
    r"(?:LINE|ライン|Instagram|インスタ|Twitter|X|Telegram|WhatsApp)\s?(?:ID|アカウント)\s?[:：は]?\s?@?[\w.]{3,30}",
    re.I,
)
_ADDRESS = re.compile(
    r"(?:東京都|北海道|大阪府|京都府|[一-龥]{2,3}県)[一-龥ぁ-んァ-ヶー]{1,12}[市区町村郡]"
    r"[一-龥ぁ-んァ-ヶー]{0,12}[0-9０-９一二三四五六七八九十]+(?:(?:丁目|番地?|号|-)[0-9一二三四五六七八九十]*)+"
)
_STREET = re.compile(
    r"\b\d{1,5} (?:[A-Z][\w'.]*\s){1,4}(?:Street|St|Avenue|Ave|Road|Rd|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Ct)\b\.?"
)
_POSTAL = re.compile(r"(?:〒\s?|^)\d{3}-?\d{4}\b", re.MULTILINE)


def masked(text: str) -> str:
    """The text with personal data replaced by what it was: `[phone]`, `[email]`, `[card]`, `[address]` …"""
    if not text:
        return text
    # Found in a normalised copy of equal length where there is one, so that the rest of the text stays as written.
    plain = unicodedata.normalize("NFKC", text)
    if len(plain) != len(text):
        text = plain
    text = _replaced(text, _EMAIL.finditer(plain), "[email]")
    text = _phones(text)
    for pattern, name, really in _RULES:
        plain = _same_length(text)
        text = _replaced(text, (found for found in pattern.finditer(plain) if really(plain, found)), name)
    return text


def _same_length(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text)
    return (plain if len(plain) == len(text) else text).translate(_DASHES)


def _replaced(text: str, found: object, name: str) -> str:
    spans = [one.span() for one in found]  # type: ignore[attr-defined]  # any iterable of matches
    for start, end in reversed(spans):
        text = text[:start] + name + text[end:]
    return text


def _phones(text: str) -> str:
    from phonenumbers import Leniency, PhoneNumberMatcher

    plain = _same_length(text)
    spans = [
        (found.start, found.end)
        for found in PhoneNumberMatcher(plain, "JP", Leniency.VALID, 100)
        if not _NUMBER_WORD.search(plain[max(0, found.start - 24) : found.start])
    ]
    for start, end in reversed(spans):
        text = text[:start] + "[phone]" + text[end:]
    return text


def _is_card(text: str, found: re.Match[str]) -> bool:
    digits = [int(digit) for digit in found[0] if digit.isdigit()]
    doubled = [(2 * digit - 9 if digit > 4 else 2 * digit) for digit in digits[-2::-2]]
    luhn = (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0
    return len(digits) >= 14 and luhn and not _NUMBER_WORD.search(text[max(0, found.start() - 24) : found.start()])


def _is_my_number(text: str, found: re.Match[str]) -> bool:
    digits = [int(digit) for digit in found[0] if digit.isdigit()]
    before = text[max(0, found.start() - 24) : found.start()]
    if len(digits) != 12 or (_NUMBER_WORD.search(before) and not _PERSONAL_WORD.search(before)):
        return False
    rest = sum(digit * (n + 1 if n <= 6 else n - 5) for n, digit in enumerate(reversed(digits[:11]), start=1)) % 11
    return digits[11] == (0 if rest <= 1 else 11 - rest)


def _always(_text: str, _found: re.Match[str]) -> bool:
    return True


_RULES: tuple[tuple[re.Pattern[str], str, Callable[[str, re.Match[str]], bool]], ...] = (
    (_DIGITS, "[card]", _is_card),
    (_DIGITS, "[personal number]", _is_my_number),
    (_ACCOUNT, "[account]", _always),
    (_ADDRESS, "[address]", _always),
    (_STREET, "[address]", _always),
    (_POSTAL, "[postal code]", _always),
)
