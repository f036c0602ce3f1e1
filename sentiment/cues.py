"""The interim classifier: counts of words that praise or blame. It knows Japanese and English, and nothing of irony.

It stays as the answer for a machine on which the network cannot be loaded, and as a yardstick: any model
that is shipped must beat it by far.
"""

import re
from collections.abc import Sequence
from math import exp

from sentiment.assessment import EMOTIONS
from sentiment.reading import Reading

_BAD = re.compile(
    r"最悪|ひど[いかす]|酷[いか]|残念|がっかり|ガッカリ|遅[いかす]|遅れ|汚[いかれ]|汚れ|不味|まずい|まずかった|臭[いかう]|壊れ|不良|二度と|返金|失礼|不快|待たさ|足りな"
    r"|届か|つながらな|繋がらな|落ちる|固まる|使えな|できな[いか]|出来な[いか]|冷め|ぬる[いか]|古[いか]|狭[いか]|うるさ|騒音|高すぎ|割高|不親切|雑[なに]|適当な対応|無愛想|態度"
    r"|クレーム|詐欺|騙|カビ|虫|髪の毛|怒|腹が立|イライラ|悲し|辛い|しんどい|つらい|無理|微妙|いまいち|イマイチ|改善|だと嬉しい|てほしい|て欲しい|ないでほし|なぜ|不安|心配|怪我|ケガ"
    r"|\b(?:bad|worst|terrible|awful|horrible|poor|rude|dirty|filthy|slow|late|delay(?:ed|s)?|broken|broke|cold|stale|waste|refund|never again"
    r"|disappoint\w*|disgust\w*|unacceptable|ignored|crash(?:es|ed|ing)?|useless|overpriced|avoid|scam|fail(?:ed|s|ure)?|wrong|missing"
    r"|smell(?:s|ed|y)?|noisy|sick|hurt|angry|annoy\w*|frustrat\w*|waiting|can'?t|won'?t|doesn'?t|didn'?t|not (?:good|great|worth|happy|working)|no one|nobody|unfortunately|sad|hate|ugly|stuck)\b",
    re.IGNORECASE,
)  # fmt: skip
_GOOD = re.compile(
    r"最高|素晴らし|すばらし|良かった|よかった|美味し|おいし|うまい|旨い|満足|親切|丁寧|快適|綺麗|きれい|嬉しかった|嬉しい|うれし|楽し|感謝|ありがと|おすすめ|オススメ|お勧め|また来|また行|また利用"
    r"|リピート|便利|神対応|可愛|かわい|好き|大好き|安心でき|助かり|助かっ|感動|笑顔|気に入|完璧|お得|推せる"
    r"|\b(?:good|great|excellent|amazing|awesome|love(?:d|ly|s)?|best|perfect\w*|friendly|kind|helpful|clean|delicious|tasty|comfortable"
    r"|fast|quick|easy|happy|thanks?|thank you|recommend\w*|wonderful|fantastic|nice|beautiful|enjoy\w*|pleased|brilliant|superb|glad|worth)\b",
    re.IGNORECASE,
)  # fmt: skip
_NOT = re.compile(r"(?:\b(?:not|never|no|hardly|isn'?t|wasn'?t|aren'?t|don'?t|didn'?t)\s+(?:\w+\s+){0,2}$)", re.I)
_NEGATED_AFTER = re.compile(r"^(?:くな[いか]|ではな|じゃな|とは言え|とはいえ|ありませ|なかった|くありません)")
_ANGER = re.compile(
    r"怒|腹が立|ふざけ|最悪|二度と|許せ|は[ぁあ]？|!!|！！|\b(?:angry|furious|disgust|unacceptable|worst|never again|scam)",
    re.I,
)
_WORRY = re.compile(r"不安|心配|怖|恐|大丈夫でしょうか|至急|\b(?:worr|afraid|scared|anxious|urgent|please help)", re.I)

