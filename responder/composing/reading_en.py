"""An English mention as it was read: what went wrong in it, what it praises, and how sure that is."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from responder.composing.clauses_en import Sentence, plain, sentences_of, words
from responder.composing.complaint import Complaint
from responder.composing.complaints_en import complaints
from responder.composing.frames import read_phrases
from responder.composing.heard_en import heard
from responder.composing.praises_en import Praised, praised_in
from responder.composing.register import register_of

if TYPE_CHECKING:
    from responder.drafting.request import DraftRequest

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

    @property
    def reviewed(self) -> bool:
        """Whether it is a review, with or without stars, and no post."""
        return self.rating is not None or self.request.kind == "review"

    @cached_property
    def found(self) -> tuple[Complaint, ...]:
        """What went wrong, with our own names left out: they are no thing that went wrong. Never empty."""
        text = self.text if self.rating is not None else _QUOTED.sub(" ", self.text)
        for name in sorted(self.request.brand.names, key=len, reverse=True):
            if len(name) > 2:
                text = re.sub(rf"\b{re.escape(name)}\b", " " * len(name), text, flags=re.I)
        # What decided that a text is not negative is no failure.
        evidence = self.request.evidence if self.request.sentiment == "negative" else None
        read = complaints(text, self.request.topics, evidence)
        return tuple(self._general(one) if not one.certain and one.topic == "other" else one for one in read)

    @cached_property
    def plainly(self) -> tuple[Complaint, ...]:
        """The failures that are told in words that we understood."""
        return tuple(one for one in self.found if one.certain and not one.plain)

    @cached_property
    def praised(self) -> Praised:
        return praised_in(self.text)

    @cached_property
    def blames(self) -> bool:
        """Whether a clause of it speaks more of a failure than of praise."""
        return any(part.fault > part.good for one in self._sentences for part in one.clauses)

    @property
    def not_quite(self) -> Complaint:
        """The apology of a middling review of which nothing is understood."""
        return Complaint(self._by_place("not_quite") or "", "other", 0, certain=False)

    @property
    def troubled(self) -> tuple[Complaint, ...]:
        """What is certain of a call for help, else that something is in their way."""
        plea = str(read_phrases("complaints.en.yaml")["general"]["plea"])
        return self.plainly or (Complaint(plea, "other", 0, certain=False),)

    @cached_property
    def kept(self) -> tuple[Complaint, ...]:
        """The failures that are not taken back in the same breath: "sheer, but perfect for a summer day"."""
        return tuple(one for one in self.plainly if not self._taken_back(one))

    @property
    def reserved(self) -> bool:
        """Whether somebody who is content keeps one thing back, named in words that we understand or not."""
        if self.rating is None or heard("resolved", self.text):
            return False
        if heard("reserves", words("harmless").sub(" ", self.text)):
            return True
        turned = (part for one in self._sentences for part in one.clauses if part.turned)
        return self.rating == 4 and any(part.fault > part.good for part in turned)

    @property
    def only_wishes(self) -> bool:
        """Whether it holds a wish, and nothing beside it that was suffered."""
        if not heard("suggests", self.text) or self.request.severity in ("major", "critical"):
            return False
        return all(one.named and one.topic in ("quality", "other", "app") for one in self.plainly)

    @property
    def thanks_plainly(self) -> bool:
        """Whether a post thanks us and tells of nothing that went wrong, whatever the model hears in it."""
        praised = self.praised
        kindly = praised.thanked or (
            praised.clauses and any(words(one).search(self.text) for one in ("good", "thanks"))
        )
        if self.rating is not None or not kindly or words("unfit").search(self.text):
            return False
        failed = words("fault").search(self.text) or "n't" in self.text or heard("but", self.text)
        return not failed or heard("resolved", self.text)

    @cached_property
    def _sentences(self) -> tuple[Sentence, ...]:
        return sentences_of(plain(self.text), None)

    def _taken_back(self, one: Complaint) -> bool:
        here = [each for each in self._sentences if each.start <= one.start]
        return bool(here) and any(part.good and part.start > one.start for part in here[-1].clauses)

    def _general(self, one: Complaint) -> Complaint:
        return replace(one, clause=self._by_place("general") or one.clause)

    def _by_place(self, name: str) -> str | None:
        """An apology that names nothing, by the place of the review, else by the business: an app is no visit."""
        known: dict[str, str] = read_phrases("complaints.en.yaml")[name]
        register = register_of(self.request.source_kind, self.request.kind)
        return known.get(register) or known.get(self.request.brand.industry or "any") or known.get("any")
