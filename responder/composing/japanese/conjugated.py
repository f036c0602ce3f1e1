"""The plain forms of a Japanese predicate: present and past, said and denied."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from responder.composing.japanese.grammar import Word

_VERBS = (
    "五段", "上一段", "下一段", "サ行変格", "カ行変格", "助動詞-レル", "助動詞-ラレル", "助動詞-セル", "助動詞-サセル"
)  # fmt: skip
_ADJECTIVES = ("形容詞", "助動詞-ナイ", "助動詞-タイ")
_ROWS = {
    "カ": ("く", "いた", "か"), "ガ": ("ぐ", "いだ", "が"), "サ": ("す", "した", "さ"), "タ": ("つ", "った", "た"),
    "ナ": ("ぬ", "んだ", "な"), "バ": ("ぶ", "んだ", "ば"), "マ": ("む", "んだ", "ま"), "ラ": ("る", "った", "ら"),
    "ワ": ("う", "った", "わ"),
}  # fmt: skip


def conjugated(head: str, core: Word, negated: bool, past: bool) -> str:
    """`head` and the core word, in one of four plain forms. Spoken short forms are written out."""
    if core.row in _ADJECTIVES:
        head = head.removesuffix("じゃ") + "では" if core.base == "ない" and head.endswith("じゃ") else head
        said = core.base[:-1] + "くない" if negated else core.base
        return head + (said[:-1] + "かった" if past else said)
    if core.row.startswith(_VERBS):
        base, row = _written_out(core, head)
        if base == "ある" and negated:
            return head + ("なかった" if past else "ない")
        stem, now, over, nai = _stems(base, row)
        return head + stem + ((nai + ("なかった" if past else "ない")) if negated else (over if past else now))
    if negated:
        return head + core.text + ("ではなかった" if past else "ではない")
    return head + core.text + ("だった" if past else "")


def _written_out(core: Word, head: str) -> tuple[str, str]:
    """A verb and its row without what is spoken or humble: 「ちゃう」 is 「てしまう」, 「ておる」 「ている」."""
    base = core.base
    if base in ("ちゃう", "じゃう"):
        return ("て" if base == "ちゃう" else "で") + "しまう", core.row
    if base in ("てる", "でる") and core.kind == "助動詞":
        return base[0] + "いる", "上一段"
    if base == "おる" and head.endswith(("て", "で")):
        return "いる", "上一段"
    return ("ある" if base in ("有る", "ござる", "御座る") else base), core.row


def _stems(base: str, row: str) -> tuple[str, str, str, str]:
    """(stem, present, past, before ない)."""
    if row.startswith("五段"):
        now, over, nai = _ROWS.get(row[3:4], _ROWS["ラ"])
        return base[:-1], now, "った" if base.endswith(("行く", "いく")) else over, nai
    if base.endswith(("する", "ずる")):
        return base[:-2], base[-2:], "した", "し"
    if base.endswith("くる"):
        return base[:-2], "くる", "きた", "こ"
    return base[:-1], "る", "た", ""
