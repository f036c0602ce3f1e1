"""A watched folder: each file once, nothing moved, bad files named."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from storage.item import Handover, Refused
from tests.crawlers.conftest import AT, end_of, items_of

Crawl = Callable[..., list[Handover]]
OLD = AT.timestamp() - 3600


def put(path: Path, text: str, changed: float = OLD) -> None:
    path.write_text(text, encoding="utf-8")
    os.utime(path, (changed, changed))


def test_files_are_taken_up_once_in_order_of_time(tmp_path: Path, crawl: Crawl) -> None:
    put(tmp_path / "b.csv", "id,text\n1,寒い\n", OLD - 60)
    put(tmp_path / "a.jsonl", '{"id": "1", "text": "暖かい"}\n')
    first = crawl("drop", {"path": str(tmp_path)})
    assert [item.text for item in items_of(first)] == ["寒い", "暖かい"]
    cursor = end_of(first).cursor
    assert crawl("drop", {"path": str(tmp_path)}, cursor=cursor)[:-1] == []
    (tmp_path / "b.csv").rename(tmp_path / "c.csv")  # the same file
    os.utime(tmp_path / "a.jsonl", (OLD + 9, OLD + 9))
    put(tmp_path / "d.csv", "id,text\n2,新しい\n")
    assert [item.text for item in items_of(crawl("drop", {"path": str(tmp_path)}, cursor=cursor))] == ["新しい"]
    assert len(list(tmp_path.iterdir())) == 3


def test_files_that_are_still_written_wait(tmp_path: Path, crawl: Crawl) -> None:
    put(tmp_path / "now.csv", "id,text\n1,half\n", AT.timestamp() - 1)
    put(tmp_path / "upload.csv.part", "id,text\n2,half\n")
    put(tmp_path / ".hidden.csv", "id,text\n3,half\n")
    assert crawl("drop", {"path": str(tmp_path)})[:-1] == []


def test_a_bad_file_is_named_once_and_read_when_it_was_mended(tmp_path: Path, crawl: Crawl) -> None:
    put(tmp_path / "bad.csv", "Nr,Meinung\n1,laut\n")
    put(tmp_path / "letter.pdf", "%PDF")
    put(tmp_path / "good.csv", "id,text\n1,gut\n,kein\n")
    found = crawl("drop", {"path": str(tmp_path)})
    refused = [entry.reason for entry in found if isinstance(entry, Refused)]
    assert [reason.partition(":")[0] for reason in refused] == ["bad.csv", "good.csv", "letter.pdf"]
    assert [item.text for item in items_of(found)] == ["gut"]
    cursor = end_of(found).cursor
    assert crawl("drop", {"path": str(tmp_path)}, cursor=cursor)[:-1] == []
    put(tmp_path / "bad.csv", "id,text\n1,laut\n", OLD + 60)
    assert [item.text for item in items_of(crawl("drop", {"path": str(tmp_path)}, cursor=cursor))] == ["laut"]


def test_a_pattern_chooses_files_and_a_missing_folder_is_an_error(tmp_path: Path, crawl: Crawl) -> None:
    put(tmp_path / "a.csv", "id,text\n1,a\n")
    put(tmp_path / "b.csv", "id,text\n2,b\n")
    assert [item.text for item in items_of(crawl("drop", {"path": str(tmp_path), "files": "b*"}))] == ["b"]
    assert "No such file" in str(end_of(crawl("drop", {"path": str(tmp_path / "no")})).error)
