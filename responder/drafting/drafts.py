"""Drafts: a public reply to one mention, composed from playbooks and phrases, and checked by the guard.

`compose` needs no model, no network and no clock; the same request gives the same draft.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

from responder.composing.acts import fitting_acts
from responder.composing.brief import Brief
from responder.composing.complaint import Complaint
from responder.composing.english.abroad import to_check
from responder.composing.english.beside import happened_before, more_than_named
from responder.composing.english.praises import Praised, praised_in
from responder.composing.english.wish import kindly
from responder.composing.japanese.praises import judges, praised_ja
from responder.composing.occasions import occasion
from responder.composing.plan import ALTERNATIVES, write
from responder.composing.register import register_of
from responder.composing.standing import comes_back, reference, still_open
from responder.composing.variation import Variation
from responder.composing.wish import Wish, wish_of
from responder.drafting.playbooks import Tongue
from responder.drafting.request import DraftRequest
from responder.drafting.strategy import Strategy, propose
from responder.guard.finding import Context, Finding
from responder.guard.guard import check

A_SHRUG = 7  # words; whoever writes more has told us what it was, and is not asked again


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another way to say it. tone: shorter, warmer or formal."""

    tone: str
    text: str


@dataclass(frozen=True, slots=True)
class DraftResult:
    """A draft. `text` is empty where no reply is fitting; the findings say why."""

    language: str
    text: str
    alternatives: tuple[Alternative, ...]
    strategy: Strategy
    playbook: str
    phrases: tuple[str, ...]
    findings: tuple[Finding, ...]

    def as_json(self) -> dict[str, Any]:
        """The shape that `kintsugi draft` prints."""
        shape = asdict(self)
        del shape["phrases"]
        return shape


def compose(request: DraftRequest) -> DraftResult:
    """The draft for `request`: text, alternatives, strategy, playbook and what the guard found."""
    language = "ja" if request.language == "ja" else "en"
    wish = wish_of(request)
    playbook, strategy = _playbook_and_strategy(request, wish, language)
    notes = _notes(request, wish, language)
    if wish.kind in ("none", "spam", "abuse", "death"):
        return DraftResult(language, "", (), strategy, playbook, (), notes)
    brief = _brief(request, wish, playbook, language)
    variation = Variation.after(((one.text, one.phrases) for one in request.recent), request.seed)
    context = context_of(request, language)
    text, phrases, findings = _written(brief, None, variation, context)
    if wish.kind == "sensitive":
        # There is one right thing to say, and a person writes it anew.
        findings = [one for one in findings if one.rule != "copy"]
    alternatives = []
    for tone in ALTERNATIVES if wish.kind not in ("sensitive", "question") else ("shorter",):
        other, _, found = _written(brief, tone, variation, context)
        if other != text and not any(one.level == "block" for one in found):
            alternatives.append(Alternative(tone, other))
    return DraftResult(
        language, text, tuple(alternatives), strategy, playbook, tuple(phrases), (*notes, *findings)
    )  # fmt: skip


def context_of(request: DraftRequest, language: str) -> Context:
    """What the guard must know about the mention and the brand."""
    return Context(
        language=language,
        brand=request.brand,
        mention=request.text,
        rating=request.rating,
        sentiment=request.sentiment,
        topics=request.topics,
        severity=request.severity,
        reasons=request.reasons,
        source_kind=request.source_kind,
        kind=request.kind,
        author=request.author,
        location=request.location,
        recent=tuple(one.text for one in request.recent),
    )


def _written(
    brief: Brief, tone: str | None, variation: Variation, context: Context
) -> tuple[str, list[str], list[Finding]]:
    """One text with its phrase ids and findings. Customer words that the guard refuses give way to the topic's own."""
    before = len(variation.picked)
    text = write(brief, tone, variation)
    findings = check(text, context)
    if any(one.level == "block" for one in findings) and any(one.certain for one in brief.complaints):
        alone = [(one,) for one in brief.complaints] if len(brief.complaints) > 1 else []
        for complaints in (*alone, (_plain(brief.complaints[0], brief),)):
            variation.picked[before:] = []
            text = write(replace(brief, complaints=complaints), tone, variation)
            findings = check(text, context)
            if not any(one.level == "block" for one in findings):
                break
    return text, variation.picked[before:], findings


