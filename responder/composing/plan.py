"""The order of a reply and how it is fitted into the site's limit."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from config.brand import BrandSettings
from responder.composing.bank import bank, phrases
from responder.composing.complaint import Complaint
from responder.composing.people import contact_of, house_of, salutation, signature_of, written_name
from responder.composing.variation import Variation
from responder.lengths import limit_of, measure

ALTERNATIVES = ("shorter", "warmer", "formal")


@dataclass(frozen=True, slots=True)
class Brief:
    """All that a reply is written from."""

    kind: str
    language: str
    register: str
    brand: BrandSettings
    author: str | None
    location: str | None
    source_kind: str | None
    grave: bool
    complaints: tuple[Complaint, ...]
    praised: tuple[str, ...]
    acts: Mapping[str, tuple[str, ...]]
    question: str | None
    answer: str | None
    quote: str | None
    harm: str | None
    occasion: tuple[str, ...] = ()  # what may be said where the day was a celebration


@dataclass(slots=True)
class _Part:
    """A sentence in its paragraph. When the limit is short the highest `spare` goes first; 0 stays."""

    text: str
    paragraph: int
    spare: int


def write(brief: Brief, tone: str | None, variation: Variation) -> str:
    """The whole reply in one tone (None: the plain one), within the limit of its site."""
    writer = _Writer(brief, tone, variation)
    parts = {
        "complaint": writer.complaint,
        "mixed": writer.mixed,
        "praise": writer.praise,
        "open": writer.open,
        "question": writer.question,
        "sensitive": writer.sensitive,
    }[brief.kind]()
    return _fitted([part for part in parts if part.text], brief)


class _Writer:
    def __init__(self, brief: Brief, tone: str | None, variation: Variation) -> None:
        self.brief, self.tone, self.variation = brief, tone, variation
        self.bank: dict[str, Any] = phrases(brief.language, brief.register, formal=tone == "formal")
        self.ja = brief.language == "ja"
        contact = contact_of(brief.brand, brief.language, brief.register)
        self.slots = {
            "house": house_of(brief.brand),
            "brand": written_name(brief.brand, brief.language),
            "location": brief.location or written_name(brief.brand, brief.language),
            "contact": contact or "",
        }
        use = bank(brief.language)["use"].get(
            brief.brand.industry, "{brand}をご利用" if self.ja else "being our customer"
        )
        self.slots["use"] = use.format(**self.slots)

    def complaint(self) -> list[_Part]:
        brief, grave = self.brief, self.brief.grave
        first = grave or self.tone in ("shorter", "warmer")
        thanks = self._say("told" if first else "thanks", body=False)
        sorry = self._sorry()
        moved = grave or bool(brief.occasion)
        felt = self._felt() if self.tone == "warmer" or (self.tone != "shorter" and moved) else ""
        parts = [self._greeting()]
        lead = [_Part(sorry, 1, 0), _Part(felt, 1, 7)]
        parts += lead if first else [_Part(thanks, 1, 6), *lead]
        if first and self.tone != "shorter":
            parts.insert(3, _Part(thanks, 1, 8))
        parts += self._acts()
        parts += self._answer(3)
        parts += self._ask()
        if self.tone != "shorter":
            parts.append(_Part(self._closing("closing_major" if grave else "closing"), 4, 5))
        return [*parts, self._signature(brief)]

    def mixed(self) -> list[_Part]:
        parts = [self._greeting(), _Part(self._say("thanks", body=False), 1, 6)]
        if (self.brief.praised or self.brief.quote) and not self.brief.grave:
            parts.append(_Part(self._say_praise(), 1, 4))
        lead = self._say("mixed", body=False) if len(parts) > 2 else ""
        sorry = self._sorry(lead)
        parts += [_Part(sorry, 2, 0), *self._acts(), *self._answer(3)]
        if self.tone != "shorter":
            parts += [*self._ask(), _Part(self._closing("closing"), 4, 5)]
        return [*parts, self._signature(self.brief)]

    def praise(self) -> list[_Part]:
        parts = [self._greeting()]
        if self.tone != "shorter":
            parts.append(_Part(self._say("thanks", body=False), 1, 6))
        parts.append(_Part(self._say_praise(), 1, 0))
        if self.tone != "shorter":
            parts.append(_Part(self._say("shared"), 1, 5))
        parts.append(_Part(self._closing("closing_praise"), 2, 4))
        return [*parts, self._signature(self.brief)]

    def open(self) -> list[_Part]:
        """Nothing concrete was written: thanks, and one open question."""
        parts = [
            self._greeting(),
            _Part(self._say("thanks", body=False), 1, 6),
            _Part(self._say("open", body=False), 2, 0),
        ]
        return [*parts, self._signature(self.brief)]

    def question(self) -> list[_Part]:
        parts = [self._greeting(), _Part(self._say("question", body=False), 1, 5), *self._answer(1)]
        return [*parts, self._signature(self.brief)]

    def sensitive(self) -> list[_Part]:
        body = self.brief.harm in ("injury", "food_safety")
        told = self._say("told", body=False)
        care = self._say("care_person", body=False) if body else ""
        parts = [self._greeting(), _Part(care or told, 1, 0)]
        parts.append(_Part(self._say("care_fact", body=False), 2, 0))
        parts += [_Part(self._listen(), 3, 2)] if self.tone != "shorter" else []
        return [*parts, self._signature(self.brief)]

    def _greeting(self) -> _Part:
        brief = self.brief
        return _Part(
            salutation(brief.author, brief.brand, brief.language, brief.register, formal=self.tone == "formal"), 0, 3
        )

    def _signature(self, brief: Brief) -> _Part:
        return _Part(signature_of(brief.brand, brief.language, brief.location, brief.register), 9, 9)

    def _sorry(self, lead: str = "") -> str:
        clauses = [one.clause for one in self.brief.complaints]
        if self.tone == "shorter" or not clauses:
            clauses = clauses[:1]
        if self.ja:
            clause = "、ならびに".join(clauses)
        else:
            clause = clauses[0] + "".join(
                f", and {one}" if " and " in clauses[0] else f" and {one}" for one in clauses[1:]
            )
        columns = self.bank["sorry"]
        if lead:
            columns = [
                [lead] if self.ja else [lead + _lowered(one[0]) for one in _plain_leads(columns)],
                *columns[1:],
            ]
        if self.ja and clause.endswith(_STILL_SO):
            columns = [*columns[:-1], [end for end in columns[-1] if "でした" not in end]]
        # An apology may come back within fifty replies; it may not be left out.
        slots = {"clause": clause}
        return self._pick("sorry", columns, slots) or self._pick("sorry", columns, slots, body=False) or ""

    def _felt(self) -> str:
        if self.brief.occasion and (said := self._pick("felt.occasion", list(self.brief.occasion), {})):
            return said
        bank_felt = self.bank.get("felt") or {}
        first = self.brief.complaints[0] if self.brief.complaints else None
        understood = first is not None and first.certain and not first.named and not first.quoted
        topic = first.topic if first is not None and understood else "other"
        choices = bank_felt.get(topic, [])
        return (self._pick(f"felt.{topic}", choices, {}) or "") if choices else ""

    def _acts(self) -> list[_Part]:
        parts = []
        most = 1 if self.tone in ("shorter", None) and not self.brief.grave else 2
        for number, (name, acts) in enumerate(list(self.brief.acts.items())[:most]):
            if acts:
                act = self._pick(f"act.{name}", [self.bank["act_lead"], acts], {})
                parts.append(_Part(act or "", 2, 0 if number == 0 else 6))
        return parts

    def _ask(self) -> list[_Part]:
        if not self.slots["contact"] and "ask_open" not in self.bank:
            return []
        name = "ask" if self.slots["contact"] else "ask_open"
        ask = self._pick(name, self.bank[name], {}) or ""
        personal = self._say("personal", body=False) if self.tone != "shorter" else ""
        return [_Part(ask, 3, 2), _Part(personal, 3, 7)]

    def _listen(self) -> str:
        if not self.slots["contact"]:
            return "I would like to speak with you in person. Please write to me in private."
        return self._say("care_listen", body=False)

    def _answer(self, paragraph: int) -> list[_Part]:
        brief = self.brief
        if brief.question is None:
            return []
        if brief.answer is not None:
            return [_Part(brief.answer, paragraph, 0)]
        clause = self._question_clause(brief.question)
        return [
            _Part(
                self._pick("question_later", self.bank["question_later"], {"clause": clause}, body=False) or "",
                paragraph,
                0,
            )
        ]

    def _question_clause(self, question: str) -> str:
        asked = question.strip().rstrip("?？。")
        if self.ja:
            return f"「{asked}」の件" if len(asked) <= 40 else "件"
        return f"your question (“{asked}?”)" if len(asked) <= 110 else "your question"

    def _say_praise(self) -> str:
        if self.brief.quote is not None and not self.brief.praised:
            if self.ja:
                return self._pick("praise", self.bank["praise"], {"praise": f"「{self.brief.quote}」とのお言葉"}) or ""
            return self._pick("praise_quote", self.bank["praise_quote"], {"praise": self.brief.quote}) or ""
        praised = list(self.brief.praised[: 1 if self.tone == "shorter" else 2])
        if self.ja:
            text = praised[0] if len(praised) == 1 else f"{_te(praised[0])}、{praised[1]}"
            text += "とのこと"
        else:
            text = " and ".join(praised)
        slots = {"praise": text}
        columns = self.bank["praise"]
        return self._pick("praise", columns, slots) or self._pick("praise", columns, slots, body=False) or ""

    def _closing(self, name: str) -> str:
        """Nobody is asked to come back to a hospital or a bank."""
        service = f"{name}_service"
        visited = self.brief.brand.industry in ("hospitality", "restaurants", "retail")
        return self._say(service if not visited and service in self.bank else name, body=False)

    def _say(self, name: str, *, body: bool = True) -> str:
        return self._pick(name, self.bank[name], {}, body=body) or ""

    def _pick(self, name: str, choices: Any, slots: Mapping[str, str], *, body: bool = True) -> str | None:
        values = {**self.slots, **slots}
        key = f"{self.brief.language}.{self.brief.register}.{name}" + (".formal" if self.tone == "formal" else "")
        return self.variation.pick(key, choices, lambda text: _filled(text, values), body=body)


def _filled(text: str, values: Mapping[str, str]) -> str:
    """The template with its slots; the customer's own words may hold braces, so they are put in last and once."""
    out = text
    for name in ("use", "house", "brand", "location", "contact"):
        out = out.replace("{" + name + "}", values.get(name, ""))
    for name in ("clause", "praise"):
        if name in values:
            out = out.replace("{" + name + "}", values[name])
    return out


