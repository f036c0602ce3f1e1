"""What the mention wants of us: an apology, thanks, an answer, a person, or nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from responder.composing import complaints_en, complaints_ja
from responder.composing.complaint import Complaint
from responder.composing.intent import asks, sensitive_reason, unwanted
from responder.composing.praises import praises
from responder.composing.register import register_of

if TYPE_CHECKING:
    from responder.request import DraftRequest

_BUT = re.compile(
    r"(?:ただ|しかし|でも|けど|けれど|一方|惜し|難点|残念|だけど|ものの|が、)|\b(?:but|however|only|except|although|though|wish|downside|unfortunately|shame|let down)\b",
    re.I,
)
_TROUBLED = re.compile(
    r"困|のに|来な|遅|ひどい|酷い|最悪|壊|間違|使えな|できな|出来な|動かな|不便|残念|まま|\b(?:not|n't|never|no one|nobody|still|late|broken|wrong|down|lost|missing|fail\w*|charged|rude|waiting|slow|cold)\b|n't",
    re.I,
)
_ASKS_FOR_FACTS = re.compile(
    r"いつ|どこ|いくら|何時|どの|(?:使え|でき|出来|あり|もらえ|行け|戻せ|いただけ)ますか|でしょうか|教えて|\b(?:when|where|how (?:much|long|many|early|late|do i|can i)|do you|does (?:it|the)|is there|are there|can (?:i|you|we))\b",
    re.I,
)
_RESOLVED = re.compile(
    r"(?:すぐ|快く)[^。]{0,10}(?:交換|対応|直し|取り替え)|\b(?:swapped|sorted|fixed|replaced|put (?:it )?right|apologi[sz]ed)\b",
    re.I,
)
_ENDS = re.compile(
    r"[^。！？!?\n.]*[?？](?:」)?|[^。！？!?\n]*(?:でしょうか|ますか|ですか|教えてください|教えて下さい|知りたいです)"
)


@dataclass(frozen=True, slots=True)
class Wish:
    """kind: complaint, mixed, praise, open (nothing to name), question, sensitive, death, spam, abuse or none.

    reason: why there is no reply.
    """

    kind: str
    complaints: tuple[Complaint, ...] = ()
    reason: str | None = None
    question: str | None = None
    answer: str | None = None
    harm: str | None = None


def wish_of(request: DraftRequest) -> Wish:
    """Reads the mention together with its assessment."""
    ja = request.language == "ja"
    text = request.text.strip()
    if (unwished := unwanted(text, request.rating)) is not None:
        return Wish(unwished, reason=_WHY[unwished][ja])
    polarity = _polarity(request)
    if polarity != "positive":
        harm = sensitive_reason(text, request.reasons, request.severity)
        if harm == "death":
            return Wish("death", harm=harm)
        if harm is not None:
            return Wish("sensitive", harm=harm)
    found = _complaints(request, text)
    certain = tuple(one for one in found if one.certain)
    question, answer = _question(request, text)
    if polarity == "positive":
        return _positive(request, certain, text)
    understood = any(not one.quoted and not one.plain for one in certain)
    if question is not None and (request.rating is None or request.rating >= 3) and not understood:
        return Wish("question", reason=None if answer else _WHY["question"][ja], question=question, answer=answer)
    if polarity == "neutral":
        return _neutral(request, tuple(found), certain, question, answer, text)
    if request.source_kind == "feed" and request.rating is None and not certain:
        return Wish("none", reason=_WHY["news"][ja])
    if request.rating is not None and request.rating >= 3 and praises(text, "ja" if ja else "en") and certain:
        return Wish("mixed", certain, question=question, answer=answer)
    if request.rating == 3 and not certain:
        return Wish("open")
    return Wish("complaint", tuple(found), question=question, answer=answer)


def _positive(request: DraftRequest, certain: tuple[Complaint, ...], text: str) -> Wish:
    """Praise, or praise with one thing that was not right."""
    # What we put right at once is no complaint any more, unless it is understood to be one.
    put_right = _RESOLVED.search(text) is not None
    wrong = tuple(one for one in certain if not one.quoted and not (put_right and one.plain))
    if wrong and request.rating != 5 and (_BUT.search(text) or request.rating in (3, 4)):
        return Wish("mixed", wrong[:1])
    return Wish("praise")


def _complaints(request: DraftRequest, text: str) -> list[Complaint]:
    """What went wrong, with our own names left out: they are no thing that went wrong."""
    for name in sorted(request.brand.names, key=len, reverse=True):
        text = text.replace(name, " " * len(name)) if len(name) > 2 else text
    if request.language == "ja":
        register = register_of(request.source_kind, request.kind)
        return complaints_ja.complaints(text, request.topics, request.evidence, register, request.brand.industry)
    return complaints_en.complaints(text, request.topics, request.evidence)


def _neutral(
    request: DraftRequest,
    found: tuple[Complaint, ...],
    certain: tuple[Complaint, ...],
    question: str | None,
    answer: str | None,
    text: str,
) -> Wish:
    ja = request.language == "ja"
    praised = praises(text, "ja" if ja else "en")
    plain = any(not one.quoted and not one.plain for one in certain)
    if question is not None and not (plain and request.rating is not None):
        return Wish("question", reason=None if answer else _WHY["question"][ja], question=question, answer=answer)
    if request.rating is not None or request.kind == "review":
        if certain:
            return Wish("mixed" if praised else "complaint", certain)
        if praised:
            return Wish("praise")
        return Wish("open") if request.rating == 3 or set(request.topics) <= {"other"} else Wish("complaint", found)
    if certain and _TROUBLED.search(text) and request.source_kind != "feed":
        return Wish("mixed" if praised else "complaint", certain)
    return Wish("none", reason=_WHY["news" if request.source_kind == "feed" else "nothing"][ja])


def _polarity(request: DraftRequest) -> str:
    if request.rating is not None:
        if request.rating >= 5:
            return "positive"  # Whatever the model hears in it: nobody with a grievance gives full marks.
        if request.rating >= 4:
            return "positive"
        if request.rating <= 2:
            return "negative" if request.sentiment != "positive" else "neutral"
    return request.sentiment


def _question(request: DraftRequest, text: str) -> tuple[str | None, str | None]:
    """The question as written and, where the team approved a fact, its answer."""
    if not asks(text) or ((request.rating or 5) <= 2 and not _ASKS_FOR_FACTS.search(text)):
        return None, None
    match = _ENDS.search(text)
    question = match[0].strip() if match else text
    tongue = "ja" if request.language == "ja" else "en"
    lowered = text.lower()
    for fact in request.playbooks.answers:
        said = fact.ja if tongue == "ja" else fact.en
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
    "question": (
        "the answer is not among the approved facts: put it in before you post (playbooks: answers)",
        "承認済みの回答集に答えがありません。投稿の前に答えを書き入れてください(playbooks: answers)",
    ),
}
