"""The page of reports: the figures of the model, each with its mentions; files of it; nothing hostile is markup."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import update

from kintsugi.steps.reporting import periodic, question
from kintsugi.web.language import written
from reports.as_data import as_data
from reports.period import days_between
from reports.report import make_report
from reports.scope import Scope
from storage.listing import Listing
from tests.web.pages.house import House
from tests.web.seat import Seat

DOCUMENT = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Tables(HTMLParser):
    """The rows of every table body of a page, a list of (text, link) a row; and the addresses of its pictures."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.rows: list[list[tuple[str, str | None]]] = []
        self.pictures: list[str] = []
        self._inside = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "img":
            self.pictures.append(given["src"] or "")
        if tag == "tr":
            self.rows.append([])
        if tag == "td":
            self._inside = True
            self.rows[-1].append(("", None))
        if tag == "a" and self._inside:
            self.rows[-1][-1] = ("", given["href"])

    def handle_endtag(self, tag: str) -> None:
        if tag == "td":
            self._inside = False

    def handle_data(self, data: str) -> None:
        if self._inside:
            text, link = self.rows[-1][-1]
            self.rows[-1][-1] = (text + data, link)


def model(house: House, kind: str, language: str, scope: Scope | None = None) -> dict[str, Any]:
    """The report as `kintsugi report KIND --json` tells it."""
    settings, at = house.app.settings, house.clock.now()
    period = periodic(kind, at, settings.brand.zone)
    with house.app.database.read() as session:
        return as_data(make_report(session, question(settings, kind, period, at, scope)), language)


def cells(data: dict[str, Any]) -> list[list[tuple[str, str | None]]]:
    return [[(cell["text"], cell["link"]) for cell in row] for section in data["sections"] for row in section["rows"]]


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_page_shows_the_last_week_with_every_figure_of_the_model(house: House, language: str) -> None:
    page = house.client("viewer", language).get("/reports")
    assert page.status_code == 200
    data = model(house, "weekly", language)
    assert [row for row in Tables(page.text).rows if row] == cells(data)
    assert any(link for row in cells(data) for _, link in row)
    assert written(language)["reports.files"] in page.text
    assert f'<a href="/reports" aria-current="page">{written(language)["nav.reports"]}</a>' in page.text


def test_the_form_chooses_kind_place_and_source(house: House) -> None:
    client = house.client("viewer")
    shown = client.get("/reports?kind=monthly&source=guest-book&place=")
    wanted = cells(model(house, "monthly", "ja", Scope(source="guest-book")))
    assert [row for row in Tables(shown.text).rows if row] == wanted
    days = client.get("/reports?kind=period&since=2025-11-28&until=2025-11-29").text
    zone, at = house.app.settings.brand.zone, house.clock.now()
    first, last = (at.replace(month=11, day=day).date() for day in (28, 29))
    with house.app.database.read() as session:
        asked = question(house.app.settings, "period", days_between(first, last, zone), at)
        assert [row for row in Tables(days).rows if row] == cells(as_data(make_report(session, asked), "ja"))


def test_behind_a_figure_stand_as_many_mentions(house: House) -> None:
    client = house.client("viewer")
    client.cookies.set("zone", "America/New_York")  # the days are those of the brand all the same
    wanted = {"volume", "mood", "topics", "cases", "outcomes", "funnel", "times"}
    zone = house.app.settings.brand.zone
    today = house.clock.now().astimezone(zone).date()  # on which its cases were opened
    days = days_between(today - timedelta(days=7), today, zone)
    with house.app.database.read() as session:
        asked = question(house.app.settings, "period", days, house.clock.now())
        lately = as_data(make_report(session, asked), "ja")
    counted = {
        cell["link"]: (section["key"], cell["value"])
        for section in (*model(house, "weekly", "ja")["sections"], *lately["sections"])
        if section["key"] in wanted
        for row in section["rows"]
        for cell in row
        if cell["link"] and isinstance(cell["value"], int) and cell["value"] <= 50
    }
    assert {key for key, _ in counted.values()} == wanted
    for link, (_, value) in counted.items():
        assert client.get(link).text.count('<li class="line wide">') == value, link