_TOPICS: dict[str, str] = {
    "staff": r"店員|スタッフ|接客|従業員|係の|受付|フロント|態度|担当|staff|waiter|waitress|employee|manager|rude|friendly|receptionist|agent",
    "waiting": r"待[たちっ]|行列|遅延|並[びん]|wait|queue|\bline\b|delay|on hold",
    "delivery": r"配送|配達|届[いかく]|発送|宅配|梱包|deliver|shipp|parcel|courier|package",
    "quality": r"品質|不良|壊れ|故障|縫製|破れ|quality|broke|defect|faulty",
    "cleanliness": r"清掃|掃除|汚[いれ]|清潔|髪の毛|カビ|ほこり|埃|虫|臭[いか]|clean|dirty|filthy|hair in|mold|mould|bug",
    "facilities": r"部屋|客室|設備|風呂|温泉|トイレ|ベッド|エアコン|施設|room|bath|toilet|bed\b|shower|pool|facilit|elevator|aircon",
    "food": r"料理|食事|朝食|夕食|味|美味|不味|メニュー|食べ|food|breakfast|dinner|meal|taste|delicious|dish|menu|coffee",
    "price": r"値段|価格|料金|高[いす]|安[いく]|コスパ|割引|price|expensive|cheap|cost|value for|overpriced",
    "billing": r"請求|返金|引き落とし|決済|支払|会計|refund|charge|billing|invoice|payment",
    "booking": r"予約|キャンセル|注文|booking|reserv|cancel|order",
    "app": r"アプリ|ログイン|サイト|更新|落ちる|バグ|通信|\bapp\b|login|log in|website|update|crash|wifi|wi-fi",
    "communication": r"連絡|返信|返事|問い合わせ|説明|案内|電話|reply|respon|answer|contact|call(?:ed)?\b|email|inform",
    "safety": r"怪我|ケガ|火事|危険|食中毒|救急|事故|アレルギー|injur|fire|danger|food poison|ambulance|unsafe|hospital",
    "privacy": r"個人情報|漏[えれ]|プライバシー|personal data|privacy|leak|breach",
    "accessibility": r"車椅子|車いす|バリアフリー|障[害が]|アレルギー|wheelchair|disab|accessib|allerg",
    "surroundings": r"立地|景色|眺め|駅から|騒音|うるさ|駐車|周辺|location|view|noisy|noise|parking|near",
}
_TOPIC_PATTERNS = {name: re.compile(words, re.IGNORECASE) for name, words in _TOPICS.items()}


class CueClassifier:
    """Reads a text by its words of praise and blame."""

    name = "cues-1"

    def read(self, texts: Sequence[str], languages: Sequence[str]) -> list[Reading]:
        """One reading a text; languages other than Japanese and English mostly come out neutral."""
        del languages
        return [_read(text) for text in texts]


def _read(text: str) -> Reading:
    bad, good = len(_BAD.findall(text)), 0
    for match in _GOOD.finditer(text):
        if _NOT.search(text[: match.start()]) or _NEGATED_AFTER.match(text[match.end() :]):
            bad += 1
        else:
            good += 1
    # A complaint is often wrapped in thanks, praise seldom in blame: blame weighs more.
    negative, positive = 1.3 * bad, 1.0 * good
    scores = (exp(min(negative, 4)), 1.6, exp(min(positive, 4)))
    total = sum(scores)
    sentiment = (scores[0] / total, scores[1] / total, scores[2] / total)
    topics = {name: 0.7 for name, pattern in _TOPIC_PATTERNS.items() if pattern.search(text)}
    return Reading(sentiment, topics or {"other": 0.3}, _emotion(text, sentiment[0]), _severity(bad, sentiment[0]))


def _emotion(text: str, negative: float) -> tuple[float, ...]:
    dominant = "none"
    if negative > 0.4:
        dominant = "anger" if _ANGER.search(text) else "worry" if _WORRY.search(text) else "disappointment"
    return tuple(0.7 if emotion == dominant else 0.1 for emotion in EMOTIONS)


def _severity(bad: int, negative: float) -> tuple[float, ...]:
    if negative < 0.4:
        return (0.85, 0.1, 0.04, 0.01)
    return (0.1, 0.3, 0.55, 0.05) if bad >= 3 else (0.2, 0.6, 0.17, 0.03)
