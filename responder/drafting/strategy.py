"""Which of the six recovery strategies fits a case, and why: the conditions of the recovery paradox, said aloud."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from config.amount import Amount

STRATEGIES = (
    "immediate_compensation",
    "process_improvement",
    "personal_attention",
    "system_upgrade",
    "policy_exception",
    "training",
)

_FIX_THE_SYSTEM = ("app", "facilities")
_FIX_THE_PROCESS = ("waiting", "delivery", "cleanliness", "booking", "communication", "food", "quality")
_MONEY = ("billing", "price")
_GRAVE = ("injury", "food_safety", "danger", "discrimination", "harassment", "data_leak", "fraud", "legal_threat")


@dataclass(frozen=True, slots=True)
class Strategy:
    """One of the six strategies (two joined by ` + `), and the reason in the reader's language."""

    name: str
    why: str


def propose(
    severity: str,
    author_history: int,
    topics: Sequence[str],
    *,
    reasons: Sequence[str] = (),
    preferred: str | None = None,
    recurring: bool = False,
    costs: Sequence[Amount] = (),
    value: Amount | None = None,
    language: str = "en",
) -> Strategy:
    """The strategy for one case.

    author_history: earlier failures of the same author; topics: strongest first; preferred: the playbook's own;
    recurring: the cause was known before this case (it was foreseeable, so the paradox does not hold);
    costs: of the playbook's remedies; value: what a customer is worth, where the operator has said so.
    """
    name, key = _choose(severity, author_history, topics[0] if topics else "other", reasons, preferred, recurring)
    cost = _cheapest(costs, value)
    if name == "immediate_compensation" and value is not None and cost is not None:
        name, key = (name, "worth") if value.covers(cost) else ("personal_attention", "dear")
    count = author_history + 1
    why = _WHY[key]["ja" if language == "ja" else "en"]
    return Strategy(name, why.format(ordinal=_ordinal(count), count=count, cost=_said(cost), value=_said(value)))


def why_in(why: str, language: str) -> str:
    """A reason that `propose` gave, in another language; one that it did not give stays as it is."""
    for texts in _WHY.values():
        for text in texts.values():
            if (found := _shape(text).fullmatch(why)) is not None:
                told = found.groupdict()
                count = _count(told["number"]) if told.get("number") else 0
                return texts["ja" if language == "ja" else "en"].format(
                    ordinal=_ordinal(count), count=count, cost=told.get("cost"), value=told.get("value")
                )
    return why


@cache
def _shape(text: str) -> re.Pattern[str]:
    """What finds the text of a reason whatever numbers stand in it."""
    shape = re.sub(r"\\{(?:ordinal|count)\\}", r"(?P<number>\\w+)", re.escape(text))
    return re.compile(re.sub(r"\\{(cost|value)\\}", r"(?P<\1>[\\d,.]+ [A-Z]{3})", shape))


def _choose(
    severity: str, history: int, topic: str, reasons: Sequence[str], preferred: str | None, recurring: bool
) -> tuple[str, str]:
    if any(reason in _GRAVE for reason in reasons):
        return "personal_attention", "grave"
    if history > 0:
        return "personal_attention", "repeat_severe" if severity in ("major", "critical") else "repeat"
    if severity == "critical":
        return "personal_attention", "critical"
    if recurring:
        return "personal_attention + process_improvement", "recurring"
    if severity == "major":
        second = preferred if preferred and preferred != "personal_attention" else "process_improvement"
        return f"personal_attention + {second}", "major"
    if preferred:
        return preferred, preferred
    return _by_topic(topic)


def _cheapest(costs: Sequence[Amount], value: Amount | None) -> Amount | None:
    """The least that a remedy costs, of those that can be compared with the value: there are no rates."""
    known = [one for one in costs if value is not None and one.currency == value.currency]
    return min(known, key=lambda one: one.amount, default=None)


def _said(amount: Amount | None) -> str:
    return f"{amount.amount:,f} {amount.currency}" if amount else ""


def _by_topic(topic: str) -> tuple[str, str]:
    if topic == "staff":
        return "training", "training"
    if topic in _MONEY:
        return "policy_exception", "policy_exception"
    if topic in _FIX_THE_SYSTEM:
        return "system_upgrade", "system_upgrade"
    if topic in _FIX_THE_PROCESS:
        return "process_improvement", "process_improvement"
    return "personal_attention", "personal_attention"


