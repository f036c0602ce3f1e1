"""How the reply addresses the author, names the house, and where it asks them to write."""

from __future__ import annotations

import re

from config.brand import BrandSettings
from responder.composing.bank import bank

_NOBODY = re.compile(
    r"匿名|名無し|ななし|ゲスト|退会|ユーザー|投稿者|anonymous|google user|guest|someone|deleted|user\d|unknown|^n/?a$|^[\d\W_]+$|https?:|www\.|\.com|[<>{}\[\]\\|#]",
    re.I,
)
_UNFIT = re.compile(
    r"死|殺|クソ|糞|馬鹿|バカ|アホ|詐欺|被害|最悪|最低|怒|返せ|戻せ|許さ|ふざけ|アンチ|fuck|shit|hate|scam|worst|kill|angry|official|公式|支配人|店長",
    re.I,
)
_BOTH = 2  # words of a name that is said as a whole
_TITLE = re.compile(r"(?:さん|様|さま|氏|ちゃん|くん|君|殿)$")
_PERSON = re.compile(r"([A-Z][a-z]{1,14}(?:-[A-Z][a-z]+)?)(?:\s+[A-Z][\w.'-]*){0,3}")


def name_of(author: str | None) -> str | None:
    """The author as written, without handle marks and titles; None where no name can be used in public."""
    name = (author or "").strip().lstrip("@＠").split("@")[0].strip()
    name = _TITLE.sub("", name)
    if not 1 <= len(name) <= 20 or _NOBODY.search(name) or _UNFIT.search(name):
        return None
    return name


def salutation(author: str | None, brand: BrandSettings, language: str, register: str, *, formal: bool = False) -> str:
    """「山田様」, "Hello Emma,"."""
    name = name_of(author)
    if language == "ja":
        title = brand.address if register == "social" and not formal else "様"
        return f"{name}{title}" if name else ("ご投稿者様" if register != "social" else "")
    person = _first_name(name) if name else None
    if person:
        return f"Dear {person}," if formal else f"Hello {person}," if register == "review" else f"Hi {person},"
    if formal:
        return "Dear customer,"
    return "Hello," if register == "review" else ""


def _first_name(name: str) -> str | None:
    """ "Emma" of "Emma W."; both words of "Nan Jean"; None where nothing is surely a name."""
    person = _PERSON.fullmatch(name)
    if person is None or person[1] not in bank("en")["before_names"]:
        return person[1] if person else None
    words = name.split()
    return name if len(words) == _BOTH else None


def house_of(brand: BrandSettings) -> str:
    """当館, 当店, 弊社 …: the brand's own word, or that of its industry."""
    if brand.house:
        return brand.house
    if brand.industry == "hospitality" and re.search(r"ホテル|hotel", brand.name, re.I):
        return "当ホテル"
    own: dict[str, str] = bank("ja")["house_named"]
    named = next((said for part, said in own.items() if part in brand.name), None) if _is_office(brand) else None
    return named or str(bank("ja")["house"][brand.industry or "any"])


def _is_office(brand: BrandSettings) -> bool:
    return brand.industry in ("financial-services", "professional-services")


def contact_of(brand: BrandSettings, language: str, register: str) -> str | None:
    """Where to write in private; in Japanese the house itself where no address is set."""
    contact = brand.contact
    if brand.contact_in_reply:
        if register == "review" and contact.email is None and contact.phone:
            return f"お電話（{contact.phone}）" if language == "ja" else contact.phone
        if address := contact.email or contact.url or contact.phone:
            return address
    if language != "ja":
        return None
    if register == "social":
        return "ダイレクトメッセージ"
    return "アプリ内の「お問い合わせ」" if register == "app" else house_of(brand)


def signature_of(brand: BrandSettings, language: str, location: str | None, register: str) -> str:
    """The brand's own signature, or its name (with the place); none on networks, where the account signs."""
    if register == "social":
        return ""
    if (own := brand.signature.get("ja" if language == "ja" else "en")) is not None:
        return own
    name = written_name(brand, language)
    return f"{name} {location}" if location and location not in name else name


def written_name(brand: BrandSettings, language: str) -> str:
    """The brand's name; in English the first one in Latin letters, where there is one."""
    latin = (name for name in brand.names if name.isascii() and not name.startswith(("@", "#")))
    return brand.name if language == "ja" else next(latin, brand.name)
