"""The rules of the guard that compare: with the brand, the mention, the site and earlier replies."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from responder.composing.people import name_of
from responder.composing.variation import sentences
from responder.lengths import limit_of, measure
from responder.prefilter import Prefilter

if TYPE_CHECKING:
    from responder.guard import Context, Finding

_LINK = re.compile(
    r"https?://[!-(*-~]+|\bwww\.[!-(*-~]+|[A-Za-z0-9_.+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"
    r"|(?<![A-Za-z0-9_.@-])[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.(?:com|net|org|jp|info|io|co|shop|site|xyz|example|me|ly|gl|app|dev|biz|tokyo|uk|de|fr)(?![A-Za-z0-9-])(?:/[!-~]*)?"
)
_HANDLE = re.compile(r"(?<![\w.+-])@[A-Za-z0-9_]{3,30}")
_PHONE = re.compile(
    r"(?<![A-Za-z0-9-])(?:\+\d{1,3}[-\s]?)?(?:\(\d{2,5}\)|\d{2,5})[-\s（(]?\d{2,4}[-\s）)]?\d{3,6}(?![A-Za-z0-9-])"
)
_NUMBER = re.compile(
    r"(?:番号|No\.?|ＮＯ|№|ＩＤ|\bID|コード|\b(?:number|code|ref(?:erence)?|id|no)\b\.?)\s*(?:は|が|[:：#]|is|was|of|ending(?: in)?)?\s*[「#]?(?=[A-Z0-9-]*\d)[A-Z0-9][A-Z0-9-]{3,}"
    r"|\b(?:order|booking|reservation|account|invoice|policy|case|ticket|job(?: sheet)?|claim|confirmation)\s*#?\s?(?=[A-Z0-9-]*\d)[A-Z0-9][A-Z0-9-]{3,}|#(?=[A-Z0-9-]*\d)[A-Z0-9-]{4,}",
    re.I,
)
_ADDRESS = re.compile(
    r"[一-龠]{1,4}[市区郡](?:[一-龠ァ-ヶ]{1,6}[町村])?[一-龠ァ-ヶ0-9０-９]{0,6}(?:丁目|番地|番[0-9０-９])|\b\d{1,4}[A-Za-z]? (?-i:[A-Z][a-z]+(?: [A-Z][a-z]+)?) (?:Lane|Street|Road|Avenue|Close|Drive|Court|Terrace|Crescent|Boulevard|Gardens|Grove)\b",
    re.I,
)
# What a customer may not want known: only where the mention itself does not say it.
_PRIVATE = re.compile(
    r"糖尿病|高血圧|血圧|妊娠|うつ病|がん|癌|不妊|相続|離婚|借入|債務|滞納|病名|検査結果|持病|認知症|通院|障害者|年収|残高|ご勤務先|お勤め先"
    r"|\b(?:blood pressure|diabet\w+|pregnan\w+|depression|divorce|inheritance|bankrupt\w*|overdraft|cancer|biopsy|mortgage|arrears|salary|chemotherapy|asthma|blood test|x-ray|your (?:condition|diagnosis|test results))\b",
    re.I,
)
_OTHER_SAMA = re.compile(r"(?<![一-龠々ァ-ヶ])(?P<name>[一-龠々]{3,5})様")
_ROOM = re.compile(r"\d{3,4}\s?号(?:室|車)|\broom (?:no\.? |number )?\d{2,4}\b|\b\d{4}[- ]\d{4}[- ]\d{4}\b", re.I)
_POSTED = re.compile(
    r"(?:お電話番号|電話番号|ご?住所|お?名前|氏名|メールアドレス|生年月日|ご?予約番号|ご?注文番号|カード番号|連絡先)(?:と|や|、|・)?[^。]{0,16}(?:を|が)[^。]{0,8}(?:こちら|ここ|この(?:欄|投稿|返信|コメント)|返信|コメント|公開)(?:に|で|へ|欄)"
    r"|\b(?:reply|comment|post|write|share|leave|respond|answer)\b[^.!?]{0,20}\b(?:here|below|publicly|in (?:the|this) (?:comments?|thread))?[^.!?]{0,12}\bwith your (?:full )?(?:name|phone|address|e-?mail|order|booking|number|card|date of birth)"
    r"|\b(?:post|leave|share|write|put) your (?:full )?(?:name|phone|address|e-?mail|order|booking|reservation|card|number)[^.!?]{0,24}\b(?:here|below|in (?:the|this|a) (?:comments?|reply|thread|public))",
    re.I,
)
_STAFF_JA = re.compile(
    r"(?:担当(?:者)?|スタッフ|従業員|店員|フロント|受付|仲居|清掃係|料理長|看護師|医師|運転手|乗務員|ドライバー|アルバイト|部下|社員|係)(?:の|である|・|、)(?!責任|者|方|皆|名|記録|体制|状況|様子|研修|手配|教育|人員|負担|説明|案内|電話|画面|番号|時間|仕事|増員|言葉|経緯|対応|応対|態度|際|手|配置|人|清掃|係|一|不|確|教)[一-龠]{2,4}(?=(?:が|は|も|から|より|の(?:対応|態度|応対|不))(?![いっ]))"
)
_SURNAMES = [
    "佐藤",
    "鈴木",
    "高橋",
    "田中",
    "伊藤",
    "渡辺",
    "山本",
    "中村",
    "小林",
    "加藤",
    "吉田",
    "山田",
    "佐々木",
    "山口",
    "松本",
    "井上",
    "木村",
    "斎藤",
    "林",
    "清水",
    "山崎",
    "森",
    "池田",
    "橋本",
    "阿部",
    "石川",
    "山下",
    "中島",
    "小川",
    "前田",
    "藤田",
    "岡田",
    "後藤",
    "長谷川",
    "村上",
    "近藤",
    "石井",
    "坂本",
    "遠藤",
    "青木",
    "藤井",
    "西村",
    "福田",
    "太田",
    "三浦",
    "藤原",
    "岡本",
    "松田",
    "中川",
    "中野",
    "原田",
    "小野",
    "田村",
    "竹内",
    "金子",
    "和田",
    "中山",
    "石田",
    "上田",
    "森田",
    "小島",
    "柴田",
    "原",
    "宮崎",
    "酒井",
    "工藤",
    "横山",
    "宮本",
    "内田",
    "高木",
    "安藤",
    "島田",
    "谷口",
    "大野",
    "高田",
    "丸山",
    "今井",
]
_NAMED_JA = re.compile(
    r"(?<![一-龠])(?:"
    + "|".join(_SURNAMES)
    + r")(?:さん|氏|(?:が|は|を|に|も)(?=[^、。\n]{0,24}(?:対応|応対|担当|案内|説明|指導|注意|厳|叱|処分|接客|謝|確認|お詫び|失礼|不)))"
)
_STAFF_EN = re.compile(
    r"(?:(?i:\b(?:our|the|my) (?:\w+ )?(?:receptionist|manager|waiter|waitress|server|employee|colleague|cleaner|driver|nurse|doctor|chef|cashier|agent|clerk|housekeeper|concierge|bartender|barista|host|hostess|trainee|team member|staff member|advisor|technician)),? (?:(?i:named|called) )?(?-i:(?!I\b|Hotel\b|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)[A-Z][a-z]{2,})\b)"
    r"|\b(?-i:(?!Hotel|The|Our|Front|Night|Guest|Please|Thank|What|This|That|Your|Nothing|Nobody|Everyone|Someone|Noise|Check|Room|Anyone)[A-Z][a-z]{2,}),? (?i:(?:from|at|in|on|who (?:was|is) (?:at|on)) (?:our |the )?(?:front desk|reception|housekeeping|kitchen|bar|night shift|concierge desk|support team|billing|sales))\b"
    r"|(?i:\b(?:spoken (?:to|with)|talked (?:to|with)|reprimanded|warned|disciplined|dismissed|fired|trained|coached|asked|told)) (?-i:(?!Our|The|Housekeeping|Reception|Apple|Google)[A-Z][a-z]{2,})\b(?! (?:Hotel|Team|Desk))"
)
_POLITE_END = re.compile(
    r"(?:です|ます|ました|ません|でした|でしょうか|でしょう|ますか|ませんか|ください|くださいませ|ませ|ましょう|存じます|ございます|いたします|すか|ように|まし|まして|です(?:ね|か)|ますよう|次第|拝|敬具|様|さま)[。！!？?」』）)\s]*$"
)
_PLAIN_MIDDLE = re.compile(
    r"(?:った|んだ|いた|した|きた|れた|えた|けた|だった|かった|である|だ|する|ない|思う|だろう|くれ|たい|しろ|いる|ある|なる|もらう|いく|れる|せる|える|める)[。！!]+$"
)
_HUMBLE = re.compile(r"させていただ")
_KINDS_JA = "ホテル|旅館|商店|食堂|銀行|医院|クリニック|病院|モバイル|テレコム|レストラン|カフェ|ストア|マート|会計事務所|法律事務所|交通|運輸|バス|引越便|電機|温泉"
_OTHER_HOUSE = re.compile(
    r"(?:^|(?<=[。、\s「]))(?P<name>[一-龠々ァ-ヶーA-Za-z・][一-龠々ァ-ヶーぁ-んA-Za-z・]{1,9}?(?:"
    + _KINDS_JA
    + r"))(?=[\s　をにへでのは。、]|$)",
    re.M,
)
_OTHER_EN = re.compile(r"\b[A-Z][\w'-]+(?: (?:of |the |and |& )?[A-Z][\w'-]+){1,3}")
_CHOSEN_EN = re.compile(
    r"\b(?:[Cc]hoosing|[Cc]hose|[Ss]taying (?:at|with)|[Ss]tayed at|[Vv]isiting|[Vv]isited|[Dd]ining at|[Ss]hopping (?:at|with)|behalf of|team at|[Ww]elcome to|here at|bought at|banking with|booked with) (?:the )?(?P<name>[A-Z][\w'&-]+(?: (?:of |the |and |& )?[A-Z][\w'&-]+){0,3})"
)
_GENERAL_NAMES = re.compile(
    r"(?:当|弊|本|貴|同|各|その|この|系列|近隣|他|提携|大学|総合|ビジネス|カプセル|シティ|高速|路線|送迎|観光|最寄りの)(?:"
    + _KINDS_JA
    + r")"
)
_THANKED = re.compile(r"\b(?:Thank you|Thanks|Sorry|Welcome|Dear|Hello|Hi),? (?P<en>[A-Z][a-z]{2,})(?=[,.!])")
_SALUTE = re.compile(
    r"^\s*(?P<name>[^\s、。,]{1,20})(?:様|さん)(?=[\s、。　]|$)|^\s*(?:Dear|Hello|Hi|Hey) (?P<en>[A-Z][\w'.-]*(?: [A-Z][\w'.-]*)?)(?=[,!\n])"
)
_NOBODY = frozenset(
    [
        "customer",
        "guest",
        "reviewer",
        "sir",
        "madam",
        "friend",
        "all",
        "there",
        "team",
        "valued",
        "お客",
        "ご投稿者",
        "投稿者",
        "皆",
        "お客さま",
        "ゲスト",
        "お連れ",
    ]
)
_KANA = re.compile(r"[ぁ-んァ-ヶ]")
_LETTERS = re.compile(r"[^\W\d_]")
_ANSWERED = re.compile(
    r"お尋ね|ご?質問|お答え|お問い合わせの件|ご?案内(?:いた|し)|ございます|\b(?:you asked?|your question|answer|to answer|yes|no|we do|we have|it is|there is|they are|you can|I am checking|I will find out)\b",
    re.I,
)
_WORDS = re.compile(r"[一-龠]{2,}|[ァ-ヶー]{2,}|[A-Za-z]{4,}")
_STOP = frozenset(
    [
        "this",
        "that",
        "with",
        "have",
        "were",
        "they",
        "your",
        "from",
        "very",
        "just",
        "what",
        "when",
        "there",
        "their",
        "them",
        "been",
        "would",
        "could",
        "about",
        "after",
        "again",
        "because",
        "which",
        "while",
        "staff",
    ]
)
_TOPIC_WORDS = {
    "staff": r"応対|対応|接客|スタッフ|担当|言葉遣い|挨拶|looked after|team|staff|spoke|treat|met you|colleague|service",
    "waiting": r"お待たせ|待|お時間|遅|wait|queue|time|late|slow|hold",
    "delivery": r"お届け|届|配送|梱包|荷物|deliver|parcel|order|arriv|reach",
    "quality": r"品質|不具合|お品|商品|仕上|quality|item|product|broke|standard|last|hold up|faulty",
    "cleanliness": r"清掃|清潔|汚れ|におい|髪|虫|カビ|clean|dirt|smell|stain|hair|mould|dust",
    "facilities": r"設備|お部屋|シャワー|お湯|Wi-?Fi|エアコン|空調|room|shower|wi-?fi|work|equipment|lift|heating|air con",
    "food": r"料理|食事|朝食|お口|味|献立|food|meal|breakfast|dish|dinner|kitchen|taste|cold",
    "price": r"料金|価格|お支払い|お値段|price|paid|pay|value|cost",
    "billing": r"ご?請求|料金|お支払い|ご?返金|会計|課金|charg|bill|refund|paid|payment|fee",
    "booking": r"ご?予約|手配|booking|reserv|booked|room",
    "app": r"アプリ|画面|ログイン|通信|動作|サイト|app|log in|screen|crash|site|connection|update",
    "communication": r"ご?連絡|ご?案内|お返事|説明|お問い合わせ|お電話|told|answer|reply|inform|messages|back to you|contact",
    "surroundings": r"物音|音|静か|お休み|落ち着|noise|rest|sleep|quiet",
}


_PERSONAL = (_NUMBER, _ROOM, _POSTED, _ADDRESS, _STAFF_JA, _NAMED_JA, _STAFF_EN, _PRIVATE)
_WITH_NUMBERS = ("technology", "telecom", "e-commerce", "retail")  # support there works with reference numbers
_REFERENCE = re.compile(
    r"(?!.*(?:予約|注文|会員|契約|口座|order|booking|account|member)).*(?:番号|reference|ticket|case)", re.I | re.S
)


@lru_cache(maxsize=1)
def _prefilter() -> Prefilter:
    return Prefilter(_PERSONAL)


def checks(text: str, context: Context, tongue: str) -> Iterator[Finding]:
    """All comparing rules over one text."""
    yield from _language(text, tongue)
    yield from _personal_data(text, context, tongue)
    yield from _contacts(text, context, tongue)
    yield from _names(text, context, tongue)
    if tongue == "ja":
        yield from _register(text)
    yield from _length(text, context, tongue)
    yield from _copies(text, context, tongue)
    if context.mention is not None:
        yield from _against_mention(text, context, context.mention, tongue)


def _finding(rule: str, level: str, start: int, end: int, tongue: str) -> Finding:
    from responder.guard import Finding

    return Finding(rule, level, start, end, _WHY[rule][tongue == "ja"])


def _language(text: str, tongue: str) -> Iterator[Finding]:
    if not text.strip():
        yield _finding("empty", "block", 0, len(text), tongue)
        return
    sample = text[:160]
    letters = len(_LETTERS.findall(sample))
    kana = len(_KANA.findall(sample))
    if letters >= 8 and ((tongue == "ja" and kana < letters * 0.15) or (tongue == "en" and kana > letters * 0.2)):
        yield _finding("wrong_language", "block", 0, len(text), tongue)


def _personal_data(text: str, context: Context, tongue: str) -> Iterator[Finding]:
    signature = _signature_start(text, context)
    own_number = context.brand.industry in _WITH_NUMBERS
    possible = _prefilter().candidates(text)
    for number, pattern in enumerate(_PERSONAL):
        if (
            number not in possible
            or (pattern in (_STAFF_JA, _NAMED_JA) and tongue != "ja")
            or (pattern is _STAFF_EN and tongue == "ja")
        ):
            continue
        match = pattern.search(text)
        if match is None or match.start() >= signature or _is_author(match[0], context):
            continue
        if (
            pattern is not _NUMBER
            or not own_number
            or not _REFERENCE.match(text[max(0, match.start() - 8) : match.end()])
        ):
            yield _finding("personal_data", "block", match.start(), match.end(), tongue)
            return
    mention = (context.mention or "").lower()
    for match in _PRIVATE.finditer(text) if _PERSONAL.index(_PRIVATE) in possible else ():
        if context.mention is not None and match[0].lower() not in mention:
            yield _finding("personal_data", "block", match.start(), match.end(), tongue)
            return
    for match in _OTHER_SAMA.finditer(text) if tongue == "ja" else ():
        name = match["name"]
        if (
            not name.endswith(("者", "客", "供", "連", "方", "家族"))
            and name not in (context.author or "")
            and name not in mention
        ):
            yield _finding("personal_data", "block", match.start(), match.end(), tongue)
            return


def _signature_start(text: str, context: Context) -> int:
    own = context.brand.signature.get("ja" if context.language == "ja" else "en")
    at = text.rfind(own) if own else -1
    return at if at >= 0 else len(text)


def _is_author(found: str, context: Context) -> bool:
    author = name_of(context.author)
    return author is not None and author in found


def _contacts(text: str, context: Context, tongue: str) -> Iterator[Finding]:
    contact = context.brand.contact
    own = [value.lower().rstrip("/") for value in (contact.email, contact.url) if value]
    digits = re.sub(r"\D", "", contact.phone or "")
    named = " ".join(context.brand.names).lower()
    for match in _LINK.finditer(text) if "." in text or "://" in text else ():
        said = match[0].lower().rstrip("/.,")
        if said not in named and not any(said in one or said.startswith(one) or one.endswith(said) for one in own):
            yield _finding("foreign_contact", "block", match.start(), match.end(), tongue)
            return
    for match in _HANDLE.finditer(text) if "@" in text else ():
        said = match[0][1:].lower()
        if said not in named and said not in (context.author or "").lower() and not any(said in one for one in own):
            yield _finding("foreign_contact", "block", match.start(), match.end(), tongue)
            return
    for match in _PHONE.finditer(text) if re.search(r"\d\d", text) else ():
        number = re.sub(r"\D", "", match[0])
        if 9 <= len(number) <= 15 and not (digits and (number in digits or digits in number)):
            yield _finding("foreign_contact", "block", match.start(), match.end(), tongue)
            return


def _names(text: str, context: Context, tongue: str) -> Iterator[Finding]:
    if context.mention is None:
        return
    author = (name_of(context.author) or "").lower()
    for pattern in (_SALUTE,) if tongue == "ja" else (_SALUTE, _THANKED):
        found = pattern.search(text)
        if found is None or context.author is None:
            continue
        said = (found.groupdict().get("name") or found["en"] or "").lower()
        if said and said not in _NOBODY and not (author and (said in author or author in said)):
            yield _finding("wrong_name", "block", found.start(), found.end(), tongue)
            break
    house = _other_house(text, context) if tongue == "ja" else _other_house_en(text, context)
    if house is not None:
        yield _finding("wrong_brand", "block", *house, tongue)


def _known_names(context: Context) -> list[str]:
    return [name.lower() for name in (*context.brand.names, *(one.name for one in context.brand.locations))]


def _other_house(text: str, context: Context) -> tuple[int, int] | None:
    known = _known_names(context)
    for match in _OTHER_HOUSE.finditer(text):
        said = match["name"].lower()
        mine = any(said in name or name in said for name in known) or said in (context.mention or "").lower()
        if not mine and not _GENERAL_NAMES.search(said):
            return match.span("name")
    return None


def _other_house_en(text: str, context: Context) -> tuple[int, int] | None:
    """A name after "staying at", or one that shares a word with the brand and is not the brand."""
    known = [name.removeprefix("the ") for name in _known_names(context)]
    words = {word for name in known for word in name.split() if len(word) > 3}
    for pattern in (_CHOSEN_EN, _OTHER_EN):
        for match in pattern.finditer(text):
            said = (match["name"] if pattern is _CHOSEN_EN else match[0]).lower().removeprefix("the ")
            mine = any(said in name or name in said for name in known) or said in (context.mention or "").lower()
            if not mine and (pattern is _CHOSEN_EN or words & set(said.split())):
                return match.span()
    return None


def _register(text: str) -> Iterator[Finding]:
    outside = re.sub(r"「[^」]*」|『[^』]*』", lambda quote: "「" + "々" * (len(quote[0]) - 2) + "」", text)
    for match in re.finditer(r"[^。！!？?\n]*[。！!]", outside):
        sentence = match[0].strip()
        if len(sentence) > 4 and _PLAIN_MIDDLE.search(sentence) and not _POLITE_END.search(sentence):
            yield _finding("plain_form", "block", match.start(), match.end(), "ja")
            break
    humble = list(_HUMBLE.finditer(text))
    if len(humble) > 1:
        yield _finding("too_humble", "block", humble[1].start(), humble[1].end(), "ja")


def _length(text: str, context: Context, tongue: str) -> Iterator[Finding]:
    limit = limit_of(context.source_kind)
    if measure(text, limit.unit) > limit.maximum:
        yield _finding("too_long", "block", 0, len(text), tongue)


@lru_cache(maxsize=64)
def _said(recent: tuple[str, ...]) -> frozenset[str]:
    return frozenset().union(*(sentences(one) for one in recent))


def _copies(text: str, context: Context, tongue: str) -> Iterator[Finding]:
    if not context.recent:
        return
    mine = sentences(text)
    if not mine & _said(context.recent):
        return
    if any(text.strip() == one.strip() for one in context.recent):
        yield _finding("copy", "block", 0, len(text), tongue)
        return
    shared = max((len(mine & sentences(one)) for one in context.recent), default=0)
    if len(mine) >= 3 and shared >= len(mine) - 1:
        yield _finding("copy", "block", 0, len(text), tongue)


def _against_mention(text: str, context: Context, mention: str, tongue: str) -> Iterator[Finding]:
    from responder.composing.intent import asks

    if asks(mention) and not _ANSWERED.search(text):
        yield _finding("unanswered_question", "warn", 0, len(text), tongue)
    if not context.complaint or not context.topics or not text.strip():
        return
    named = {word.lower() for word in _WORDS.findall(mention)} - _STOP
    lowered = text.lower()
    if any(word in lowered for word in named):
        return
    wanted = [_TOPIC_WORDS[topic] for topic in context.topics if topic in _TOPIC_WORDS]
    if wanted and not re.search("|".join(wanted), text, re.I):
        yield _finding("topic_missed", "warn", 0, len(text), tongue)


_WHY = {
    "empty": ("the reply is empty", "返信が空です"),
    "wrong_language": ("not in the language of the review", "レビューと違う言語です"),
    "personal_data": (
        "personal data of a customer or of staff in public: ask for it in private",
        "お客様や従業員の個人情報です。公開の場に書かず、個別の窓口で伺います",
    ),
    "foreign_contact": (
        "a link, address or number that is not the brand's",
        "ブランドのものではないリンク・連絡先です",
    ),
    "wrong_name": ("addresses somebody else than the author", "投稿者と違う名前に宛てています"),
    "wrong_brand": ("names another house than the brand", "ブランドと違う名称です"),
    "plain_form": ("plain form in a polite reply", "敬体の返信に常体が混じっています"),
    "too_humble": ("させていただく more than once", "「させていただく」は一度までです"),
    "too_long": ("longer than the site allows", "サイトの文字数の上限を超えています"),
    "copy": ("a copy of an earlier reply on this source", "この媒体での以前の返信と同じ文章です"),
    "unanswered_question": ("the customer asked something that the reply does not answer", "ご質問に答えていません"),
    "topic_missed": ("does not touch what the customer wrote about", "お客様が書いた内容に触れていません"),
}
