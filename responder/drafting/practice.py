"""Practice: a realistic case, the trainee's reply, and what the guard and the rubric say to it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

import yaml
from pydantic import TypeAdapter

from config.brand import BrandSettings
from config.section import Section
from responder.composing.intent import sensitive_reason
from responder.drafting.drafts import compose
from responder.drafting.lengths import measure
from responder.drafting.playbooks import PACKS, load_packs
from responder.drafting.request import DraftRequest
from responder.guard.finding import Context, Finding
from responder.guard.guard import check
from responder.guard.patterns import SORRY

_ACT = re.compile(
    r"改め|見直|点検|調べ|確かめ|確認|指導|手配|修理|照合|増や|直し|\bI (?:will|have|am)\b|\bwe (?:will|have|are) \w+ing\b",
    re.I,
)
_ASK = re.compile(
    r"いただけ(?:ます|ません)でしょうか|お聞かせ|お知らせ|ご連絡|ご一報|\b(?:could|would|may|please)\b|\?", re.I
)


class PracticeCase(Section):
    """A mention to answer. names: groups of words; a good reply uses one of each group."""

    id: str
    language: Literal["ja", "en"]
    industry: str
    rating: int
    severity: Literal["minor", "major", "critical"]
    author: str | None
    topics: list[str]
    text: str
    names: list[list[str]]


@dataclass(frozen=True, slots=True)
class Point:
    """One point of the rubric: whether the reply has it, and what to do in the reader's language."""

    name: str
    reached: bool
    advice: str


@dataclass(frozen=True, slots=True)
class Feedback:
    """points: the rubric; findings: the guard; example: how the composed draft answers the same case, empty where it
    would not pass either.
    """

    points: tuple[Point, ...]
    findings: tuple[Finding, ...]
    example: str

    @property
    def ready(self) -> bool:
        """Whether the reply could be posted as it is."""
        return all(point.reached for point in self.points) and not any(one.level == "block" for one in self.findings)


def practice_cases(language: str | None = None, industry: str | None = None) -> tuple[PracticeCase, ...]:
    """The cases, in the order of the file; only those of a language or an industry where given."""
    return tuple(
        case for case in _cases() if language in (None, case.language) and industry in (None, case.industry)
    )  # fmt: skip


def feedback(case: PracticeCase, reply: str, brand: BrandSettings) -> Feedback:
    """What is good and what is missing in `reply`."""
    brand = brand.model_copy(update={"industry": case.industry})
    context = Context(
        language=case.language,
        brand=brand,
        mention=case.text,
        rating=case.rating,
        sentiment="negative",
        topics=tuple(case.topics),
        severity=case.severity,
        author=case.author,
    )
    example = compose(
        DraftRequest(
            text=case.text,
            brand=brand,
            playbooks=load_packs(case.industry),
            rating=case.rating,
            author=case.author,
            language=case.language,
            topics=tuple(case.topics),
            severity=case.severity,
        )
    )
    heard, shown = (
        Feedback(tuple(_points(case, text)), tuple(check(text, context)), "") for text in (reply, example.text)
    )
    return replace(heard, example=example.text if shown.ready else "")


def _points(case: PracticeCase, reply: str) -> list[Point]:
    lowered = reply.lower()
    missing = [group[0] for group in case.names if not any(word.lower() in lowered for word in group)]
    delicate = sensitive_reason(case.text, (), case.severity) is not None
    reached = {
        "names_the_problem": not missing,
        "apologises": delicate or bool(SORRY.search(reply)),
        "says_what_is_done": bool(_ACT.search(reply)),
        "offers_a_way_to_talk": bool(_ASK.search(reply)),
        "right_length": 60 <= measure(reply, "weighted") <= 1600,
    }
    ja = case.language == "ja"
    hint = ("、".join if ja else ", ".join)(missing)
    return [Point(name, held, "" if held else _ADVICE[name][ja].format(missing=hint)) for name, held in reached.items()]


@lru_cache(maxsize=1)
def _cases() -> tuple[PracticeCase, ...]:
    lines = yaml.load((PACKS / "practice.yaml").read_bytes(), Loader=yaml.CSafeLoader)
    return tuple(TypeAdapter(list[PracticeCase]).validate_python(lines))


_ADVICE = {
    "names_the_problem": (
        "name their problem in concrete words; not touched: {missing}",
        "お困りごとを具体的な言葉で述べます。触れていない点: {missing}",
    ),
    "apologises": (
        "apologise for it, briefly and without a condition",
        "起きたことについて、条件を付けずに短くお詫びします",
    ),
    "says_what_is_done": (
        "say what you do about it, in the first person",
        "何をするのか(したのか)を、自分たちを主語に述べます",
    ),
    "offers_a_way_to_talk": ("ask one question or give a private channel", "状況を伺う一言か、個別の窓口を添えます"),
    "right_length": (
        "four to eight sentences are enough and not too few",
        "短すぎず長すぎず、四文から八文ほどにまとめます",
    ),
}
