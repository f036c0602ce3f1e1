"""Which column of a file means what."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping

from crawlers.parsing.raw import Unreadable

# Names that columns have in exports; a source's `columns` overrule them. Compared without case, spaces and width.
NAMES: dict[str, tuple[str, ...]] = {
    "external_id": ("id", "external_id", "review_id", "reviewid", "レビューid", "投稿id", "口コミid", "番号"),
    "text": (
        "text", "body", "review", "review_text", "comment", "content", "message",
        "本文", "口コミ", "レビュー", "コメント", "内容", "感想", "口コミ本文",
    ),
    "title": ("title", "subject", "headline", "review_title", "タイトル", "件名", "見出し"),
    "rating": ("rating", "stars", "star_rating", "score", "評価", "評点", "星", "満足度", "総合評価"),
    "rating_best": ("rating_scale", "rating_best", "best_rating"),
    "author_name": (
        "author", "author_name", "name", "user", "username", "reviewer",
        "投稿者", "投稿者名", "氏名", "名前", "お名前", "ユーザー", "ユーザー名",
    ),
    "author_id": ("author_id", "user_id", "customer_id", "会員番号", "ユーザーid"),
    "author_url": ("author_url",),
    "posted_at": (
        "posted_at", "date", "created_at", "published_at", "time", "timestamp", "created",
        "投稿日", "投稿日時", "日付", "日時", "作成日", "作成日時",
    ),
    "edited_at": ("edited_at", "updated_at", "modified_at", "更新日", "更新日時"),
    "language": ("language", "lang", "言語"),
    "url": ("url", "link", "permalink", "リンク"),
    "location": ("location", "place", "branch", "store", "shop", "property", "店舗", "店舗名", "施設", "施設名"),
    "product_version": ("product_version", "version", "app_version", "product", "バージョン", "商品", "商品名"),
    "served_by": ("served_by", "staff", "担当者", "接客担当", "スタッフ"),
    "reply_text": ("reply_text", "owner_reply", "response", "返信", "返答", "回答"),
    "reply_at": ("reply_at", "返信日", "返信日時"),
    "kind": ("kind", "type", "種類"),
    "likes": ("likes",),
    "reposts": ("reposts",),
    "replies": ("replies",),
    "followers": ("followers",),
}  # fmt: skip
REACH = ("likes", "reposts", "replies", "followers")
_MEANING = {name: word for word, names in NAMES.items() for name in names}


def plan(columns: Iterable[str], mapping: Mapping[str, str]) -> dict[str, str]:
    """Our word → the column that holds it. The first column of a usual name wins.

    Raises Unreadable when a mapped column is not there, or when nothing says what people wrote or rated.
    """
    columns = list(columns)
    for word, column in mapping.items():
        if word not in NAMES:
            raise Unreadable(f"columns: {word!r} is none of ours; write one of {', '.join(NAMES)}")
        if column not in columns:
            raise Unreadable(f"columns: there is no column {column!r} for {word}; the file has {_listed(columns)}")
    found = dict(mapping)
    taken = set(mapping.values())
    for column in columns:
        meaning = _MEANING.get(_plain(column))
        if meaning and meaning not in found and column not in taken:
            found[meaning] = column
    if "text" not in found and "rating" not in found:
        raise Unreadable(f"no column for text or rating among {_listed(columns)}; write e.g. columns: {{text: 本文}}")
    return found


def _plain(column: str) -> str:
    return unicodedata.normalize("NFKC", column).strip().lower().replace(" ", "_")


def _listed(columns: list[str]) -> str:
    return ", ".join(repr(column[:40]) for column in columns[:20]) or "no columns"
