"""The order of an English reply."""

from __future__ import annotations

import re
from typing import Any

from responder.composing.bank import bank
from responder.composing.brief import Brief
from responder.composing.fitting import Part
from responder.composing.frames import read_phrases
from responder.composing.variation import Variation
from responder.composing.writer import Writer

_WORD = re.compile(r"\b(?!that|the|you|your|was|were|not|for|our|with|and)[a-z]{3,}\b")
_FITS = re.compile(r"\b(?:fit|sizing|size|large|small|tight|loose|long|short)\b")  # is right, or is not
_PLAINLY = ["I am sorry ", "I am very sorry "]
_OF_DEVELOPERS = ("app", "quality", "other", "wish")  # all that an app's review speaks of, as far as it is known


class EnglishWriter(Writer):
    """Writes plainly and warmly."""

    def __init__(self, brief: Brief, tone: str | None, variation: Variation) -> None:
        super().__init__(brief, tone, variation)
        self.slots["team"] = _team(brief)
        glad: dict[str, str] = read_phrases("praise.en.yaml")["glad"]
        self.slots["glad"] = glad.get(brief.register) or glad.get(brief.brand.industry or "any") or glad["any"]

    def complaint(self) -> list[Part]:
        brief, grave = self.brief, self.brief.grave
        first = grave or self.tone in ("shorter", "warmer")
        thanks = self.say("told" if first else "thanks", body=False)
        sorry = self._sorry()
        moved = grave or bool(brief.occasion)
        felt = self._felt() if self.tone == "warmer" or (self.tone != "shorter" and moved) else ""
        again = self.say("again", body=False) if brief.again else ""
        lead = [Part(sorry, 1, 0), Part(again, 1, 4), Part(felt if not again else "", 1, 7)]
        parts = lead if first else [Part(thanks, 1, 6), *lead]
        if first and self.tone != "shorter":
            parts.insert(3, Part(thanks, 1, 8))
        parts += [*self._acts(), *self.answer(3), *self._ask()]
        if self.tone != "shorter":
            parts.append(Part(self._closing(self._end()), 4, 5))
        return parts

    def mixed(self) -> list[Part]:
        if self.brief.content:
            return self._content()
        parts = [Part(self.say("thanks", body=False), 1, 6)]
        praised = [one for one in self.brief.praised if not self._failed_too(one)]
        if praised and not self.brief.grave:
            said = self.surely("praise_beside", self.bank["praise_beside"], {"praise": _joined(praised)})
            parts.append(Part(said, 1, 4))
        lead = self.say("mixed", body=False) if len(parts) > 1 else ""
        parts += [Part(self._sorry(lead), 2, 0), *self._acts(), *self.answer(3)]
        if self.tone != "shorter":
            parts += [*self._ask(), Part(self._closing(self._end()), 4, 5)]
        return parts

    def _content(self) -> list[Part]:
        """Thanks for the very thing, and a reservation taken as it is."""
        failed = [one for one in self.brief.complaints if not self._praised_too(one.clause)]
        parts = [Part(self.say("thanks", body=False), 1, 6)] if self.tone != "shorter" else []
        praised = bool(self.brief.praised or self.brief.thanked)
        told = bool(failed) and failed[0].certain and not failed[0].plain
        if praised or not told:  # What is praised in no word that we know is not cheered over a failure.
            parts.append(Part(self._say_praise(), 1, 1))
        if failed and failed[0].plain:
            noted = self.surely("noted_about", self.bank["noted_about"], {"thing": failed[0].named})
        elif told:
            lead, *rest = self.bank["noted_sorry"]
            columns = [lead if praised else _PLAINLY, *rest]
            noted = self.surely("noted_sorry", columns, {"clause": _joined([one.clause for one in failed])})
        else:
            noted = self.surely("noted", self.bank["noted"], {})
        closing = "closing_praise" if praised or not told else "closing"
        return [*parts, Part(noted, 2, 0), *self.answer(3), Part(self._closing(closing), 4, 4)]

    def _failed_too(self, praised: str) -> bool:
        """Whether the thing that is praised is one that failed, or both are about how something fits."""
        thing = set(_WORD.findall(re.split(r" (?:of|on|in) ", praised)[0]))
        said = [one.clause for one in self.brief.complaints]
        return any(thing & set(_WORD.findall(one)) or (_FITS.search(one) and _FITS.search(praised)) for one in said)

    def _praised_too(self, clause: str) -> bool:
        """Whether the very thing that failed is what was praised: "the fit is right", "the fit was not right"."""
        said = set(_WORD.findall(clause))
        return any(len(said & set(_WORD.findall(one))) > 1 for one in self.brief.praised)

    def remark(self) -> list[Part]:
        """A wish or a suggestion: nothing failed, unless the stars say so."""
        parts = [Part(self.say("thanks", body=False), 1, 6)] if self.tone != "shorter" else []
        if self.brief.praised and not any(self._failed_too(one) for one in self.brief.praised):
            parts.append(Part(self._say_praise(), 1, 4))
        if self.brief.complaints and not self.brief.content:
            parts.append(Part(self._sorry(), 1, 3))
        parts.append(Part(self.surely("suggested", self.bank["suggested"], {}), 2, 0))
        return [*parts, Part(self._closing("closing_praise") if self.brief.content else "", 4, 4)]

    def praise(self) -> list[Part]:
        if self.brief.register == "social" and not (self.brief.praised or self.brief.thanked or self.brief.opinion):
            return [Part(self.say("thanks", body=False), 1, 0)]  # "All set now" is good to know, and no praise.
        thanks = self.tone != "shorter" and not self.brief.thanked
        parts = [Part(self.say("thanks", body=False), 1, 6)] if thanks else []
        parts.append(Part(self._say_praise(), 1, 0))
        if self.tone != "shorter" and self.brief.praised:
            parts.append(Part(self.say("shared"), 1, 5))
        return [*parts, Part(self._closing("closing_praise"), 2, 4)]

    def open(self) -> list[Part]:
        """Whoever wrote a word or two is asked what it was; whoever wrote more is heard."""
        name = "open" if self.brief.shrug else "noted_by"
        return [Part(self.say("thanks", body=False), 1, 6), Part(self.surely(name, self.bank[name], {}), 2, 0)]

    def answer(self, paragraph: int) -> list[Part]:
        if self.brief.question is None:
            return []
        if self.brief.answer is not None:
            return [Part(self.brief.answer, paragraph, 0)]
        later = "question_later" if self.brief.kind == "question" else "question_too"
        return [Part(self.pick(later, self.bank[later], {}, body=False) or "", paragraph, 0)]

    def listen(self) -> str:
        if not self.slots["contact"]:
            return "I would like to speak with you in person. Please write to me in private."
        return self.say("care_listen", body=False)

    def _sorry(self, lead: str = "") -> str:
        clauses = [one.clause for one in self.brief.complaints]
        if self.tone == "shorter":
            clauses = clauses[:1]
        clause = _joined(clauses)
        if self.brief.more and self.tone != "shorter":
            clause += ", and for the rest of what you describe"
        columns = self.bank["sorry"]
        if lead:
            columns = [[lead + _lowered(one[0]) for one in _plain_leads(columns)], *columns[1:]]
        if self.tone == "formal":
            clause = re.sub(r"^about\b|(?<= and )about\b", "for", clause)
        # An apology may come back within fifty replies; it may not be left out.
        return self.surely("sorry", columns, {"clause": clause})

    def _felt(self) -> str:
        if self.brief.occasion and (said := self.pick("felt.occasion", list(self.brief.occasion), {})):
            return said
        first = self.brief.complaints[0] if self.brief.complaints else None
        understood = first is not None and first.certain and not first.named
        topic = first.topic if first is not None and understood else "other"
        choices = (self.bank.get("felt") or {}).get(topic, [])
        return (self.pick(f"felt.{topic}", choices, {}) or "") if choices else ""

    def _acts(self) -> list[Part]:
        return self.acts(1 if self.tone in ("shorter", None) and not self.brief.grave else 2)

    def _ask(self) -> list[Part]:
        """Where to write and with what, where a matter is open; else an offer to whoever wants to say more."""
        if not self.brief.standing:
            if self.brief.kind != "complaint" or self.tone == "shorter":
                return []
            return [Part(self.say("offer" if self.slots["contact"] else "offer_open"), 3, 6)]
        kind = "ask_device" if self.brief.standing == "device" else "ask_settle"
        name = kind if self.slots["contact"] else f"{kind}_open"
        reference = self.brief.reference
        bring = self.pick(f"bring.{reference}", bank("en")["bring"][reference], {}, body=False) or ""
        return [Part(self.surely(name, self.bank[name], {"bring": bring}), 3, 2)]

    def _end(self) -> str:
        return "closing_open" if self.brief.standing else "closing_major" if self.brief.grave else "closing"

    def _say_praise(self) -> str:
        if not self.brief.praised:
            name = "thanked" if self.brief.thanked else "praise_general"
            return self.surely(name, self.bank[name], {})
        praised = _joined(list(self.brief.praised[: 1 if self.tone == "shorter" else 2]))
        return self.surely("praise", self.bank["praise"], {"praise": praised})

    def _closing(self, name: str) -> str:
        """Nobody is asked to come back to a hospital or a bank."""
        service = f"{name}_service"
        visited = self.brief.brand.industry in ("hospitality", "restaurants", "retail")
        return self.say(service if not visited and service in self.bank else name, body=False)


def _team(brief: Brief) -> str:
    """Who hears of a complaint: by its topic, in the words of the industry."""
    topic = brief.complaints[0].topic if brief.complaints else "other"
    if brief.kind == "remark" or (brief.content and topic == "other"):
        topic = "wish"
    teams = bank("en")["teams"]
    if brief.register == "app" and topic in _OF_DEVELOPERS:
        return str(teams["app"]["technology"])
    named: dict[str, str] = teams.get(topic, teams["other"])
    return named.get(brief.brand.industry or "any", named["any"])


def _joined(clauses: list[str]) -> str:
    """ "for the trouble with your bag and with your refund": what both begin with is said once."""
    first, *rest = clauses
    for one in rest:
        shared = "for the trouble " if first.startswith("for the trouble ") else ""
        first += (", and " if " and " in first else " and ") + one.removeprefix(shared)
    return first


def _plain_leads(columns: Any) -> list[list[str]]:
    return [[one] for one in columns[0] if not one.startswith(("First", "Before", "I want"))]


def _lowered(said: str) -> str:
    """The beginning of a sentence behind a lead such as "That said, "."""
    return said if re.match(r"I\b", said) else said[:1].lower() + said[1:]
