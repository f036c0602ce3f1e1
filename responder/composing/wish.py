"""What the mention wants of us: an apology, thanks, an answer, a person, or nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from responder.composing.bank import bank
from responder.composing.complaint import Complaint, Understood
from responder.composing.english.questions import asks_for_facts, begins_with_question
from responder.composing.english.wish import (
    advertises,
    asks_to_be_written_to,
    glad,
    leaves_us,
    passes_a_wish,
    passes_on,
    shrugs,
    thanks,
    turned,
    understood_en,
    waits,
)
from responder.composing.intent import asks, needs_a_person, sensitive_reason, sure_step, unwanted
from responder.composing.japanese.wish import understood_ja
from responder.composing.kinds import MARKED, MIDDLE, kind_of, likely_step
from responder.composing.register import register_of

if TYPE_CHECKING:
    from responder.drafting.request import DraftRequest

_FACTS_JA = re.compile(
    r"いつ|どこ|いくら|何時|どの|(?:使え|でき|出来|あり|もらえ|行け|戻せ|いただけ)ますか|(?<!ない)(?<!ないの)(?<!もの)(?<!たの)(?<!感じ)(?<!せい)(?<!から)(?<!ところ)でしょうか|教えて(?:くだ|下さ|ほし|欲し|いただ)"
)
_POLITELY_JA = re.compile(r"(?:です|ます|でしょう|せん|たい)(?:か|の)|教えて|ください|下さい")
_ENDS = re.compile(
    r"[^。！？!?\n.]*[?？](?:」)?|[^。！？!?\n]*(?:でしょうか|ますか|ですか|教えてください|教えて下さい|知りたいです)"
)


@dataclass(frozen=True, slots=True)
class Wish:
    """kind: complaint, mixed, remark, praise, open (nothing to name), question, sensitive, death, spam, abuse or none.

    reason: why there is no reply.
    """

    kind: str
    complaints: tuple[Complaint, ...] = ()
    reason: str | None = None
    question: str | None = None
    answer: str | None = None
    harm: str | None = None


def wish_of(request: DraftRequest) -> Wish:
    """Reads the mention together with its assessment: what the customer needs next, where that is sure, decides."""
    ja = request.language == "ja"
    text = request.text.strip()
    if (unwished := unwanted(text, request.rating)) is not None:
        return Wish(unwished, reason=_WHY[unwished][ja])
    if request.source_kind == "feed" and request.rating is None and request.kind != "review":
        return Wish("none", reason=_WHY["news"][ja])
    polarity = _polarity(request)
    alarming = request.severity == "critical" and (request.rating or 0) < 4
    if (polarity != "positive" or alarming) and (harm := _harm(request, text)) is not None:
        return Wish("death" if harm == "death" else "sensitive", harm=harm)
    if not ja and leaves_us(text):
        return Wish("none", reason=_WHY["alone"][ja])
    if not ja and request.rating is None and passes_on(text):
        return Wish("none", reason=_WHY["nothing"][ja])
    if not ja and request.rating is None and request.kind != "review" and asks_to_be_written_to(text):
        return Wish("question", question=text, answer=str(bank("en")["direct"]))
    understood = (understood_ja if ja else understood_en)(request)
    question, answer = _question(request, text)
    kind = _kind(request, polarity, understood, asked=question is not None)
    if kind == "none":
        return Wish(kind, reason=_WHY["nothing"][ja])
    if kind == "question":
        return Wish(kind, reason=None if answer else _WHY["question"][ja], question=question or text, answer=answer)
    if kind in ("praise", "open"):
        return Wish(kind)
    if kind == "remark":
        return Wish(kind, (understood.wished or understood.failed)[:1])
    if not ja and request.rating is not None and answer is None:
        question = None  # What is asked in an English review is mostly no question.
    return Wish(kind, understood.failed or understood.wished or understood.found, question=question, answer=answer)


def _harm(request: DraftRequest, text: str) -> str | None:
    """Why a person must write, if one must."""
    by_words = sensitive_reason(text, request.reasons, request.severity)
    return by_words or ("grave" if needs_a_person(request) else None)


def _kind(request: DraftRequest, polarity: str, understood: Understood, *, asked: bool) -> str:
    """By what the customer needs next; an English post says by its words whether it is sour or kind."""
    step = sure_step(request) or likely_step(request, polarity, understood, asked=asked)
    if step == "answer" and polarity == "negative" and not asked:
        step = "pass_on"  # "Forty minutes on hold, really?" asks for nothing that a fact answers.
    kind = kind_of(step, request, polarity, understood)
    if request.language == "ja":
        return kind
    if turned(request):
        return "complaint"
    if kind == "none" and waits(request):
        return "question"
    if kind == "complaint" and request.rating == MIDDLE and shrugs(request.text):
        return "open"
    if kind == "remark" and request.rating is None and asked:
        return "question"
    if (
        kind == "remark"
        and request.rating is None
        and request.sentiment == "negative"
        and not passes_a_wish(request.text)
    ):
        return "complaint"
    if kind in ("praise", "none") and advertises(request):
        return "none"
    bad = max((one.p for one in request.statements if one.bad), default=0.0)
    if kind == "praise" and not understood.praised and bad >= MARKED and all(one.bad for one in request.statements):
        return "open" if request.rating is not None else kind  # A grievance under full marks is no joy to read.
    return "praise" if kind != "question" and glad(request) else kind


def _polarity(request: DraftRequest) -> str:
    if request.language != "ja" and (turned(request) or thanks(request)):
        return "negative" if turned(request) else "positive"
    if request.rating is not None:
        if request.rating >= 4:
            return "positive"  # Whatever the model hears in it: nobody with a grievance gives full marks.
        if request.rating <= 2:
            return "negative" if request.sentiment != "positive" else "neutral"
    return request.sentiment


def _question(request: DraftRequest, text: str) -> tuple[str | None, str | None]:
    """The question as written and, where the team approved a fact, its answer."""
    begins = request.language != "ja" and begins_with_question(text)
    if not asks(text) and not begins:
        return None, None
    match = _ENDS.search(text)
    question = match[0].strip() if match else text
    if request.language == "ja":
        posted = register_of(request.source_kind, request.kind) == "social"
        if not posted and not (_FACTS_JA.search(question) and _POLITELY_JA.search(question)):
            return None, None
    elif not begins and not asks_for_facts(question, request.sentiment):
        return None, None
    lowered = text.lower()
    for fact in request.playbooks.answers:
        said = fact.ja if request.language == "ja" else fact.en
        if said and any(word.lower() in lowered for word in fact.words):
            return question, said
    return question, None


_WHY = {
    "spam": ("spam: no reply; report it to the site", "宣伝・迷惑投稿です。返信せず、サイトへ通報してください"),
    "abuse": (
        "abuse without a fact to answer: no reply, no argument; report it to the site",
        "事実を伴わない中傷です。返信も反論もせず、サイトへ通報してください",
    ),
    "news": (
        "a news item or article: no public reply; if it needs an answer, PR writes to its author",
        "記事・ニュースのため返信は不要です。応答が必要なときは広報から筆者へ連絡してください",
    ),
    "nothing": (
        "no reply needed: nothing is asked and nothing went wrong",
        "返信は不要です。ご質問もお困りごとも書かれていません",
    ),
    "alone": ("the writer asks not to be answered", "返信を望まないと書かれています"),
    "question": (
        "the answer is not among the approved facts: put it in before you post (playbooks: answers)",
        "承認済みの回答集に答えがありません。投稿の前に答えを書き入れてください(playbooks: answers)",
    ),
}
