"""What kind of answer a mention asks for, before a word is written."""

from __future__ import annotations

import re
from collections.abc import Sequence

# The words of assessment reasons (sentiment names them) that make a person write.
SENSITIVE = ("injury", "food_safety", "discrimination", "harassment", "data_leak")

_DEATH = re.compile(
    r"亡くな(?:っ|り|ら)|死亡|死去|逝去|他界|(?:母|父|妻|夫|息子|娘|祖母|祖父|友人|子供|子ども|赤ちゃん|客|人|患者)[^。]{0,6}死(?:ん|に)"
    r"|\b(?:passed away|lost (?:his|her|their) li(?:fe|ves)|(?:she|he|they|mother|father|mom|mum|dad|wife|husband|son|daughter|baby|child|grand\w+|brother|sister"
    r"|guest|patient|passenger|man|woman|people|person|friend)s? (?:\w+ ){0,2}(?:died|was killed|were killed|is dead|was found dead)|death of (?:my|our|a|his|her)|fatal(?:ity|ities|ly)?)\b",
    re.I,
)  # fmt: skip
_DEATH_NOT = re.compile(
    # Somebody who was dead before, a pet, or what is left of them: not a death with us.
    r"亡くなった(?:母|父|祖母|祖父|夫|妻|主人|両親|家族|猫|犬|愛犬|愛猫|ペット|うさぎ|友人|義母|義父)(?:の|が好き|と|から|を|に)|相続|形見|遺品|法事|葬儀|供養|喪"
    r"|\b(?:inherit\w*|probate|funeral|memorial|(?:my|our) (?:old )?(?:dog|cat|rabbit|pet) died|since (?:my|our) \w+ (?:died|passed))\b|(?:battery|phone|laptop|tablet|wi-?fi|signal|app|screen|car|engine)\W+(?:\w+\W+){0,2}died|気が(?:遠|失)|死ぬほど|fatal error",
    re.I,
)
_BODY = re.compile(
    r"怪我|ケガ|骨折|火傷|やけど|出血|救急|病院に(?:運|行)|入院|転倒し|転んで(?:し|腰|膝|手|頭|怪)|縫(?:う|い(?!目|ぐるみ|物|付|合|代|糸|製)|った)|アナフィラキシー|蕁麻疹|じんましん|発疹|かぶれ|皮膚炎|食中毒|食あたり|ノロ|嘔吐|下痢|お腹を(?:壊|こわ)|腹痛"
    r"|吐い(?:て|た)|吐き気|体調(?:を崩|が悪く|不良)|アレルギー(?:反応|症状)|一酸化炭素|感電|歯が(?:欠|折)"
    r"|\b(?:injur(?:y|ed|ies)|food[- ]?poison\w*|hospital(?:i[sz]ed)?|ambulance|stitches|fractur\w+|concussion|bleeding|vomit\w*|threw up|throwing up|diarrh?o?ea|allergic reaction"
    r"|anaphyla\w+|hives|rash|burn(?:ed|t) (?:my|her|his)|broke (?:my|her|his) (?:arm|leg|wrist|ankle|hip|tooth|toe|finger|nose|foot)|(?:got|were|was|fell|felt|became|been|all|(?:made|making) (?:me|us|him|her|them)) (?:really |very |so |violently )?(?:sick|ill)(?! of\b| and tired)|stomach ?aches?|stomach cramps|upset stomach"
    r"|slipped and (?:fell|hit|hurt)|emergency room|norovirus|salmonella)\b",
    re.I,
)  # fmt: skip
# A danger to health that has not shown yet: with child, or an infant, and something harmful in the air or the walls.
_RISK = re.compile(
    r"(?=.*(?:妊娠|妊婦|赤ちゃん|乳児|新生児))(?=.*(?:カビ|かび|ガス|アスベスト|煙|殺虫|漏電|農薬))"
    r"|(?=.*\b(?:pregnan\w*|expecting a (?:child|baby)|newborn|infant)\b)(?=.*\b(?:damp|mou?ld|gas leak|asbestos|lead paint|carbon monoxide|fumes|pesticides?|toxic)\b)"
    r"|(?=.*\b(?:baby|toddler|infant|newborn)\b)(?=.*\b(?:snapp\w+|collaps\w+|slid out|fell (?:off|out)|chok\w+|came (?:loose|undone)|suffocat\w+)\b)",
    re.I | re.S,
)
_DIGNITY = re.compile(
    r"差別|人種|外国人(?:だから|は(?:お断り|入|泊)|お断り)|セクハラ|パワハラ|ハラスメント|痴漢|盗撮|(?:体|お尻|胸|足|腰)を触|触られ|盲導犬[^。]{0,12}(?:断|拒)|車(?:椅子|いす)[^。]{0,12}(?:断|拒否|お断り)|障(?:害|がい)[^。]{0,10}(?:断|拒|笑|だから)"
    r"|\b(?:racis[tm]\w*|racial\w*|discriminat\w*|harass\w*|assault\w*|grop(?:ed|ing)|slurs?|homophob\w*|sexis[tm]|because (?:of my|I'?m|I am|we'?re|we are) (?:skin|race|colou?r|accent|black|asian|gay|muslim|jewish|foreign\w*|disabled|deaf|blind|trans|in a wheelchair)"
    r"|(?:in (?:a )?hijab|headscarf|my hijab|white (?:women|woman|men|man|people|couple|couples|family|customers|guests|kids)|people of colou?r|(?:we|i) both know why|we both know why|we all know why)"
    r"|(?:wheelchair|disabled|disability|blind|deaf)[^.!?]{0,60}(?:humiliat\w*|lifted|refused|laughed|mocked)|(?:lifted|humiliat\w*)[^.!?]{0,30}wheelchair|(?:refused|denied|turned away)[^.!?]{0,30}(?:guide dog|service dog|wheelchair))\b",
    re.I,
)  # fmt: skip
_LEAK = re.compile(
    r"登録していない(?:アドレス|番号|メール)|(?:履歴|情報|メール|明細|書類|請求書)[^。]{0,24}(?:別の|他人|夫|妻|家族|会社|知らない|違う)[^。]{0,8}(?:アドレス|宛|人に|方に|届)|個人情報[^。]{0,14}(?:漏|流出|見られ|他人|丸見え|晒)|情報漏(?:洩|えい|れ)|流出|(?:他人|別人|他の(?:人|客|方|患者))の(?:名前|住所|情報|履歴|注文|予約|カルテ|明細|口座|電話番号|メール)|誤送信|不正(?:アクセス|ログイン)|乗っ取"
    r"|\b(?:data (?:leak|breach)\w*|leaked? (?:my|our|customer|personal)|breach|hacked|(?:someone|somebody) else'?s? (?:\w+ ){0,2}(?:name|address|order|account|details|data|records?|bank|statement|results?|invoice|messages?)"
    r"|another (?:customer|patient|person|guest|user|client)'?s? (?:\w+ ){0,2}(?:name|address|order|account|details|data|records?|results?|statement|messages?|booking|invoice|file)|identity theft|stranger'?s (?:\w+ )?(?:mortgage|account|statement|name|balance|order|data|details|records?|booking)|(?:my|our) (?:payslips?|records?|results?|statements?|data|details|passport|file|salary|medical \w+|(?:new |home )?address|number)[^.!?]{0,30}(?:to (?:the |a |another )?(?:wrong|someone|somebody|stranger|my ex|new customer|other)|(?:wrong|another|other|new) (?:client|customer|patient|person|guest))|showed my ex|gave my (?:number|address|details))\b",
    re.I,
)  # fmt: skip
_SPAM = re.compile(
    r"副業[^。]{0,14}(?:稼|月|詳細|プロフ|登録|収入)|稼げ|月(?:に)?\d+万|プロフ(?:ィール)?へ|【急募】|キャンペーン中[^。]{0,8}(?:→|プロフ|http)|在宅で(?:月|簡単)|LINE(?:追加|登録|で(?:無料|配布))|友だち追加|公式LINE|出会い|パパ活|投資(?:で|の)(?:月|秘|成功)|仮想通貨|無料プレゼント企画|今すぐ(?:登録|クリック)|プロフ(?:ィール)?(?:見て|から|のリンク)|フォロワー(?:増|販売)|激安(?:コピー|ブランド)|当選しました|詳細はこちら.*http"
    r"|\b(?:click (?:here|the link|my (?:profile|link|bio))|crypto|bitcoin|forex|make (?:\$|money)|earn \$?\d|work from home|whats ?app (?:me|\+|us)|telegram|t\.me/|bit\.ly|casino|onlyfans|viagra|escort|followers? (?:cheap|for sale)|promo code|use (?:my )?code|dm (?:me )?for|"
    r"link in bio|check out my|visit my (?:site|page|channel|profile)|buy (?:reviews|followers)|free (?:gift ?cards?|iphone)|seo services|limited offer|loan(?:s)? approved|recovered my (?:funds|money|account)|spell caster|my broker|guaranteed \d+%|\d+% (?:weekly|daily|profit|returns?)|great returns|account manager mrs?|sugar daddy)\b",
    re.I,
)  # fmt: skip
_ABUSE = re.compile(
    r"死ね|殺す|顔がキモ|氏ね|消えろ|潰れろ|つぶれろ|ぶっ殺|反社|ヤクザ|犯罪者|詐欺師|在日|チョン|キチガイ|ガイジ|社長は(?:逮捕|前科|不倫)|店長は(?:逮捕|前科|不倫)|枕営業|脱税(?:して|店)|カルト"
    r"|\b(?:kill yourself|kys|die\b.{0,12}(?:all|you)|burn (?:it|this|the place) down|criminals?|mafia|money laundering|pedo\w*|nazi\w*|cult|go to hell|fuck (?:you|off|this)|tax evad\w*|drug deal\w*|(?:ceo|owner|boss|manager) is a|imagine paying|clowns?|lizards?)\b",
    re.I,
)  # fmt: skip
_INJECTION = re.compile(
    r"(?:これまで|以前|上記|今まで|すべて)の(?:指示|命令)|プロンプト|返信に(?:書|含め|入れ)(?:いて|て)|\b(?:ignore|disregard|forget)\b[^.!?]{0,20}\b(?:previous|prior|above|all|your) (?:\w+ )?(?:instructions?|rules?|prompts?)|system prompt",
    re.I,
)
_QUESTION = re.compile(
    r"[?？]|(?:でしょうか|ますか|ですか|ませんか|のかな|かしら|教えて(?:ください|下さい|ほしい|欲しい)|知りたい)(?:[。\s]|$)"
    r"|(?:^|[.!\n]\s*)(?:do|does|is|are|can|could|what|when|where|which|how|anyone know|does anyone)\b[^.!]{4,}\?",
    re.I,
)
_SENTENCE = re.compile(r"[^。！？!?\n.]+[。！？!?.]*")
# 「もう無かったんだけど？」: a grievance with a question mark.
_TRAILING = re.compile(
    r"^(?!.*(?:いつ|どこ|何|いくら|どの|どう|誰|ですか|ますか|でしょうか|教えて|かな)).*(?:けど|のに|が|し|やん|よね|じゃん)[。、…]*[?？]+$"
)
_RHETORIC = re.compile(
    r"(?:どうなって|どうやって.{0,8}ろと|気(?:は|が)?あります|やん|つもり|なのかな|詐欺ですか|何(?:を)?考え|なぜ|何故|なんで|何で|どういうこと|いつになったら|信じられ|ありえ|おかしくない|ひどくない|何様|馬鹿|バカ)"
    r"|\b(?:what (?:kind|sort) of|how (?:hard|dare|come|is (?:that|this|it)|can you|could you|do you|difficult)|why (?:on earth|would (?:anyone|you|i)|bother|even|not|can'?t|won'?t|is it so|should i|am i|do (?:you|they) (?:even|bother))|seriously|what (?:does|do) (?:this|that|it|you) even|are you kidding|really|who does|who tested|who has|how does that|what are they|what'?s the point|(?:is|was) (?:it|that|this) (?:too much|that hard|so hard|right|fair|normal|acceptable|legal|a joke))\b",
    re.I,
)


