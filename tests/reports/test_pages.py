"""What leaves the house: pages, tables and deliveries, also where the text in them is hostile."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from config.clock import SetClock
from config.settings import Secrets, settings_from
from kintsugi.app import App
from kintsugi.steps.reporting import make_due, question
from reports.as_data import as_data
from reports.as_html import as_html
from reports.as_pdf import as_pdf
from reports.as_table import as_csv, as_xlsx, harmless
from reports.period import days_between
from reports.report import Report, make_report
from storage.assessment import Assessment
from storage.database import Database
from storage.delivery import Delivery
from storage.ingest import ingest
from storage.item import Item
from storage.listing import list_revisions
from storage.source import Crawl, source_by_key

TOKYO = ZoneInfo("Asia/Tokyo")
AT = datetime(2026, 11, 16, 0, 0, tzinfo=UTC)
HOSTILE = '</blockquote><script>alert("1")</script><img src=x onerror=alert(2)> =HYPERLINK("http://evil") 090-1234-5678'
PLACE = '"><svg onload=alert(3)>'
TOPIC = "=cmd|' /C calc'!A1"


def write_hostile_week(database: Database) -> None:
    with database.write() as session:
        source = source_by_key(session, "-2+3<b>", "file")
        crawl = Crawl(source_id=source.id, started_at=AT)
        for name in ("fetched", "new", "revised", "unchanged", "ignored", "rejected", "gone"):
            setattr(crawl, name, 0)
        session.add(crawl)
        session.flush()
        items = [
            Item(
                str(number), "review", HOSTILE, rating=1.0, posted_at=AT - timedelta(days=2), location=place,
                url="javascript:alert(4)" if number % 2 else "https://example.jp/?a=1&b=\"'<", author_id=str(number),
            )
            for number, place in enumerate([PLACE, PLACE, "+81", "+81", "京都"] * 4)
        ]  # fmt: skip
        ids = ingest(session, source, crawl, items, AT).revisions
        for revision_id in ids:
            session.add(
                Assessment(
                    revision_id=revision_id, language="ja", sentiment="negative", negative=0.9, neutral=0.1,
                    positive=0.0, topics=[{"name": TOPIC, "p": 0.9}], emotion="anger", urgency="low", severity="major",
                    reasons=[], model="t", assessed_at=AT,
                )
            )  # fmt: skip
        session.flush()
        list_revisions(session, ids)


@pytest.fixture
def hostile(database: Database) -> Report:
    write_hostile_week(database)
    settings = settings_from({"brand": {"name": "<b>Sora</b> & Co"}})
    period = days_between((AT - timedelta(days=7)).date(), (AT - timedelta(days=1)).date(), TOKYO)
    with database.read() as session:
        return make_report(session, question(settings, "weekly", period, AT))


class Seen(HTMLParser):
    """What a browser would make of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += data


def seen(page: str) -> Seen:
    found = Seen()
    found.feed(page)
    return found


@pytest.mark.parametrize("language", ["ja", "en"])
def test_hostile_text_is_shown_and_never_acts(hostile: Report, language: str) -> None:
    page = as_html(hostile, language, {"mood": b"\x89PNG"}, "https://kintsugi.example.jp")
    found = seen(page)
    assert not found.tags & {"script", "svg", "iframe", "object", "b" if "<b>Sora" in page else "script"}
    assert not [name for name, _ in found.attributes if name.startswith("on")]
    links = [value or "" for name, value in found.attributes if name in ("href", "src")]
    assert all(
        link.startswith(("https://kintsugi.example.jp/", "https://example.jp/", "data:image/png;")) for link in links
    )
    assert "<script>alert" in found.text, "it is shown as what it is"
    assert "090-1234-5678" not in page
    assert "<b>Sora</b> & Co" in found.text


def test_a_page_fetches_nothing(hostile: Report) -> None:
    page = as_html(hostile, "ja", {"mood": b"\x89PNG"}, None)
    found = seen(page)
    assert not found.tags & {"link", "script", "iframe", "object", "embed", "video", "audio"}
    assert [value for name, value in found.attributes if name == "src"] == ["data:image/png;base64,iVBORw=="]
    style = page[page.index("<style>") : page.index("</style>")]
    assert "url(" not in style
    assert "@import" not in style
    assert "/mentions?" not in page, "without an address of the pages there are no links to them"


def test_links_ask_the_pages_for_exactly_the_mentions_of_a_figure(hostile: Report) -> None:
    links = [value or "" for name, value in seen(as_html(hostile, "en", {}, "")).attributes if name == "href"]
    asked = [link for link in links if link.startswith("/mentions?")]
    assert asked
    names = {part.partition("=")[0] for link in asked for part in link.partition("?")[2].split("&")}
    assert names <= {"text", "sentiment", "about", "topic", "source", "place", "language", "since", "until", "zone"}
    assert "place=%22%3E%3Csvg+onload%3Dalert%283%29%3E" in "".join(asked)


