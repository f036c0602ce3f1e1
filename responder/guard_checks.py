"""The rules of the guard that compare: with the brand, the mention, the site and earlier replies."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from responder.composing.people import name_of
from responder.composing.variation import sentences
from responder.lengths import limit_of, measure

if TYPE_CHECKING:
    from responder.guard import Context, Finding

_LINK = re.compile(r"https?://[!-(*-~]+|\bwww\.[!-(*-~]+|[A-Za-z0-9_.+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+|(?<![A-Za-z0-9_.-])[A-Za-z0-9-]+\.(?:com|net|org|jp|info|io|co|shop|site|xyz)(?![A-Za-z])(?:/[!-~]*)?")
_PHONE = re.compile(r"(?<![\w-])(?:\+?\d{1,3}[-\s])?\(?0?\d{1,4}\)?[-\s（(]\d{1,4}[-\s）)]\d{3,4}(?![\w-])|(?<!\d)0\d{9,10}(?!\d)|0120\d{6}")
_NUMBER = re.compile(
    r"(?:ご?(?:予約|注文|会員|お客様|伝票|口座|カード|契約|診察券|カルテ|受付|問い合わせ)(?:番号|No\.?|ＩＤ|ID)|(?:order|booking|reservation|account|card|customer|member(?:ship)?|confirmation|invoice|policy|patient|tracking|passport|case|ticket|reference)\s?(?:no\.?|number|id|#|ref\w*)?)"
    r"\s*(?:は|が|[:：#]|is|was|of|ending(?: in)?)?\s*[「#]?(?=[A-Z0-9-]*\d)[A-Z0-9][A-Z0-9-]{3,}",
    re.I,
)
_ROOM = re.compile(r"\d{3,4}\s?号(?:室|車)|\broom (?:no\.? |number )?\d{2,4}\b|\b\d{4}[- ]\d{4}[- ]\d{4}\b", re.I)
_POSTED = re.compile(
    r"(?:お電話番号|電話番号|ご?住所|お?名前|氏名|メールアドレス|生年月日|ご?予約番号|ご?注文番号|カード番号|連絡先)(?:と|や|、|・)?[^。]{0,16}(?:を|が)[^。]{0,8}(?:こちら|ここ|この(?:欄|投稿|返信|コメント)|返信|コメント|公開)(?:に|で|へ|欄)"
    r"|\b(?:reply|comment|post|write|share|leave|respond|answer)\b[^.!?]{0,20}\b(?:here|below|publicly|in (?:the|this) (?:comments?|thread))?[^.!?]{0,12}\bwith your (?:full )?(?:name|phone|address|e-?mail|order|booking|number|card|date of birth)"
    r"|\b(?:post|leave|share|write|put) your (?:full )?(?:name|phone|address|e-?mail|order|booking|reservation|card|number)[^.!?]{0,24}\b(?:here|below|in (?:the|this|a) (?:comments?|reply|thread|public))",
    re.I,
)
_STAFF_JA = re.compile(
    r"(?:担当(?:者)?|スタッフ|従業員|店員|フロント|受付|仲居|清掃係|料理長|看護師|医師|運転手|乗務員|ドライバー|アルバイト|部下|社員|係)(?:の|である|・|、)(?!責任者|者|方|皆|名|対応|応対|態度|際|手|配置|人|清掃|係|一|不|確|教)[一-龠]{2,4}(?=(?:が|は|を|に|も|と|から|より|の(?:対応|態度|応対|不))(?![いっ]))"
)
_SURNAMES = (
    "佐藤 鈴木 高橋 田中 伊藤 渡辺 山本 中村 小林 加藤 吉田 山田 佐々木 山口 松本 井上 木村 斎藤 林 清水 山崎 森 池田 橋本 阿部 石川 山下 中島 小川 前田 藤田 岡田 後藤 長谷川 村上 近藤 石井"
    " 坂本 遠藤 青木 藤井 西村 福田 太田 三浦 藤原 岡本 松田 中川 中野 原田 小野 田村 竹内 金子 和田 中山 石田 上田 森田 小島 柴田 原 宮崎 酒井 工藤 横山 宮本 内田 高木 安藤 島田 谷口 大野 高田 丸山 今井"
).split()
_NAMED_JA = re.compile(r"(?<![一-龠])(?:" + "|".join(_SURNAMES) + r")(?:さん|氏|(?:が|は|を|に|も)(?=[^、。\n]{0,24}(?:対応|応対|担当|案内|説明|指導|注意|厳|叱|処分|接客|謝|確認|お詫び|失礼|不)))")
_STAFF_EN = re.compile(
    r"(?:(?i:\b(?:our|the|my) (?:\w+ )?(?:receptionist|manager|waiter|waitress|server|employee|colleague|cleaner|driver|nurse|doctor|chef|cashier|agent|clerk|housekeeper|concierge|bartender|barista|host|hostess|trainee|team member|staff member|advisor|technician)),? (?:(?i:named|called) )?(?-i:(?!I\b|Hotel\b|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)[A-Z][a-z]{2,})\b)"
    r"|\b(?-i:(?!Hotel|The|Our|Front|Night|Guest|Please|Thank|What|This|That|Your|Nothing|Nobody|Everyone|Someone|Noise|Check|Room|Anyone)[A-Z][a-z]{2,}),? (?i:(?:from|at|in|on|who (?:was|is) (?:at|on)) (?:our |the )?(?:front desk|reception|housekeeping|kitchen|bar|night shift|concierge desk|support team|billing|sales))\b"
    r"|(?i:\b(?:spoken (?:to|with)|talked (?:to|with)|reprimanded|warned|disciplined|dismissed|fired|trained|coached|asked|told)) (?-i:(?!Our|The|Housekeeping|Reception|Apple|Google)[A-Z][a-z]{2,})\b(?! (?:Hotel|Team|Desk))"
)
_POLITE_END = re.compile(
    r"(?:です|ます|ました|ません|でした|でしょうか|でしょう|ますか|ませんか|ください|くださいませ|ませ|ましょう|存じます|ございます|いたします|すか|ように|まし|まして|です(?:ね|か)|ますよう|次第|拝|敬具|様|さま)[。！!？?」』）)\s]*$"
)
_PLAIN_MIDDLE = re.compile(r"(?:だった|である|であった|だ|する|した|ない|なかった|思う|だろう|くれ|たい|しろ|いる|ある|なる|なった|もらう|いく|れる|せる)[。！!]+$")
_HUMBLE = re.compile(r"させていただ")
_OTHER_HOUSE = re.compile(r"(?:この度は|先日は|平素より)?、?(?:数ある(?:中|なか)から)?(?P<name>[ァ-ヶーA-Za-z一-龠・ ]{2,18}(?:ホテル|旅館|クリニック|病院|銀行|レストラン|カフェ|ストア|モバイル|アプリ|店|亭|館|Hotel|Inn))(?:を|に|へ)(?:ご?利用|お越し|ご宿泊|ご来店|ご来館|お選び)")
_OTHER_EN = re.compile(r"\b(?:choosing|chose|staying at|stayed at|visiting|visited|dining at|shopping at|using|welcome to|here at|behalf of|team at|everyone at) (?P<name>(?:the )?(?-i:[A-Z][\w'&-]+(?: (?:of |the |and |& )?[A-Z][\w'&-]+){0,3}))", re.I)
_GENERAL_NAMES = re.compile(r"(?:当|弊|本|貴|同|各|その|この|系列|近隣|他)(?:ホテル|旅館|館|店|院|社|行)|^.{0,1}ホテル$|The App|Google|Apple|App Store|Wi-?Fi|PayPal|Help|Contact|Settings", re.I)
_SALUTE = re.compile(r"^\s*(?P<name>[^\s、。,]{1,20})(?:様|さん)(?=[\s、。　]|$)|^\s*(?:Dear|Hello|Hi|Hey) (?P<en>[A-Z][\w'.-]*(?: [A-Z][\w'.-]*)?)(?=[,!\n])")
_NOBODY = frozenset("customer guest reviewer sir madam friend all there team valued お客 ご投稿者 投稿者 皆 お客さま ゲスト お連れ".split())
_KANA = re.compile(r"[ぁ-んァ-ヶ]")
_LETTERS = re.compile(r"[^\W\d_]")
_ANSWERED = re.compile(r"お尋ね|ご?質問|お答え|お問い合わせの件|ご?案内(?:いた|し)|ございます|\b(?:you asked?|your question|answer|to answer|yes|no|we do|we have|it is|there is|they are|you can|I am checking|I will find out)\b", re.I)
_WORDS = re.compile(r"[一-龠]{2,}|[ァ-ヶー]{2,}|[A-Za-z]{4,}")
_STOP = frozenset("this that with have were they your from very just what when there their them been would could about after again because which while staff".split())
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


def checks(text: str, context: Context, tongue: str) -> Iterator[Finding]:
    """All comparing rules over one text."""
    yield from _language(text, context, tongue)
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


def _language(text: str, context: Context, tongue: str) -> Iterator[Finding]:
    if not text.strip():
        yield _finding("empty", "block", 0, len(text), tongue)
        return
    letters = len(_LETTERS.findall(text))
    kana = len(_KANA.findall(text))
    if letters >= 8 and ((tongue == "ja" and kana < letters * 0.15) or (tongue == "en" and kana > letters * 0.2)):
        yield _finding("wrong_language", "block", 0, len(text), tongue)


def _personal_data(text: str, context: Context, tongue: str) -> Iterator[Finding]:
    signature = _signature_start(text, context)
    for pattern in (_NUMBER, _ROOM, _POSTED, _STAFF_JA, _NAMED_JA, _STAFF_EN):
        if (pattern is _STAFF_EN) == (tongue == "ja") and pattern in (_STAFF_EN, _STAFF_JA, _NAMED_JA):
            continue
        match = pattern.search(text)
        if match and match.start() < signature and not _is_author(match[0], context):
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
    for match in _LINK.finditer(text):
        said = match[0].lower().rstrip("/.,")
        if not any(said in one or said.startswith(one) or one.endswith(said) for one in own) and said not in context.brand.name.lower():
            yield _finding("foreign_contact", "block", match.start(), match.end(), tongue)
            return
    for match in _PHONE.finditer(text):
        number = re.sub(r"\D", "", match[0])
        if len(number) >= 9 and not (digits and (number in digits or digits in number)):
            yield _finding("foreign_contact", "block", match.start(), match.end(), tongue)
            return


def _names(text: str, context: Context, tongue: str) -> Iterator[Finding]:
    salute = _SALUTE.match(text)
    author = name_of(context.author)
    if salute and context.mention is not None and context.author is not None:
        said = salute["name"] or salute["en"]
        if said.lower() not in _NOBODY and (author is None or (said.lower() not in author.lower() and author not in said)):
            yield _finding("wrong_name", "block", salute.start(), salute.end(), tongue)
    pattern = _OTHER_HOUSE if tongue == "ja" else _OTHER_EN
    names = [name.lower() for name in (*context.brand.names, *(one.name for one in context.brand.locations))]
    for match in pattern.finditer(text):
        said = match["name"].strip().lower().removeprefix("the ")
        known = any(said in name or name in said for name in names) or _GENERAL_NAMES.search(match["name"])
        if not known and context.mention is not None:
            yield _finding("wrong_brand", "block", match.start("name"), match.end("name"), tongue)
            return


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


def _copies(text: str, context: Context, tongue: str) -> Iterator[Finding]:
    if not context.recent:
        return
    if any(text.strip() == one.strip() for one in context.recent):
        yield _finding("copy", "block", 0, len(text), tongue)
        return
    mine = sentences(text)
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
    "foreign_contact": ("a link, address or number that is not the brand's", "ブランドのものではないリンク・連絡先です"),
    "wrong_name": ("addresses somebody else than the author", "投稿者と違う名前に宛てています"),
    "wrong_brand": ("names another house than the brand", "ブランドと違う名称です"),
    "plain_form": ("plain form in a polite reply", "敬体の返信に常体が混じっています"),
    "too_humble": ("させていただく more than once", "「させていただく」は一度までです"),
    "too_long": ("longer than the site allows", "サイトの文字数の上限を超えています"),
    "copy": ("a copy of an earlier reply on this source", "この媒体での以前の返信と同じ文章です"),
    "unanswered_question": ("the customer asked something that the reply does not answer", "ご質問に答えていません"),
    "topic_missed": ("does not touch what the customer wrote about", "お客様が書いた内容に触れていません"),
}
