"""Findings of the comparing rules, each with its reason in both languages."""

from __future__ import annotations

from responder.guard.finding import Finding


def reason_finding(rule: str, level: str, start: int, end: int, tongue: str) -> Finding:
    """A finding of a named rule from `start` to `end`, with its reason in the language of the reply."""
    return Finding(rule, level, start, end, _WHY[rule][tongue == "ja"])


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
