"""Complaint pages: anybody may write, robots may not, nothing typed is lost, and a photo is only a picture."""

from __future__ import annotations

import io
import struct
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from PIL import Image
from sqlalchemy import func, select

from kintsugi.desk.complaint_entry import contact_of
from kintsugi.desk.photos import clean_photo, folder_of, lay_down, photo_of, sweep
from kintsugi.web.stamp import new_stamp, read_stamp, stamp_key
from responder.cases.refused import Refused
from responder.channels.opening import address_of
from responder.privacy.erasure import erase_author
from storage.account import Audit
from storage.case import Case
from storage.mention import Mention, latest_revision
from storage.work import Work
from tests.web.shop import PUBLIC, START, Shop, hidden

KEY = stamp_key(b"a secret")
TEXT = "<b>部屋</b>が寒くて眠れませんでした。\r\n夜中に=HYPERLINK(1) 電話しました。"


def photo(kind: str = "JPEG", size: tuple[int, int] = (60, 40)) -> bytes:
    """A picture that says where it was taken, lying on its side."""
    made, told = io.BytesIO(), Image.Exif()
    told[0x010E], told[0x0112] = "taken at 35.7N 139.7E", 6
    Image.new("RGB", size, "red").save(made, kind, exif=told)
    return made.getvalue()


def count(shop: Shop) -> int:
    with shop.app.database.read() as session:
        return session.scalar(select(func.count()).select_from(Mention)) or 0


def test_a_complaint_becomes_a_mention_of_its_place_and_opens_a_case(new_shop: Shop) -> None:
    phone = new_shop.client()
    reference = new_shop.complains(phone, text=TEXT, contact="Hanako@Example.JP", name=" 田中\t花子 ")
    thanks = phone.get(f"/c/asakusa/thanks/{reference}")
    assert (thanks.status_code, reference in thanks.text) == (200, True)
    mention = new_shop.mention(reference)
    with new_shop.app.database.read() as session:
        said = latest_revision(session, mention.id)
        assert (said.text, said.rating) == (TEXT.replace("\r\n", "\n"), 1.0)
    assert mention.author is not None
    assert (mention.location, mention.url) == ("浅草", f"{PUBLIC}/received/{reference}")
    assert (mention.author.external_id, mention.author.name) == ("Hanako@example.jp", "田中 花子")
    new_shop.engine.settle()
    with new_shop.app.database.read() as session:
        assert session.scalars(select(Case)).one().labels["source"] == "intake"
    page = new_shop.signed_in().get(f"/received/{reference}")
    assert "mailto:Hanako@example.jp" in page.text
    assert "&lt;b&gt;部屋&lt;/b&gt;" in page.text
    with new_shop.app.database.read() as session:
        looked = session.scalars(select(Audit).where(Audit.what == "looked_at_author")).one()
        assert looked.data == {"mention": mention.id}


def test_the_same_form_sent_twice_is_one_complaint(new_shop: Shop) -> None:
    phone = new_shop.client()
    stamp = new_shop.stamp(phone)
    first = new_shop.complains(phone, stamp=stamp)
    assert new_shop.complains(phone, stamp=stamp) == first
    assert count(new_shop) == 1
    assert new_shop.complains(phone) != first
    with new_shop.app.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Work).where(Work.step == "assess")) == 2


def test_wrong_input_is_named_kindly_and_everything_typed_stays(new_shop: Shop) -> None:
    phone = new_shop.client()
    stamp = new_shop.stamp(phone)
    new_shop.later(seconds=10)
    good = {"text": "寒い <i>", "contact": "090-1234-5678", "name": "花子", "stars": "2", "stamp": stamp}
    for wrong, said in (
        ({"text": "  "}, "どのようなことがあったか、お書きください。"),
        ({"text": "長" * 4001}, "4000文字以内"),
        ({"contact": "hanako@"}, "メールアドレスか電話番号の形"),
        ({"contact": "a@b.jp\r\nBcc: c@d.jp"}, "メールアドレスか電話番号の形"),
        ({"stars": "9"}, "評価は選択肢の中から"),
        ({"name": "名" * 81}, "お名前は80文字以内"),
    ):
        answer = phone.post("/c/asakusa", data=good | wrong)
        assert (answer.status_code, said in answer.text) == (400, True), answer.text
        kept = [value for name, value in good.items() if name not in wrong and name not in ("stars", "text")]
        assert all(value in answer.text for value in kept)
        assert "text" in wrong or "寒い &lt;i&gt;" in answer.text
        assert hidden(answer.text, "stamp") == stamp
    assert count(new_shop) == 0
    switched = phone.post("/c/asakusa", data=good | {"switch": "en"})
    assert (switched.status_code, "Tell us what went wrong" in switched.text) == (200, True)
    assert "寒い &lt;i&gt;" in switched.text
    assert phone.post("/c/asakusa", data=good).status_code == 303


