"""Which of a playbook's acts may be said: one that speaks of what the customer speaks of.

An act of the right topic can still belong to another failure: cold food is no answer to a forgotten allergy.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_JA = re.compile(r"[一-龠々]|[ァ-ヴー]{2,}|[A-Za-z]{2,}")
_EN = re.compile(r"[a-z]{4,}")
# What stands in every act and every complaint joins nothing.
_JA_COMMON = frozenset(
    "一二三人日時分回度者方様客店館院社内外上下前後中間先本当全員各何事物所点件様子手順順番責任担当者確認見直改決直出入来行"
    "言話聞伝知合同次今最少多大小高低長短新古数名自他別際初必要用意使取受付持置立作成進始終待対応容品記録期声掛点検求内訳書紙"
)
_EN_COMMON = frozenset(
    [
        "will",
        "with",
        "that",
        "this",
        "what",
        "when",
        "where",
        "they",
        "them",
        "your",
        "yours",
        "have",
        "from",
        "every",
        "each",
        "more",
        "make",
        "sure",
        "people",
        "team",
        "into",
        "over",
        "before",
        "after",
        "again",
        "step",
        "about",
        "down",
        "which",
        "were",
        "been",
        "just",
        "same",
        "like",
        "that's",
        "there",
        "their",
        "those",
        "these",
        "than",
        "then",
        "here",
        "ours",
        "goes",
        "went",
        "find",
        "look",
        "take",
        "told",
        "tell",
        "said",
        "says",
        "know",
        "person",
        "customer",
        "customers",
        "guest",
        "guests",
        "staff",
        "until",
        "without",
        "second",
        "first",
        "next",
        "time",
        "times",
        "today",
    ]
)


def fitting_acts(acts: Sequence[str], heard: str, language: str, least: int = 1) -> tuple[str, ...]:
    """The acts that share `least` words (characters in Japanese) with `heard`, the complaint as we say it."""
    said = _words(heard, language)
    return tuple(act for act in acts if len(_words(act, language) & said) >= least)


def _words(text: str, language: str) -> frozenset[str]:
    if language == "ja":
        return frozenset(_JA.findall(text)) - _JA_COMMON
    return frozenset(word[:6] for word in _EN.findall(text.lower()) if word not in _EN_COMMON)