def _plain(complaint: Complaint, brief: Brief) -> Complaint:
    return replace(complaint, clause=topic_clause(complaint.topic, brief.language), certain=False)


def topic_clause(topic: str, language: str) -> str:
    """The clause that only names the topic."""
    from responder.composing.frames import read_phrases

    topics = read_phrases(f"complaints.{language}.yaml")["topics"]
    return str(topics.get(topic, topics["other"]))


def _brief(request: DraftRequest, wish: Wish, playbook: str, language: str) -> Brief:
    tongue: Tongue = "ja" if language == "ja" else "en"
    praised = _praised(request, wish, language)
    acts = _acts(request, wish, playbook, tongue)
    matter = still_open(request) if wish.kind in ("complaint", "mixed") else ""
    return Brief(
        kind=wish.kind,
        language=language,
        register=register_of(request.source_kind, request.kind),
        brand=request.brand,
        author=request.author,
        location=request.location,
        source_kind=request.source_kind,
        grave=request.severity in ("major", "critical") and (request.rating is None or request.rating < 3),
        complaints=wish.complaints,
        praised=praised.named,
        acts=acts,
        question=wish.question,
        answer=wish.answer,
        quote=None,
        thanked=praised.thanked,
        harm=wish.harm,
        occasion=tuple(occasion(request.text, language)),
        content=_content(request, language),
        opinion=(judges if language == "ja" else kindly)(request),
        again=(happened_before if language == "en" else comes_back)(request.text),
        standing=matter,
        reference=reference(request.brand.industry, matter, request.text, language) if matter else "",
        shrug=len(request.text.split()) < A_SHRUG,
        more=language == "en" and more_than_named(request.text, wish.complaints),
    )


def _content(request: DraftRequest, language: str) -> bool:
    """Whether its writer is content: by the stars, in Japanese else by how it sounds."""
    if request.rating is None:
        return language == "ja" and request.sentiment == "positive"
    return request.rating >= 4


def _praised(request: DraftRequest, wish: Wish, language: str) -> Praised:
    """What is thanked for."""
    if wish.kind not in ("praise", "mixed", "remark", "open"):
        return Praised()
    if language == "en":
        return praised_in(request)
    said = praised_ja(request)
    return Praised((said,) if said else ())


def _acts(request: DraftRequest, wish: Wish, playbook: str, tongue: Tongue) -> dict[str, tuple[str, ...]]:
    """What the house does, by the playbook it comes from: acts that speak of each failure, else general ones.

    In Japanese only what the team wrote itself is claimed; else the reply says who looks into it (composing/japanese/writer.py).
    """
    books, found = request.playbooks.by_name, dict[str, tuple[str, ...]]()
    for number, complaint in enumerate(wish.complaints):
        if complaint.quoted or not complaint.certain:
            continue
        name = request.playbooks.fitting((complaint.topic,), request.text)[0]
        if number == 0 and complaint.topic in books[playbook].topics:
            name = playbook
        acts = books[name].acts.get(tongue, [])
        own = request.playbooks.written_by_team(name, tongue)
        fitting = tuple(acts) if own else fitting_acts(acts, complaint.clause, 2) if tongue == "en" else ()
        if fitting:
            found.setdefault(name, fitting)
        elif number == 0:
            break  # An act of the second failure alone would pass over the first.
    if found or (tongue == "ja" and not request.playbooks.written_by_team("general", tongue)):
        return found
    return {"general": tuple(books["general"].acts.get(tongue, []))}


