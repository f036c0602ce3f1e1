"""The guard on what the customer wrote: the question is answered, the topic is touched."""

from __future__ import annotations

import re
from collections.abc import Iterator

from responder.guard.finding import Context, Finding
from responder.guard.reasons import reason_finding

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


def against_mention(text: str, context: Context, mention: str, tongue: str) -> Iterator[Finding]:
    """A question without an answer, and a complaint whose topic is not touched (both warnings)."""
    from responder.composing.intent import asks

    if asks(mention) and not _ANSWERED.search(text):
        yield reason_finding("unanswered_question", "warn", 0, len(text), tongue)
    if not context.complaint or not context.topics or not text.strip():
        return
    named = {word.lower() for word in _WORDS.findall(mention)} - _STOP
    lowered = text.lower()
    if any(word in lowered for word in named):
        return
    wanted = [_TOPIC_WORDS[topic] for topic in context.topics if topic in _TOPIC_WORDS]
    if wanted and not re.search("|".join(wanted), text, re.I):
        yield reason_finding("topic_missed", "warn", 0, len(text), tongue)
