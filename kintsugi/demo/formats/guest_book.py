"""The guest book: a CSV export with Japanese headers, as a reception desk's software writes it."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import datetime

from kintsugi.demo.world import ZONE, Said

HEADERS = ("受付番号", "記入日時", "更新日時", "宿泊施設", "お名前", "会員番号", "言語", "評価", "件名", "ご感想")


def guest_book(said: Sequence[Said]) -> bytes:
    """The whole book, the oldest line first: UTF-8 with the mark that spreadsheets expect, lines ended by CR LF."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(HEADERS)
    for one in said:
        writer.writerow(
            (
                one.id,
                one.written or _moment(one.posted_at),
                _moment(one.edited_at) if one.edited_at else "",
                one.location,
                one.author or "",
                one.author_id or "",
                one.language,
                one.rating,
                one.title or "",
                one.text,
            )
        )
    return text.getvalue().encode("utf-8-sig")


def _moment(at: datetime) -> str:
    return at.astimezone(ZONE).strftime("%Y/%m/%d %H:%M")