def _playbook_and_strategy(request: DraftRequest, wish: Wish, language: str) -> tuple[str, Strategy]:
    if wish.kind in ("praise", "question", "none"):
        why = {
            "praise": (
                "praise: nothing to recover; thank for the very thing",
                "お褒めの言葉です。褒めてくださった点に触れて御礼を",
            ),
            "question": ("a question: answer it", "ご質問です。お答えします"),
            "none": ("nothing to recover", "対応すべき失敗はありません"),
        }[wish.kind]
        return "general", Strategy("none", why[language == "ja"])
    if wish.kind in ("spam", "abuse"):
        ja, en = "投稿先のサイトへ通報します。公開の場では返信しません", "report it to the site; no public reply"
        return "report-to-site", Strategy("none", ja if language == "ja" else en)
    topics = tuple(dict.fromkeys((*(one.topic for one in wish.complaints if one.certain), *request.topics)))
    if register_of(request.source_kind, request.kind) == "app" and set(topics) <= {"other"}:
        topics = ("app",)
    reasons = (*request.reasons, wish.harm) if wish.harm else (*request.reasons,)
    sensitive = reasons if wish.kind in ("sensitive", "death") else ()
    name, playbook = request.playbooks.fitting(topics, request.text, [one or "" for one in sensitive])
    severity = "critical" if sensitive else request.severity
    strategy = propose(
        severity,
        request.author_history,
        topics,
        reasons=[one or "" for one in sensitive],
        preferred=playbook.strategy,
        recurring=request.recurring,
        costs=[one.cost for one in playbook.remedies],
        value=request.customer_value,
        language=language,
    )
    return name, strategy


def _notes(request: DraftRequest, wish: Wish, language: str) -> tuple[Finding, ...]:
    """What the owner must know besides what the guard finds in the text itself."""
    ja = language == "ja"
    notes = []
    if wish.kind == "death":
        why = "亡くなられた方がいらっしゃるおそれがあります。下書きは作りません。責任者が直接対応します" if ja else (
            "someone may have died: there is no draft; a senior person acts in person")  # fmt: skip
        notes.append(Finding("person_must_write", "block", 0, 0, why))
    elif wish.kind == "sensitive":
        why = _SENSITIVE_WHY.get(wish.harm or "", _SENSITIVE_WHY["other"])["ja" if ja else "en"]
        notes.append(Finding("person_must_write", "block", 0, 0, why))
    elif wish.reason:
        rule = "report_to_site" if wish.kind in ("spam", "abuse") else "no_reply_needed"
        if wish.kind == "question":
            rule = "answer_needed"
        notes.append(Finding(rule, "warn", 0, 0, wish.reason))
    if request.language not in ("ja", "en") and wish.kind not in ("none", "spam", "abuse"):
        why = f"the mention is in {request.language!r}; the draft is in English: {to_check(request)}"
        notes.append(Finding("language_hint", "warn", 0, 0, why))
    return tuple(notes)


_SENSITIVE_WHY = {
    "injury": {
        "en": "injury or illness: a person must write; ask after their health, promise to establish the facts, admit nothing",
        "ja": "お怪我・体調不良の訴えです。人が書いてください(お見舞いと事実確認のみ。原因・責任には触れない)",
    },
    "discrimination": {
        "en": "discrimination or harassment: a person must write; listen and establish the facts, judge nothing in public",
        "ja": "差別・ハラスメントの訴えです。人が書いてください(お話を伺い事実を確認。公開の場で評価しない)",
    },
    "data_leak": {
        "en": "personal data: a person must write, together with the privacy officer; check the duty to report",
        "ja": "個人情報に関わる訴えです。個人情報保護の責任者とともに人が書いてください(報告期限を確認)",
    },
    "health_risk": {
        "en": "a danger to the health of a mother or child: a person must write; ask after them, establish the facts",
        "ja": "母子の健康に関わるおそれがあります。人が書いてください(ご様子を伺い事実を確認。原因・責任には触れない)",
    },
    "grave": {
        "en": "a grave matter: a person must write; listen and establish the facts, admit nothing",
        "ja": "重大な訴えです。人が書いてください(お話を伺い事実を確認。責任には触れない)",
    },
    "other": {
        "en": "a legal matter: a person must write; listen and establish the facts, admit nothing",
        "ja": "法に関わる訴えです。人が書いてください(お話を伺い事実を確認。責任には触れない)",
    },
}
