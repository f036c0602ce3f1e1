"""Mailboxes: what is read from them, what a mail says, and what is left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pydantic import ValidationError

from crawlers.imap import Options
from crawlers.parsing.mailtext import said_in, without_quotes
from crawlers.parsing.markup import html_to_text
from storage.item import Handover, Refused
from tests.crawlers.conftest import end_of, items_of
from tests.crawlers.fake_imap import FakeImap

Crawl = Callable[..., list[Handover]]


def mail(number: int, text: str, *more: str, sender: str = "山田 <y@example.jp>", subject: str = "苦情") -> bytes:
    head = [f"From: {sender}", f"Subject: {subject}", f"Message-ID: <m{number}@example.jp>"]
    head += ["Date: Thu, 19 Nov 2026 09:00:00 +0900", "Content-Type: text/plain; charset=utf-8", *more]
    return "\r\n".join([*head, "", *text.split("\n")]).encode()


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeImap]:
    monkeypatch.setenv("IMAP_PASSWORD", "correct")
    with FakeImap(mailboxes={"INBOX": {}}) as running:
        yield running


def options(server: FakeImap, **more: Any) -> dict[str, Any]:
    return {"host": "127.0.0.1", "port": server.port, "security": "none", "username": "care", **more}


def test_mails_are_read_once_and_only_new_ones_later(server: FakeImap, crawl: Crawl) -> None:
    server.mailboxes["INBOX"].update({3: mail(1, "部屋が寒かった。"), 5: mail(2, "待たされた。")})
    first = crawl("imap", options(server))
    assert [(item.external_id, item.text, item.author_name) for item in items_of(first)] == [
        ("m1@example.jp", "部屋が寒かった。", "山田"),
        ("m2@example.jp", "待たされた。", "山田"),
    ]
    assert items_of(first)[0].author_id == "y@example.jp"
    cursor = end_of(first).cursor
    assert cursor == {"mailboxes": {"INBOX": {"validity": "7", "last": 5}}}
    assert items_of(crawl("imap", options(server), cursor=cursor)) == []
    server.mailboxes["INBOX"][8] = mail(3, "まだ返事がない。")
    [new] = items_of(crawl("imap", options(server), cursor=cursor))
    assert new.external_id == "m3@example.jp"
    server.validity = 8  # the mailbox was made anew: UIDs mean other mails now
    assert len(items_of(crawl("imap", options(server), cursor=cursor))) == 3
    assert not any("STORE" in line or "SELECT" in line for line in server.said)


def test_a_wrong_password_pauses_the_source_and_is_not_told(
    server: FakeImap, crawl: Crawl, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IMAP_PASSWORD", "hunter2")
    end = end_of(crawl("imap", options(server)))
    assert end.refused
    assert "does not take care with IMAP_PASSWORD" in str(end.error)
    assert "hunter2" not in str(end)


def test_mailboxes_with_japanese_names_are_found_and_missing_ones_named(server: FakeImap, crawl: Crawl) -> None:
    server.mailboxes["&guZgxQ-"] = {1: mail(1, "騒音がひどい。")}
    assert [item.text for item in items_of(crawl("imap", options(server, mailboxes=["苦情"])))] == ["騒音がひどい。"]
    assert "no mailbox 'Nope'" in str(end_of(crawl("imap", options(server, mailboxes=["Nope"]))).error)


def test_a_broken_mail_loses_none_of_its_neighbours(server: FakeImap, crawl: Crawl) -> None:
    html = (
        b"From: a@b.jp\r\nSubject: x\r\nContent-Type: text/html; charset=nonsense\r\n\r\n<p>Zu laut</p><p>und kalt</p>"
    )
    server.mailboxes["INBOX"].update({1: mail(1, "一"), 2: b"\xff\x00 no mail", 3: html, 4: mail(4, "四")})
    found = crawl("imap", options(server))
    assert [item.text for item in items_of(found)] == ["一", "Zu laut\n\nund kalt", "四"]
    assert items_of(found)[1].external_id == "uid:7:3"
    assert [entry.disposition for entry in found if isinstance(entry, Refused)] == ["rejected"]


def test_programs_and_left_out_senders_are_ignored_with_their_reason(server: FakeImap, crawl: Crawl) -> None:
    server.mailboxes["INBOX"].update(
        {
            1: mail(1, "I am on holiday", "Auto-Submitted: auto-replied"),
            2: mail(2, "Big sale", "Precedence: bulk"),
            3: mail(3, "再送です", sender="Front <desk@sora.example>"),
            4: mail(4, "お湯が出ない", "Reply-To: Aoi <aoi@example.jp>", sender="Form <no-reply@sora.example>"),
        }
    )
    found = crawl("imap", options(server, never_from=["desk@sora.example"]))
    assert [(item.author_name, item.text) for item in items_of(found)] == [("Aoi", "お湯が出ない")]
    assert [entry.reason for entry in found if isinstance(entry, Refused)] == [
        "an automatic answer or a delivery report",
        "sent by a program, not by a person",
        "from desk@sora.example, which `never_from` names",
    ]


def test_a_notification_tells_the_review_that_it_is_about(server: FakeImap, crawl: Crawl) -> None:
    text = "新しい口コミが届きました\n投稿者: さくら様\n評価: ★★☆☆☆\n\n「廊下が暗くて怖かった」\nhttps://r.example/77"
    server.mailboxes["INBOX"][1] = mail(1, text, "Auto-Submitted: auto-generated", sender="no-reply@r.example")
    patterns = {
        "author": "投稿者: (.+)様",
        "text": "「([^」]+)」",
        "url": r"(https://r\.example/\d+)",
        "id": r"example/(\d+)",
    }
    [item] = items_of(crawl("imap", options(server, holds="reviews", patterns=patterns)))
    assert (item.external_id, item.kind, item.author_name, item.rating) == ("77", "review", "さくら", 2.0)
    assert (item.text, item.url) == ("廊下が暗くて怖かった", "https://r.example/77")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Too cold.\n\nOn Mon, 2 Nov 2026 at 09:00, Hotel <a@b.jp>\nwrote:\n> Welcome", "Too cold."),
        ("寒い。\n\n2026年11月2日(月) 9:00 ホテル <a@b.jp>:\n> ようこそ", "寒い。"),
        ("寒い。\n-----Original Message-----\nFrom: a\nようこそ", "寒い。"),
        ("寒い。\n\n差出人: a@b.jp\n送信日時: 2026年11月2日\n宛先: 私\n件名: ようこそ\n\nようこそ", "寒い。"),
        ("> Was all well?\nNo, the room was cold.\n> And breakfast?\nFine.", "No, the room was cold.\nFine."),
        ("寒い。\n\niPhoneから送信", "寒い。"),
        ("寒い。\n-- \n山田 03-1234-5678", "寒い。"),
        ("Cold.\n\nThis message is confidential and for the intended recipient only.", "Cold."),
        ("To unsubscribe three times was not enough!", "To unsubscribe three times was not enough!"),
        ("--- Forwarded message ---\nFrom: Guest <g@x.jp>\nSubject: cold\n\nThe room was cold.", "The room was cold."),
    ],
)  # fmt: skip
def test_only_the_words_of_the_sender_are_kept(text: str, said: str) -> None:
    assert said_in(text) == said


def test_broken_markup_is_read_as_a_browser_reads_it() -> None:
    assert html_to_text("cold<![CDATAAAA[<![CDATA[room]]> and <![if gte]>loud<![endif]>") == "cold and loud"


def test_quoted_html_is_left_out() -> None:
    html = (
        '<div>The room was <b>cold</b>.</div><div class="gmail_quote">On Monday<blockquote>Welcome</blockquote></div>'
    )
    assert html_to_text(without_quotes(html)) == "The room was cold."


def test_options_that_cannot_work_are_refused_by_name() -> None:
    for wrong, why in (
        ({"security": "none"}, "in the open"),
        ({"patterns": {"author": "by (.+"}}, "no regular expression"),
        ({"patterns": {"author": "by .+"}}, "exactly one group"),
        ({"patterns": {"writer": "(.+)"}}, "write one of"),
    ):
        with pytest.raises(ValidationError, match=why):
            Options.model_validate({"host": "mail.example", "username": "care", **wrong})
