"""Exports and feeds: hostile text stays text, in every format."""

from __future__ import annotations

import csv
import io
from xml.etree import ElementTree

from icalendar import Calendar
from openpyxl import load_workbook

from kintsugi.web.api.exports import as_csv, as_xlsx
from tests.responder.story import START
from tests.web.api.conftest import HOSTILE, Client

FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@A1",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1",
    "＠A1",
    "\x00=1",
    "\ufeff=1",
    "\u202e=1",
    "\x1b=1",
]


def test_no_cell_of_a_csv_begins_a_formula(client: Client) -> None:
    answer = client("reader").get("mentions.csv?rating=1")
    assert answer.headers["content-disposition"] == 'attachment; filename="mentions.csv"'
    assert answer.content.startswith(b"\xef\xbb\xbf")
    (row,) = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert (row["title"], row["text"]) == ("'+81 3", f"'{HOSTILE}")
    made = b"".join(as_csv(["a"], iter([[one] for one in FORMULAS]), START.tzinfo)).decode("utf-8-sig")  # type: ignore[arg-type]
    cells = [row[0] for row in csv.reader(io.StringIO(made, newline=""))][1:]
    assert len(cells) == len(FORMULAS)
    assert all(cell.startswith("'") for cell in cells), cells


def test_no_cell_of_a_workbook_is_a_formula(client: Client) -> None:
    book = load_workbook(io.BytesIO(client("reader").get("mentions.xlsx").content))
    rows = list(book.active.iter_rows())  # type: ignore[union-attr]
    assert len(rows) == 9
    assert HOSTILE in {str(cell.value).lstrip("'") for row in rows for cell in row}
    assert {cell.data_type for row in rows for cell in row} <= {"s", "n", "b"}
    made = b"".join(as_xlsx(["a"], iter([[one] for one in FORMULAS]), START.tzinfo))  # type: ignore[arg-type]
    sheet = load_workbook(io.BytesIO(made)).active
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} == {"s"}  # type: ignore[union-attr]


def test_cases_are_exported_by_the_same_filters(client: Client) -> None:
    api = client("agent")
    api.post("cases/K-2/claim")
    text = api.get("cases.csv?owner=agent").content.decode("utf-8-sig")
    assert [row["ref"] for row in csv.DictReader(io.StringIO(text))] == ["K-2"]
    book = load_workbook(io.BytesIO(api.get("cases.xlsx?state=all").content))
    assert [row[0] for row in book.active.values] == ["ref", "K-3", "K-2", "K-1"]  # type: ignore[union-attr]


def test_a_calendar_shows_what_runs_out_to_who_has_a_reading_token(client: Client, tokens: dict[str, str]) -> None:
    api = client("agent")
    del api.headers["Authorization"]
    answer = api.get(f"calendar.ics?token={tokens['reader']}")
    assert answer.headers["content-type"].startswith("text/calendar")
    events = Calendar.from_ical(answer.text).walk("VEVENT")
    assert {str(event["UID"]) for event in events} >= {"K-1-acknowledge@kintsugi", "K-3-first_response@kintsugi"}
    assert len({str(event["UID"]) for event in events}) == len(events)
    assert "眠れません" not in answer.text
    again = api.get(f"calendar.ics?token={tokens['reader']}", headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304
    mine = api.get(f"calendar.ics?owner=agent&token={tokens['reader']}")
    assert Calendar.from_ical(mine.text).walk("VEVENT") == []


def test_a_token_that_can_act_is_not_for_addresses(client: Client, tokens: dict[str, str]) -> None:
    api = client()
    del api.headers["Authorization"]
    for path in ("calendar.ics", "spikes.rss"):
        assert api.get(f"{path}?token={tokens['admin']}").json()["reason"] == "token_in_address"
        assert api.get(f"{path}?token=kgi_x").status_code == 401
        assert api.get(path).status_code == 401
    assert api.get(f"mentions?token={tokens['reader']}").status_code == 401


def test_spikes_are_a_feed(client: Client) -> None:
    channel = ElementTree.fromstring(client("reader").get("spikes.rss").content).find("channel")
    assert channel is not None
    titles = [item.findtext("title") for item in channel.findall("item")]
    assert len(titles) == 1
    assert "浅草" in str(titles[0])
    told = str(channel.find("item").findtext("description"))  # type: ignore[union-attr]  # there is one
    assert "件（通常なら" in told
    assert "うち否定的" in told
