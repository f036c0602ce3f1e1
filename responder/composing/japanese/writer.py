"""The order of a Japanese reply: 宛名, 御礼, お詫び, 具体, 処置, 窓口, 結び, 署名; three to five sentences of a real house."""

from __future__ import annotations

from responder.composing.bank import bank
from responder.composing.brief import Brief
from responder.composing.fitting import Part
from responder.composing.japanese.reading import about
from responder.composing.japanese.saying import apology, remark
from responder.composing.variation import Variation
from responder.composing.writer import Writer

_OF_A_HOUSE = ("cleanliness", "facilities", "surroundings", "food")
_NO_HOUSE = (None, "e-commerce", "retail", "technology")


class JapaneseWriter(Writer):
    """Writes in 敬語, of the register of its place."""

    def __init__(self, brief: Brief, tone: str | None, variation: Variation) -> None:
        super().__init__(brief, tone, variation)
        self.slots["come_again"] = bank("ja")["come_again"][brief.brand.industry or "any"]

    def complaint(self) -> list[Part]:
        grave = self.brief.grave
        first = grave or self.tone in ("shorter", "warmer")
        thanks = self.say("told" if first else "thanks", body=False)
        moved = self.tone == "warmer" or (self.tone != "shorter" and (grave or bool(self.brief.occasion)))
        lead = [Part(self._sorry(), 1, 0), Part(self._felt() if moved else "", 1, 7)]
        parts = lead if first else [Part(thanks, 1, 6), *lead]
        if first and self.tone != "shorter":
            parts.append(Part(thanks, 1, 8))
        parts += [*self._done(), *self.answer(3), *self._ask()]
        if self.tone != "shorter":
            over = not grave and not self.brief.standing
            parts.append(Part(self.say("closing" if over else "closing_major", body=False), 4, 5))
        return parts

    def mixed(self) -> list[Part]:
        parts = [Part(self.say("thanks", body=False), 1, 6)]
        praised = bool(self.brief.praised) and not self.brief.grave
        if praised:
            parts.append(Part(self._praise(), 1, 4))
        lead = self.say("mixed", body=False) if praised else ""
        parts += [Part(self._sorry(lead), 2, 0), *self._done(), *self.answer(3)]
        parts += self._ask()
        return parts if self.tone == "shorter" else [*parts, Part(self.say("closing", body=False), 4, 5)]

    def remark(self) -> list[Part]:
        parts = [Part(self.say("thanks", body=False), 1, 6)]
        if self.brief.praised:
            parts.append(Part(self._praise(), 1, 4))
        lead = self.say("mixed", body=False) if self.brief.praised else ""
        clause, columns = remark(self.brief.complaints, self.bank, lead)
        parts += [Part(self.surely("remark", columns, {"clause": clause}), 2, 0), *self.answer(3)]
        return parts if self.tone == "shorter" else [*parts, Part(self.say("closing", body=False), 4, 5)]

    def praise(self) -> list[Part]:
        if not (self.brief.content and self.brief.opinion):
            return self.open()
        parts = [] if self.tone == "shorter" else [Part(self._thanks("ご意見"), 1, 6)]
        parts.append(Part(self._praise(), 1, 0))
        if self.tone != "shorter":
            parts.append(Part(self.say("shared"), 1, 5))
        return [*parts, Part(self._welcome(), 2, 4)]

    def open(self) -> list[Part]:
        if not self.brief.opinion:
            return [Part(self._thanks("ご意見", "ご感想", "お知らせ", "教えて"), 1, 0), Part(self._welcome(), 1, 5)]
        parts = [Part(self._thanks("ご意見"), 1, 6)]
        if self.brief.praised:
            parts.append(Part(self._praise(), 1, 4))
        heard = self.surely("heard", self.bank["heard"], {})
        parts.append(Part(heard, 1 if self.tone == "shorter" else 2, 0))
        return parts if self.tone == "shorter" else [*parts, Part(self._welcome(), 4, 5)]

    def answer(self, paragraph: int) -> list[Part]:
        if self.brief.question is None:
            return []
        if self.brief.answer is not None:
            return [Part(self.brief.answer, paragraph, 0)]
        asked = self.brief.question.strip().rstrip("?？。")
        slots = {"clause": f"「{asked}」の件" if len(asked) <= 40 else "件"}
        later = self.pick("question_later", self.bank["question_later"], slots, body=False)
        return [Part(later or "", paragraph, 0)]

    def listen(self) -> str:
        return self.say("care_listen", body=False)

    def _sorry(self, lead: str = "") -> str:
        complaints = self.brief.complaints[:1] if self.tone == "shorter" else self.brief.complaints
        clause, columns = apology(complaints, self.bank, lead, again=self.brief.again)
        return self.surely("sorry", columns, {"clause": clause})

    def _felt(self) -> str:
        if self.brief.occasion and (said := self.pick("felt.occasion", list(self.brief.occasion), {})):
            return said
        known = bank("ja")["keigo"]["felt"] if self.brief.register == "review" else {}
        first = self.brief.complaints[0] if self.brief.complaints else None
        topic = first.topic if first is not None and first.certain and not first.felt else "other"
        choices = known.get(topic, [])
        return (self.pick(f"felt.{topic}", choices, {}) or "") if choices else ""

    def _done(self) -> list[Part]:
        """What follows: the team's own acts, else that it is looked into, by whom the topic names."""
        if said := [part for part in self.acts(1 if not self.brief.grave else 2) if part.text]:
            return said
        if self.brief.standing not in ("", "device"):
            matters = self.bank["settle"]
            matter = self.brief.standing if self.brief.standing in matters else "any"
            return [Part(self.surely(f"settle.{matter}", matters[matter], {}), 2, 0)]
        first = self.brief.complaints[0] if self.brief.complaints else None
        topic = "any"
        if self.brief.standing == "device":
            topic = "app"
        elif first is not None and first.certain and not (first.topic == "app" and self.brief.register == "app"):
            topic = first.topic if not first.felt or about(first.clause) == first.topic else "any"
        if topic not in self.bank["act"] or (topic in _OF_A_HOUSE and self.brief.brand.industry in _NO_HOUSE):
            topic = "any"
        act = self.pick(f"do.{topic}", self.bank["act"][topic], {}) or self.pick("do.any", self.bank["act"]["any"], {})
        return [Part(act or "", 2, 0)]

    def _ask(self) -> list[Part]:
        """Where to write and with what, where a matter is open."""
        if not self.brief.standing:
            return []
        if self.brief.standing == "device":
            return [Part(self.surely("ask_device", self.bank["ask_device"], {}), 3, 2)]
        reference = self.brief.reference
        bring = self.pick(f"bring.{reference}", bank("ja")["bring"][reference], {}, body=False) or ""
        return [Part(self.surely("ask_settle", self.bank["ask_settle"], {"bring": bring}), 3, 2)]

    def _thanks(self, *without: str) -> str:
        """Thanks for what was done, without those for words that were not said."""
        known = self.bank["thanks"]
        choices = [one for one in known if not any(word in one for word in without)]
        return self.pick("thanks", choices or known, {}, body=False) or ""

    def _welcome(self) -> str:
        again = bool(self.slots["come_again"])
        choices = [one for one in self.bank["closing_praise"] if again or "{come_again}" not in one]
        return self.pick("closing_praise", choices, {}, body=False) or ""

    def _praise(self) -> str:
        if not self.brief.praised:
            return self.surely("praise_general", self.bank["praise_general"], {})
        columns = (
            self.bank["praise"]
            if self.brief.kind == "praise" and self.brief.content
            else [self.bank["praise"][0], self.bank["glad"]]
        )
        return self.surely("praise", columns, {"praise": self.brief.praised[0]})
