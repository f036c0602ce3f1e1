from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select, text, update

from config.settings import Settings
from responder.answering.replies import approve, mark_posted
from responder.cases.transitions import move
from responder.outcome.corrections import relabel
from responder.privacy.erasure import Erased, erase_author
from storage.alert import Message
from storage.assessment import Assessment
from storage.author import Author
from storage.case import Case
from storage.database import Database
from storage.delivery import Delivery, claim_delivery, make_delivery, receipt_of
from storage.draft import Draft, Reply
from storage.event import events_of
from storage.log import daily_root, verify_log
from storage.mention import Mention
from storage.note import write_note
from storage.source import Crawl, Refusal
from storage.tables import Row
from storage.task import Task
from tests.responder.story import Story

SECRETS = ("田中花子", "煙草くさくて", "u-4711-tanaka", "心よりお詫び", "お電話した", "example.jp/tanaka", "内線で謝罪")


def lived(story: Story) -> Case:
    """A case with everything that can hold somebody's words."""
    case = story.case(
        author_id="u-4711-tanaka",
        url="https://example.jp/tanaka/1",
        author_url="https://example.jp/tanaka",
        title="煙草くさくて",
    )
    session = story.session
    heard = {"text": "煙草くさくて", "start": 3, "end": 9, "mood": "negative", "p": 0.9}
    session.execute(update(Assessment).values(evidence=heard, things=[heard], statements=[heard]))
    draft = Draft(
        case_id=case.id, number=1, language="ja", text="田中花子様 心よりお詫び", drafter="composed",
        alternatives=[{"tone": "short", "text": "心よりお詫び"}], findings=[{"why": "煙草くさくて"}],
        made_at=story.at, salt="s",
    )  # fmt: skip
    session.add(draft)
    reply = approve(session, case, "田中花子様 心よりお詫び申し上げます。", actor="sato", at=story.at, draft=draft)
    assert isinstance(reply, Reply)
    mark_posted(session, reply, actor="sato", at=story.at, url="https://example.jp/tanaka/1#reply")
    story.review(
        author_id="u-4711-tanaka",
        author_name="田中花子",
        text="煙草くさくて、でも電話をもらった",
        reply_text="田中花子様",
        rating=3.0,
    )
    write_note(session, case.id, "田中花子様にお電話した", actor="sato", at=story.at)
    session.add(Task(case_id=case.id, kind="staff", text="内線で謝罪", salt="s", made_by="sato", made_at=story.at))
    move(
        session, case, "resolve", actor="sato", at=story.at, settings=story.settings, done="お電話した", cause="process"
    )
    sent = make_delivery(
        session, f"case:{case.id}:social", receiver="social", purpose="case_message", case_id=case.id,
        payload={"text": "田中花子: 煙草くさくて"}, at=story.at,
    )  # fmt: skip
    sent.state = "sent"
    make_delivery(
        session, f"case:{case.id}:social:edit:9", receiver="social", purpose="case_edit", case_id=case.id, at=story.at
    )
    make_delivery(
        session,
        "report:weekly:1",
        receiver="social",
        purpose="notice",
        payload={"text": "Week\n田中花子: 2★"},
        at=story.at,
    )
    make_delivery(
        session, "report:weekly:2", receiver="social", purpose="notice", payload={"text": "Week"}, at=story.at
    )
    session.add(Message(case_id=case.id, receiver="social", address={"ts": "1.2"}, shown="abc", posted_at=story.at))
    crawl = session.scalars(select(Crawl)).first()
    assert crawl is not None
    excerpt = '{"author": "\\u7530\\u4e2d\\u82b1\\u5b50"}'
    session.add(Refusal(crawl_id=crawl.id, disposition="rejected", reason="no text", external_id="r9", excerpt=excerpt))
    session.flush()
    return case


def everything(story: Story) -> str:
    """Every value of every table."""
    story.session.expire_all()
    return "\n".join(
        str(tuple(row)) for table in Row.metadata.sorted_tables for row in story.session.execute(select(table))
    )


def test_an_erased_author_is_in_no_table_and_the_chain_still_verifies(story: Story) -> None:
    case = lived(story)
    root = daily_root(story.session, story.at)
    before = everything(story)
    assert all(secret in before for secret in SECRETS)
    erased = erase_author(story.session, "maps", "u-4711-tanaka", story.later(days=1))
    assert erased == Erased(mentions=1, cases=1, deliveries=1)
    after = everything(story)
    assert [secret for secret in SECRETS if secret in after] == []
    assert "\\u7530" not in after
    assert verify_log(story.session, [root]) == []
    assert (case.state, case.outcome, case.cause) == ("closed", "withdrawn", "process")
    last = events_of(story.session, case.id)[-1]
    assert (last.kind, last.data) == ("erased", {})


def test_no_salt_is_left_to_guess_a_text_with(story: Story) -> None:
    lived(story)
    erase_author(story.session, "maps", "田中花子", story.at)
    for table in Row.metadata.sorted_tables:
        if "salt" in table.columns:
            assert set(story.session.scalars(select(table.columns.salt))) <= {""}, table.name


def test_its_messages_are_asked_to_be_deleted_and_nothing_more_is_told(story: Story) -> None:
    case = lived(story)
    erase_author(story.session, "maps", "u-4711-tanaka", story.at)
    rows = {row.key: row for row in story.session.scalars(select(Delivery))}
    assert rows[f"erase:{case.id}:social"].state == "due"
    assert rows[f"erase:{case.id}:social"].purpose == "erase"
    assert {rows[f"case:{case.id}:social{end}"].state for end in ("", ":edit:9")} == {"cancelled"}
    assert (rows["report:weekly:1"].state, rows["report:weekly:1"].payload) == ("cancelled", {})
    assert (rows["report:weekly:2"].state, rows["report:weekly:2"].payload) == ("due", {"text": "Week"})


