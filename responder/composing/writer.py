"""What replies in both languages share: greeting and signature, answers, and the choice of phrases."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

from responder.composing.bank import bank, phrases
from responder.composing.brief import Brief
from responder.composing.fitting import Part
from responder.composing.people import contact_of, house_of, salutation, signature_of, written_name
from responder.composing.variation import Variation


class Writer(ABC):
    """Writes one reply in one tone (None, shorter, warmer or formal)."""

    def __init__(self, brief: Brief, tone: str | None, variation: Variation) -> None:
        self.brief, self.tone, self.variation = brief, tone, variation
        self.bank: dict[str, Any] = phrases(brief.language, brief.register, formal=tone == "formal")
        self.slots = {
            "house": house_of(brief.brand),
            "brand": written_name(brief.brand, brief.language),
            "location": brief.location or written_name(brief.brand, brief.language),
            "contact": contact_of(brief.brand, brief.language, brief.register) or "",
        }
        self.slots["use"] = bank(brief.language)["use"][brief.brand.industry or "any"].format(**self.slots)

    def parts(self) -> list[Part]:
        """The sentences of the reply, from greeting to signature."""
        brief = self.brief
        formal = self.tone == "formal"
        greeting = salutation(brief.author, brief.brand, brief.language, brief.register, formal=formal)
        signature = signature_of(brief.brand, brief.language, brief.location, brief.register)
        body = {
            "complaint": self.complaint,
            "mixed": self.mixed,
            "remark": self.remark,
            "praise": self.praise,
            "open": self.open,
            "question": self.question,
            "sensitive": self.sensitive,
        }[brief.kind]()
        return [Part(greeting, 0, 3), *body, Part(signature, 9, 9)]

    @abstractmethod
    def complaint(self) -> list[Part]:
        """An apology for what went wrong."""

    @abstractmethod
    def mixed(self) -> list[Part]:
        """Thanks for the good, an apology for the rest."""

    @abstractmethod
    def remark(self) -> list[Part]:
        """Thanks, and a remark taken as it is."""

    @abstractmethod
    def praise(self) -> list[Part]:
        """Thanks for the very thing."""

    @abstractmethod
    def open(self) -> list[Part]:
        """Nothing concrete was written."""

    @abstractmethod
    def answer(self, paragraph: int) -> list[Part]:
        """The answer to a question inside the mention, where there is one."""

    @abstractmethod
    def listen(self) -> str:
        """The offer to speak in person."""

    def question(self) -> list[Part]:
        """A question, answered or under way."""
        return [Part(self.say("question", body=False), 1, 5), *self.answer(1)]

    def sensitive(self) -> list[Part]:
        """Care and the finding of facts, nothing else."""
        body = self.brief.harm in ("injury", "food_safety")
        told = self.say("told", body=False)
        care = self.say("care_person", body=False) if body else ""
        parts = [Part(care or told, 1, 0), Part(self.say("care_fact", body=False), 2, 0)]
        return [*parts, Part(self.listen(), 3, 2)] if self.tone != "shorter" else parts

    def acts(self, most: int) -> list[Part]:
        """What the house does: at most `most` acts of the playbooks."""
        parts = []
        for number, (name, acts) in enumerate(list(self.brief.acts.items())[:most]):
            if acts:
                act = self.pick(f"act.{name}", [self.bank["act_lead"], acts], {})
                parts.append(Part(act or "", 2, 0 if number == 0 else 6))
        return parts

    def say(self, name: str, *, body: bool = True) -> str:
        """A sentence of the bank, filled; empty when every one was said in the last replies."""
        return self.pick(name, self.bank[name], {}, body=body) or ""

    def pick(self, name: str, choices: Any, slots: Mapping[str, str], *, body: bool = True) -> str | None:
        """One of `choices`, filled with `slots`; None when every one was said in the last replies."""
        values = {**self.slots, **slots}
        key = f"{self.brief.language}.{self.brief.register}.{name}" + (".formal" if self.tone == "formal" else "")
        return self.variation.pick(key, choices, lambda text: _filled(text, values), body=body)

    def surely(self, name: str, choices: Any, slots: Mapping[str, str]) -> str:
        """The same, but it may come back rather than be left out."""
        return self.pick(name, choices, slots) or self.pick(name, choices, slots, body=False) or ""


_SLOT = re.compile(r"\{(\w+)\}")


def _filled(text: str, values: Mapping[str, str]) -> str:
    """The template with its slots, in one pass: the customer's own words may hold braces, which stay as they are."""
    return _SLOT.sub(lambda slot: values.get(slot[1], ""), text) if "{" in text else text
