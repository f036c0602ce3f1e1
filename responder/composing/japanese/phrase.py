"""The parts of a Japanese clause: what its predicate is about, of what it is said, and what is only said of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from responder.composing.japanese.grammar import Word, untailed
from responder.composing.japanese.lexicon import listed

NOT = ("ない", "ぬ", "ず", "無い")
MARKS = ("が", "は", "も")

_NOMINAL = ("名詞", "接尾辞", "接頭辞", "形状詞", "代名詞")
_THINKS = {"思う", "感じる", "思える", "感ずる", "見受ける", "考える", "言える", "見える"}
_FRAMES = {
    "感じ",
    "印象",
    "状態",
    "始末",
    "状況",
    "仕様",
    "有様",
    "次第",
    "よう",
    "まま",
    "レベル",
    "模様",
    "現象",
    "症状",
    "不良品",
}
_NAMED_BY = ("こと", "事", "点")
_FORMAL = ("の", "こと", "事", "もの", "ところ", "時", "とき", "方", "ほう", "ため", "よう", "点")


@dataclass(frozen=True, slots=True)
class Subject:
    """What a predicate is said of: its noun phrase, the particle behind it, and its place in the text."""

    phrase: tuple[Word, ...]
    mark: str
    start: int


def subject(body: Sequence[Word], head: int) -> Subject | None:
    """The last が, は or も before the predicate, else を, に or で, with the noun phrase before it."""
    for marks in (MARKS, ("を", "に", "で", "から", "の")):
        for place in range(head - 1, 0, -1):
            if (
                body[place].text in marks
                and body[place].kind == "助詞"
                and body[place - 1].kind not in ("形状詞", "副詞")
                and (body[place].text != "の" or body[place + 1].text in _FORMAL)  # 「違う色のもの」.
                and not (body[place - 1].text == "で" and body[place + 1].norm in NOT)  # 「温泉ではない」.
            ):
                phrase = phrase_before(body, place)
                if phrase:
                    return Subject(tuple(phrase), body[place].text, phrase[0].start)
    if head and body[head - 1].kind in _NOMINAL and (phrase := phrase_before(body, head)):
        return Subject(tuple(phrase), "", phrase[0].start)  # 「写真映り悪い」: the particle is left out.
    return None


def phrase_before(body: Sequence[Word], place: int) -> list[Word]:
    """The noun phrase that ends before `place`: 「朝食の品数」; empty where no noun stands there."""
    start = place
    while start and body[start - 1].kind == "助詞" and body[start - 1].text in ("に", "で", "と", "など"):
        start -= 1  # 「部屋には」.
    end = start
    while start and _joined(body, start, end):
        start -= 1
    while start < end and body[start].kind not in (*_NOMINAL, "動詞", "形容詞"):
        start += 1
    phrase = list(body[start:end])
    if not any(one.kind in ("名詞", "形状詞", "接尾辞") for one in phrase):
        return []
    manner = len(phrase) > 1 and phrase[-2].kind == "動詞"
    return [] if phrase[-1].text in _FORMAL and not manner else phrase


def _joined(body: Sequence[Word], start: int, end: int) -> bool:
    """Whether the word before `start` belongs to the noun phrase that ends at `end`."""
    one, behind = body[start - 1], body[start] if start < end else None
    if one.kind in _NOMINAL:
        return one.text not in ("ところ", "とき", "あと")
    if behind is None:
        return False
    if one.text == "の":
        return start > 1 and (body[start - 2].kind in _NOMINAL or body[start - 2].text == "さ")
    if behind.kind in ("名詞", "接尾辞") and one.kind == "動詞":  # 「使い方」, 「巻き心地」 are one word.
        return one.form.startswith("連用形") and one.end == behind.start and one.norm not in _THINKS
    return behind.text == "さ" and one.kind == "形容詞"  # 「枕の高さ」


def unwrapped(given: Sequence[Word]) -> tuple[list[Word], bool]:
    """The clause without what is only said of it, and whether that says that it is a pity."""
    body, said_so = list(given), False
    while bare := untailed(body):
        head = head_of(bare)
        if bare[head].norm == "思う" and {"居る", "た"} <= norms(body[head + 1 :]):
            return [], said_so  # 「変わらないだろうと思っていた」: it was otherwise.
        if bare[head].text == "よう" and head and _predicates(bare[head - 1]):
            return [], said_so  # 「…ようだ」: it only seems so.
        if not (end := _thought(bare, head) or _framed(bare, head)):
            if not (end := _pity(bare, head)):
                return body, said_so
            said_so = True
        said_so |= bare[head].text in _NAMED_BY and _leads_to(bare)
        body = bare[:end]
    return [], said_so


def _thought(bare: Sequence[Word], head: int) -> int:
    """Where 「…と思う」, 「物足りなく思う」, 「…のに驚く」 end before the thinking; 0 where nobody thinks, or not so."""
    if bare[head].norm in ("驚く", "びっくり"):
        return _of_that(bare, head)
    if not head or bare[head].norm not in _THINKS:
        return 0
    if bare[head - 1].form.startswith("連用形") and bare[head - 1].kind != "助動詞":
        return head
    denied = any(one.norm in NOT for one in bare[head + 1 :])
    if denied or bare[head - 1].text not in ("と", "に", "って"):
        return 0
    end = head - 1
    while end and (bare[end - 1].sub == "終助詞" or bare[end - 1].text in ("か", "な", "よう")):
        end -= 1
    return end


def _framed(bare: Sequence[Word], head: int) -> int:
    """Where 「…感じだ」, 「…という状態だ」, 「…ことが多い」, 「気になったのは…ことだ」 end before the frame; else 0."""
    core, before = bare[head], bare[head - 1]
    if not head:
        return 0
    if core.norm == "為る" and head > 2 and before.text == "が" and bare[head - 2].text == "気":
        return head - 2  # 「感じられなかった気がする」.
    if core.kind in ("名詞", "形状詞") and core.text in (*_FRAMES, *_NAMED_BY) and _predicates(before):
        end = head - 1 if before.text in ("いう", "言う") and head > 1 else head
        return end - 1 if end > 1 and bare[end - 1].text in ("と", "という", "って") else end
    often = core.norm in ("有る", "多い", "多々") and before.text in ("が", "も") and head > 2
    return head - 2 if often and bare[head - 2].text in ("こと", "事") else 0


def _leads_to(bare: Sequence[Word]) -> bool:
    """Whether it begins as a complaint does: 「残念なのは、…」, 「気になった点は、…」."""
    until = next((at for at, one in enumerate(bare) if one.text == "は"), 0)
    begun = norms(bare[:until])
    return bool(begun & listed("pity")) or {"気", "成る"} <= begun


def _pity(bare: Sequence[Word], head: int) -> int:
    """Where 「…のが残念」 begins; 0 where the clause says no such thing."""
    said = norms(chunk(bare, head))
    if not said & listed("pity") and not ("気" in said and "成る" in norms(bare[head + 1 :])):
        return 0
    place = head
    while place and bare[place - 1].kind in ("副詞", "名詞", "形状詞", "接頭辞", "形容詞"):
        place -= 1
    return _of_that(bare, place)


def _of_that(bare: Sequence[Word], place: int) -> int:
    """Where 「…の」 ends before 「が残念」, when a predicate stands before it; else 0."""
    while place and bare[place - 1].text in ("が", "は", "も", "に", "、", ","):
        place -= 1
    that = place > 1 and bare[place - 1].text in ("の", "こと", "事", "点", "ところ", "部分")
    return place - 1 if that and _predicates(bare[place - 2]) else 0


def _predicates(one: Word) -> bool:
    return one.kind in ("動詞", "形容詞", "助動詞") or one.row != "*" or one.text == "な"


def head_of(body: Sequence[Word]) -> int:
    """Where the word stands that a predicate is about, before its auxiliaries."""
    at = len(body) - 1
    while at > 0 and (back := _auxiliary(body, at)):
        at -= back
    return max(at, 0)


def _auxiliary(body: Sequence[Word], at: int) -> int:
    """How many words the auxiliary that ends at `at` takes: 「て|いる」 two, 「ように|なる」 three; 0 for none."""
    one, before, two = body[at], body[at - 1], body[at - 2] if at > 1 else body[0]
    stem = before.form.startswith("連用形") and before.kind in ("形容詞", "助動詞")
    topic = before.text in ("は", "も", "すら", "さえ") and at > 1
    if (
        one.kind in ("助動詞", "補助記号")
        or one.sub in ("終助詞", "形容詞的", "動詞的")
        or (one.norm == "過ぎる" and before.kind != "助詞")
    ):
        return 1
    if one.text in ("て", "で") and one.sub == "接続助詞":
        return 1
    if one.sub == "非自立可能" and one.kind == "動詞" and before.sub == "接続助詞" and before.text in ("て", "で"):
        return 2
    if one.norm == "無い":
        return int(stem) or 2 * (topic and two.form.startswith("連用形"))
    if one.norm == "成る":
        if before.text == "に" and (two.kind in _NOMINAL or two.text == "よう"):
            return 3 if two.text == "よう" and at > 2 else 2
        return int(stem)
    if one.norm in ("為る", "出来る"):
        if before.text in ("一切", "全く", "全然", "あまり", "少し"):
            return 0
        if topic and two.kind in ("名詞", "副詞"):
            return 2
        return int(before.kind == "名詞" or (one.norm == "為る" and (stem or before.kind in ("副詞", "形状詞"))))
    return 0


def chunk(body: Sequence[Word], head: int) -> Sequence[Word]:
    """The head with the nouns that it is one word with: 「初期不良品」."""
    if body[head].kind not in _NOMINAL:
        return body[head : head + 1]
    start = head
    while start and body[start - 1].kind in _NOMINAL:
        start -= 1
    return body[start : head + 1]


def norms(run: Sequence[Word]) -> set[str]:
    return {one.norm for one in run}
