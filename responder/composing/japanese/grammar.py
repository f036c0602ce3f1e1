"""Japanese grammar: words, clauses and the plain form of a predicate, by morphological analysis (Sudachi).

The dictionary is opened with the first Japanese text that is read, once, and is mapped rather than loaded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

from responder.composing.japanese.conjugated import conjugated

if TYPE_CHECKING:
    from sudachipy import Tokenizer

LONGEST = 2000  # characters that are analysed: reviews are shorter
_ONE_AT_A_TIME = Lock()  # a tokenizer that is asked by two threads refuses the second (RuntimeError: Already borrowed)

_END = re.compile(r"[。！？!?\n♪☆★…｡]")
_BEGINS = ("名詞", "代名詞", "副詞", "接続詞", "連体詞", "感動詞")
_LINKS = {
    "but": ("が", "けど", "けれど", "けれども", "けども"),
    "because": ("から", "ので"),
    "and": ("し",),
    "if": ("ば", "と", "とも"),
}
_OPENS, _CLOSES = "「『（(【", "」』）)】"


class Word(NamedTuple):
    """A morpheme: as written, its dictionary form, that in its usual spelling, part of speech (three levels), conjugation, place."""

    text: str
    base: str
    norm: str
    kind: str
    sub: str
    use: str
    row: str
    form: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Clause:
    """A predicate with what belongs to it.

    link: how the sentence goes on behind it: end, but (が, けど, のに), because (ので, から, ため), and (て, し, a stem),
    if (ば, と, たら); asked: whether the sentence is a question.
    """

    words: tuple[Word, ...]
    link: str
    sentence: int
    asked: bool

    @property
    def start(self) -> int:
        """Where it stands in the text."""
        return self.words[0].start

    @property
    def end(self) -> int:
        """Where it ends, without its link."""
        return self.words[-1].end


@lru_cache(maxsize=8)  # a text is read for its clauses and for its things
def words(text: str) -> tuple[Word, ...]:
    """The morphemes of a text, in its order."""
    found = []
    with _ONE_AT_A_TIME:
        read = _tokenizer().tokenize(text[:LONGEST])
    for one in read:
        kind, sub, use, _, row, form = one.part_of_speech()
        names = one.surface(), one.dictionary_form(), one.normalized_form()
        found.append(Word(*names, kind, sub, use, row, form, one.begin(), one.end()))
    return tuple(found)


@lru_cache(maxsize=4)  # praise and blame of one text are read one after the other
def clauses(text: str) -> tuple[Clause, ...]:
    """The clauses of a text. A quotation or what stands in brackets is never cut."""
    found: list[Clause] = []
    for number, sentence in enumerate(_sentences(words(text))):
        body = sentence[:-1] if sentence[-1].sub == "句点" or _END.search(sentence[-1].text) else sentence
        for part, link in _parts(body):
            if part:
                found.append(Clause(tuple(part), link, number, sentence[-1].text in ("?", "？")))
    return tuple(found)


def clauses_of(run: Sequence[Word]) -> list[Clause]:
    """The clauses of some words of one sentence."""
    return [Clause(tuple(part), link, 0, False) for part, link in _parts(list(run)) if part]


def plain(clause: Sequence[Word], *, past: bool = False) -> str:
    """A clause with its predicate in the plain form: 「届きませんでした」 is 「届かなかった」. past: as if it were over."""
    body = list(clause)
    while body and (body[-1].sub == "終助詞" or body[-1].kind in ("補助記号", "空白", "感動詞")):
        body.pop()
    tail, body = _tail(body)
    if body and body[-1].sub == "準体助詞" and body[-1].text in ("の", "ん"):  # 「…んです」 only explains.
        more, body = _tail(body[:-1])
        tail = [*more, *[one for one in tail if one.base == "ぬ"]]
    if not body:
        return ""
    negated = any(one.base in ("ぬ", "ず") for one in tail)
    over = any(one.base == "た" for one in tail) or past
    head = "".join(one.text for one in body[:-1])
    return conjugated(head, body[-1], negated, over)


def untailed(clause: Sequence[Word]) -> list[Word]:
    """A clause without what only makes its predicate polite, past or tied on."""
    return _tail(list(clause), keep=("ぬ", "ず"))[1]


def _sentences(all_words: Sequence[Word]) -> Iterator[list[Word]]:
    sentence: list[Word] = []
    depth = 0
    for one, after in pairwise([*all_words, Word("", "", "", "", "", "", "", "", 0, 0)]):
        sentence.append(one)
        depth += (one.text in _OPENS) - (one.text in _CLOSES)
        blank = one.kind == "空白" and _over(sentence[:-1], after)
        if (_END.search(one.text) or blank) and not (depth > 0 and "\n" not in one.text) and not _END.match(after.text):
            if any(word.kind not in ("空白", "補助記号") for word in sentence):
                yield sentence
            sentence, depth = [], 0
    if any(word.kind not in ("空白", "補助記号") for word in sentence):
        yield sentence


def _over(sentence: Sequence[Word], after: Word) -> bool:
    """Whether the blank between is a full stop: behind a predicate, or between Japanese words that nothing ties."""
    last = sentence[-1] if sentence else None
    if last is None or last.sub == "読点" or (last.kind == "助詞" and last.sub != "終助詞"):
        return False
    if last.sub == "終助詞" or after.kind in ("接続詞", "副詞", "連体詞"):
        return True
    if last.kind in ("助動詞", "形容詞", "動詞"):
        return last.form.startswith(("終止形", "連体形", "命令形"))
    return last.kind in ("名詞", "形状詞", "接尾辞") and not last.text.isascii() and not after.text.isascii()


def _parts(sentence: list[Word]) -> Iterator[tuple[list[Word], str]]:
    part: list[Word] = []
    depth = 0
    skip = 0
    for index, one in enumerate(sentence):
        if skip:
            skip -= 1
            continue
        depth += (one.text in _OPENS) - (one.text in _CLOSES)
        link, width = _link(sentence, index) if depth <= 0 and part else ("", 0)
        if link:
            yield _stripped([*part, one] if width == 0 else part), link
            part, skip = [one] if width < 0 else [], max(0, width - 1)
        else:
            part.append(one)
    yield _stripped(part), "end"


def _stripped(part: list[Word]) -> list[Word]:
    start, end = 0, len(part)
    while start < end and part[start].kind in ("空白", "補助記号") and part[start].text not in _OPENS:
        start += 1
    while end > start and part[end - 1].kind in ("空白", "補助記号") and part[end - 1].text not in _CLOSES:
        end -= 1
    return part[start:end]


def _link(sentence: list[Word], index: int) -> tuple[str, int]:
    """How the clause before `index` is tied on, and how many words say so.

    0: the word itself still belongs to the clause; -1: it begins the next one.
    """
    one, before = sentence[index], sentence[index - 1]
    behind = sentence[index + 1].text if index + 1 < len(sentence) else ""
    if one.sub == "読点":
        if before.kind in ("動詞", "形容詞", "助動詞", "接尾辞") and before.form.startswith(("連用形", "終止形")):
            return "and" if before.form.startswith("連用形") else "end", 1
        return "", 0
    if one.base == "た" and one.form.startswith("仮定形"):
        return "if", 0
    if before.row == "*" or before.kind not in ("動詞", "形容詞", "助動詞", "接尾辞"):
        return "", 0
    if before.base in ("ます", "です", "ぬ") and before.form.startswith("終止形") and one.kind in _BEGINS:
        return "end", -1  # 「ずり落ちます音声も」: a full stop is left out.
    if one.sub == "接続助詞" or one.text in ("たり", "だり"):
        return _tied(sentence, index)
    if one.text in ("の", "ん") and one.sub == "準体助詞":
        if behind == "で":
            return "because", 2
        return ("but", 2) if behind == "に" and _against(sentence, index) else ("", 0)
    if one.text == "もの" and behind == "の":
        return "but", 2
    if one.text == "まま" and behind in ("、", "で"):
        return "and", 1
    if one.text in ("ため", "為") and behind not in ("に", "の", "だ", "です", "で", "か"):
        return "because", 1
    return "", 0


def _tied(sentence: list[Word], index: int) -> tuple[str, int]:
    one, after = sentence[index], sentence[index + 1] if index + 1 < len(sentence) else None
    if one.text in ("たり", "だり"):
        return ("", 0) if after is not None and after.norm == "為る" else ("and", 1)
    if one.text in ("て", "で"):
        if after is not None and after.text == "も":
            return "if", 2
        goes_on = after is not None and (after.sub == "非自立可能" or after.text in ("は", "ほしい", "欲しい", "から"))
        return ("", 0) if goes_on else ("and", 0)
    link = next((link for link, texts in _LINKS.items() if one.text in texts), "")
    if sentence[index - 1].form.startswith("連用形") or (after is not None and after.text == "か"):
        return "", 0  # 「電池の減りが早い」: a verb that is a noun here.
    return link, int(bool(link))


def _against(sentence: list[Word], index: int) -> bool:
    """「購入したのに直ぐ…」 goes on; 「買うのに便利」 is a purpose: only what is past or a state is meant against."""
    follows = sentence[index + 2].text if index + 2 < len(sentence) else "、"
    if not sentence[index - 1].form.startswith("連体形") or follows in ("は", "も"):
        return False
    return (
        sentence[index - 1].kind == "形容詞"
        or sentence[index - 1].base in ("た", "ない", "いる", "だ", "ます", "です")
        or (index + 2 < len(sentence) and sentence[index + 2].sub == "読点")
    )


def _tail(body: list[Word], keep: tuple[str, ...] = ()) -> tuple[list[Word], list[Word]]:
    """(what only makes it polite, past or tied on; the rest). A denial may be kept."""
    end = len(body)
    while end > 0:
        one = body[end - 1]
        light = (
            one.kind == "助動詞" and one.base not in keep and one.base in ("ます", "です", "だ", "た", "ぬ", "ず", "や")
        )
        tied = one.sub == "接続助詞" and one.text in ("て", "で") and end == len(body)
        soft = one.sub in ("終助詞",) or one.kind in ("補助記号", "空白")
        if not (light or tied or soft):
            break
        end -= 1
    return body[end:], body[:end]


@lru_cache(maxsize=1)
def _tokenizer() -> Tokenizer:
    from sudachipy import Dictionary, SplitMode

    return Dictionary(dict="small").create(mode=SplitMode.C)
