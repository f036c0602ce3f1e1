"""Progress messages: what the customer is told in private while the case goes on, in Japanese and English.

Templates for a person to read, change and send. They name no amount and no cause: both are known only later, and are
then written by the person who knows them.
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from config.settings import Settings
from storage.case import Case

STAGES = ("received", "investigating", "delayed", "resolved", "thanks")
_BODY = {
    "received": {
        "ja": "このたびは行き届かない点がございましたこと、心よりお詫び申し上げます。"
        "お知らせいただいた内容は確かに承りました。当日の状況をこれから確認いたします。"
        "{until}までに、私どもからあらためてご連絡いたします。",
        "en": "I am sorry about what happened. We have received what you told us, and I will look into it. "
        "You will hear from us again by {until}.",
    },
    "investigating": {
        "ja": "お知らせいただいた件につきまして、現在、当日の状況を関係する者に確かめております。"
        "お待たせしており、誠に申し訳ございません。{until}までに、分かったことをご報告いたします。",
        "en": "We are going through what happened on that day with the people involved. Thank you for waiting. "
        "I will tell you what we found by {until}.",
    },
    "delayed": {
        "ja": "お約束した日までにご報告ができず、誠に申し訳ございません。"
        "確認にいま少しお時間を頂戴したく存じます。{until}までに、必ずこちらからご連絡いたします。",
        "en": "I am sorry that you have not heard from us by the day we gave you. We need a little more time. "
        "I will write to you by {until}, whatever we know by then.",
    },
    "resolved": {
        "ja": "お知らせいただいた件につきまして、対応を終えましたのでご報告いたします。\n\n"
        "（ここに、行ったことと再発を防ぐための取り組みをお書きください）\n\n"
        "ご不明な点やお気づきのことがございましたら、このメッセージにそのままご返信ください。",
        "en": "This is to tell you that we have put right what you told us about.\n\n"
        "(Write here what was done, and what will keep it from happening again.)\n\n"
        "If anything is unclear or still not right, please just reply to this message.",
    },
    "thanks": {
        "ja": "先日は貴重なお時間を割いてお知らせくださり、誠にありがとうございました。"
        "おかげさまで、仕事の進め方を改めることができました。その後、お困りのことはございませんでしょうか。",
        "en": "Thank you for taking the time to tell us what went wrong. Because of you we were able to change the way "
        "we work. Is everything all right now?",
    },
}
_FOLLOW_UP = {
    "lead": {
        "ja": "先日お知らせいただいた件につきまして、その後のご様子を伺いたく、責任者よりご連絡いたしました。\n\n"
        "行き届かなかった点で、いまもお困りのことや、お気持ちに残っていることはございませんでしょうか。"
        "どのようなことでも、このメッセージにそのままご返信ください。責任をもって承ります。",
        "en": "I am in charge of the team that looked into what you told us, and I wanted to ask you myself: is "
        "everything all right now?\n\n"
        "If anything is still not right, or something else has come up, please reply to this message. It reaches me.",
    },
    "thanks": _BODY["thanks"],
}
_REFERENCE = {"ja": "受付番号", "en": "Reference"}


def progress_message(
    case: Case, stage: str, language: str, settings: Settings, *, until: datetime | None = None
) -> str:
    """The text of a stage (see STAGES), in Japanese or else in English.

    `until` is when the customer will hear again; the first three stages promise it and raise ValueError without.
    """
    if stage not in STAGES:
        raise ValueError(f"{stage!r} is no stage: use one of {', '.join(STAGES)}")
    tongue = "ja" if language == "ja" else "en"
    body = _BODY[stage][tongue]
    if "{until}" in body:
        if until is None:
            raise ValueError(f"{stage} promises when the customer will hear again: give that moment")
        body = body.replace("{until}", _day(until, settings.brand.zone, tongue))
    return _letter(case, body, tongue, settings)


def follow_up_message(case: Case, kind: str, language: str, settings: Settings) -> str:
    """What a person writes to the customer when a follow-up is due (see responder.outcome.follow_ups.BY_PEOPLE)."""
    tongue = "ja" if language == "ja" else "en"
    return _letter(case, _FOLLOW_UP[kind][tongue], tongue, settings)


def _letter(case: Case, body: str, tongue: str, settings: Settings) -> str:
    signature = settings.brand.signature.get(tongue, settings.brand.name)
    reference = f"{_REFERENCE[tongue]}{'：' if tongue == 'ja' else ': '}{case.ref}"
    return "\n\n".join((_greeting(case, tongue), body, f"{signature}\n{reference}"))


def _greeting(case: Case, tongue: str) -> str:
    name = case.author.name if case.author else None
    if tongue == "en":
        return f"Dear {name or 'guest'},"
    return f"{name.removesuffix('様').removesuffix('さん')}様" if name else "お客様"


def _day(moment: datetime, zone: ZoneInfo, tongue: str) -> str:
    local = moment.astimezone(zone)
    if tongue == "ja":
        return f"{local.month}月{local.day}日（{'月火水木金土日'[local.weekday()]}）"
    return f"{local:%A}, {local.day} {local:%B}"