# What the model alone says counts only where the words leave it open.
_IN_WORDS = {
    "food_safety": re.compile(
        r"生(?:焼|煮|だっ)|アレルギ|異物|腹|腐|期限(?:が|の)?(?:切れ|過ぎ)|火が通|変な(?:味|臭|匂)|吐|下痢|食あたり|ビニール|金属|ガラス"
        r"|\b(?:food|eat\w*|ate|meals?|dish\w*|drinks?|chicken|meat|fish|egg\w*|allerg\w*|coeliac|celiac|gluten|nuts?|kitchen|restaurant|raw|undercooked|stomach|fries|waiter)\b",
        re.I,
    ),
    "data_leak": re.compile(
        r"個人|住所|電話番号|メールアドレス|口座|カルテ|診断書|履歴書|他人|別人|他の(?:人|客|方|患者|お客)|知らない人|見られ|(?:情報|データ|内容|会話)[^。]{0,8}漏れ|晒|写真を(?:撮|載)|勝手に(?:公開|使)"
        r"|\b(?:personal|privacy|private|data|details|address|email(?:ed)? (?:to|my)|account number|password|records?|results?|someone else|somebody else|another (?:customer|patient|person|guest|client)|stranger|leaked?|exposed|visible to)\b",
        re.I,
    ),
    **dict.fromkeys(
        ("harassment", "discrimination"),
        re.compile(
            r"年寄り|高齢|外国|国籍|肌|女だ|女性|男性|男だ|子連れ|障|車(?:椅子|いす)|馬鹿に|差別|触|いやらし|しつこ|つきまと|人種|宗教|妊|盗撮|見た目|容姿|方言|訛"
            r"|\b(?:old|elderly|age|race|black|white|asian|foreign\w*|accent|wom[ae]n|girls?|gay|muslim|jewish|disab\w*|wheelchair|deaf|blind|pregnan\w*|trans|religio\w*|skin|touch\w*|inappropriate|comments?|stared|followed|hijab|nationality|autis\w*)\b",
            re.I,
        ),
    ),
    "injury": re.compile(
        r"痛|血|腫|病|具合|体調|倒れ|(?<!末)転|ぶつ|挟ま|切っ|打っ|落ち(?:て|た)|刺さ|けが|怪我|救急|骨|熱|咳|めまい|吐|しびれ|アレルギ|やけど|火傷"
        r"|\b(?:hurt|pain\w*|bleed\w*|blood|cut|fell|fall|slip\w*|trip\w*|bruis\w*|swollen|sick|ill|sore|wound\w*|burn\w*|scald\w*|break|broke|hospital|doctor|ambulance|faint\w*|allerg\w*|chok\w*|head|knee|ankle|wrist)\b",
        re.I,
    ),
}