def test_no_cell_begins_a_formula(hostile: Report) -> None:
    rows = list(csv.reader(io.StringIO(as_csv(hostile, "ja").removeprefix("\ufeff"))))
    cells = [cell for row in rows for cell in row]
    assert any(cell.startswith("'=cmd") for cell in cells)
    assert any(cell.startswith("'-2+3") for cell in cells)
    for cell in cells:
        assert not cell.startswith(("=", "+", "@", "\t", "\r", "＝")), cell
        assert not cell.startswith("-") or re.fullmatch(r"-[\d.]+", cell), cell
    book = load_workbook(io.BytesIO(as_xlsx(hostile, "en")))
    values = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert not [cell for cell in values if cell.data_type == "f"]
    assert [cell.value for cell in values if cell.value == 20], "figures are numbers"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1"])
def test_what_would_begin_a_formula_is_text(text: str) -> None:
    assert harmless(text) == f"'{text}"
    assert harmless(f"a{text}") == f"a{text}"


def test_machines_read_the_same_figures(hostile: Report) -> None:
    found = as_data(hostile, "en")
    volume = next(section for section in found["sections"] if section["key"] == "volume")
    assert volume["rows"][-1][1]["value"] == hostile.mentions == 20
    assert (found["since"], found["until"]) == ("2026-11-09", "2026-11-15")


def test_a_pdf_is_set_from_the_page(hostile: Report) -> None:
    try:
        import weasyprint  # noqa: F401  # it loads Pango, which a machine may lack
    except (ImportError, OSError) as error:
        pytest.skip(f"no WeasyPrint or no Pango: {error}")
    assert as_pdf(as_html(hostile, "ja", {}, None)).startswith(b"%PDF-")


def opened(folder: Path, database: Database, at: datetime) -> App:
    written = {
        "brand": {"name": "Sora"},
        "web": {"public_url": "https://sora.example"},
        "reports": {
            "daily": {"on": "09:00", "to": {"receiver": "console"}},
            "weekly": {"to": {"slack": "#reports", "email": ["boss@example.jp"]}, "language": "en"},
        },
    }
    app = App(settings_from(written), Secrets(_env_file=None), folder, SetClock(at))
    app.__dict__["database"] = database
    return app


def deliveries(database: Database) -> list[Delivery]:
    with database.read() as session:
        return list(session.scalars(select(Delivery).order_by(Delivery.key)))


def test_a_report_is_delivered_once_a_period_and_receiver(database: Database, tmp_path: Path) -> None:
    write_hostile_week(database)
    for minutes in (-60 * 24 * 3, -1, 0, 1, 2):
        moment = AT + timedelta(minutes=minutes)
        make_due(opened(tmp_path, database, moment), moment)
    keys = [one.key for one in deliveries(database)]
    weekly = [key for key in keys if ":weekly:" in key]
    assert weekly == ["report:weekly:2026-11-16:email boss@example.jp", "report:weekly:2026-11-16:slack #reports"]
    # Nobody said anything on the 15th nor a week before it: there is nothing to read on the 16th.
    assert [key for key in keys if ":daily:" in key] == ["report:daily:2026-11-15:console"]
    mail = next(one for one in deliveries(database) if one.receiver.startswith("email"))
    assert mail.payload["title"] == "Sora: weekly report"
    assert Path(mail.payload["page"]).read_text("utf-8").startswith("<!doctype html>")
    assert mail.payload["link"] == "https://sora.example/reports?kind=period&since=2026-11-09&until=2026-11-15"
    assert all(Path(image).read_bytes().startswith(b"\x89PNG") for image in mail.payload["images"])
    assert mail.payload["images"]


def test_weeks_that_passed_while_nothing_ran_are_made_up_for_by_the_last_one(
    database: Database, tmp_path: Path
) -> None:
    write_hostile_week(database)
    make_due(opened(tmp_path, database, AT - timedelta(days=20)), AT - timedelta(days=20))
    make_due(opened(tmp_path, database, AT + timedelta(hours=5)), AT + timedelta(hours=5))
    assert [one.key for one in deliveries(database) if ":weekly:" in one.key] == [
        "report:weekly:2026-11-16:email boss@example.jp",
        "report:weekly:2026-11-16:slack #reports",
    ]


def test_before_the_first_crawl_nothing_is_sent(database: Database, tmp_path: Path) -> None:
    make_due(opened(tmp_path, database, AT - timedelta(days=1)), AT - timedelta(days=1))
    make_due(opened(tmp_path, database, AT), AT)
    assert deliveries(database) == []