def _ordinal(count: int) -> str:
    return _ORDINALS.get(count, f"{count}th")


def _count(number: str) -> int:
    """The number of an ordinal as `_ordinal` says it, or of one in figures."""
    said = {word: count for count, word in _ORDINALS.items()}
    return said.get(number) or int(number.removesuffix("th"))


_ORDINALS = {2: "second", 3: "third", 4: "fourth", 5: "fifth"}


_WHY = {
    "grave": {
        "en": "harm, rights or the law may be involved: a senior person listens and establishes the facts; no voucher",
        "ja": "お身体・権利・法に関わるおそれがあります。責任者が直接お話を伺い、事実を確認します(お詫びの品は出しません)",
    },
    "repeat": {
        "en": "{ordinal} failure for this guest: personal call, no voucher (the paradox holds only for a first failure)",
        "ja": "このお客様には{count}度目の失敗です。クーポンではなく責任者から直接ご連絡を（対応によって以前より信頼が深まるのは、初回の失敗に限られます）",
    },
    "repeat_severe": {
        "en": "{ordinal} failure for this guest and a severe one: personal call by a lead, no voucher, goes one level up",
        "ja": "このお客様には{count}度目、しかも重い失敗です。上位の責任者から直接ご連絡を。クーポンでは収まりません",
    },
    "critical": {
        "en": "critical: a senior owner gives personal attention; compensation alone would make it worse",
        "ja": "重大な案件です。上位の責任者が直接対応します。補償だけでは逆効果になります",
    },
    "recurring": {
        "en": "known, recurring cause: it could have been foreseen, so attend to the person and remove the cause",
        "ja": "以前から分かっている原因です。予見できたと受け取られるため、直接の対応と原因の除去を併せて行います",
    },
    "major": {
        "en": "first failure but a major one: personal attention first, then the cause; the paradox is weak here",
        "ja": "初めての失敗ですが影響が大きい案件です。まず直接の対応、次に原因の除去を行います（影響が大きいほど、対応で信頼が深まる効果は弱くなります）",
    },
    "immediate_compensation": {
        "en": "first failure, a nuisance, quick to make good: settle it at once in private, and the guest may stay for good",
        "ja": "初めての失敗で影響は軽く、すぐに償えます。個別にその場で補えば、かえって信頼を深められる条件です",
    },
    "worth": {
        "en": "first failure, a nuisance, quick to make good: a remedy costs {cost}, a customer is worth {value}; settle "
        "it at once in private, and the guest may stay for good",
        "ja": "初めての失敗で影響は軽く、すぐに償えます。お詫びの費用は{cost}、お客様の価値は{value}です。個別にその場で補えば、かえって信頼を深められる条件です",
    },
    "dear": {
        "en": "first failure and a nuisance, but a remedy costs {cost} and a customer is worth {value}: a personal, quick "
        "answer does more for less",
        "ja": "初めての失敗で影響は軽い案件です。お詫びの費用が{cost}、お客様の価値は{value}のため、早く直接お答えする方が費用に見合います",
    },
    "process_improvement": {
        "en": "first failure and a nuisance with a cause in the way we work: change it and tell the guest what changed",
        "ja": "初めての失敗で影響は軽く、原因は仕事の進め方にあります。改めた内容をお伝えすれば信頼を取り戻せる条件です",
    },
    "personal_attention": {
        "en": "first failure and a nuisance: a personal, quick answer costs little and weighs much",
        "ja": "初めての失敗で影響は軽い案件です。早く、直接お答えすることが、費用をかけずに最も効きます",
    },
    "system_upgrade": {
        "en": "first failure and a nuisance, but the equipment or software will fail others too: repair, then tell",
        "ja": "初めての失敗で影響は軽いものの、設備やシステムが原因です。ほかのお客様にも起きるため、直してお知らせします",
    },
    "policy_exception": {
        "en": "first failure, about money: an exception decided in private is faster than defending the rule",
        "ja": "初めての失敗で、金額に関わる案件です。規則の説明より、個別の例外を早く決める方が効きます",
    },
    "training": {
        "en": "first failure, about conduct: a personal answer now, training so that the next guest is spared",
        "ja": "初めての失敗で、接遇に関わる案件です。直接お答えしたうえで、次のお客様のために指導を行います",
    },
}