def sensitive_reason(text: str, reasons: Sequence[str], severity: str) -> str | None:
    """The reason for which a person must write, if there is one: named by the assessment, or plain in the words."""
    if _DEATH.search(text) and not _DEATH_NOT.search(text):
        return "death"
    if _BODY.search(text):
        return "injury"
    if _DIGNITY.search(text):
        return "discrimination"
    if _LEAK.search(text):
        return "data_leak"
    if _RISK.match(text):
        return "health_risk"
    named = [reason for reason in SENSITIVE if reason in reasons]
    if severity != "critical":
        return None
    return next((reason for reason in named if reason not in _IN_WORDS or _IN_WORDS[reason].search(text)), None)


def unwanted(text: str, rating: float | None) -> str | None:
    """spam or abuse: no reply, the site is told. A concrete complaint is never called abuse for its temper."""
    if _SPAM.search(text) and (rating is None or len(text) < 400):
        return "spam"
    if _INJECTION.search(text):
        return "spam"
    if _ABUSE.search(text) and len(text) < 120:
        return "abuse"
    return None


def asks(text: str) -> bool:
    """Whether it asks something that wants an answer (a rhetorical question does not)."""
    return any(
        _QUESTION.search(sentence[0]) and not _RHETORIC.search(sentence[0]) and not _TRAILING.search(sentence[0])
        for sentence in _SENTENCE.finditer(text)
    )