def test_robots_are_asked_to_press_again_and_store_nothing(new_shop: Shop) -> None:
    phone = new_shop.client()
    stamp = new_shop.stamp(phone)
    quick = phone.post("/c/asakusa", data={"text": "x", "stamp": stamp})
    assert (quick.status_code, "もう一度「送信する」" in quick.text) == (400, True)
    new_shop.later(seconds=10)
    of_another_page = new_shop.stamp(phone, "app")
    for fields in (
        {"stamp": stamp, "fax_kintsugi": "123"},
        {"stamp": ""},
        {"stamp": stamp[:-1] + ("A" if stamp[-1] != "A" else "B")},
        {"stamp": of_another_page},
    ):
        answer = phone.post("/c/asakusa", data={"text": "とても寒い"} | fields)
        assert (answer.status_code, "とても寒い" in answer.text) == (400, True)
    assert count(new_shop) == 0
    new_shop.later(days=2)
    late = phone.post("/c/asakusa", data={"text": "とても寒い", "stamp": stamp})
    assert late.status_code == 400
    new_shop.later(seconds=10)
    again = phone.post("/c/asakusa", data={"text": "とても寒い", "stamp": hidden(late.text, "stamp")})
    assert again.status_code == 303


def test_one_address_cannot_flood_a_page(new_shop: Shop) -> None:
    phone = new_shop.client()
    stamp = new_shop.stamp(phone)
    new_shop.later(seconds=10)
    answers = [phone.post("/c/asakusa", data={"text": f"寒い{n}", "stamp": stamp}) for n in range(12)]
    assert [answer.status_code for answer in answers] == [303] * 10 + [429] * 2
    assert "寒い11" in answers[-1].text


def test_pages_that_are_not_there_and_bodies_that_are_too_large_are_refused(new_shop: Shop) -> None:
    phone = new_shop.client("en")
    for path in ("/c/nowhere", "/c/asakusa/thanks/<script>", "/c/nowhere/thanks/C-2222-2222"):
        answer = phone.get(path)
        assert (answer.status_code, "We cannot find this page" in answer.text) == (404, True)
    assert phone.post("/c/nowhere", data={"text": "x"}).status_code == 404
    assert phone.post("/c/asakusa", content=b"x" * (24 * 1024 * 1024 + 1)).status_code == 413
    forged = phone.post("/c/asakusa", data={"text": "x"}, headers={"sec-fetch-site": "cross-site"})
    assert forged.status_code == 403
    page = phone.get("/c/app")
    assert "script-src 'self'" in page.headers["content-security-policy"]
    assert ("<script" in page.text, "set-cookie" in page.headers) == (False, False)
    assert "公式アプリ" in page.text


def test_a_photo_is_made_anew_and_only_staff_see_it(new_shop: Shop) -> None:
    phone, stamp = new_shop.client(), ""
    stamp = new_shop.stamp(phone)
    new_shop.later(seconds=10)
    for sent, said in (
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "読み込めませんでした"),
        (photo()[:100], "読み込めませんでした"),
        (b"\xff\xd8" + b"0" * (10 * 1024 * 1024), "写真が大きすぎます"),
    ):
        files = {"photo": ("../../x.jpg", sent, "image/jpeg")}
        answer = phone.post("/c/asakusa", data={"text": "染みがあります", "stamp": stamp}, files=files)
        assert (answer.status_code, said in answer.text, "染みがあります" in answer.text) == (400, True, True)
    files = {"photo": ("../../x.jpg", photo(), "image/jpeg")}
    done = phone.post("/c/asakusa", data={"text": "染みがあります", "stamp": stamp}, files=files)
    reference = done.headers["location"].rpartition("/")[2].partition("?")[0]
    assert [file.name for file in folder_of(new_shop.app).iterdir()] == [f"{reference}.jpg"]
    assert phone.get(f"/received/{reference}/photo").status_code == 303, "first they sign in"
    seen = new_shop.signed_in().get(f"/received/{reference}/photo")
    with Image.open(io.BytesIO(seen.content)) as picture:
        assert (picture.format, picture.size, dict(picture.getexif())) == ("JPEG", (40, 60), {})
    assert b"35.7N" not in seen.content


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_other_kinds_of_photos_become_jpegs_without_what_they_tell(kind: str) -> None:
    cleaned = clean_photo(photo(kind, (3000, 10)))
    assert isinstance(cleaned, bytes)
    with Image.open(io.BytesIO(cleaned)) as picture:
        assert (picture.format, max(picture.size)) == ("JPEG", 2048)
    assert b"35.7N" not in cleaned