def test_hostile_words_are_words(house: House) -> None:
    page = house.client("viewer").get(
        "/reports", params={"place": "<u>Kyoto</u>", "source": '"><img src=x onerror=alert(1)>'}
    )
    assert page.status_code == 200
    assert "<u>Kyoto" not in page.text
    assert "&lt;u&gt;Kyoto&lt;/u&gt;" in page.text
    there = house.client("viewer").get("/reports", params={"place": "<u>Kyoto</u>"}).text
    assert "部屋はきれいになりました。&lt;script&gt;alert(6)" in there
    assert "<script>alert" not in there
    whole = house.client("viewer").get("/reports").text
    assert "<script>alert" not in whole
    assert "javascript:" not in whole
    assert "03-1234-5678" not in whole


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ("kind=period&since=2025-11-20", "no_day"),
        ("since=2025-13-45&until=x", "no_day"),
        ("kind=period&since=0001-01-01&until=9999-12-31", "no_day"),
        ("kind=period&since=2025-11-20&until=2025-11-19", "wrong_way"),
        ("kind=period&since=2020-01-01&until=2025-11-19", "too_long"),
    ],
)
def test_days_that_make_no_period_are_told(house: House, query: str, word: str) -> None:
    client = house.client("viewer", "en")
    page = client.get(f"/reports?{query}")
    assert page.status_code == 400
    assert written("en")[f"reports.{word}"] in page.text
    assert client.get(f"/reports/files/csv?{query}").status_code == 400


def test_where_nobody_said_anything_the_page_says_what_to_do(tmp_path: Path, migrated_sqlite: Path, seat: Seat) -> None:
    house = House(tmp_path, migrated_sqlite, seat=seat)
    client = house.client("viewer", "en")
    assert written("en")["reports.nothing"] in client.get("/reports").text
    assert 'href="/sources"' in client.get("/reports").text
    narrowed = client.get("/reports?kind=daily&place=Asakusa").text
    assert written("en")["reports.nothing_here"] in narrowed
    assert 'href="/reports?kind=daily"' in narrowed
    house.app.database.close()


def test_every_download_answers(house: House) -> None:
    client = house.client("viewer")
    table = client.get("/reports/files/csv?kind=weekly")
    assert table.headers["content-disposition"] == ('attachment; filename="kintsugi-weekly-2025-11-24-2025-11-30.csv"')
    texts = [row["text"] for row in csv.DictReader(io.StringIO(table.content.decode("utf-8-sig")))]
    assert len(texts) == 1 + sum(len(row) - 1 for row in cells(model(house, "weekly", "ja")))
    book = client.get("/reports/files/xlsx")
    assert book.headers["content-type"] == DOCUMENT
    assert len(load_workbook(io.BytesIO(book.content)).sheetnames) == 1 + len(model(house, "weekly", "ja")["sections"])
    page = client.get("/reports/files/html")
    assert page.headers["content-disposition"].endswith('.html"')
    assert page.text.startswith("<!doctype html>")
    assert "<script" not in page.text
    assert client.get("/reports/files/exe").status_code == 404


def test_the_paper_is_a_pdf_or_says_what_is_missing(house: House) -> None:
    paper = house.client("viewer").get("/reports/files/pdf")
    try:
        import weasyprint  # noqa: F401  # it loads Pango, which a machine may lack
    except (ImportError, OSError):
        assert paper.status_code == 503
        assert "WeasyPrint" in paper.text
    else:
        assert (paper.status_code, paper.headers["content-type"]) == (200, "application/pdf")
        assert paper.content.startswith(b"%PDF-")


def test_a_chart_is_a_picture_that_is_sent_once(house: House) -> None:
    client = house.client("viewer")
    pictures = Tables(client.get("/reports?kind=monthly").text).pictures
    assert pictures
    first = client.get(pictures[0])
    assert first.headers["content-type"] == "image/png"
    assert first.content.startswith(b"\x89PNG")
    again = client.get(pictures[0], headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    english = house.client("viewer", "en").get(pictures[0])
    assert english.headers["etag"] != first.headers["etag"]
    assert client.get("/reports/charts/nothing").status_code == 404


def test_the_charts_of_a_page_are_of_its_own_figures(house: House) -> None:
    client = house.client("viewer")
    picture = next(one for one in Tables(client.get("/reports?kind=monthly").text).pictures if "/topics?" in one)
    first = client.get(picture).headers["etag"]
    with house.app.database.write() as session:
        session.execute(update(Listing).values(topic="billing", sentiment="negative"))
    assert client.get(picture).headers["etag"] == first
    house.clock.advance(timedelta(minutes=1))
    later = next(one for one in Tables(client.get("/reports?kind=monthly").text).pictures if "/topics?" in one)
    assert client.get(later).headers["etag"] != first
