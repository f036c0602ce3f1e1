"""Files of mentions: formats, encodings, columns, and what is wrong in them."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawlers.file import Reader, read_file
from crawlers.parsing.raw import Unreadable
from crawlers.parsing.rows import Row
from storage.item import Item, Refused

AT = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def written(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding, "surrogatepass" if encoding == "utf-8" else "strict"))
    return path


def lines(path: Path, rows: Iterable[Any]) -> Path:
    return written(path, "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))


def items(found: Iterable[Item | Refused]) -> list[Item]:
    return [entry for entry in found if isinstance(entry, Item)]


def reasons(found: Iterable[Item | Refused]) -> list[str]:
    return [entry.reason for entry in found if isinstance(entry, Refused)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp932", "euc_jp"])
def test_japanese_csv_is_read_in_its_encoding(tmp_path: Path, encoding: str) -> None:
    text = '投稿ID,お名前,本文,評価,投稿日\r\n7,山田,"部屋が寒い。\r\n眠れませんでした。",★★☆☆☆,令和8年11月3日\r\n'
    [item] = read_file(written(tmp_path / "reviews.csv", text, encoding), at=AT)
    assert isinstance(item, Item)
    assert item.text == "部屋が寒い。\n眠れませんでした。"
    assert (item.external_id, item.author_name, item.rating, item.kind) == ("7", "山田", 2.0, "review")
    assert item.posted_at == datetime(2026, 11, 3, tzinfo=UTC)


def test_an_encoding_that_is_neither_is_refused_by_name(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", "id,text\n1,caf\u00e9 trop cher, d\u00e9\u00e7u\n", "latin-1")
    with pytest.raises(Unreadable, match="neither UTF-8 nor Shift_JIS"):
        list(read_file(path))
    [item] = read_file(written(tmp_path / "b.csv", 'id,text\n1,"trop cher, déçu"\n', "latin-1"), encoding="latin-1")
    assert isinstance(item, Item)
    assert item.text == "trop cher, déçu"


def test_columns_that_say_nothing_are_named_and_can_be_mapped(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", "Nr;Meinung\n1;Zu laut\n")
    with pytest.raises(Unreadable, match=r"no column for text or rating among 'Nr', 'Meinung'"):
        list(read_file(path))
    [item] = read_file(path, {"text": "Meinung", "external_id": "Nr"})
    assert isinstance(item, Item)
    assert (item.external_id, item.text, item.kind) == ("1", "Zu laut", "post")
    with pytest.raises(Unreadable, match="there is no column 'Text'"):
        list(read_file(path, {"text": "Text"}))


def test_broken_rows_are_refused_alone_with_their_line(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    good = {"id": "1", "text": "fine", "rating": 4, "posted_at": "2026-11-01T00:00:00Z"}
    path.write_bytes(
        b"\n".join(
            [
                json.dumps(good).encode(),
                b'{"id": "2", "text": ',
                b"[1, 2]",
                "良い".encode("cp932"),
                b'{"id": "", "text": "no id"}',
                b'{"id": "6", "text": "off the scale", "rating": 11}',
                b'{"id": "7"}',
                json.dumps({**good, "id": "8"}).encode(),
            ]
        )
    )
    found = list(read_file(path, at=AT))
    assert [item.external_id for item in items(found)] == ["1", "8"]
    told = reasons(found)
    assert [reason.partition(":")[0] for reason in told] == [f"line {number}" for number in (2, 3, 4, 5, 6, 7)]
    assert "encoding" in told[2]
    assert "no id" in told[3]
    assert "rating 11 is not on its scale of 5; set `rating_scale`" in told[4]


def test_another_scale_is_mapped_and_kept(tmp_path: Path) -> None:
    path = lines(tmp_path / "a.jsonl", [{"id": "1", "text": "so so", "rating": 6}, {"id": "2", "rating": "9/10"}])
    found = items(read_file(path, rating_scale=10))
    assert [(item.rating, item.rating_raw, item.rating_scale) for item in found] == [(3.0, 6.0, 10.0), (4.5, 9.0, 10.0)]


def test_what_is_strange_is_cleaned_and_noted(tmp_path: Path) -> None:
    rows = [
        {"id": "1", "text": "a\x00b\ud800c\x1b[0m"},
        {"id": "2", "text": "長" * 1_700_000},
        {"id": "3", "text": "<p>一行目<br>二行目 &amp; <script>x()</script></p>"},
        {"id": "4", "text": "from tomorrow", "posted_at": "2099-01-01"},
    ]
    path = tmp_path / "a.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    one, long, markup, tomorrow = items(read_file(path, at=AT))
    assert one.text == "ab\ufffdc[0m"
    assert len(long.text) == 20_000
    assert "text of 1,700,000 characters cut" in str(long.why)
    assert markup.text == "一行目\n二行目 &"
    assert tomorrow.posted_at is None
    assert "in the future" in str(tomorrow.why)


def test_rows_without_ids_get_the_same_one_each_time(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", "text,author\nnoisy,Ann\nnoisy,Bob\n")
    first, again = items(read_file(path)), items(read_file(path))
    assert [item.external_id for item in first] == [item.external_id for item in again]
    assert len({item.external_id for item in first}) == 2


def test_a_spreadsheet_is_read_with_dates_and_formulas_as_values(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in (
        ["ID", "本文", "評価", "日付"],
        [1, "古い", 2, datetime.fromisoformat("2026-11-01T09:00")],
        [None] * 4,
        [2, "=1+1", 3, None],
    ):
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    found = items(read_file(tmp_path / "a.xlsx", at=AT))
    assert [(item.external_id, item.text, item.rating) for item in found] == [("1", "古い", 2.0), ("2", "", 3.0)]
    assert found[0].posted_at == datetime(2026, 11, 1, 9, 0, tzinfo=UTC)


def test_bombs_and_entities_are_refused(tmp_path: Path) -> None:
    bomb, entity, broken = (tmp_path / name for name in ("bomb.xlsx", "entity.xlsx", "broken.xlsx"))
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (40 * 2**20))
    with zipfile.ZipFile(entity, "w") as archive:
        archive.writestr("xl/workbook.xml", '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')
    broken.write_bytes(b"PK\x03\x04 nothing")
    for path, said in ((bomb, "unpacks to 40 MB"), (entity, "defines XML entities"), (broken, "no XLSX file")):
        with pytest.raises(Unreadable, match=said):
            list(read_file(path))


LINE = st.text(max_size=12) | st.none() | st.integers(-2, 9)


@settings(max_examples=60, derandomize=True, deadline=None)
@given(
    identity=st.text(min_size=1, max_size=8) | st.integers(),
    text=st.text(max_size=30) | st.sampled_from(["a < b", "&amp;", "良い ", "é", "e\u0301", "a\r\nb", "\u2028"]),
    author=LINE,
    title=LINE,
    rating=st.none() | st.integers(-1, 6) | st.floats(0, 6) | st.sampled_from(["4", "★★★", True]),
    posted=st.sampled_from(
        ["2026-11-01", "2026-11-01T09:00:00+09:00", "20261101", "3日前", "2099-01-01", "1970-01-01T00:00:00Z"]
    ),
    language=st.sampled_from([None, "ja", "JA", "en-US", "xx", 3]),
)
def test_the_quick_way_and_the_long_way_agree(**values: Any) -> None:
    names = ("identity", "text", "author", "title", "rating", "posted", "language")
    columns = ("id", "text", "author", "title", "rating", "posted_at", "language")
    row = Row({column: values[name] for name, column in zip(names, columns, strict=True)}, 1)
    quick, long = Reader({}, at=AT), Reader({}, at=AT)
    long._plain_item = lambda *_: None  # type: ignore[method-assign, assignment]
    quick.item(row)  # The first row of a kind teaches its columns.
    assert quick.item(row) == long.item(row)