def test_a_picture_that_would_fill_the_memory_is_refused_unread() -> None:
    header = struct.pack(">IIBBBBB", 40_000, 40_000, 8, 2, 0, 0, 0)
    import zlib

    chunk = b"IHDR" + header
    bomb = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))
    refused = clean_photo(bomb + struct.pack(">I", 0) + b"IDAT" + struct.pack(">I", zlib.crc32(b"IDAT")))
    assert isinstance(refused, Refused)


def test_an_erased_author_takes_the_photo_along_and_is_heard_when_they_come_back(new_shop: Shop) -> None:
    phone = new_shop.client()
    fields: dict[str, Any] = {"text": "染みがあります", "stamp": new_shop.stamp(phone), "contact": "090-1234-5678"}
    new_shop.later(seconds=10)
    phone.post("/c/asakusa", data=fields, files={"photo": ("x.jpg", photo(), "image/jpeg")})
    lay_down(new_shop.app, "C-2222-2222", b"half done")
    with new_shop.app.database.write() as session:
        assert erase_author(session, "intake", "+819012345678", new_shop.clock.now()) is not None
    sweep(new_shop.app, datetime.now(START.tzinfo))
    assert [file.name for file in folder_of(new_shop.app).iterdir()] == ["C-2222-2222.part"], "it may be on its way"
    sweep(new_shop.app, datetime.now(START.tzinfo) + timedelta(hours=2))
    assert list(folder_of(new_shop.app).iterdir()) == []
    reference = new_shop.complains(phone, contact="+81 90 1234 5678")
    mention = new_shop.mention(reference)
    assert mention.author is not None
    assert (mention.author.external_id, address_of(mention)) == ("+819012345678", None)
    lay_down(new_shop.app, reference, b"a photo")
    sweep(new_shop.app, new_shop.clock.now())
    assert photo_of(new_shop.app, reference) is not None, "what a crash left half done is completed"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("ｈａｎａｋｏ＠ｅｘａｍｐｌｅ．ｊｐ", "hanako@example.jp"),
        ("03-3123-4567", "+81331234567"),
        ("+1 212 555 2368", "+12125552368"),
        ("a@b", None),
        ("a@b.jp, c@d.jp", None),
        ("call me", None),
        ("110", None),
    ],
)
def test_a_contact_has_one_spelling(given: str, kept: str | None) -> None:
    assert contact_of(given) == kept


@settings(derandomize=True, max_examples=40)
@given(some.integers(0, 39), some.sampled_from("ABCxyz019-_=あ"))
def test_a_changed_stamp_is_none(place: int, other: str) -> None:
    stamp = new_stamp(KEY, "asakusa", START)
    changed = stamp[:place] + other + stamp[place + 1 :]
    assert (read_stamp(changed, KEY, "asakusa", START + timedelta(minutes=1)) is None) == (changed != stamp)


def test_the_qr_code_leads_to_the_page_and_the_sheet_is_for_staff(new_shop: Shop) -> None:
    assert new_shop.client().get("/places/asakusa/qr").status_code == 303
    viewer = new_shop.signed_in("viewer")
    assert f"{PUBLIC}/c/asakusa" in viewer.get("/places").text
    sheet = viewer.get("/places/asakusa/qr")
    assert all(
        word in sheet.text for word in ("浅草館", "Asakusa", "お困りのことはございませんか", "/places/asakusa/qr.svg")
    )
    code = viewer.get("/places/asakusa/qr.svg")
    assert code.headers["content-type"] == "image/svg+xml"
    assert code.text.startswith('<svg xmlns="http://www.w3.org/2000/svg"')
    assert viewer.get("/places/nowhere/qr").status_code == 404
    assert viewer.get("/received/C-2222-2222").status_code == 403