# What has not ended is not apologised for as if it had.
_STILL_SO = ("おりますこと", "おりませんこと")


def _plain_leads(columns: Any) -> list[list[str]]:
    return [[one] for one in columns[0] if not one.startswith(("First", "Before"))]


def _lowered(said: str) -> str:
    """The beginning of a sentence behind a lead such as "That said, "."""
    return said if re.match(r"I\b", said) else said[:1].lower() + said[1:]


def _te(praised: str) -> str:
    """「お楽しみいただけた」 becomes 「お楽しみいただき」 before another clause."""
    return praised.removesuffix("いただけた") + "いただき" if praised.endswith("いただけた") else praised


def _fitted(parts: list[_Part], brief: Brief) -> str:
    """The parts as text; what can be spared goes, the most dispensable first, until the site's limit holds."""
    limit = limit_of(brief.source_kind)
    while True:
        text = _joined(parts, brief)
        spare = max((part.spare for part in parts), default=0)
        if spare == 0 or measure(text, limit.unit) <= limit.maximum:
            return text
        parts = [part for part in parts if part.spare != spare]


def _joined(parts: list[_Part], brief: Brief) -> str:
    paragraphs: dict[int, list[str]] = {}
    for part in parts:
        paragraphs.setdefault(part.paragraph, []).append(part.text)
    space = "" if brief.language == "ja" else " "
    blocks = [space.join(sentences) for _, sentences in sorted(paragraphs.items())]
    between = "\n" if brief.register != "review" else "\n\n"
    if brief.register == "social":
        head, *rest = blocks
        name = 0 in paragraphs and bool(paragraphs[0][0])
        if name and brief.language == "ja":
            return head + "、" + "".join(rest) if rest else head
        return " ".join(blocks) if brief.language != "ja" else "".join(blocks)
    return between.join(blocks)
