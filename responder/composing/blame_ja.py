"""Whether a Japanese clause blames, by the grammar of its predicate: what fails, lacks, exceeds or was suffered.

A negation turns round what a word says: 「壊れない」 and 「問題がない」 blame nothing, 「動かない」 and 「説明がない」 do. The
words themselves stand in config/packs/phrases/clauses.ja.yaml.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from responder.composing.grammar_ja import Clause, Word
from responder.composing.lexicon_ja import clause_bank, felt_of, holds, listed
from responder.composing.phrase_ja import MARKS, NOT, Subject, chunk, head_of, norms, subject, unwrapped

_CLEARS = ("取れる", "落ちる", "抜ける", "消える", "切れる", "剥がれる", "減る", "下がる", "止まる")


@dataclass(frozen=True, slots=True)
class Blame:
    """What a clause blames. words: the clause without what is only said of it (「…のが残念」, 「…と感じた」).

    head: where its predicate begins; felt: what it was for the person; weight: 2 for what failed, 1 for what was bad,
    0 for a remark; alone: understood without a subject (「動かない」).
    """

    words: tuple[Word, ...]
    head: int
    felt: str
    weight: int
    alone: bool = False


class _Verdict(NamedTuple):
    felt: str = ""  # empty: it blames nothing
    weight: int = 1
    alone: bool = False


_NOTHING = _Verdict()


class _Told:
    """A clause as the rules look at it: its core word, what stands behind it, and of what it is said."""

    def __init__(self, body: Sequence[Word], head: int, link: str) -> None:
        run = chunk(body, head)
        self.body, self.head, self.core, self.link = body, head, body[head], link
        self.subject: Subject | None = subject(body, head)
        self.thing = norms(self.subject.phrase) if self.subject else set()
        self.text = "".join(one.text for one in run)
        self.said = norms(
            run[-2:] if run[-1].kind == "接尾辞" else run[-1:]
        )  # 「不良|品」 is bad, 「混雑|時期」 is not.
        self.tail = body[head + 1 :]
        self.aids = norms(self.tail)
        self.negated = any(one.norm in NOT for one in self.tail)

    @property
    def marked(self) -> bool:
        """Whether something is named of which it is said."""
        return self.subject is not None and self.subject.mark in MARKS

    @property
    def harmed(self) -> str:
        """What a bad thing is for the person."""
        return "comfort" if self.thing & listed("smells") else "trouble"


def blamed(clause: Clause) -> Blame | None:
    """What `clause` blames; None for praise, for what the writer did or wills, and for what says neither."""
    body, said_so = unwrapped(clause.words)
    if not body:
        return None
    told = _Told(body, head_of(body), clause.link)
    verdict = next((found for rule in _RULES if (found := rule(told)) is not None), _NOTHING)
    if not verdict.felt and said_so and told.marked and not norms(body[told.head :]) & listed("good"):
        verdict = _Verdict("hope")
    if not verdict.felt or _says_nothing(told):
        return None
    return Blame(tuple(body), told.head, *verdict)


def spoken_of(clause: Clause) -> Blame | None:
    """A clause that neither praises nor tells of its writer, for the name of its thing."""
    body, _ = unwrapped(clause.words)
    if not body or clause.link in ("if", "but"):
        return None
    head = head_of(body)
    praises = holds(body, "good") or holds(body[head:], "own")
    return None if praises else Blame(tuple(body), head, "hope", 1)


def _says_nothing(told: _Told) -> bool:
    """「今回の商品はひどかった」: a verdict on all of it names nothing."""
    phrase = told.subject.phrase if told.subject else ()
    if phrase and phrase[0].kind == "代名詞" and phrase[-1].kind in ("代名詞", "接尾辞"):
        return told.core.kind != "形容詞" or told.negated or told.core.norm in listed("verdicts")
    vague = told.subject is None or told.subject.phrase[-1].norm in listed("vague")
    return vague and told.core.norm in listed("verdicts")


def _absent(told: _Told) -> _Verdict | None:
    """「説明がない」 blames, 「問題がない」 and 「不快な思いはしない」 do not."""
    core, head, before = told.core, told.head, told.body[: told.head]
    only = any(one.text == "しか" for one in before)
    denied = core.norm in ("為る", "有る") and told.negated and (told.thing or only)
    made = core.norm == "為る" and bool(before) and before[-1].text in ("に", "と")  # 「目的にしていない」.
    if made or (core.norm not in ("無い", "なし", "無し") and not denied):
        return None
    if head > 1 and before[-1].text == "は" and before[-2].text == "で":
        return _NOTHING  # 「AではなくB」.
    if only or (before and before[-1].text == "半端" and holds(before, "bad", "harm")):
        return _Verdict("trouble", 2)  # 「ここしかない」, 「液漏れが半端ない」.
    adjacent = chunk(told.body, head - 1) if head else ()
    thing = norms(adjacent) if len(adjacent) > 1 or (adjacent and adjacent[0].kind == "名詞") else told.thing
    counted = any(one.sub == "数詞" for one in before[-3:])
    if not thing or counted or holds(before, "bad", "harm") or thing & listed("needless"):
        return _NOTHING
    if told.subject is None or told.subject.mark != "は":
        return _Verdict("trouble", 2)
    return _NOTHING if told.link == "and" else _Verdict("hope", 0)  # 「会話はありません」 only says so.


def _suffered(told: _Told) -> _Verdict | None:
    """「断られた」, 「待たされた」."""
    if not told.aids & {"れる", "られる"} or not told.said & listed("suffered"):
        return None
    return _NOTHING if told.negated else _Verdict("comfort", 2, True)


def _exceeds(told: _Told) -> _Verdict | None:
    """「熱すぎる」, but not 「可愛すぎる」."""
    if told.core.norm == "過ぎる":
        return _NOTHING  # 「時間が過ぎた」.
    if "過ぎる" not in told.aids and not told.text.endswith(("すぎ", "過ぎ")):
        return None
    return _NOTHING if told.said & listed("good") else _Verdict("hope", 1, told.core.kind in ("形容詞", "動詞"))


def _hard(told: _Told) -> _Verdict | None:
    """「使いにくい」, but not 「壊れにくい」."""
    if not any(one.sub == "形容詞的" and one.norm in ("難い", "辛い", "づらい", "にくい") for one in told.tail):
        return None
    return _NOTHING if holds([told.core], "bad") else _Verdict("trouble")


def _concerns(told: _Told) -> _Verdict | None:
    """「音が気になる」, 「料金には驚いた」."""
    if told.core.norm in ("驚く", "びっくり") and told.thing & listed("prices"):
        return _Verdict("hope")
    if "気" not in told.said or "成る" not in told.aids:
        return None
    return _NOTHING if told.negated or told.subject is None else _Verdict("hope")


def _clears(told: _Told) -> _Verdict | None:
    """「汚れが落ちる」 is what one wants; 「汚れが落ちない」 is not."""
    if told.core.norm not in _CLEARS or not told.thing & listed("stains"):
        return None
    return _Verdict(told.harmed, 2) if told.negated else _NOTHING


def _bad(told: _Told) -> _Verdict | None:
    """「壊れた」, 「狭い」, 「不便だ」; not 「壊れない」."""
    felt = felt_of(told.said, told.text)
    if felt is None:
        return None
    if told.core.norm == "溢れる" and not told.thing & listed("stains"):
        return _NOTHING  # 「清潔感が溢れる」.
    against = told.said & {"違う", "異なる"}
    named = told.subject is not None and (told.subject.mark == "が" or any(one.text == "と" for one in told.body))
    pity = (
        told.core.kind != "動詞"
        and told.core.norm in listed("verdicts")
        and norms(told.body[: told.head]) & listed("good")
    )
    if told.negated or pity or (against and not named):
        return _NOTHING  # 「壊れない」, 「美味しいだけに残念」, 「好みが違う」.
    strong = told.core.kind == "動詞" or felt in ("comfort", "unease")
    by_itself = told.core.kind in ("動詞", "形容詞", "副詞") or "為る" in told.aids
    alone = by_itself and told.core.norm not in listed("verdicts")
    return _Verdict(felt, 2 if strong else 1, alone)


def _described(told: _Told) -> _Verdict | None:
    """「不便な場所だ」, 「安っぽい作りだった」."""
    before = told.body[: told.head]
    if told.core.kind != "名詞" or told.negated or not before:
        return None
    by = before[-2:-1] if before[-1].base == "だ" else before[-1:] if before[-1].kind == "形容詞" else []
    if before[-1].base in ("た", "いる", "てる") and told.core.use == "一般":  # 「変色した米ばかり」.
        by = [before[head_of(before)]]
    felt = felt_of(norms(by), "".join(one.text for one in by)) if by else None
    told_all = told.core.norm in listed("vague") and norms(by) & listed("verdicts")
    return _Verdict(felt) if felt and not told_all else None


def _present(told: _Told) -> _Verdict | None:
    """「傷がある」, 「臭いがする」, 「シワになる」, 「汚れだらけ」."""
    there = told.core.norm in listed("there") and told.thing & listed("harm")
    if told.core.norm == "掛かる" and told.thing & listed("takes"):
        return _Verdict("trouble", 2)  # 「時間がかかる」.
    became = told.said & listed("harm") and (told.text.endswith("だらけ") or "成る" in told.aids)
    if not there and not became:
        return None
    return _NOTHING if told.negated else _Verdict(told.harmed, 2)


def _instead(told: _Told) -> _Verdict | None:
    """「違うものが届いた」, 「別の宛名になっていた」."""
    came = told.core.norm in ("来る", "届く", "送る", "入る") or "成る" in told.aids
    other = norms(told.body[: told.head + 1]) & listed("other")
    return _Verdict("trouble", 2) if came and other and not told.negated else None


def _denied(told: _Told) -> _Verdict | None:
    """「動かない」, 「開けてもらえない」, 「美味しくない」; not 「もう買わない」, 「高くない」."""
    if not told.negated:
        return None
    core, aids = told.core, told.aids
    if told.said & listed("harm") or core.norm in clause_bank()["scale"] or "たい" in aids:
        return _NOTHING
    if core.norm in ("思う", "思える", "言える") and norms(told.body[: told.head]) & listed("good"):
        return _Verdict("hope")  # 「良いとは思えない」.
    if core.kind in ("形容詞", "形状詞"):
        return _Verdict("hope") if told.subject is not None and told.subject.mark else _NOTHING
    helped = bool(aids & {"貰える", "呉れる", "頂ける", "もらえる", "くれる", "いただける"})
    potential = core.kind == "動詞" and core.row.startswith("下一段") and core.norm not in (core.base, core.text)
    can = helped or potential or bool(aids & {"れる", "られる", "出来る"})
    works = (bool(told.said & listed("works")) and not told.said & listed("own")) or (
        core.norm == "持つ" and "居る" not in aids
    )  # 「一月も持たない」.
    by_itself = told.subject is not None and told.subject.mark == "が"
    if told.said & listed("own") and not (can or works or by_itself):
        return _NOTHING
    if core.kind == "副詞":
        return _Verdict("hope", 1, True)  # 「サラサラしていない」.
    could = can and not told.said & listed("thinks") and bool(told.said & listed("own"))  # 「眠れない」.
    acts = core.kind == "動詞" or can or "為る" in aids
    timed = told.subject is not None and told.subject.phrase[0].sub == "数詞"  # 「数日は寄り付かなかった」.
    if not acts or not (works or (told.marked and not timed) or helped or potential or could):
        return _NOTHING
    return _Verdict("comfort" if helped else "trouble", 2, (works or potential or could) and core.norm != "出来る")


def _befell(told: _Told) -> _Verdict | None:
    """「色が変わってしまった」, but not 「食べてしまった」."""
    if not told.aids & {"仕舞う", "しまう", "ちゃう", "ちまう"} or not told.marked:
        return None
    return _NOTHING if told.said & (listed("good") | listed("own")) else _Verdict("trouble", 2)


def _scaled(told: _Told) -> _Verdict | None:
    """「値段が高い」: bad of some things only, and no more than a remark."""
    things: str | None = clause_bank()["scale"].get(told.core.norm)
    if (
        things is None
        or "為る" in told.aids
        or told.subject is None
        or told.subject.phrase[-1].norm not in things.split()
    ):
        return None
    return _Verdict("hope", 0)


# In their order: the first that applies decides.
_RULES = (
    _absent, _suffered, _exceeds, _hard, _concerns, _clears, _bad, _described, _present, _instead, _denied, _befell, _scaled
)  # fmt: skip
