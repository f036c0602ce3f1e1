"""The guard on personal data: of the customer, of other guests and of staff."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from responder.composing.people import name_of
from responder.guard.finding import Context, Finding
from responder.guard.prefilter import Prefilter
from responder.guard.reasons import reason_finding

_NUMBER = re.compile(
    r"(?:番号|No\.?|ＮＯ|№|ＩＤ|\bID|コード|\b(?:number|code|ref(?:erence)?|id|no)\b\.?)\s*(?:は|が|[:：#]|is|was|of|ending(?: in)?)?\s*[「#]?(?=[A-Z0-9-]*\d)[A-Z0-9][A-Z0-9-]{3,}"
    r"|\b(?:order|booking|reservation|account|invoice|policy|case|ticket|job(?: sheet)?|claim|confirmation)\s*#?\s?(?=[A-Z0-9-]*\d)[A-Z0-9][A-Z0-9-]{3,}|#(?=[A-Z0-9-]*\d)[A-Z0-9-]{4,}|\b(?:card|account|phone|mobile)\b[^.!?]{0,12}\bending (?:in |with )?\d{2,}",
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

_SURNAMES = (
    "佐藤|鈴木|高橋|田中|伊藤|渡辺|山本|中村|小林|加藤|吉田|山田|佐々木|山口|松本|井上|木村|斎藤|林|清水|山崎|森|池田|橋本|阿部|石川|山下|中島|小川|前田|藤田|岡田|後藤|長谷川|村上|近藤|石井|坂本|"
    "遠藤|青木|藤井|西村|福田|太田|三浦|藤原|岡本|松田|中川|中野|原田|小野|田村|竹内|金子|和田|中山|石田|上田|森田|小島|柴田|原|宮崎|酒井|工藤|横山|宮本|内田|高木|安藤|島田|谷口|大野|高田|丸山|今井"
)
_NAMED_JA = re.compile(
    r"(?<![一-龠])(?:"
    + _SURNAMES
    + r")(?:さん|氏|(?:が|は|を|に|も)(?=[^、。\n]{0,24}(?:対応|応対|担当|案内|説明|指導|注意|厳|叱|処分|接客|謝|確認|お詫び|失礼|不)))"
)

_STAFF_EN = re.compile(
    r"(?:(?i:\b(?:our|the|my) (?:\w+ )?(?:receptionist|manager|waiter|waitress|server|employee|colleague|cleaner|driver|nurse|doctor|chef|cashier|agent|clerk|housekeeper|concierge|bartender|barista|host|hostess|trainee|team member|staff member|advisor|technician)),? (?:(?i:named|called) )?(?-i:(?!I\b|Hotel\b|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)[A-Z][a-z]{2,})\b)"
    r"|\b(?-i:(?!Hotel|The|Our|Everyone|Someone|Anyone|Nobody|Those|People|Guests|Colleagues)[A-Z][a-z]{2,}), who (?:was|is|has|had|looked|served|cleaned|works?|took|drove|cooked|handled|checked|answered|ran)\b"
    r"|\b(?-i:(?!Hotel|The|Our|Front|Night|Guest|Please|Thank|What|This|That|Your|Nothing|Nobody|Everyone|Someone|Noise|Check|Room|Anyone)[A-Z][a-z]{2,}),? (?i:(?:from|at|in|on|who (?:was|is) (?:at|on)) (?:our |the )?(?:front desk|reception|housekeeping|kitchen|bar|night shift|concierge desk|support team|billing|sales))\b"
    r"|(?i:\b(?:spoken (?:to|with)|talked (?:to|with)|reprimanded|warned|disciplined|dismissed|fired|trained|coached|asked|told)) (?-i:(?!Our|The|Housekeeping|Reception|Apple|Google)[A-Z][a-z]{2,})\b(?! (?:Hotel|Team|Desk))"
)

_PERSONAL = (_NUMBER, _ROOM, _POSTED, _ADDRESS, _STAFF_JA, _NAMED_JA, _STAFF_EN, _PRIVATE)

_WITH_NUMBERS = ("technology", "telecom", "e-commerce", "retail")  # support there works with reference numbers

_REFERENCE = re.compile(
    r"(?!.*(?:予約|注文|会員|契約|口座|order|booking|account|member)).*(?:番号|reference|ticket|case)", re.I | re.S
)


@lru_cache(maxsize=1)
def _prefilter() -> Prefilter:
    return Prefilter(_PERSONAL)


def personal_data(text: str, context: Context, tongue: str) -> Iterator[Finding]:
    """The first personal datum in the text, if any: never in public."""
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
            yield reason_finding("personal_data", "block", match.start(), match.end(), tongue)
            return
    mention = (context.mention or "").lower()
    for match in _PRIVATE.finditer(text) if _PERSONAL.index(_PRIVATE) in possible else ():
        if context.mention is not None and match[0].lower() not in mention:
            yield reason_finding("personal_data", "block", match.start(), match.end(), tongue)
            return
    for match in _OTHER_SAMA.finditer(text) if tongue == "ja" else ():
        name = match["name"]
        if (
            not name.endswith(("者", "客", "供", "連", "方", "家族"))
            and name not in (context.author or "")
            and name not in mention
        ):
            yield reason_finding("personal_data", "block", match.start(), match.end(), tongue)
            return


def _signature_start(text: str, context: Context) -> int:
    own = context.brand.signature.get("ja" if context.language == "ja" else "en")
    at = text.rfind(own) if own else -1
    return at if at >= 0 else len(text)


def _is_author(found: str, context: Context) -> bool:
    author = name_of(context.author)
    return author is not None and author in found