def test_a_summary_that_quoted_the_person_is_taken_away_as_well(story: Story) -> None:
    lived(story)
    quoting = {"title": "incident", "lines": ["• 煙草くさくて、でも電話をも…", "• 別の人の声"]}
    for key, payload, state in (
        ("spike:1:social", quoting, "sent"),
        ("spike:1:social:edit:2", quoting | {"of": "spike:1:social"}, "sent"),
        ("spike:2:social", {"lines": ["• 別の人の声"]}, "sent"),
        ("spike:3:social", quoting, "due"),
    ):
        row = make_delivery(story.session, key, receiver="social", purpose="notice", payload=payload, at=story.at)
        row.state = state
    erased = erase_author(story.session, "maps", "u-4711-tanaka", story.at)
    assert erased is not None
    assert erased.deliveries == 2
    rows = {row.key: row for row in story.session.scalars(select(Delivery))}
    assert rows["erase:spike:1:social"].payload == {"of": "spike:1:social"}
    assert "erase:spike:3:social" not in rows
    assert (rows["spike:1:social"].payload, rows["spike:3:social"].state) == ({}, "cancelled")
    assert rows["erase:spike:1:social"].due_at == story.at
    assert rows["spike:2:social"].payload == {"lines": ["• 別の人の声"]}


def test_a_private_message_about_the_case_is_found_and_taken_away(story: Story) -> None:
    case = story.case()
    text = "K-1: 部屋が煙草くさくて眠れませんでした。"
    key = "case:1:direct:kim"
    told = make_delivery(
        story.session, key, receiver="social", purpose="direct", case_id=case.id, payload={"text": text}, at=story.at
    )
    told.state, told.receipt = "sent", {"channel": "D1", "ts": "2.1"}
    erase_author(story.session, "maps", "u1", story.at)
    erase = story.session.scalars(select(Delivery).where(Delivery.purpose == "erase")).one()
    assert receipt_of(story.session, erase.payload["of"]) == {"channel": "D1", "ts": "2.1"}
    assert told.payload == {}


def test_a_message_on_its_way_is_deleted_after_it_arrived(story: Story) -> None:
    case = story.case()
    going = make_delivery(
        story.session, "case:1:social", receiver="social", purpose="case_message", case_id=case.id, at=story.at
    )
    assert claim_delivery(story.session, going.id, story.at)
    erase_author(story.session, "maps", "u1", story.at)
    erase = story.session.scalars(select(Delivery).where(Delivery.purpose == "erase")).one()
    assert erase.due_at > story.at


def test_later_crawls_ignore_the_author_and_nobody_else(story: Story) -> None:
    lived(story)
    erase_author(story.session, "maps", "u-4711-tanaka", story.at)
    story.later(days=1)
    assert story.review(author_id="u-4711-tanaka", author_name="田中花子").revisions == []
    assert story.review("r7", author_id="u-4711-tanaka", author_name="別の名前").revisions == []
    assert len(story.review("r8", author_id="u2", author_name="田中花子").revisions) == 1
    ignored = story.session.scalars(select(Refusal).where(Refusal.reason == "erased author")).all()
    assert [(row.disposition, row.excerpt) for row in ignored] == [("ignored", None)] * 2
    assert story.session.scalars(select(Author.name).where(Author.erased_at.is_not(None))).all() == [None]


def test_the_figures_stay(story: Story) -> None:
    lived(story)
    erase_author(story.session, "maps", "u-4711-tanaka", story.at)
    ratings = story.session.execute(text("SELECT rating FROM revision ORDER BY number")).scalars().all()
    assert ratings == [2.0, 3.0]
    assert story.session.scalars(select(Mention.external_id)).one().startswith("erased:")


def test_an_unknown_author_and_a_shared_name_are_no_guess(story: Story) -> None:
    story.review("r1", author_id="u1", author_name="山田")
    story.review("r2", author_id="u2", author_name="山田")
    assert erase_author(story.session, "maps", "nobody", story.at) is None
    assert erase_author(story.session, "store", "u1", story.at) is None
    with pytest.raises(ValueError, match="give one of the ids u1, u2"):
        erase_author(story.session, "maps", "山田", story.at)
    assert erase_author(story.session, "maps", "u1", story.at) == Erased(1, 0, 0)
    assert erase_author(story.session, "maps", "u1", story.at) is None


def test_an_author_known_by_name_only_is_erased_by_that_name(story: Story) -> None:
    story.review(author_id=None, author_name="匿名太郎")
    assert erase_author(story.session, "maps", "匿名太郎", story.at) == Erased(1, 0, 0)
    assert story.review("r2", author_id=None, author_name="匿名太郎").revisions == []


def test_corrections_of_an_erased_case_are_kept_without_words(story: Story) -> None:
    case = lived(story)
    relabel(story.session, case, actor="sato", at=story.at, topics_known=("food",), severity="major")
    erase_author(story.session, "maps", "u-4711-tanaka", story.at)
    assert case.severity == "major"


def test_no_byte_of_it_is_left_in_the_file(database: Database, settings: Settings) -> None:
    with database.write() as session:
        lived(Story(session, settings))
    with database.write() as session:
        erase_author(session, "maps", "u-4711-tanaka", Story(session, settings).at)
    database.scrub()
    path = database.path
    assert path is not None
    for file in (path, Path(f"{path}-wal")):
        held = file.read_bytes() if file.exists() else b""
        assert [secret for secret in SECRETS if secret.encode() in held] == []
