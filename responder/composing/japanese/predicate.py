"""What the predicate of a Japanese clause tells: a failure, none, or what somebody could not do; and of what it is said."""

from __future__ import annotations

from collections.abc import Sequence

from responder.composing.japanese.grammar import Word
from responder.composing.japanese.lexicon import felt_of, holds, listed
from responder.composing.japanese.phrase import MARKS, NOT, chunk, head_of, norms, subject

_NONE = ("無い", "なし")
_CLEARS = {"減る", "無くなる", "取れる", "消える", "抜ける"}
_ABLE = {"出来る", "られる", "切れる"}
_PASSIVE = {"れる", "られる"}
_EXCEEDS = {"過ぎる", "仕舞う", "難い", "辛い"}


class Predicate:
    """A clause by its parts. body: its words, without what is only said of it; head: the place of its core."""

    def __init__(self, body: Sequence[Word]) -> None:
        self.body, self.head = body, head_of(body)
        self.core = body[self.head]
        self.known = subject(body, self.head)
        self.aids = norms(body[self.head + 1 :])
        self.negated = bool(self.aids & set(NOT))

    @property
    def marked(self) -> bool:
        """Whether が, は or も says of what it is said."""
        return self.known is not None and self.known.mark in MARKS

    @property
    def acts(self) -> bool:
        """Whether something happens in it."""
        return self.core.kind == "動詞" or "為る" in self.aids

    @property
    def own(self) -> bool:
        """Whether it is a doing of the customer."""
        return self.core.norm in listed("own")

    def blames(self) -> bool:
        """Whether its words tell a failure by themselves."""
        last = chunk(self.body, self.head)[-1]
        if felt_of({last.norm}, last.text) or self.negated or self.aids & _EXCEEDS:
            return True
        if self.core.norm in ("無い", "無くなる", *listed("scale")) or holds(self.body, "harm"):
            return True
        return any(one.text in ("しか", "別") for one in self.body)

    def tells_no_failure(self) -> bool:
        """「不満はない」, 「汚れが減った」, 「朝食が無料だ」, and what the customer did: 「返品した」, 「タグを切った」."""
        norm, denied = self.core.norm, self.negated or self.core.norm in _NONE
        harmful = self.known is not None and holds(self.known.phrase, "harm")
        if denied and norm in _NONE:
            return harmful or (self.known is not None and bool(norms(self.known.phrase) & listed("needless")))
        able = norm == "出来る" and self.known is not None and self.known.phrase[-1].use == "サ変可能"
        if denied and norm in listed("there") and norm != "落ちる" and not able:  # 「ずれの修正ができない」 fails.
            return harmful
        if norm in listed("verdicts") and norms(self.body[: self.head]) & listed("good"):
            return True  # 「美味しいだけに残念」.
        if norm == "有る" and not norms(self.body) & set(NOT) and not holds(self.body, "harm", "bad"):
            return True
        if not denied and ((norm in _CLEARS and harmful) or (norm in listed("good") and "過ぎる" not in self.aids)):
            return True
        return self._is_an_act(denied=denied)

    def _is_an_act(self, *, denied: bool) -> bool:
        """Whether it tells what somebody did, and no failure by it."""
        suffered = bool(self.aids & _PASSIVE)
        if suffered and not denied and not self.blames() and self.core.norm not in listed("suffered") | {"見る"}:
            return True
        active = self.core.kind == "動詞" and not denied and not suffered and not self.marked
        if active and any(one.text == "を" for one in self.body[: self.head]):
            return True
        if suffered or (denied and self.could_not()) or holds(self.body[self.head :], "bad"):
            return False
        return self.own or "たい" in self.aids

    def could_not(self) -> bool:
        """「落ち着いて食べられなかった」, 「充電できない」: of the customer, who needs no naming."""
        if self.core.kind == "名詞":
            return self.negated and "出来る" in self.aids
        potential = self.core.row.startswith("下一段") and self.core.norm not in (self.core.base, self.core.text)
        return self.negated and self.own and (potential or bool(self.aids & _ABLE))

    def unmarked(self) -> bool:
        """Whether the noun before it is its subject, without a particle: 「効果ない」, 「充電無くなる」."""
        thing = self.body[self.head - 1] if self.head else None
        if thing is None or thing.kind not in ("名詞", "接尾辞") or thing.use in ("副詞可能", "助数詞可能"):
            return False
        return thing.sub not in ("数詞", "助数詞") and self.core.kind in ("動詞", "形容詞", "形状詞")

    def felt(self) -> tuple[str, int]:
        """What it was for the customer (trouble, bother, hope, comfort or unease), and 2 for what failed, 1 for what was bad."""
        run = chunk(self.body, self.head)
        felt = felt_of(norms(run[-1:]), "".join(one.text for one in run))
        failed = self.negated or self.core.norm == "無い" or self.acts or felt in ("comfort", "unease")
        if (norms(run) | (norms(self.known.phrase[-1:]) if self.known is not None else set())) & listed("smells"):
            felt = "comfort"
        elif self.core.norm == "欠ける" and any(one.text == "に" for one in self.body):
            return "hope", 1  # 「迫力に欠ける」.
        elif felt == "trouble" and not failed:
            felt = "bother"
        return felt or ("trouble" if failed else "hope"), 2 if failed else 1
