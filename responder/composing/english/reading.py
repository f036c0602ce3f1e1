"""An English mention as it was read: what went wrong in it, what it praises, and how sure that is."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from responder.composing.complaint import Complaint
from responder.composing.english.clauses import Sentence, plain, sentences_of, words
from responder.composing.english.complaints import complaints
from responder.composing.english.heard import heard
from responder.composing.english.meant import FOOD, GOODS
from responder.composing.english.praises import Praised, praised_in
from responder.composing.english.things import things_named
from responder.composing.frames import read_phrases
from responder.composing.register import register_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from responder.drafting.request import DraftRequest, Heard

_LONG = 60  # words, from which on not every thing that is bad matters
_SURE = 0.7  # of a thing that is named as bad
_QUOTED = re.compile(r"“@[^”]*”|\"@[^\"]*\"|\bRT @.*", re.S)


@dataclass(frozen=True)
class Reading:
    """One mention with its assessment; each part is read when it is first asked for."""

    request: DraftRequest

    @property
    def text(self) -> str:
        return self.request.text

    @property
    def rating(self) -> float | None:
        return self.request.rating

    @cached_property
    def found(self) -> tuple[Complaint, ...]:
        """What went wrong, with our own names left out: they are no thing that went wrong. Never empty."""
        text = self.text if self.rating is not None else _QUOTED.sub(" ", self.text)
        for name in sorted(self.request.brand.names, key=len, reverse=True):
            if len(name) > 2:
                text = re.sub(rf"\b{re.escape(name)}\b", " " * len(name), text, flags=re.I)
        # What decided that a text is not negative is no failure.
        evidence = self.request.evidence if self.request.sentiment == "negative" else None
        bad = tuple(things_named(self.text, self._things, bad=True, least=_SURE))
        marks = bool(self.request.statements) or self.request.next_step is not None
        marked = tuple(one for one in self.request.statements if one.bad) if marks else None
        read = complaints(text, self.request.topics, marked, bad, evidence=evidence, it=self._it)
        return tuple(one if one.certain or self._spoken_of(one.topic) else self._general(one) for one in read)

    @cached_property
    def plainly(self) -> tuple[Complaint, ...]:
        """The failures that are told in words that we understood."""
        return tuple(one for one in self.found if one.certain and not one.plain)

    @cached_property
    def praised(self) -> Praised:
        return praised_in(self.request)

    @property
    def troubled(self) -> tuple[Complaint, ...]:
        """What is certain of a call for help, else that something is in their way."""
        plea = str(read_phrases("complaints.en.yaml")["general"]["plea"])
        return self.plainly or (Complaint(plea, "other", 0, certain=False),)

    @cached_property
    def kept(self) -> tuple[Complaint, ...]:
        """The failures that are not taken back in the same breath: "sheer, but perfect for a summer day"."""
        return tuple(one for one in self.found if one.certain and not self._taken_back(one))

    @property
    def thanks_plainly(self) -> bool:
        """Whether a post thanks us and tells of nothing that went wrong, whatever the model hears in it."""
        praised = self.praised
        kindly = praised.thanked or (praised.named and any(words(one).search(self.text) for one in ("good", "thanks")))
        if self.rating is not None or not kindly or words("unfit").search(self.text):
            return False
        failed = words("fault").search(self.text) or "n't" in self.text or heard("but", self.text)
        return not failed or heard("resolved", self.text)

    @cached_property
    def _sentences(self) -> tuple[Sentence, ...]:
        return sentences_of(plain(self.text), None)

    @property
    def _things(self) -> Sequence[Heard]:
        """The things of the assessment; of a long text those of the sentence that decided."""
        praised = [one.text for one in self._sentences if one.praises]
        things = (one for one in self.request.things if not any(one.text in each for each in praised))
        said = self.text if len(self.text.split()) < _LONG else self.request.evidence or ""
        return tuple(one for one in things if one.text in said)

    @property
    def _it(self) -> str:
        """What "it" is where the text names no thing."""
        if register_of(self.request.source_kind, self.request.kind) == "app":
            return "the app"
        return {"retail": GOODS, "e-commerce": GOODS, "restaurants": FOOD}.get(self.request.brand.industry or "", "")

    def _taken_back(self, one: Complaint) -> bool:
        here = [each for each in self._sentences if each.start <= one.start]
        return bool(here) and any(part.good and part.start > one.start for part in here[-1].clauses)

    def _spoken_of(self, topic: str) -> bool:
        """Whether a topic that is only surmised is worth its own apology in this business."""
        known: dict[str, list[str]] = read_phrases("complaints.en.yaml")["spoken_of"]
        app = register_of(self.request.source_kind, self.request.kind) == "app"
        industry = "technology" if app else self.request.brand.industry or "any"
        return topic != "other" and topic in known.get(industry, known["any"])

    def _general(self, one: Complaint) -> Complaint:
        """An apology that names nothing, by the place of the review, else by the business: an app is no visit."""
        bank = read_phrases("complaints.en.yaml")
        known: dict[str, str] = bank["general"]
        register = register_of(self.request.source_kind, self.request.kind)
        said = known.get(register) or known.get(self.request.brand.industry or "any") or bank["topics"]["other"]
        return replace(one, clause=said, topic="other")
